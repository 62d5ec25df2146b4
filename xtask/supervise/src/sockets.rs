//! Linux: what the system knows about a program's sockets.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

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

/// `0100007F:1EC6`: the address as a number of this machine's byte order.
fn address(hex: &str) -> Option<SocketAddr> {
    let (ip, port) = hex.split_once(':')?;
    let ip = Ipv4Addr::from(u32::from_str_radix(ip, 16).ok()?.to_ne_bytes());
    Some(SocketAddrV4::new(ip, u16::from_str_radix(port, 16).ok()?).into())
}
