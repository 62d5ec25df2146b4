//! What `doctor` has found, question by question, and what cures it.

use super::layout;
use super::look::{Look, Tone};
use super::plural;

/// How things stand with one of the doctor's questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Fine,
    /// It may do harm, or may not.
    Doubtful,
    /// The course does not work like this.
    Wrong,
    /// It cannot be seen here.
    Skipped,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) state: State,
    /// What was seen, in words that go on after the question's name.
    pub(crate) says: String,
    /// What to do about it; there is one for all that is not as it should be.
    pub(crate) cure: Option<String>,
}

impl Finding {
    pub(crate) fn fine(says: impl Into<String>) -> Finding {
        Finding::new(State::Fine, says.into(), None)
    }

    pub(crate) fn doubtful(says: impl Into<String>, cure: impl Into<String>) -> Finding {
        Finding::new(State::Doubtful, says.into(), Some(cure.into()))
    }

    pub(crate) fn wrong(says: impl Into<String>, cure: impl Into<String>) -> Finding {
        Finding::new(State::Wrong, says.into(), Some(cure.into()))
    }

    pub(crate) fn skipped(why: impl Into<String>) -> Finding {
        Finding::new(State::Skipped, why.into(), None)
    }

    fn new(state: State, says: String, cure: Option<String>) -> Finding {
        Finding { state, says, cure }
    }
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Fine => "fine",
            State::Doubtful => "doubtful",
            State::Wrong => "wrong",
            State::Skipped => "skipped",
        }
    }

    fn tone(self) -> Tone {
        match self {
            State::Fine => Tone::Good,
            State::Doubtful => Tone::Doubtful,
            State::Wrong => Tone::Bad,
            State::Skipped => Tone::Aside,
        }
    }
}

/// Where the columns begin: the state, the question, the answer.
const STATE: usize = 2;
const QUESTION: usize = 12;
const ANSWER: usize = 27;

/// The answer to the question called `name`, and its cure.
pub(crate) fn lines(name: &str, finding: &Finding, look: &Look) -> String {
    let Finding { state, says, cure } = finding;
    let word = state.word();
    if look.ascii {
        let cure = cure.as_ref().map(|cure| format!("  cure: {cure}\n"));
        return format!("{word}: {name}: {says}\n{}", cure.unwrap_or_default());
    }
    let head = format!(
        "{:STATE$}{word:<state$}{name:<question$}",
        "",
        state = QUESTION - STATE,
        question = ANSWER - QUESTION
    );
    let answer = behind(&head, says, look.width);
    let answer = answer.replacen(word, &look.paint(state.tone(), word), 1);
    let cure = cure.as_ref().map(|cure| {
        let head = format!("{:QUESTION$}cure: ", "");
        behind(&head, cure, look.width)
    });
    answer + &cure.unwrap_or_default()
}

/// `text` behind `head`, all its lines below each other; where there is little
/// room, below `head`.
fn behind(head: &str, text: &str, width: usize) -> String {
    let indent = head.len();
    if width < 2 * indent {
        let head = head.trim_end();
        return format!("{head}\n{}", layout::paragraph(text, QUESTION, width));
    }
    let body = layout::paragraph(text, indent, width);
    format!("{head}{}", body.get(indent..).unwrap_or("\n"))
}

/// What comes of it all.
pub(crate) fn summary(states: &[State], look: &Look) -> String {
    let count = |wanted: State| states.iter().filter(|state| **state == wanted).count();
    let (wrong, doubtful) = (count(State::Wrong), count(State::Doubtful));
    let all = [State::Fine, State::Doubtful, State::Wrong, State::Skipped];
    let counts = all.map(|state| (state, count(state)));
    let counts = counts
        .iter()
        .filter(|(state, count)| *count > 0 || *state == State::Fine)
        .map(|(state, count)| format!("{count} {}", state.word()));
    let counts = counts.collect::<Vec<_>>().join(", ");
    let (tone, verdict, rest) = match (wrong, doubtful) {
        (0, 0) => (
            Tone::Good,
            "This machine is ready for the course.".to_string(),
            "",
        ),
        (0, _) => (
            Tone::Good,
            "Nothing is in the way of the course.".to_string(),
            "Think of the doubts when something does not work.",
        ),
        (wrong, _) => {
            let verb = if wrong == 1 { "is" } else { "are" };
            let things = plural(wrong, "thing");
            (
                Tone::Bad,
                format!("{things} {verb} in the way of the course."),
                "Try the cures, and ask again: cargo xtask doctor",
            )
        }
    };
    let verdict = look.paint(tone, &verdict);
    let rest = layout::paragraph(rest, 0, look.width);
    format!("\n{counts}.\n{verdict}\n{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(look: &Look) -> String {
        let findings = [
            (
                "rustc",
                Finding::fine("1.95.0; the course needs 1.89 or newer"),
            ),
            (
                "ports",
                Finding::doubtful(
                    "the TCP port 7878 is taken by tcp-server, process 4711: an example would not start",
                    "end it (kill 4711), or give the example another address",
                ),
            ),
            (
                "linker",
                Finding::wrong(
                    "rustc finds no linker: `cc` is not there",
                    "sudo apt install gcc libc6-dev",
                ),
            ),
            (
                "memory",
                Finding::skipped("how much there is cannot be seen here"),
            ),
        ];
        let states: Vec<State> = findings.iter().map(|(_, finding)| finding.state).collect();
        let lines = findings
            .iter()
            .map(|(name, finding)| lines(name, finding, look));
        let text = lines.collect::<String>() + &summary(&states, look);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn each_answer_has_a_word_and_a_cure() {
        insta::assert_snapshot!("a_diagnosis", page(&Look::human(80)));
    }

    #[test]
    fn a_narrow_terminal_has_room_for_it() {
        let page = page(&Look::human(40));
        let mut lines = page.lines();
        assert!(lines.all(|line| line.chars().count() <= 40), "{page}");
    }

    #[test]
    fn read_aloud_each_line_makes_sense() {
        insta::assert_snapshot!(page(&Look::plain(80)), @r"
        fine: rustc: 1.95.0; the course needs 1.89 or newer
        doubtful: ports: the TCP port 7878 is taken by tcp-server, process 4711: an example would not start
          cure: end it (kill 4711), or give the example another address
        wrong: linker: rustc finds no linker: `cc` is not there
          cure: sudo apt install gcc libc6-dev
        skipped: memory: how much there is cannot be seen here

        1 fine, 1 doubtful, 1 wrong, 1 skipped.
        1 thing is in the way of the course.
        Try the cures, and ask again: cargo xtask doctor
        ");
    }

    #[test]
    fn a_doubt_is_nothing_wrong() {
        let text = summary(&[State::Fine, State::Doubtful], &Look::plain(80));
        assert!(
            text.starts_with("\n1 fine, 1 doubtful.\nNothing is in the way"),
            "{text}"
        );
        let text = summary(&[State::Wrong, State::Wrong], &Look::plain(80));
        assert!(text.contains("2 things are in the way"), "{text}");
    }
}
