//! Bytes that were taken for text on their way.

/// What becomes of `bytes` in the usual ways of making text of bytes that need
/// not be any: those that change them.
pub(super) fn forms(bytes: &[u8]) -> Vec<Vec<u8>> {
    let replaced = |with: &str| {
        let parts = bytes.utf8_chunks();
        let text = parts.map(|part| match part.invalid() {
            [] => part.valid().to_owned(),
            _ => part.valid().to_owned() + with,
        });
        text.collect::<String>().into_bytes()
    };
    let one_letter_a_byte: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    let ascii = bytes
        .iter()
        .map(|byte| if byte.is_ascii() { *byte } else { b'?' });
    let mut forms = vec![
        replaced(""),
        replaced("?"),
        one_letter_a_byte.into_bytes(),
        ascii.collect(),
    ];
    forms.retain(|form| form != bytes);
    forms
}

/// U+FFFD, in UTF-8, where the two begin to differ and it was not due. Further
/// on, and in megabytes of any bytes, it comes by chance.
pub(super) fn replaced_invalid(due: &[u8], got: &[u8]) -> bool {
    const MARK: &[u8] = "\u{fffd}".as_bytes();
    /// Before the first mark, letters may have been changed.
    const NEAR: usize = 64;
    let same = due.iter().zip(got).take_while(|(a, b)| a == b).count();
    // The beginning of a mark may be what was due.
    let from = same.saturating_sub(MARK.len() - 1);
    let holds = |bytes: &[u8]| {
        let near = &bytes[from..bytes.len().min(same + NEAR)];
        near.windows(MARK.len()).any(|three| three == MARK)
    };
    holds(got) && !holds(due)
}
