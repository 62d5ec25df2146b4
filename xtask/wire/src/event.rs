//! What can happen in a conversation.

mod json;

use std::time::Duration;

use crate::excerpt::head;

/// All that happened in one check, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversation {
    /// What the judged program is called in the events: `server`, `client 1`, …
    pub program: String,
    /// The events that were kept.
    pub events: Vec<Event>,
    /// How many events are missing in their middle.
    pub left_out: usize,
    /// Whether the program is an example: then it is the reader's in no sentence,
    /// and all of the conversation is shown.
    pub example: bool,
}

impl Conversation {
    /// What the judged program is called where it is spoken of.
    pub(crate) fn own_name(&self) -> String {
        let article = if self.example { "the" } else { "your" };
        format!("{article} {}", self.program.trim_end_matches(" 1"))
    }
}

/// One thing that happened, as the harness saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, since the check began.
    pub at: Duration,
    /// Who did it: `client 1`, `server`, …
    pub from: String,
    /// Whom it concerned; empty where nobody else was involved.
    pub to: String,
    /// What happened.
    pub what: What,
}

/// The kinds of events.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// The program was started: with these arguments.
    Started(String),
    /// The program printed a line on stdout.
    Printed(String),
    /// A connection was made.
    Connected,
    /// Bytes crossed.
    Data {
        /// Their number.
        bytes: usize,
        /// In how many pieces the harness sent or received them.
        pieces: usize,
        /// The first of them, printable.
        text: String,
        /// Whether there are more than `text` shows.
        more: bool,
    },
    /// One datagram crossed.
    Datagram {
        /// Its size in bytes.
        bytes: usize,
        /// The first of them, printable.
        text: String,
        /// Whether there are more than `text` shows.
        more: bool,
    },
    /// A datagram was sent, and what the link between did to it: `lost`, …
    Fault {
        /// What the link did, as a participle: `lost`, `repeated`.
        how: String,
        /// The size of the datagram in bytes.
        bytes: usize,
        /// The first of them, printable.
        text: String,
        /// Whether there are more than `text` shows.
        more: bool,
    },
    /// The end of the stream in this direction.
    End,
    /// A reset.
    Reset,
    /// A connection was refused.
    Refused,
    /// Nothing came for so long.
    Silence(Duration),
    /// The program was stopped (`SIGSTOP`).
    Stopped,
    /// The program was continued (`SIGCONT`).
    Continued,
    /// The program ended: how.
    Exited(String),
}

impl What {
    /// Bytes of a stream that crossed in one piece.
    #[must_use]
    pub fn data(bytes: &[u8]) -> What {
        let (text, more) = head(bytes);
        What::Data {
            bytes: bytes.len(),
            pieces: 1,
            text,
            more,
        }
    }

    /// A datagram that crossed.
    #[must_use]
    pub fn datagram(bytes: &[u8]) -> What {
        let (text, more) = head(bytes);
        What::Datagram {
            bytes: bytes.len(),
            text,
            more,
        }
    }

    /// A datagram to which the link did something: `lost`, `repeated`, …
    #[must_use]
    pub fn fault(how: &str, bytes: &[u8]) -> What {
        let (text, more) = head(bytes);
        What::Fault {
            how: how.to_owned(),
            bytes: bytes.len(),
            text,
            more,
        }
    }

    /// The kind's name in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            What::Started(_) => "started",
            What::Printed(_) => "printed",
            What::Connected => "connected",
            What::Data { .. } => "data",
            What::Datagram { .. } => "datagram",
            What::Fault { .. } => "fault",
            What::End => "end of stream",
            What::Reset => "reset",
            What::Refused => "refused",
            What::Silence(_) => "silence",
            What::Stopped => "stopped",
            What::Continued => "continued",
            What::Exited(_) => "exited",
        }
    }
}
