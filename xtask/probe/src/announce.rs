//! `listening on ADDR`: the first thing that a server says.

use std::net::SocketAddr;

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::{fail, fail_with};
use crate::running::Running;

/// What stands before the address.
const ANNOUNCEMENT: &str = "listening on ";

/// The address that the first line of `stdout` announces.
pub(crate) fn address(stdout: &str) -> Option<SocketAddr> {
    let line = stdout.lines().next()?;
    line.strip_prefix(ANNOUNCEMENT)?.parse().ok()
}

/// Waits for the announcement and judges it against the address that was asked
/// for, where that is a literal one.
#[track_caller]
pub(crate) fn expect(server: &Running, asked: &str) -> SocketAddr {
    let expected = match asked.rsplit_once(':') {
        Some((host, "0")) => {
            format!("a first line on stdout: `listening on {host}:PORT`, PORT being the real one")
        }
        _ => format!("a first line on stdout: `listening on {asked}`"),
    };
    let line = match server.try_line() {
        Ok(line) => line,
        Err(nothing) => {
            let got = nothing.instead_of_a_line(&server.unfinished_line());
            let listens = server.judged().listening().unwrap_or_default();
            match listens.first() {
                None => fail(server.scene(), Cause::NeverAnnounced, &expected, &got),
                Some(addr) => {
                    let got = format!("{got}, though your program listens on {addr}");
                    let clue = match server.stderr().contains(ANNOUNCEMENT) {
                        true => Clue::Telltale("prints-events-on-stderr"),
                        false => Clue::ListensUnheard,
                    };
                    fail_with(server.scene(), Cause::NeverAnnounced, clue, &expected, &got)
                }
            }
        }
    };
    let Some(addr) = address(&line) else {
        let clue = Clue::Telltale("announces-in-other-words");
        let got = format!("`{line}`");
        fail_with(server.scene(), Cause::WrongOutput, clue, &expected, &got)
    };
    if !matches(addr, asked) {
        fail_with(
            server.scene(),
            Cause::WrongAddress,
            Clue::Announced(addr),
            &expected,
            &format!("`{line}`"),
        );
    }
    if server.judged().owns(addr) == Some(false) {
        let got = format!("`{line}`, but it is another program that has this address");
        fail(server.scene(), Cause::WrongAddress, &expected, &got);
    }
    server.scene().name_server(addr);
    addr
}

fn matches(addr: SocketAddr, asked: &str) -> bool {
    match asked.parse::<SocketAddr>() {
        Ok(asked) if asked.port() == 0 => asked.ip() == addr.ip() && addr.port() != 0,
        Ok(asked) => asked == addr,
        // A host name: any of its addresses will do.
        Err(_) => addr.port() != 0,
    }
}
