//! Linux: what the system knows about a program's sockets.

mod table;

use std::cell::Cell;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustix::io::ioctl_fionread;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use table::{Socket, all, lines_of, listeners};

use crate::Holder;
use crate::proc::{entries, tree};

/// How often somebody else must be seen to hold a connection, and how long after
/// one another.
const SEEN: usize = 3;
const BETWEEN: Duration = Duration::from_millis(5);

/// Whether the server at `server` has accepted the connection that `client`
/// made to it. `None` where that cannot be seen.
pub(crate) fn accepted(server: SocketAddr, client: SocketAddr) -> Option<bool> {
    let mut sockets = all()?.into_iter();
    let connection = sockets.find(|socket| socket.local == server && socket.peer == client);
    Some(connection?.inode != 0)
}

/// How many connections to `server` are accepted and open.
pub(crate) fn served(server: SocketAddr) -> Option<usize> {
    let sockets = all()?;
    let served = |socket: &&Socket| socket.local == server && socket.inode != 0 && !socket.listens;
    Some(sockets.iter().filter(served).count())
}

/// The addresses on which `pid` or its descendants listen: for connections, or
/// for datagrams from anybody.
pub(crate) fn listening(pid: u32) -> Option<Vec<SocketAddr>> {
    let mut sockets = listeners("/proc/net/tcp", "0A")?;
    sockets.extend(listeners("/proc/net/udp", "07")?);
    // Not there where IPv6 is switched off.
    let v6 = [("/proc/net/tcp6", "0A"), ("/proc/net/udp6", "07")];
    sockets.extend(
        v6.into_iter()
            .filter_map(|(path, state)| listeners(path, state))
            .flatten(),
    );
    let owned: Vec<u64> = tree(pid).into_iter().flat_map(inodes).collect();
    sockets.retain(|socket| owned.contains(&socket.inode));
    Some(sockets.into_iter().map(|socket| socket.local).collect())
}

/// Whether one of the processes that `ours` finds has the TCP listener or the UDP
/// socket at `addr`, or at its port on all addresses. `None` where there is no such
/// socket, or one of them does not let us look.
///
/// A process that loses its parent in this moment may be found in no list of
/// children: so only what is nobody's of ours several times is somebody else's.
pub(crate) fn owned(ours: impl Fn() -> Vec<u32>, addr: SocketAddr) -> Option<bool> {
    let mut found = None;
    for again in 0..SEEN {
        if again > 0 {
            std::thread::sleep(BETWEEN);
        }
        let pids = ours();
        if pids
            .iter()
            .any(|pid| is_seen_to_have(*pid, addr) == Some(true))
        {
            return Some(true);
        }
        let there: Vec<u64> = at(addr).flatten().collect();
        found = held(&pids, &there);
        if found != Some(false) {
            break;
        }
    }
    found
}

/// Whether `pid` has the TCP listener or the UDP socket at `addr`. `None` where
/// we may not ask.
pub(crate) fn is_seen_to_have(pid: u32, addr: SocketAddr) -> Option<bool> {
    has_socket(pid, |socket| {
        socket.local_addr().is_ok_and(|own| is_at(own, addr)) && socket.peer_addr().is_err()
    })
}

/// Whether `pid` has the TCP connection from `local` to `peer`. `None` where we
/// may not ask.
fn is_seen_to_be_connected(pid: u32, local: SocketAddr, peer: SocketAddr) -> Option<bool> {
    has_socket(pid, |socket| is_connected(socket, local, peer))
}

fn is_connected(socket: &TcpStream, local: SocketAddr, peer: SocketAddr) -> bool {
    let is = |found: std::io::Result<SocketAddr>, expected: SocketAddr| {
        found.is_ok_and(|found| {
            found.port() == expected.port() && found.ip().to_canonical() == expected.ip()
        })
    };
    is(socket.local_addr(), local) && is(socket.peer_addr(), peer)
}

