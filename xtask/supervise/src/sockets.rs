//! Linux: what the system knows about a program's sockets.

use std::fs;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::Holder;
use crate::proc::{entries, tree};

/// One line of `/proc/net/tcp` or `/proc/net/udp`.
struct Socket {
    local: SocketAddr,
    peer: SocketAddr,
    listens: bool,
    /// 0 as long as the connection waits to be accepted.
    inode: u64,
}

/// Whether the server at `server` has accepted the connection that `client`
/// made to it. `None` where that cannot be seen.
pub(crate) fn accepted(server: SocketAddr, client: SocketAddr) -> Option<bool> {
    let sockets = all()?;
    let connection = sockets
        .iter()
        .find(|socket| socket.local == server && socket.peer == client)?;
    Some(connection.inode != 0)
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
    let mut sockets = all()?;
    sockets.extend(table("/proc/net/udp", "07")?);
    // Not there where IPv6 is switched off.
    let v6 = [("/proc/net/tcp6", "0A"), ("/proc/net/udp6", "07")];
    sockets.extend(
        v6.into_iter()
            .filter_map(|(path, state)| table(path, state))
            .flatten(),
    );
    let owned: Vec<u64> = tree(pid).into_iter().flat_map(inodes).collect();
    let listeners = sockets
        .into_iter()
        .filter(|socket| socket.listens && owned.contains(&socket.inode));
    Some(listeners.map(|socket| socket.local).collect())
}

/// Whether one of `pids` has the TCP listener or the UDP socket at `addr`, or
/// at its port on all addresses. `None` where there is no such socket, or one
/// of `pids` does not let us look.
pub(crate) fn owned(pids: &[u32], addr: SocketAddr) -> Option<bool> {
    held(pids, &there(addr))
}

/// Which one of `pids` has it; those that do not let us look are passed over.
pub(crate) fn owner(pids: &[u32], addr: SocketAddr) -> Option<u32> {
    let there = there(addr);
    let has_it = |pid: &&u32| inodes(**pid).iter().any(|inode| there.contains(inode));
    (!there.is_empty()).then(|| pids.iter().find(has_it).copied())?
}

/// The TCP listeners and the UDP sockets at `addr`, or at its port on all
/// addresses.
fn there(addr: SocketAddr) -> Vec<u64> {
    let tables = [("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")];
    let sockets = tables
        .into_iter()
        .filter_map(|(name, listening)| table(&format!("/proc/net/{name}"), listening))
        .flatten();
    sockets
        .filter(|socket| socket.listens)
        .filter(|socket| {
            let ip = socket.local.ip();
            socket.local.port() == addr.port() && (ip == addr.ip() || ip.is_unspecified())
        })
        .map(|socket| socket.inode)
        .collect()
}

/// Who has the TCP connection from `local` to `peer`, seen from `pid` and its
/// descendants. `None` where we may not look.
pub(crate) fn holder(pid: u32, local: SocketAddr, peer: SocketAddr) -> Option<Holder> {
    let mut sockets = all()?;
    sockets.extend(table("/proc/net/tcp6", "0A").unwrap_or_default());
    let connection = sockets
        .iter()
        .find(|socket| socket.local == local && socket.peer == peer && socket.inode != 0);
    let Some(connection) = connection else {
        return Some(Holder::Nobody);
    };
    Some(match held(&tree(pid), &[connection.inode])? {
        true => Holder::Ours,
        false => Holder::Others,
    })
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
    let folder = format!("/proc/{pid}/fd");
    let links = entries(folder.as_ref())
        .into_iter()
        .filter_map(|fd| fs::read_link(format!("{folder}/{fd}")).ok());
    links
        .filter_map(|link| {
            link.to_str()?
                .strip_prefix("socket:[")?
                .strip_suffix(']')?
                .parse()
                .ok()
        })
        .collect()
}

fn all() -> Option<Vec<Socket>> {
    table("/proc/net/tcp", "0A")
}

/// The sockets of one protocol; those in the state `listening` do so.
fn table(path: &str, listening: &str) -> Option<Vec<Socket>> {
    let table = fs::read_to_string(path).ok()?;
    let lines = table.lines().skip(1);
    Some(lines.filter_map(|line| socket(line, listening)).collect())
}

fn socket(line: &str, listening: &str) -> Option<Socket> {
    let words: Vec<&str> = line.split_whitespace().collect();
    Some(Socket {
        local: address(words.get(1)?)?,
        peer: address(words.get(2)?)?,
        listens: *words.get(3)? == listening,
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
    fn a_socket_belongs_to_whoever_has_opened_it() {
        let own = [std::process::id()];
        let tcp = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = tcp.local_addr().expect("an address");
        assert_eq!(owned(&own, addr), Some(true));
        assert_eq!(owned(&[], addr), Some(false));
        let udp = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        let addr = udp.local_addr().expect("an address");
        assert_eq!(owned(&own, addr), Some(true));
        assert_eq!(owned(&[], addr), Some(false));
        // Nobody listens on the port of a resolver there.
        let nobodys = ([127, 77, 77, 77], 1).into();
        assert_eq!(owned(&own, nobodys), None);
    }
}
