//! The system's tables of sockets: `/proc/net/tcp` and its kin.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// One line of `/proc/net/tcp` or `/proc/net/udp`.
pub(super) struct Socket {
    pub(super) local: SocketAddr,
    pub(super) peer: SocketAddr,
    pub(super) listens: bool,
    /// 0 as long as the connection waits to be accepted.
    pub(super) inode: u64,
}

/// The TCP sockets of IPv4.
pub(super) fn all() -> Option<Vec<Socket>> {
    lines_of("/proc/net/tcp", "0A", |_| true)
}

/// Those alone that listen.
pub(super) fn listeners(path: &str, listening: &str) -> Option<Vec<Socket>> {
    let state = format!(" {listening} ");
    lines_of(path, listening, |line| has_at_its_place(line, &state))
}

/// A machine that has had many connections remembers thousands of them for a
/// minute: only lines that are `wanted` are read.
pub(super) fn lines_of(
    path: &str,
    listening: &str,
    wanted: impl Fn(&str) -> bool,
) -> Option<Vec<Socket>> {
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
}
