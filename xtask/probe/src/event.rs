//! What can happen in a conversation.

use std::time::Duration;

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
    /// The program was started.
    Started,
    /// The program printed a line on stdout.
    Printed(String),
    /// A connection was made.
    Connected,
    /// Bytes crossed: how many, in how many pieces, and how the first begin.
    Data {
        /// Their number.
        bytes: usize,
        /// In how many pieces the harness sent or received them.
        pieces: usize,
        /// The first of them, printable.
        text: String,
    },
    /// One datagram: its size, and how it begins.
    Datagram {
        /// Its size in bytes.
        bytes: usize,
        /// The first bytes, printable.
        text: String,
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
    /// The kind's name in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            What::Started => "started",
            What::Printed(_) => "printed",
            What::Connected => "connected",
            What::Data { .. } => "data",
            What::Datagram { .. } => "datagram",
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

/// The beginning of `bytes`, printable and short: what is not printable ASCII
/// or valid UTF-8 is escaped, so that nothing can reach a terminal's controls.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    const LONGEST: usize = 32;
    let shown = &bytes[..bytes.len().min(LONGEST)];
    let more = if bytes.len() > LONGEST { "…" } else { "" };
    let text: String = match std::str::from_utf8(shown) {
        Ok(text) => text.chars().flat_map(visible).collect(),
        Err(_) => shown.escape_ascii().to_string(),
    };
    format!("\"{text}\"{more}")
}

/// `text` with all control characters but the newline escaped.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .flat_map(|c| if c == '\n' { vec![c] } else { visible(c) })
        .collect()
}

fn visible(c: char) -> Vec<char> {
    if c.is_control() {
        c.escape_default().collect()
    } else {
        vec![c]
    }
}
