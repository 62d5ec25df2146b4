//! What a new client is tried with, after an answer was wrong or a connection
//! broke: mistakes that look alike in one conversation differ in the next. The
//! check has failed by now, so nothing is spoiled.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::peer::{Came, Peer};

/// A program that lives answers in a millisecond; a busy machine gets this.
const MOMENT: Duration = Duration::from_millis(300);
/// Neither case nor encoding changes this question, so that its answer shows
/// what else is done to it.
const PLAIN: &[u8] = b"13579\n";
/// No text in any encoding that has invalid bytes.
const NO_TEXT: &[u8] = b"\xff\xfe\n";

impl Peer {
    /// What a plain question to a server brings, where that is more than its
    /// answer: by which pitfall.
    pub(crate) fn what_comes_besides(&self) -> Option<&'static str> {
        let answer = Trial::of(self.server()?)?.ask(PLAIN);
        besides(PLAIN, &answer)
    }

    /// Whether a server answers a plain question, and none that is no text.
    pub(crate) fn is_asked_for_text(&self) -> bool {
        let answers = |question: &[u8]| {
            let trial = self.server().and_then(Trial::of);
            trial.is_some_and(|trial| !trial.ask(question).is_empty())
        };
        answers(PLAIN) && !answers(NO_TEXT)
    }

    /// Whether a server ends the connection of a client that has said nothing.
    pub(crate) fn is_closed_unasked(&self) -> bool {
        let trial = self.server().and_then(Trial::of);
        trial.is_some_and(|trial| trial.ends())
    }

    /// Whether the bytes that are missing are lost: what is sent now is
    /// answered, and `missing` is not before it.
    pub(crate) fn has_lost(&self, missing: &[u8]) -> bool {
        let mut buffer = [0; PLAIN.len()];
        let asked = self.server().is_some() && (self.stream()).write_all(PLAIN).is_ok();
        let came = asked.then(|| self.read(&mut buffer, MOMENT));
        match came {
            Some(Came::Bytes(count)) => {
                PLAIN.starts_with(&buffer[..count]) && !missing.starts_with(&buffer[..count])
            }
            _ => false,
        }
    }
}

/// A client of its own, for one question.
struct Trial(TcpStream);

impl Trial {
    fn of(server: SocketAddr) -> Option<Trial> {
        let stream = TcpStream::connect_timeout(&server, MOMENT).ok()?;
        stream.set_read_timeout(Some(MOMENT)).ok()?;
        stream.set_write_timeout(Some(MOMENT)).ok()?;
        Some(Trial(stream))
    }

    /// All that comes within a moment.
    fn ask(mut self, question: &[u8]) -> Vec<u8> {
        const MOST: usize = 256 * 1024;
        let mut answer = Vec::new();
        let mut buffer = [0; 16 * 1024];
        if self.0.write_all(question).is_ok() {
            while answer.len() < MOST
                && let Ok(count @ 1..) = self.0.read(&mut buffer)
            {
                answer.extend_from_slice(&buffer[..count]);
            }
        }
        answer
    }

    /// It is over, though nothing was asked.
    fn ends(mut self) -> bool {
        match self.0.read(&mut [0; 64]) {
            Ok(count) => count == 0,
            Err(error) => !crate::peer::is_timeout(&error),
        }
    }
}

/// What `answer` has besides `question`, which it should repeat.
fn besides(question: &[u8], answer: &[u8]) -> Option<&'static str> {
    /// The smallest buffer that anybody would choose.
    const SMALLEST: usize = 64;
    let escaped = question.escape_ascii().to_string();
    let holds = |what: &[u8]| answer.windows(what.len()).any(|window| window == what);
    match answer.strip_prefix(question) {
        Some([]) => None,
        Some(rest) if rest.starts_with(question) => Some("answers-more-than-once"),
        Some(_) if answer.len() >= SMALLEST => Some("sends-the-whole-buffer"),
        Some(_) => Some("adds-to-the-answer"),
        None if holds(escaped.as_bytes()) => Some("prints-with-debug"),
        None if holds(question.trim_ascii()) && answer.len() > question.len() => {
            Some("adds-to-the-answer")
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::besides;

    #[rstest]
    #[case::right(b"135\n".to_vec(), None)]
    #[case::twice(b"135\n135\n".to_vec(), Some("answers-more-than-once"))]
    #[case::a_prompt(b"> 135\n".to_vec(), Some("adds-to-the-answer"))]
    #[case::a_newline(b"135\n\n".to_vec(), Some("adds-to-the-answer"))]
    #[case::the_buffer([&b"135\n"[..], &[b'#'; 60]].concat(), Some("sends-the-whole-buffer"))]
    #[case::escaped(b"b'135\\n'".to_vec(), Some("prints-with-debug"))]
    #[case::something_else(b"531\n".to_vec(), None)]
    #[case::nothing(Vec::new(), None)]
    fn what_comes_besides_has_a_name(#[case] answer: Vec<u8>, #[case] id: Option<&str>) {
        assert_eq!(besides(b"135\n", &answer), id);
    }
}
