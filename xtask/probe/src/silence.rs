//! What is tried out after an answer did not come: many mistakes look alike in
//! silence, and each ends with something else. The check has failed by now, so
//! nothing is spoiled.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use crate::clue::Clue;
use crate::peer::Peer;

/// A program that lives answers in a millisecond; a busy machine gets this.
const MOMENT: Duration = Duration::from_millis(500);

/// More than any buffer that a program fills before it answers.
const MUCH: usize = 256 * 1024;

impl Peer {
    /// Tries what would break the silence.
    pub(crate) fn why_silent(&self) -> (Clue<'static>, &'static str) {
        let Some(server) = self.server() else {
            return (Clue::None, "");
        };
        if supervise::has_accepted(server, self.addr()) == Some(false) {
            let served = supervise::connections_served(server).unwrap_or(0);
            return (
                Clue::NotAccepted { served },
                ": your program has not accepted this connection",
            );
        }
        // A byte that is no newline first: whoever answers to that has waited
        // for more, of whatever kind.
        if self.says(b"x") {
            return (Clue::None, "; the answer came when more was sent");
        }
        if self.says(b"\n") {
            return (
                Clue::AnswersAfterNewline,
                "; the answer came when a newline was sent",
            );
        }
        let after_much = answers_much(server);
        let after_end = self.stream().shutdown(Shutdown::Write).is_ok() && hears(self.stream());
        match (after_much, after_end) {
            (true, true) => (
                Clue::AnswersAfterMuchInPart,
                "; the answer came when the stream was ended, and another client's when it had \
                 sent 256 KiB",
            ),
            (true, false) => (
                Clue::AnswersAfterMuch,
                "; another client was answered when it had sent 256 KiB",
            ),
            (false, true) => (
                Clue::AnswersAfterEnd,
                "; the answer came when the stream was ended",
            ),
            (false, false) => (Clue::None, ""),
        }
    }

    /// The program's address, where the program is the server.
    fn server(&self) -> Option<SocketAddr> {
        match self.name() {
            "server" => None,
            _ => self.stream().peer_addr().ok(),
        }
    }

    /// Whether an answer comes to `bytes`.
    fn says(&self, bytes: &[u8]) -> bool {
        self.stream().write_all(bytes).is_ok() && hears(self.stream())
    }
}

/// Whether a client that sends much is answered before it ends its stream.
fn answers_much(server: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(server) else {
        return false;
    };
    let limited = stream.set_write_timeout(Some(MOMENT));
    // Where nobody reads, not everything is taken, and that is an answer, too.
    limited.is_ok() && stream.write_all(&[b'x'; MUCH]).is_ok() && hears(&stream)
}

fn hears(mut stream: &TcpStream) -> bool {
    let limited = stream.set_read_timeout(Some(MOMENT));
    limited.is_ok() && matches!(stream.read(&mut [0; 64]), Ok(1..))
}
