//! Lines of text in the width of a terminal. A command is never broken in two:
//! whoever copies it shall get all of it.

use anstream::adapter::strip_str;
use wire::columns;

/// `text`, each line of which goes on `hang` columns from the left where it does
/// not fit into `width`. Colours and links take no room.
pub(crate) fn flow(text: &str, hang: usize, width: usize) -> String {
    let lines = text.lines();
    lines
        .map(|line| flow_line(line, hang, width) + "\n")
        .collect()
}

/// Help as clap writes it: what a column has no room for goes on below it.
pub(crate) fn help(text: &str, width: usize) -> String {
    let line =
        |line: &str| flow_line(line, hang(&strip_str(line).to_string(), width), width) + "\n";
    text.lines().map(line).collect()
}

/// Where the second column of a line begins, or else the first.
fn hang(line: &str, width: usize) -> usize {
    let indent = line.len() - line.trim_start().len();
    let second = line[indent..].find("  ").map(|gap| {
        let rest = &line[indent + gap..];
        line.len() - rest.trim_start().len()
    });
    second
        .filter(|second| *second <= width / 2)
        .unwrap_or(indent)
}

fn flow_line(line: &str, hang: usize, width: usize) -> String {
    let (mut text, mut used) = (String::new(), 0);
    let mut rest = line;
    while !rest.is_empty() {
        let from = rest.len() - rest.trim_start_matches(' ').len();
        let (gap, behind) = rest.split_at(from);
        let (word, behind) = behind.split_at(end_of_word(behind));
        rest = behind;
        let room = columns(&strip_str(word).to_string());
        if used + from + room <= width || text.trim().is_empty() {
            text += gap;
            used += from + room;
        } else {
            // At the very beginning there is more room.
            let hang = if hang + room <= width { hang } else { 0 };
            text.truncate(text.trim_end().len());
            text += "\n";
            text += &" ".repeat(hang);
            used = hang + room;
        }
        text += word;
    }
    text
}

/// Where the first word of `text` ends: a command is one, and so is what stands
/// in backquotes or in parentheses.
fn end_of_word(text: &str) -> usize {
    if text.starts_with("cargo xtask") {
        return text.find("  ").unwrap_or(text.len());
    }
    let space = text.find(' ').unwrap_or(text.len());
    let opening = text[..space].find(['`', '(']);
    let closing = opening.and_then(|opening| {
        let sign = if text[opening..].starts_with('(') {
            ')'
        } else {
            '`'
        };
        let inside = &text[opening + 1..];
        Some(opening + 1 + inside.find(sign)?)
    });
    let from = closing.unwrap_or(0);
    text[from..].find(' ').map_or(text.len(), |end| from + end)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::short("one two", "one two\n")]
    #[case::long("one two three four five", "one two three four\n  five\n")]
    #[case::step("Next   open it, line 49", "Next   open it, line\n  49\n")]
    #[case::command("Go on: cargo xtask check a", "Go on:\ncargo xtask check a\n")]
    #[case::more("cargo xtask hint   (the same)", "cargo xtask hint\n  (the same)\n")]
    #[case::quoted(
        "a word: `git restore x` is one",
        "a word:\n  `git restore x` is\n  one\n"
    )]
    #[case::endless("a 012345678901234567890123 b", "a\n012345678901234567890123\n  b\n")]
    #[case::coloured(
        "\x1b[1mone two three four\x1b[0m",
        "\x1b[1mone two three four\x1b[0m\n"
    )]
    #[case::lines("a\n\n  b\n", "a\n\n  b\n")]
    fn a_line_goes_on_below(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(flow(text, 2, 20), expected);
    }

    #[rstest]
    #[case::columns(
        "  check  Judges your program on each save\n",
        "  check  Judges your program on\n         each save\n"
    )]
    #[case::prose(
        "          Judge this executable, whatever\n",
        "          Judge this executable,\n          whatever\n"
    )]
    fn help_stays_in_its_columns(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(help(text, 32), expected);
    }
}