/// Whether one of `pids` has accepted the client at `client` on `server` and read
/// all that has come from it. `None` where none of them lets us look.
pub(crate) fn all_is_read(pids: &[u32], server: SocketAddr, client: SocketAddr) -> Option<bool> {
    let mut seen = None;
    for pid in pids {
        let unread = Cell::new(None);
        let found = has_socket(*pid, |socket| {
            let is_it = is_connected(socket, server, client);
            if is_it {
                unread.set(ioctl_fionread(socket).ok());
            }
            is_it
        });
        if found == Some(true) {
            return Some(unread.get()? == 0);
        }
        seen = seen.or(found);
    }
    seen
}

/// Asks the sockets of `pid` itself: the system's tables also have thousands of
/// connections that are long over, and take seconds to read on a busy machine.
fn has_socket(pid: u32, is_it: impl Fn(&TcpStream) -> bool) -> Option<bool> {
    let id = Pid::from_raw(i32::try_from(pid).ok()?)?;
    let process = pidfd_open(id, PidfdFlags::empty()).ok()?;
    for (descriptor, _) in sockets_of(pid) {
        let socket = pidfd_getfd(&process, descriptor, PidfdGetfdFlags::empty()).ok()?;
        // Sockets of all kinds tell their addresses in the same way.
        if is_it(&TcpStream::from(socket)) {
            return Some(true);
        }
    }
    Some(false)
}

fn is_at(own: SocketAddr, addr: SocketAddr) -> bool {
    let ip = own.ip().to_canonical();
    own.port() == addr.port() && (ip == addr.ip() || ip.is_unspecified())
}

/// Which one of `pids` has it; those that do not let us look are passed over.
pub(crate) fn owner(pids: &[u32], addr: SocketAddr) -> Option<u32> {
    let there: Vec<u64> = at(addr).flatten().collect();
    let has_it = |pid: &&u32| inodes(**pid).iter().any(|inode| there.contains(inode));
    (!there.is_empty()).then(|| pids.iter().find(has_it).copied())?
}

/// The UDP sockets and the TCP listeners at `addr`, or at its port on all
/// addresses, table by table.
fn at(addr: SocketAddr) -> impl Iterator<Item = Vec<u64>> {
    let tables = [("udp", "07"), ("udp6", "07"), ("tcp", "0A"), ("tcp6", "0A")];
    tables.into_iter().map(move |(name, listening)| {
        let sockets = listeners(&format!("/proc/net/{name}"), listening).unwrap_or_default();
        let there = sockets
            .into_iter()
            .filter(|socket| is_at(socket.local, addr));
        there.map(|socket| socket.inode).collect()
    })
}

/// Who has the TCP connection from `local` to `peer`, seen from `pid` and its
/// descendants. `None` where we may not look.
///
/// Connections and their holders cannot be read in one moment: a program that
/// ends between the two has the connection, and then nobody does. So whoever is
/// not of ours must be seen more than once.
pub(crate) fn holder(pid: u32, local: SocketAddr, peer: SocketAddr) -> Option<Holder> {
    let is_seen = |pid: &u32| is_seen_to_be_connected(*pid, local, peer) == Some(true);
    if tree(pid).iter().any(is_seen) {
        return Some(Holder::Ours);
    }
    let port = format!(":{:04X} ", local.port());
    let of_port = |path| lines_of(path, "0A", |line| line.contains(&port));
    for again in 0..SEEN {
        if again > 0 {
            std::thread::sleep(BETWEEN);
        }
        let mut sockets = of_port("/proc/net/tcp")?;
        sockets.extend(of_port("/proc/net/tcp6").unwrap_or_default());
        let connection = sockets
            .iter()
            .find(|socket| socket.local == local && socket.peer == peer && socket.inode != 0);
        let Some(connection) = connection else {
            return Some(Holder::Nobody);
        };
        if held(&tree(pid), &[connection.inode])? {
            return Some(Holder::Ours);
        }
    }
    Some(Holder::Others)
}

