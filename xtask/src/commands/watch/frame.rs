//! What stands on the screen while an exercise is watched: a pure function of
//! what is known. The failure stays in sight, whatever the screen's height.

use super::keys::{KEYS, Key};
use crate::report::flow::flow;
use crate::report::{Look, Tone, layout};

/// A screen to be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// The parts of the screen, from top to bottom.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    pub(super) heading: String,
    /// What is going on, or how far it has come.
    pub(super) status: String,
    /// What passes: the first to go where there is no room.
    pub(super) passed: String,
    /// The same in one line.
    pub(super) passed_in_short: String,
    /// The failure, or the compiler's words.
    pub(super) body: String,
    /// The command that shows all of that, where there is one.
    pub(super) whole: String,
    /// What is shown below where there is room for all of it.
    pub(super) extra: String,
    /// An answer to the last key.
    pub(super) note: Option<&'a str>,
    /// Whether the next lesson is offered.
    pub(super) may_go_on: bool,
}

/// How many rows of the body are kept from its beginning where not all fit.
const FIRST: usize = 9;

/// All rows, as many as there are at most.
pub(super) fn frame(parts: &Parts<'_>, look: &Look, size: Size) -> Vec<String> {
    let Size { rows, columns } = size;
    let mut bottom = Vec::new();
    if let Some(note) = parts.note {
        bottom.extend(rows_of(&flow(note, 0, columns), columns));
    }
    let mut keys_rows = rows_of(&keys(parts.may_go_on, look, columns), columns);
    if 3 * keys_rows.len() > rows {
        // There the verdict has to be seen: letters are remembered.
        keys_rows = rows_of(&letters(parts.may_go_on, look), columns);
    }
    bottom.extend(keys_rows);
    let mut top = rows_of(&parts.heading, columns);
    let status = flow(&format!("  {}", parts.status), 2, columns);
    top.extend(rows_of(&status, columns));
    top.push(String::new());
    // A very small screen shows the end of what there is to say.
    let room = rows.saturating_sub(top.len() + bottom.len() + 1).max(1);
    let mut middle = middle(parts, columns, room);
    middle.resize(room, String::new());
    let mut all = [top, middle, vec![String::new()], bottom].concat();
    let excess = all.len().saturating_sub(rows);
    all.drain(..excess);
    all
}

fn middle(parts: &Parts<'_>, columns: usize, room: usize) -> Vec<String> {
    let body = rows_of(&parts.body, columns);
    let passed = rows_of(&parts.passed, columns);
    if passed.len() + body.len() <= room {
        let mut all = [passed, body].concat();
        let extra = rows_of(&parts.extra, columns);
        if !extra.is_empty() && all.len() + 1 + extra.len() <= room {
            all.push(String::new());
            all.extend(extra);
        }
        return all;
    }
    let mut all = match parts.passed.is_empty() {
        true => Vec::new(),
        false => rows_of(&parts.passed_in_short, columns),
    };
    let room = room.saturating_sub(all.len());
    all.extend(without_middle(body, &parts.whole, columns, room));
    all
}

/// The first and the last rows: what is wrong comes first, why and what to do
/// come last, and a long conversation is between them.
fn without_middle(mut rows: Vec<String>, whole: &str, columns: usize, room: usize) -> Vec<String> {
    if rows.len() <= room {
        return rows;
    }
    let first = FIRST.min(room / 2);
    let last = room.saturating_sub(first + 1);
    let left_out = rows.len() - first - last;
    let sign = format!("    ⋮ {left_out} more lines");
    let whole = match whole {
        "" => sign.clone(),
        command => format!("{sign}: {command} shows them"),
    };
    let sign = match wire::columns(&whole) > columns {
        true => layout::cut(&sign, columns),
        false => whole,
    };
    rows.splice(first..first + left_out, [sign]);
    rows
}

fn offered(may_go_on: bool) -> impl Iterator<Item = &'static (char, Key, &'static str)> {
    let all = KEYS.iter();
    all.filter(move |(_, key, _)| may_go_on || *key != Key::Next)
}

