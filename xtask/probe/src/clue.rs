//! Clues: what a failed expectation knows beyond its cause.

use std::net::SocketAddr;

/// What was seen when an expectation failed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Clue<'a> {
    /// Nothing but the cause.
    #[default]
    None,
    /// On a stream `got` came where `due` should have come.
    Stream { due: &'a [u8], got: &'a [u8] },
    /// The datagram `got` came where `due` should have come.
    Datagram { due: &'a [u8], got: &'a [u8] },
    /// It announced this address.
    Announced(SocketAddr),
    /// It has announced nothing, but listens.
    ListensUnheard,
    /// The answer came as soon as a newline was sent.
    AnswersAfterNewline,
    /// The answer came as soon as the stream was ended.
    AnswersAfterEnd,
    /// It has not accepted the connection, while it served so many others.
    NotAccepted { served: usize },
    /// What it said where an error that names `due` should stand on stderr.
    Message {
        stdout: &'a str,
        stderr: &'a str,
        due: &'a [&'a str],
    },
}
