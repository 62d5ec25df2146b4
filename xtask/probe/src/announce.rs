//! `listening on ADDR`: the first thing that a server says.

use std::net::SocketAddr;

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::{fail, fail_with};
use crate::output::Nothing;
use crate::pitfall;
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
        Err(nothing) => not_announced(server, nothing, asked, &expected),
    };
    let Some(addr) = address(&line) else {
        let clue = Clue::Telltale("announces-in-other-words");
        let got = format!("`{line}`");
        fail_with(server.scene(), Cause::WrongOutput, clue, &expected, &got)
    };
    if !matches(addr, asked) {
        let everywhere = server.judged().listening().unwrap_or_default();
        let everywhere = everywhere.iter().find(|own| own.ip().is_unspecified());
        let (clue, more) = match everywhere {
            Some(own) => (
                Clue::Telltale("binds-every-address"),
                format!(", and your program listens on {own}, which is every address"),
            ),
            None => (Clue::Announced(addr), String::new()),
        };
        let got = format!("`{line}`{more}");
        fail_with(server.scene(), Cause::WrongAddress, clue, &expected, &got);
    }
    let owns = server.judged().owns(addr);
    if owns != Some(true) {
        expect_to_listen(server, addr, owns, &line, &expected);
    }
    server.scene().name_server(addr);
    addr
}

/// It is not seen to have the socket that it has announced in `line`: is it seen
/// to have another?
#[track_caller]
fn expect_to_listen(
    server: &Running,
    addr: SocketAddr,
    owns: Option<bool>,
    line: &str,
    expected: &str,
) {
    if let Some([own, ..]) = server.judged().listening().as_deref()
        && !server.judged().listens_on(addr)
    {
        let got = format!("`{line}`, though your program listens on {own}");
        let clue = Clue::Telltale("announces-the-port-it-asked-for");
        fail_with(server.scene(), Cause::WrongAddress, clue, expected, &got);
    }
    if owns == Some(false) {
        let got = format!("`{line}`, but it is another program that has this address");
        fail(server.scene(), Cause::WrongAddress, expected, &got);
    }
}

/// No line came.
#[track_caller]
fn not_announced(server: &Running, nothing: Nothing, asked: &str, expected: &str) -> ! {
    let rest = server.unfinished_line();
    let got = nothing.instead_of_a_line(&rest);
    let listens = server.judged().listening();
    let said = server.last_words();
    let ended = server.judged().ended().is_some();
    let (clue, more) = match listens.as_deref() {
        Some([addr, ..]) if said.contains(ANNOUNCEMENT) => (
            Clue::Telltale("prints-events-on-stderr"),
            format!(", though your program listens on {addr}"),
        ),
        Some([addr, ..]) => (
            Clue::ListensUnheard,
            format!(", though your program listens on {addr}"),
        ),
        _ if ended && names_another(&said, asked) => (Clue::AskedElsewhere, String::new()),
        Some([]) if nothing == Nothing::InTime && rest.is_empty() && !ended => (
            Clue::ListensNowhere,
            ": your program runs, and has opened no socket for clients yet".into(),
        ),
        _ => (Clue::None, String::new()),
    };
    let got = got + &more;
    fail_with(server.scene(), Cause::NeverAnnounced, clue, expected, &got)
}

/// Its error is about another address than the one that it was given.
fn names_another(said: &str, asked: &str) -> bool {
    let Ok(asked) = asked.parse::<SocketAddr>() else {
        return false;
    };
    let mut named = pitfall::addresses(said).peekable();
    named.peek().is_some() && named.all(|addr| addr != asked)
}

fn matches(addr: SocketAddr, asked: &str) -> bool {
    match asked.parse::<SocketAddr>() {
        Ok(asked) if asked.port() == 0 => asked.ip() == addr.ip() && addr.port() != 0,
        Ok(asked) => asked == addr,
        // A host name: any of its addresses will do.
        Err(_) => addr.port() != 0,
    }
}
