//! Where two runs of bytes differ, and how to show it.

use crate::{Value, json};

/// As much is shown before the first byte that differs, and from it on.
const BEFORE: usize = 8;
const AFTER: usize = 24;
/// As many bytes fit on a line in hexadecimal.
const IN_HEX: usize = 18;

/// Bytes that were due and bytes that came, around the first that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The position of the first byte that differs, from 0.
    pub at: usize,
    /// The position of the first byte that is shown.
    pub window: usize,
    /// What was due from `window` on.
    pub expected: Vec<u8>,
    /// What came from `window` on.
    pub got: Vec<u8>,
}

impl Difference {
    /// Between all that is `due` and the piece that came where `due[done..]`
    /// should have come; `None` where the piece is as it should be.
    #[must_use]
    pub fn between(due: &[u8], done: usize, piece: &[u8]) -> Option<Difference> {
        let rest = due.get(done..).unwrap_or_default();
        let same = rest.iter().zip(piece).take_while(|(a, b)| a == b).count();
        if same == piece.len() && same <= rest.len() {
            return None;
        }
        let at = done + same;
        let window = at.saturating_sub(BEFORE);
        let mut got = due[window..at].to_vec();
        got.extend(piece[same..].iter().take(AFTER));
        Some(Difference {
            at,
            window,
            expected: due[window..due.len().min(at + AFTER)].to_vec(),
            got,
        })
    }

    /// Between two whole messages; `None` where they are the same.
    #[must_use]
    pub fn of(due: &[u8], got: &[u8]) -> Option<Difference> {
        Difference::between(due, 0, got).or_else(|| {
            (got.len() < due.len()).then(|| {
                let window = got.len().saturating_sub(BEFORE);
                Difference {
                    at: got.len(),
                    window,
                    expected: due[window..due.len().min(got.len() + AFTER)].to_vec(),
                    got: got[window..].to_vec(),
                }
            })
        })
    }

    /// As JSON: the bytes are in hexadecimal.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "at": self.at,
            "window": self.window,
            "expected": hex(&self.expected, ""),
            "got": hex(&self.got, ""),
        })
    }

    /// What [`Difference::to_json`] has written.
    #[must_use]
    pub fn from_json(json: &Value) -> Option<Difference> {
        let number = |key: &str| usize::try_from(json[key].as_u64()?).ok();
        Some(Difference {
            at: number("at")?,
            window: number("window")?,
            expected: unhex(json["expected"].as_str()?)?,
            got: unhex(json["got"].as_str()?)?,
        })
    }

    /// Three lines: what was due, what came, and a mark below the first byte
    /// that differs; as text where both are text, else in hexadecimal.
    #[must_use]
    pub fn lines(&self) -> [String; 3] {
        let same = self.at - self.window;
        let (expected, got, before) = match (text(&self.expected), text(&self.got)) {
            (Some(expected), Some(got)) => {
                let before = shown(&self.expected[..same]).chars().count() + 1;
                (format!("\"{expected}\""), format!("\"{got}\""), before)
            }
            _ => {
                let first = |bytes: &[u8]| hex(&bytes[..bytes.len().min(IN_HEX)], " ");
                (first(&self.expected), first(&self.got), 3 * same)
            }
        };
        let dots = if self.window > 0 { "… " } else { "" };
        [
            format!("{dots}{expected}"),
            format!("{dots}{got}"),
            format!("{}^", " ".repeat(before + dots.chars().count())),
        ]
    }
}

/// The bytes as text, if that is what they are; line ends and tabs are text.
fn text(bytes: &[u8]) -> Option<String> {
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    bytes.iter().all(is_text).then(|| shown(bytes))
}

fn shown(bytes: &[u8]) -> String {
    let escape = |&byte: &u8| match byte {
        b'\n' | b'\r' | b'\t' => (byte as char).escape_default().to_string(),
        _ => (byte as char).to_string(),
    };
    bytes.iter().map(escape).collect()
}

fn hex(bytes: &[u8], between: &str) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(between)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_as_text() {
        let difference = Difference::between(b"SO LONG AND THANKS\n", 3, b"LONG and thanks\n");
        let lines = difference.expect("they differ").lines();
        assert_eq!(
            lines,
            [
                "\"SO LONG AND THANKS\\n\"",
                "\"SO LONG and thanks\\n\"",
                "         ^"
            ]
        );
    }

    #[test]
    fn binary_is_shown_in_hexadecimal() {
        let due: Vec<u8> = (0..=255).collect();
        let mut got = due.clone();
        got[200] = 0;
        let lines = Difference::of(&due, &got).expect("they differ").lines();
        assert!(lines[0].starts_with("… c0 c1"), "{lines:?}");
        assert_eq!(lines[2].find('^'), lines[1].find("00").map(|at| at - 2));
    }

    #[test]
    fn what_is_missing_at_the_end_differs() {
        let difference = Difference::of(b"key=value", b"key=val").expect("they differ");
        assert_eq!(difference.at, 7);
        assert_eq!(difference.lines()[1], "\"key=val\"");
        assert_eq!(Difference::of(b"key", b"key"), None);
        assert_eq!(Difference::between(b"key", 1, b"e"), None);
    }

    #[test]
    fn more_than_was_due_differs() {
        let difference = Difference::of(b"key", b"key\0\0").expect("they differ");
        assert_eq!((difference.at, difference.got.len()), (3, 5));
    }

    #[test]
    fn what_is_written_can_be_read() {
        let difference = Difference::of(b"\xff\0A", b"\xff\0B").expect("they differ");
        let read = Difference::from_json(&difference.to_json());
        assert_eq!(read, Some(difference));
    }
}
