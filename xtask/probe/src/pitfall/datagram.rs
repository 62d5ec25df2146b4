//! What the bytes of a datagram tell, where others were due.

use super::text;
use crate::cause::Cause;

/// `got` came where `due` was to come.
pub(super) fn recognise(cause: Cause, due: &[u8], got: &[u8]) -> Option<&'static str> {
    if cause == Cause::Partial && is_a_usual_buffer(got.len()) {
        return Some("cuts-datagrams");
    }
    let zero = due.iter().position(|&byte| byte == 0);
    if zero.is_some_and(|at| got == &due[..at]) {
        return Some("ends-at-a-zero-byte");
    }
    if got.len() < due.len() && trims(due).contains(&got) {
        return Some("trims-what-it-receives");
    }
    if went_through_text(due, got) {
        return Some("mangles-bytes-through-utf8");
    }
    let more = got.strip_prefix(due).filter(|more| !more.is_empty())?;
    Some(match more {
        _ if more.iter().all(|&byte| byte == 0) && more.len() > 1 => "sends-the-whole-buffer",
        b"\0" | b"\n" | b"\r\n" => "adds-to-the-answer",
        _ => return None,
    })
}

fn trims(due: &[u8]) -> [&[u8]; 3] {
    [
        due.trim_ascii(),
        due.trim_ascii_end(),
        due.trim_ascii_start(),
    ]
}

/// Sizes that people choose for a buffer; the usual MTUs among them.
fn is_a_usual_buffer(size: usize) -> bool {
    const BUFFERS: &[usize] = &[500, 508, 1000, 1200, 1400, 1472, 1500, 2000, 10_000, 65_000];
    let power = size >= 256 && size.is_power_of_two();
    power || BUFFERS.contains(&size) || size > 60_000
}

fn went_through_text(due: &[u8], got: &[u8]) -> bool {
    // Libraries differ in how many marks a broken letter gets.
    text::replaced_invalid(due, got) || text::forms(due).iter().any(|form| got == form)
}

#[cfg(test)]
mod tests {
    use super::{Cause, recognise};

    fn mangled(due: &[u8], got: &[u8]) -> Option<&'static str> {
        recognise(Cause::Mangled, due, got)
    }

    #[test]
    fn a_cut_is_known_by_its_size() {
        let due = vec![b'x'; 2000];
        let cut = |size: usize| recognise(Cause::Partial, &due, &due[..size]);
        assert_eq!(cut(512), Some("cuts-datagrams"));
        assert_eq!(cut(1472), Some("cuts-datagrams"));
        assert_eq!(cut(777), None);
        assert_eq!(cut(4), None);
    }

    #[test]
    fn bytes_that_are_taken_away_or_added_are_known() {
        assert_eq!(
            mangled(b"key= a ", b"key= a"),
            Some("trims-what-it-receives")
        );
        assert_eq!(mangled(b"a\0b", b"a"), Some("ends-at-a-zero-byte"));
        assert_eq!(mangled(b"tea", b"tea\n"), Some("adds-to-the-answer"));
        assert_eq!(
            mangled(b"tea", b"tea\0\0\0"),
            Some("sends-the-whole-buffer")
        );
        assert_eq!(mangled(b"tea", b"tea=green"), None);
        assert_eq!(mangled(b"tea", b"milk"), None);
    }

    #[test]
    fn a_way_through_text_shows() {
        for got in [
            &b"a=b"[..],
            b"a=?b",
            "a=\u{ff}b".as_bytes(),
            "a=\u{fffd}b".as_bytes(),
        ] {
            assert_eq!(mangled(b"a=\xffb", got), Some("mangles-bytes-through-utf8"));
        }
        assert_eq!(mangled("ä=ö".as_bytes(), b"?=?"), None);
    }
}
