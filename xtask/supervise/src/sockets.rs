//! Linux: what the system knows about a program's sockets.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use crate::Holder;
use crate::proc::{entries, tree};

/// How often somebody else must be seen to hold a connection, and how long after
/// one another.
const SEEN: usize = 3;
const BETWEEN: Duration = Duration::from_millis(5);

/// One line of `/proc/net/tcp` or `/proc/net/udp`.
struct Socket {
    local: SocketAddr,
    peer: SocketAddr,
    listens: bool,
    /// Bytes that have come and that nobody has read.
    unread: u64,
    /// 0 as long as the connection waits to be accepted.
    inode: u64,
}

/// Whether the server at `server` has accepted the connection that `client`
/// made to it. `None` where that cannot be seen.
pub(crate) fn accepted(server: SocketAddr, client: SocketAddr) -> Option<bool> {
    Some(connection(server, client)?.inode != 0)
}

/// How many bytes of the client at `client` the server at `server` has not read
/// yet. `None` where that cannot be seen.
pub(crate) fn unread(server: SocketAddr, client: SocketAddr) -> Option<u64> {
    Some(connection(server, client)?.unread)
}

/// The server's end of a connection.
fn connection(server: SocketAddr, client: SocketAddr) -> Option<Socket> {
    let mut sockets = all()?.into_iter();
    sockets.find(|socket| socket.local == server && socket.peer == client)
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
    let is = |found: std::io::Result<SocketAddr>, expected: SocketAddr| {
        found.is_ok_and(|found| {
            found.port() == expected.port() && found.ip().to_canonical() == expected.ip()
        })
    };
    has_socket(pid, |socket| {
        is(socket.local_addr(), local) && is(socket.peer_addr(), peer)
    })
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

fn all() -> Option<Vec<Socket>> {
    lines_of("/proc/net/tcp", "0A", |_| true)
}

/// Those alone that listen.
fn listeners(path: &str, listening: &str) -> Option<Vec<Socket>> {
    let state = format!(" {listening} ");
    lines_of(path, listening, |line| has_at_its_place(line, &state))
}

/// A machine that has had many connections remembers thousands of them for a
/// minute: only lines that are `wanted` are read.
fn lines_of(path: &str, listening: &str, wanted: impl Fn(&str) -> bool) -> Option<Vec<Socket>> {
    let mut table = BufReader::new(File::open(path).ok()?);
    let mut sockets = Vec::new();
    let mut line = String::new();
    // The first line has the names of the columns.
    table.read_line(&mut line).ok()?;
    loop {
        line.clear();
        if table.read_line(&mut line).ok()? == 0 {
            return Some(sockets);
        }
        if wanted(&line) {
            sockets.extend(socket(&line, listening));
        }
    }
}

/// Whether `state` stands behind the two addresses: in `0: 0100007F:1EC6
/// 00000000:0000 0A …`, for instance, or with the longer ones of IPv6.
fn has_at_its_place(line: &str, state: &str) -> bool {
    const PORT: usize = ":1EC6".len();
    let Some((_, addresses)) = line.split_once(": ") else {
        return false;
    };
    [8, 32].into_iter().any(|ip| {
        let place = 2 * (ip + PORT) + 1;
        addresses.get(place..place + state.len()) == Some(state)
    })
}

fn socket(line: &str, listening: &str) -> Option<Socket> {
    let words: Vec<&str> = line.split_whitespace().collect();
    Some(Socket {
        local: address(words.get(1)?)?,
        peer: address(words.get(2)?)?,
        listens: *words.get(3)? == listening,
        unread: words.get(4)?.split_once(':').and_then(|(_, unread)| {
            // In hexadecimal, like the addresses.
            u64::from_str_radix(unread, 16).ok()
        })?,
        inode: words.get(9)?.parse().ok()?,
    })
}

/// `0100007F:1EC6`: the address as numbers of this machine's byte order, one
/// for IPv4, four for IPv6. An IPv4 address in an IPv6 socket counts as IPv4.
fn address(hex: &str) -> Option<SocketAddr> {
    let (ip, port) = hex.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let mut bytes = [0; 16];
    for (number, place) in (0..ip.len()).step_by(8).zip(bytes.chunks_mut(4)) {
        let number = u32::from_str_radix(ip.get(number..number + 8)?, 16).ok()?;
        place.copy_from_slice(&number.to_ne_bytes());
    }
    let ip = match (ip.len(), bytes) {
        (8, [a, b, c, d, ..]) => IpAddr::from([a, b, c, d]),
        (32, bytes) => Ipv6Addr::from(bytes).to_canonical(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn addresses_are_read_in_all_their_forms() {
        let cases = [
            ("0100007F:1EC6", "127.0.0.1:7878"),
            ("00000000000000000000000001000000:1EC6", "[::1]:7878"),
            ("0000000000000000FFFF00000100007F:1EC6", "127.0.0.1:7878"),
        ];
        for (hex, expected) in cases {
            assert_eq!(address(hex).expect("an address").to_string(), expected);
        }
        assert_eq!(address("0100:1EC6"), None);
    }

    #[test]
    fn listeners_are_told_by_their_state() {
        let v6 = "00000000000000000000000000000000:0016";
        let lines = [
            (
                "   0: 0100007F:1EC6 00000000:0000 0A 00000000:00000000",
                true,
            ),
            (
                "12345: 0100007F:1EC6 00000000:0000 0A 00000000:00000000",
                true,
            ),
            (
                "   1: 0100007F:000A 0100007F:EB30 06 00000000:00000000",
                false,
            ),
            ("", false),
        ];
        for (line, listens) in lines {
            assert_eq!(has_at_its_place(line, " 0A "), listens, "{line}");
        }
        let line = format!("   0: {v6} {v6} 0A 00000000:00000000");
        assert!(has_at_its_place(&line, " 0A "));
    }

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
        assert_eq!(unread(server, client), Some(0));
        stream.write_all(&[b'x'; 1000]).expect("room");
        assert_eq!(unread(server, client), Some(1000));
        accepted.read_exact(&mut [0; 600]).expect("bytes");
        assert_eq!(unread(server, client), Some(400));
        assert_eq!(unread(client, server), Some(0));
        assert_eq!(unread(server, server), None);
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