/// The keys without what they do.
fn letters(may_go_on: bool, look: &Look) -> String {
    let letters = offered(may_go_on).map(|(letter, ..)| letter.to_string());
    look.paint(Tone::Title, &letters.collect::<Vec<_>>().join(" "))
}

fn keys(may_go_on: bool, look: &Look, columns: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for (letter, _, word) in offered(may_go_on) {
        let width = word.len() + 2;
        let shown = format!(
            "{} {}",
            look.paint(Tone::Title, &letter.to_string()),
            look.paint(Tone::Aside, word)
        );
        match lines.last_mut() {
            Some(line) if used + 2 + width <= columns => {
                used += 2 + width;
                *line += "  ";
                *line += &shown;
            }
            _ => {
                used = width;
                lines.push(shown);
            }
        }
    }
    lines.join("\n")
}

/// `text` cut into rows of at most `columns`. What colours it takes no room, and
/// is ended at the end of a row and begun again on the next.
pub(super) fn rows_of(text: &str, columns: usize) -> Vec<String> {
    text.lines().flat_map(|line| wrap(line, columns)).collect()
}

fn wrap(line: &str, columns: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut used = 0;
    let mut style = String::new();
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        if letter == '\x1b' {
            let sequence = escape(&mut rest);
            if is_style(&sequence) {
                match sequence.as_str() {
                    "\x1b[0m" | "\x1b[m" => style.clear(),
                    _ => style += &sequence,
                }
            }
            push(&mut rows, &sequence);
            continue;
        }
        // A tab in a compiler's words is as wide as it likes; a return is none.
        let shown = match letter {
            '\t' => "    ".to_string(),
            '\r' => continue,
            letter if letter.is_control() => '\u{fffd}'.to_string(),
            letter => letter.to_string(),
        };
        let width = wire::columns(&shown);
        if used + width > columns.max(1) {
            if !style.is_empty() {
                push(&mut rows, "\x1b[0m");
            }
            rows.push(style.clone());
            used = 0;
        }
        push(&mut rows, &shown);
        used += width;
    }
    rows
}

fn push(rows: &mut [String], text: &str) {
    if let Some(row) = rows.last_mut() {
        row.push_str(text);
    }
}

/// The rest of an escape sequence: one of colours or of a link is kept, and
/// nothing else is.
fn escape(rest: &mut std::str::Chars<'_>) -> String {
    let mut sequence = String::from("\x1b");
    match rest.next() {
        Some('[') => {
            sequence.push('[');
            for letter in rest.by_ref() {
                sequence.push(letter);
                if ('@'..='~').contains(&letter) {
                    break;
                }
            }
            match is_style(&sequence) {
                true => sequence,
                false => String::new(),
            }
        }
        Some(']') => {
            sequence.push(']');
            for letter in rest.by_ref() {
                sequence.push(letter);
                if letter == '\x07' || (letter == '\\' && sequence.ends_with("\x1b\\")) {
                    break;
                }
            }
            match sequence.starts_with("\x1b]8;") {
                true => sequence,
                false => String::new(),
            }
        }
        _ => String::new(),
    }
}

