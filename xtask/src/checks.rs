//! Reads what a learner is told about each check from the source of
//! `tests/checks.rs`: names, order, doc comments. There is no second list.

use std::path::Path;

use anyhow::{Context as _, anyhow};

/// A check as it is written: an `#[rstest]` function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// The function's name, which is the sentence that it proves.
    pub(crate) name: String,
    /// The function's doc comment.
    pub(crate) says: String,
    /// It is marked as one that takes its time: with `// Slow: …`, in front.
    pub(crate) is_slow: bool,
}

/// All checks of the file at `path`, in their order.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Check>> {
    let source = std::fs::read_to_string(path)
        .with_context(|| format!("reading the checks in {}", path.display()))?;
    Ok(parse(&source))
}

/// What to say where there is none in the file at `path`.
pub(crate) fn none_in(path: &Path) -> anyhow::Error {
    let path = path.display();
    anyhow!("{path} has no checks; `git restore {path}` brings them back")
}

/// What stands in front of a function: its doc comment and its attributes.
#[derive(Default)]
struct Preamble {
    says: Vec<String>,
    is_check: bool,
    is_slow: bool,
}

/// rustfmt puts each item that matters here on a line of its own, so lines are
/// all that has to be understood; `verify` compares the result with what the
/// test binary lists.
fn parse(source: &str) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut preamble = Preamble::default();
    for line in source.lines() {
        if let Some(text) = line.strip_prefix("///") {
            preamble.says.push(text.trim().to_string());
        } else if line.starts_with("#[rstest") {
            preamble.is_check = true;
        } else if line.starts_with("// Slow: ") {
            preamble.is_slow = true;
        } else if let Some(name) = function_name(line) {
            let Preamble {
                says,
                is_check,
                is_slow,
            } = std::mem::take(&mut preamble);
            if is_check {
                let says = says.join(" ").trim().to_string();
                checks.push(Check {
                    name,
                    says,
                    is_slow,
                });
            }
        } else if ends_an_item(line) {
            preamble = Preamble::default();
        }
    }
    checks
}

fn function_name(line: &str) -> Option<String> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?.split(['(', '<']).next()?;
    Some(name.trim().to_string())
}

/// Any other item takes the preamble with it. Attributes and their
/// continuation lines (indented, or a closing bracket) belong to what follows.
fn ends_an_item(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphabetic()) || line.starts_with('}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const SOURCE: &str = "\
//! Module doc.

/// Not a check.
#[fixture]
fn server() -> Server {
    start()
}

/// Answers at once.
#[rstest]
fn answers_at_once(server: Server) {
    /// not a doc of a check
    fn inner() {}
}

#[rstest]
#[case::short(
    b\"a\",
)]
#[case::long(b\"abc\")]
/// Takes bytes
/// in pieces.
// Slow: each piece has a pause.
fn takes_pieces<'a>(#[case] bytes: &[u8]) {}

/// A plain test that no learner sees.
#[test]
fn plain() {}
";

    #[test]
    fn only_rstest_functions_are_checks() {
        let found = parse(SOURCE);
        let expected = [
            ("answers_at_once", "Answers at once.", false),
            ("takes_pieces", "Takes bytes in pieces.", true),
        ];
        let expected = expected.map(|(name, says, is_slow)| Check {
            name: name.to_string(),
            says: says.to_string(),
            is_slow,
        });
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case::nothing("")]
    #[case::no_checks("//! Doc.\nuse x;\nfn a() {}\n")]
    fn a_file_without_checks_has_none(#[case] source: &str) {
        assert_eq!(parse(source), []);
    }
}
