//! Bytes and foreign text, made fit for a reader's eyes and for a terminal.

/// As many columns of a message are shown: a byte that is no text takes four.
const LONGEST: usize = 32;

/// The beginning of `bytes`, printable and short, and whether there is more:
/// what is not printable ASCII or valid UTF-8 is escaped, so that nothing can
/// reach a terminal's controls.
pub(crate) fn head(bytes: &[u8]) -> (String, bool) {
    let window = &bytes[..bytes.len().min(LONGEST)];
    let (text, taken) = match whole_letters(window, bytes.len()) {
        Some(text) => fit(text.chars().map(|c| (c.len_utf8(), visible(c)))),
        None => fit(window
            .iter()
            .map(|byte| (1, byte.escape_ascii().map(char::from).collect()))),
    };
    (text, taken < bytes.len())
}

/// The beginning of a message of `length` bytes as text; of a letter that it
/// was cut in, nothing.
fn whole_letters(window: &[u8], length: usize) -> Option<&str> {
    match std::str::from_utf8(window) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && window.len() < length => {
            std::str::from_utf8(&window[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

/// As many of `signs` as fit, and how many bytes they stand for.
fn fit(signs: impl Iterator<Item = (usize, Vec<char>)>) -> (String, usize) {
    let (mut text, mut wide, mut taken) = (String::new(), 0, 0);
    for (bytes, sign) in signs {
        wide += sign.iter().copied().map(columns_of).sum::<usize>();
        if wide > LONGEST {
            break;
        }
        text.extend(sign);
        taken += bytes;
    }
    (text, taken)
}

/// The beginning of `bytes`, printable and in quotes: `"hello\n"`, and `…`
/// behind it where there is more.
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
    match c {
        '\t' | '\n' | '\r' => c.escape_default().collect(),
        // As in the source of a program: shorter than `\u{1b}`.
        c if c.is_ascii_control() => format!("\\x{:02x}", u32::from(c)).chars().collect(),
        c if c.is_control() || is_invisible(c) => c.escape_default().collect(),
        c => vec![c],
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
    #[case::escape_sequence(b"\x1b[2J", "\"\\x1b[2J\"")]
    #[case::long_and_binary(&[0x80; 20], &format!("\"{}\"…", "\\x80".repeat(8)))]
    #[case::cut_in_a_letter("0123456789012345678901234567890ü".as_bytes(), "\"0123456789012345678901234567890\"…")]
    #[case::ends_in_a_letter(b"gr\xc3", "\"gr\\xc3\"")]
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
