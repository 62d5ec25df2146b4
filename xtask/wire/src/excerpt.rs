//! Bytes and foreign text, made fit for a reader's eyes and for a terminal.

/// As many bytes of a message are shown.
const LONGEST: usize = 32;

/// The beginning of `bytes`, printable and short, and whether there is more:
/// what is not printable ASCII or valid UTF-8 is escaped, so that nothing can
/// reach a terminal's controls.
pub(crate) fn head(bytes: &[u8]) -> (String, bool) {
    let shown = &bytes[..bytes.len().min(LONGEST)];
    let text = match std::str::from_utf8(shown) {
        Ok(text) => text.chars().flat_map(visible).collect(),
        Err(_) => shown.escape_ascii().to_string(),
    };
    (text, bytes.len() > LONGEST)
}

/// [`head`] in quotes: `"hello\n"`, and `…` behind it where there is more.
#[must_use]
pub fn excerpt(bytes: &[u8]) -> String {
    let (text, more) = head(bytes);
    quoted(&text, more)
}

pub(crate) fn quoted(text: &str, more: bool) -> String {
    let more = if more { "…" } else { "" };
    format!("\"{text}\"{more}")
}

/// `text` with all control characters but the newline escaped, and those that
/// change the direction of what follows.
#[must_use]
pub fn harmless(text: &str) -> String {
    let show = |c| if c == '\n' { vec![c] } else { visible(c) };
    text.chars().flat_map(show).collect()
}

fn visible(c: char) -> Vec<char> {
    if c.is_control() || is_invisible(c) {
        c.escape_default().collect()
    } else {
        vec![c]
    }
}

/// Characters that show nothing themselves and may change how others look:
/// directions (which can make a line read as another), joiners, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// How many columns of a terminal `text` takes.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Wide are the letters of East Asia and most pictures; marks that are set
/// above or below another letter take no column of their own.
pub(crate) fn columns_of(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// As much of `text` as fits into `room` columns, with `…` where it is cut.
pub(crate) fn cut(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += columns_of(c);
        if used > room {
            break;
        }
        shown.push(c);
    }
    shown.push('…');
    shown
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::text(b"so long\n", "\"so long\\n\"")]
    #[case::nothing(b"", "\"\"")]
    #[case::binary(b"\xff\x00A", "\"\\xff\\x00A\"")]
    #[case::escape_sequence(b"\x1b[2J", "\"\\u{1b}[2J\"")]
    #[case::long(
        b"0123456789012345678901234567890123",
        "\"01234567890123456789012345678901\"…"
    )]
    fn an_excerpt_is_printable(#[case] bytes: &[u8], #[case] expected: &str) {
        assert_eq!(excerpt(bytes), expected);
    }

    #[test]
    fn nothing_invisible_gets_through() {
        let text = harmless("a\u{202e}b\u{9b}31m\u{200b}\n\tc");
        assert_eq!(text, "a\\u{202e}b\\u{9b}31m\\u{200b}\n\\tc");
    }

    #[rstest]
    #[case("hello", 5, "hello")]
    #[case("hello", 4, "hel…")]
    #[case("漢字漢字", 5, "漢字…")]
    fn what_is_cut_keeps_within_its_room(
        #[case] text: &str,
        #[case] room: usize,
        #[case] expected: &str,
    ) {
        assert_eq!(cut(text, room), expected);
        assert!(columns(&cut(text, room)) <= room);
    }
}
