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

/// U+FFFD, in UTF-8, where it was not due.
pub(super) fn replaced_invalid(due: &[u8], got: &[u8]) -> bool {
    let holds = |bytes: &[u8]| bytes.windows(3).any(|three| three == "\u{fffd}".as_bytes());
    holds(got) && !holds(due)
}
