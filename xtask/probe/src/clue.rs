//! Clues: what a failed expectation knows beyond its cause.

use std::net::SocketAddr;

use crate::cause::Cause;

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
    /// It is this very datagram which the check knows as the sign of a pitfall.
    Telltale(&'static str),
    /// What was tried out when the check had failed, and was the sign of this
    /// pitfall, or of none. The program itself was looked at before that.
    Tried(Option<&'static str>),
    /// The answer came to another client.
    AnsweredAnother,
    /// One client is answered, and no other.
    HearsOneClient,
    /// The answer goes on with what stood there in an earlier datagram.
    Leftovers,
    /// An answer came once more.
    Repeated,
    /// The rest of the answer came in further datagrams.
    InPieces,
    /// Another, longer answer ends at the same byte.
    Cut,
    /// Its own account says that it asked another address.
    AskedElsewhere,
    /// It announced this address.
    Announced(SocketAddr),
    /// It has announced nothing, and no socket of it listens.
    ListensNowhere,
    /// It has announced nothing, but listens.
    ListensUnheard,
    /// The answer came as soon as a newline was sent.
    AnswersAfterNewline,
    /// The answer came as soon as the stream was ended.
    AnswersAfterEnd,
    /// All of the answer comes when many bytes were sent.
    AnswersAfterMuch,
    /// Most of the answer comes when many bytes were sent.
    AnswersAfterMuchInPart,
    /// It listens on an address that another program has taken already.
    ListensTwice,
    /// It listens on another address than the one it was told.
    ListensElsewhere,
    /// It has not accepted the connection, while it served so many others.
    NotAccepted { served: usize },
    /// It closes a connection on which nothing was said.
    ClosesUnasked,
    /// It printed the line `got` where `due` should stand.
    Line { due: &'a str, got: &'a str },
    /// It ended with another exit code than the one that was due.
    Exit { due: i32, got: i32 },
    /// What it said where an error that names `due` should stand on stderr.
    Message {
        stdout: &'a str,
        stderr: &'a str,
        due: &'a [&'a str],
    },
}

impl Clue<'_> {
    /// The cause that this clue is, where it is one by itself.
    pub(crate) fn cause_or(&self, otherwise: Cause) -> Cause {
        match self {
            Clue::Repeated => Cause::Duplicate,
            Clue::AnsweredAnother => Cause::WrongClient,
            _ => otherwise,
        }
    }
}
