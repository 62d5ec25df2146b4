//! Puts text into columns of a given width.

use wire::columns;

/// Where the fields of a failure begin, and how much room their labels get.
pub(super) const INDENT: usize = 4;
const LABEL: usize = 10;

/// Two texts at the two ends of a line, or one below the other if they do not
/// fit.
pub(super) fn ends(left: &str, right: &str, width: usize) -> String {
    let used = columns(left) + columns(right);
    match width.checked_sub(used) {
        Some(gap @ 2..) => format!("{left}{}{right}\n", " ".repeat(gap)),
        _ => format!("{left}\n{right}\n"),
    }
}

/// `text` in lines of at most `width` columns, each behind `indent`. Breaks
/// between words; a word that is longer than a line is cut into pieces.
pub(super) fn paragraph(text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let lines = text.lines().flat_map(|line| wrap(line, room));
    lines
        .map(|line| format!("{}{line}\n", " ".repeat(indent)))
        .collect()
}

/// A paragraph with `label` in front of its first line.
pub(super) fn labelled(label: &str, text: &str, width: usize) -> String {
    let body = paragraph(text, INDENT + LABEL, width);
    let body = body.get(INDENT + LABEL..).unwrap_or("\n");
    format!("{}{label:<LABEL$}{body}", " ".repeat(INDENT))
}

/// The room behind a label.
pub(super) fn room(width: usize) -> usize {
    width.saturating_sub(INDENT + LABEL)
}

/// Lines that are cut, not wrapped, behind `label`: a table stays a table.
pub(super) fn labelled_block(label: &str, lines: &str, width: usize) -> String {
    let room = room(width);
    let cut = lines.lines().map(|line| cut(line, room));
    let labels = std::iter::once(label).chain(std::iter::repeat(""));
    cut.zip(labels)
        .map(|(line, label)| format!("{}{label:<LABEL$}{line}\n", " ".repeat(INDENT)))
        .collect()
}

/// As much of `line` as there is room for.
pub(crate) fn cut(line: &str, room: usize) -> String {
    match columns(line) {
        long if long > room => line.chars().take(room - 1).chain(['…']).collect(),
        _ => line.to_string(),
    }
}

/// The last `count` lines of what a program has printed, without empty lines
/// around them and without the standard library's advice on backtraces.
pub(super) fn last_lines(text: &str, count: usize) -> String {
    let advice = "note: run with `RUST_BACKTRACE=1`";
    let text = text.trim_end().trim_start_matches('\n');
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with(advice))
        .collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// `text` with control characters made visible, so that nothing that a program
/// prints can move the cursor or change a colour.
pub(super) fn harmless(text: &str) -> String {
    wire::harmless(&text.replace('\t', "    "))
}

/// `text` with its lines one behind the other.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn wrap(line: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    // What stands in front of the first word is kept: it may be an indent of
    // the program's own output.
    let mut current: String = line.chars().take_while(|letter| *letter == ' ').collect();
    let mut empty = true;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        if !empty && columns(&current) + 1 + columns(word) > room {
            lines.push(std::mem::take(&mut current));
        } else if !empty {
            current.push(' ');
        }
        current.push_str(word);
        empty = false;
        while columns(&current) > room {
            let rest = current.chars().skip(room).collect();
            lines.push(
                std::mem::replace(&mut current, rest)
                    .chars()
                    .take(room)
                    .collect(),
            );
        }
    }
    lines.push(current);
    lines
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::short("one two", "  one two\n")]
    #[case::long("one two three four five six", "  one two three four\n  five six\n")]
    #[case::endless("0123456789012345678901234 x", "  01234567890123456789\n  01234 x\n")]
    #[case::indented("    at main", "      at main\n")]
    #[case::lines("a\n\nb", "  a\n  \n  b\n")]
    #[case::nothing("", "")]
    fn paragraphs_keep_within_their_width(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(paragraph(text, 2, 22), expected);
    }

    #[test]
    fn a_label_stands_before_the_first_line_only() {
        let text = labelled("got", "nothing for five seconds and more", 34);
        assert_eq!(
            text,
            "    got       nothing for five\n              seconds and more\n"
        );
    }

    #[test]
    fn what_does_not_fit_on_a_line_goes_below() {
        assert_eq!(ends("ab", "cd", 8), "ab    cd\n");
        assert_eq!(ends("abcd", "efgh", 8), "abcd\nefgh\n");
    }

    #[test]
    fn terminal_controls_become_text() {
        assert_eq!(harmless("\u{1b}[2Ja\tb\r\n"), "\\x1b[2Ja    b\\r\n");
    }
}