/// Whether one of `pids` has one of the sockets `wanted`. `None` where there is
/// none to have, or one of `pids` does not let us look.
fn held(pids: &[u32], wanted: &[u64]) -> Option<bool> {
    let mut seen = !wanted.is_empty();
    for pid in pids {
        if inodes(*pid).iter().any(|inode| wanted.contains(inode)) {
            return Some(true);
        }
        seen &= fs::read_dir(format!("/proc/{pid}/fd")).is_ok();
    }
    seen.then_some(false)
}

fn inodes(pid: u32) -> Vec<u64> {
    sockets_of(pid).map(|(_, inode)| inode).collect()
}

/// The descriptors of `pid` that are sockets, and the numbers of these.
fn sockets_of(pid: u32) -> impl Iterator<Item = (i32, u64)> {
    let folder = format!("/proc/{pid}/fd");
    entries(folder.as_ref()).into_iter().filter_map(move |fd| {
        let link = fs::read_link(format!("{folder}/{fd}")).ok()?;
        let inode = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
        Some((fd.parse().ok()?, inode.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_belongs_to_whoever_holds_it() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = listener.local_addr().expect("an address");
        let stream = std::net::TcpStream::connect(server).expect("a connection");
        let client = stream.local_addr().expect("an address");
        assert_eq!(
            holder(std::process::id(), client, server),
            Some(Holder::Ours)
        );
        let mut other = std::process::Command::new("sleep")
            .arg("10")
            .spawn()
            .expect("a program");
        assert_eq!(holder(other.id(), client, server), Some(Holder::Others));
        other.kill().expect("it runs");
        other.wait().expect("it is ours");
        drop(stream);
        assert_eq!(
            holder(std::process::id(), client, server),
            Some(Holder::Nobody)
        );
    }

    #[test]
    fn what_has_come_is_unread_until_somebody_reads_it() {
        use std::io::{Read as _, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = listener.local_addr().expect("an address");
        let mut stream = std::net::TcpStream::connect(server).expect("a connection");
        let client = stream.local_addr().expect("an address");
        let (mut accepted, _) = listener.accept().expect("a client");
        let is_read = || all_is_read(&[std::process::id()], server, client);
        assert_eq!(is_read(), Some(true));
        stream.write_all(&[b'x'; 1000]).expect("room");
        assert_eq!(is_read(), Some(false));
        accepted.read_exact(&mut [0; 600]).expect("bytes");
        assert_eq!(is_read(), Some(false));
        accepted.read_exact(&mut [0; 400]).expect("bytes");
        assert_eq!(is_read(), Some(true));
        drop(accepted);
        assert_eq!(is_read(), Some(false));
        assert_eq!(all_is_read(&[], server, client), None);
    }

    #[test]
    fn a_socket_belongs_to_whoever_has_opened_it() {
        let own = [std::process::id()];
        let tcp = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = tcp.local_addr().expect("an address");
        assert_eq!(is_seen_to_have(own[0], addr), Some(true));
        assert_eq!(owned(|| own.to_vec(), addr), Some(true));
        assert_eq!(owned(Vec::new, addr), Some(false));
        let udp = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        let addr = udp.local_addr().expect("an address");
        assert_eq!(is_seen_to_have(own[0], addr), Some(true));
        assert_eq!(owned(|| own.to_vec(), addr), Some(true));
        assert_eq!(owned(Vec::new, addr), Some(false));
        // An end of a connection is no listener.
        let stream = std::net::TcpStream::connect(tcp.local_addr().expect("an address"));
        let stream = stream.expect("a connection");
        let addr = stream.local_addr().expect("an address");
        assert_eq!(is_seen_to_have(own[0], addr), Some(false));
        assert_eq!(owned(|| own.to_vec(), addr), None);
        // Nobody listens on the port of a resolver there.
        let nobodys = ([127, 77, 77, 77], 1).into();
        assert_eq!(owned(|| own.to_vec(), nobodys), None);
    }
}