fn is_style(sequence: &str) -> bool {
    sequence.starts_with("\x1b[") && sequence.ends_with('m')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn numbered(count: usize) -> String {
        (1..=count)
            .map(|number| format!("line {number}\n"))
            .collect()
    }

    fn drawn(passed: usize, body: usize, rows: usize) -> String {
        let parts = Parts {
            heading: "tcp-server".to_string(),
            status: "5 of 14 pass".to_string(),
            passed: "passes\n".repeat(passed),
            passed_in_short: format!("{passed} pass"),
            body: numbered(body),
            whole: "cargo xtask check tcp-server".to_string(),
            ..Parts::default()
        };
        let size = Size { rows, columns: 80 };
        frame(&parts, &Look::plain(80), size).join("\n")
    }

    #[test]
    fn all_is_shown_where_there_is_room() {
        let drawn = drawn(3, 4, 24);
        assert!(
            drawn.contains("passes\npasses\npasses\nline 1\n"),
            "{drawn}"
        );
        assert_eq!(drawn.lines().count(), 24);
        assert!(drawn.ends_with("q quit"), "{drawn}");
    }

    #[test]
    fn what_passes_goes_first() {
        let drawn = drawn(9, 15, 24);
        assert!(drawn.contains("\n9 pass\nline 1\n"), "{drawn}");
        assert!(drawn.contains("line 15"), "{drawn}");
    }

    #[test]
    fn the_middle_of_a_long_failure_goes_next() {
        let drawn = drawn(9, 60, 24);
        assert!(
            drawn.contains("line 1\n") && drawn.contains("line 60\n"),
            "{drawn}"
        );
        let sign = "⋮ 43 more lines: cargo xtask check tcp-server shows them\n";
        assert!(drawn.contains(sign), "{drawn}");
        assert_eq!(drawn.lines().count(), 24);
    }

    #[test]
    fn no_command_is_named_where_none_shows_the_rest() {
        let parts = Parts {
            body: numbered(60),
            ..Parts::default()
        };
        let (rows, columns) = (24, 80);
        let drawn = frame(&parts, &Look::plain(80), Size { rows, columns });
        let sign = drawn.iter().find(|row| row.contains('⋮'));
        assert!(
            sign.is_some_and(|row| row.ends_with("more lines")),
            "{drawn:?}"
        );
    }

    #[test]
    fn a_low_screen_is_not_for_the_keys_alone() {
        let parts = Parts {
            status: "5 of 14 pass".to_string(),
            body: numbered(20),
            ..Parts::default()
        };
        let (rows, columns) = (5, 20);
        let drawn = frame(&parts, &Look::plain(40), Size { rows, columns }).join("\n");
        assert!(drawn.contains("5 of 14 pass"), "{drawn}");
        assert!(drawn.ends_with("\nh p l r o b q"), "{drawn}");
    }

    #[test]
    fn words_and_names_stay_whole_on_a_narrow_screen() {
        let parts = Parts {
            status: "judging … 6 of 14 · answers_every_byte_in_order".to_string(),
            body: numbered(20),
            note: Some("Read book/src/tcp-server.md, or have `cargo xtask book` show it."),
            ..Parts::default()
        };
        let size = Size {
            rows: 16,
            columns: 40,
        };
        let drawn = frame(&parts, &Look::plain(40), size).join("\n");
        for whole in [
            "\n  answers_every_byte_in_order\n",
            "\n    ⋮ 13 more lines\n",
            "\n`cargo xtask book` show it.\n",
        ] {
            assert!(drawn.contains(whole), "{whole:?}: {drawn}");
        }
    }

    #[rstest]
    fn no_screen_is_too_small(
        #[values(1, 2, 5, 10)] rows: usize,
        #[values(1, 20, 200)] columns: usize,
    ) {
        let parts = Parts {
            heading: "tcp-server".to_string(),
            body: numbered(100),
            note: Some("a note that is longer than some screens are wide"),
            ..Parts::default()
        };
        let drawn = frame(&parts, &Look::human(80), Size { rows, columns });
        assert!(drawn.len() <= rows, "{drawn:?}");
    }

    #[test]
    fn the_next_lesson_is_offered_only_when_one_may_go_on() {
        let look = Look::plain(80);
        assert!(!keys(false, &look, 80).contains("next"));
        assert!(keys(true, &look, 80).contains("n next lesson"));
        assert_eq!(keys(true, &look, 80).lines().count(), 1);
        assert!(keys(true, &look, 40).lines().all(|line| line.len() <= 40));
    }

    #[rstest]
    #[case::plain("abcdef", &["abc", "def"])]
    #[case::exact("abc", &["abc"])]
    #[case::empty("", &[""])]
    #[case::coloured("\x1b[31mabcd\x1b[0m", &["\x1b[31mabc\x1b[0m", "\x1b[31md\x1b[0m"])]
    #[case::cursor("a\x1b[2Jb\x1b[H", &["ab"])]
    #[case::title("a\x1b]0;title\x07b", &["ab"])]
    #[case::cut_off("ab\x1b[3", &["ab"])]
    fn rows_are_cut_by_columns(#[case] line: &str, #[case] expected: &[&str]) {
        assert_eq!(wrap(line, 3), expected);
    }
}
