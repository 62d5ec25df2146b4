//! What a new client is tried with, after an answer was wrong or a connection
//! broke: mistakes that look alike in one conversation differ in the next. The
//! check has failed by now, so nothing is spoiled.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::peer::{Came, Peer};

/// A program that lives answers in a millisecond; a busy machine gets this.
const MOMENT: Duration = Duration::from_secs(1);
/// What belongs to an answer comes with it.
const CLOSELY: Duration = Duration::from_millis(100);
/// Neither case nor encoding changes this question, so that its answer shows
/// what else is done to it.
const LINE: &[u8] = b"13579";
/// The same with its end.
const PLAIN: &[u8] = b"13579\n";
/// No text in any encoding that has invalid bytes.
const NO_TEXT: &[u8] = b"\xff\xfe\n";

impl Peer {
    /// What plain questions to a server bring, where that is more than their
    /// answers, or later: by which pitfall.
    pub(crate) fn what_comes_besides(&self) -> Option<&'static str> {
        let mut trial = Trial::of(self.server()?)?;
        let early = trial.ask(LINE);
        if early.is_empty() {
            let late = trial.ask(b"\n");
            return besides(PLAIN, &late)
                .or_else(|| (late == PLAIN).then_some("answers-only-after-a-newline"));
        }
        besides(LINE, &early)
            .or_else(|| besides_the_next(LINE, b"\n", &trial.ask(b"\n")))
            .or_else(|| besides_the_next(LINE, b"246", &trial.ask(b"246")))
    }

    /// Whether a server answers a plain question, and none that is no text.
    pub(crate) fn is_asked_for_text(&self) -> bool {
        let answers = |question: &[u8]| {
            let trial = self.server().and_then(Trial::of);
            trial.is_some_and(|mut trial| !trial.ask(question).is_empty())
        };
        answers(PLAIN) && !answers(NO_TEXT)
    }

    /// Whether a server ends the connection of a client that has said nothing.
    pub(crate) fn is_closed_unasked(&self) -> bool {
        self.scene().end_the_story();
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

    /// All that comes: the answer within a moment, and what follows it closely.
    fn ask(&mut self, question: &[u8]) -> Vec<u8> {
        const MOST: usize = 256 * 1024;
        let mut answer = Vec::new();
        let mut buffer = [0; 16 * 1024];
        if self.0.write_all(question).is_err() {
            return answer;
        }
        while answer.len() < MOST {
            let limit = if answer.len() < question.len() {
                MOMENT
            } else {
                CLOSELY
            };
            let limited = self.0.set_read_timeout(Some(limit));
            match limited.and_then(|()| self.0.read(&mut buffer)) {
                Ok(count @ 1..) => answer.extend_from_slice(&buffer[..count]),
                _ => break,
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
    let holds = |what: &[u8]| answer.windows(what.len()).any(|window| window == what);
    let escaped = question.escape_ascii().to_string();
    let is_quoted = ['"', '\'']
        .iter()
        .any(|quote| holds(format!("{quote}{escaped}{quote}").as_bytes()));
    match answer.strip_prefix(question) {
        Some([]) => None,
        Some(rest) if rest.starts_with(question) => Some("answers-more-than-once"),
        Some(_) if answer.len() >= SMALLEST => Some("sends-the-whole-buffer"),
        Some(_) => Some("adds-to-the-answer"),
        None if is_quoted => Some("prints-with-debug"),
        None if holds(question.trim_ascii()) && answer.len() > question.len() => {
            Some("adds-to-the-answer")
        }
        None => None,
    }
}

/// What `answer` has of an earlier question, where a shorter `question` was to
/// be repeated.
fn besides_the_next(earlier: &[u8], question: &[u8], answer: &[u8]) -> Option<&'static str> {
    match answer.strip_prefix(question) {
        Some([]) => None,
        // What stood there before, in a buffer that is used again.
        Some(rest) if earlier[question.len()..].starts_with(rest) => Some("sends-the-whole-buffer"),
        Some(_) => Some("adds-to-the-answer"),
        None if answer.starts_with(earlier) => Some("answers-more-than-once"),
        None if answer.ends_with(question) => Some("adds-to-the-answer"),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{besides, besides_the_next};

    #[rstest]
    #[case::right(b"246", None)]
    #[case::leftovers(b"24679", Some("sends-the-whole-buffer"))]
    #[case::all_so_far(b"13579246", Some("answers-more-than-once"))]
    #[case::a_prompt(b"> 246", Some("adds-to-the-answer"))]
    fn what_is_left_of_the_question_before_has_a_name(
        #[case] answer: &[u8],
        #[case] id: Option<&str>,
    ) {
        assert_eq!(besides_the_next(b"13579", b"246", answer), id);
    }

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
