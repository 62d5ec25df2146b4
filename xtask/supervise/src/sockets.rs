//! Linux: what the system knows about a program's sockets.

use std::fs;
use std::net::{IpAddr, SocketAddr};

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

/// `0100007F:1EC6`: the address as numbers of this machine's byte order, one of
/// 32 bits for IPv4 and four for IPv6.
fn address(hex: &str) -> Option<SocketAddr> {
    let (ip, port) = hex.split_once(':')?;
    let word = |at: usize| {
        let digits = ip.get(8 * at..8 * at + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    let ip: IpAddr = match ip.len() {
        8 => word(0)?.into(),
        _ => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            IpAddr::from(bytes).to_canonical()
        }
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    #[cfg(target_endian = "little")]
    fn addresses_are_read_as_the_system_writes_them() {
        let read = |hex: &str| address(hex).map(|addr| addr.to_string());
        assert_eq!(read("0100007F:1EC6").as_deref(), Some("127.0.0.1:7878"));
        let loopback = "00000000000000000000000001000000:1EC6";
        assert_eq!(read(loopback).as_deref(), Some("[::1]:7878"));
        let mapped = "0000000000000000FFFF00000100007F:1EC6";
        assert_eq!(read(mapped).as_deref(), Some("127.0.0.1:7878"));
        assert_eq!(read("0100007F"), None);
    }
}
