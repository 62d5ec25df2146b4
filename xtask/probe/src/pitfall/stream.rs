//! What the bytes of a stream tell of a mistake.

use super::text;

/// On a stream, `got` came where `due` begins.
pub(super) fn recognise(due: &[u8], got: &[u8]) -> Option<&'static str> {
    const ZEROS: &[u8] = &[0; 4];
    if went_through_text(due, got) {
        return Some("mangles-bytes-through-utf8");
    }
    if upper_cased_by_unicode(due, got) {
        return Some("upper-cases-more-than-ascii");
    }
    if upper_cased_by_arithmetic(due, got) {
        return Some("upper-cases-more-than-ascii");
    }
    if got.starts_with(ZEROS) && !due.starts_with(ZEROS) {
        return Some("sends-the-whole-buffer");
    }
    let same = due.iter().zip(got).take_while(|(a, b)| a == b).count();
    let (due, got) = (&due[same..], &got[same..]);
    if differs_in_case_alone(due, got) {
        return Some("does-not-upper-case");
    }
    if comes_after_something(due, got) {
        return Some("adds-to-the-answer");
    }
    lacks_something(due, got).then_some("writes-without-write-all")
}

/// What came goes on, where it differs, as the text does that the bytes became.
fn went_through_text(due: &[u8], got: &[u8]) -> bool {
    /// Later on, letters may have been changed as well.
    const ENOUGH: usize = 4;
    let same = due.iter().zip(got).take_while(|(a, b)| a == b).count();
    text::replaced_invalid(due, got)
        || text::forms(due).iter().any(|form| {
            let end = form.len().min(got.len()).min(same + ENOUGH);
            end > same && form[..end] == got[..end]
        })
}

fn upper_cased_by_unicode(due: &[u8], got: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(due) else {
        return false;
    };
    let upper = text.to_uppercase();
    upper.as_bytes() != due && got.starts_with(&upper.as_bytes()[..got.len().min(upper.len())])
}

/// A capital letter is 32 places before its small one: in ASCII, and in Latin-1
/// beyond it. Whoever takes 32 from all that look like small letters, or clears
/// the bit that is worth 32, changes other bytes as well.
fn upper_cased_by_arithmetic(due: &[u8], got: &[u8]) -> bool {
    /// One byte fits by chance where others were left out or came from
    /// elsewhere: the bytes after it have to fit as well.
    const ENOUGH: usize = 16;
    let takes_32 = |due: u8| due.wrapping_sub(0x20);
    let clears_a_bit = |due: u8| due & !0x20;
    let Some(first) = due.iter().zip(got).position(|(due, got)| due != got) else {
        return false;
    };
    let pairs = || due[first..].iter().zip(&got[first..]).take(ENOUGH);
    let is_how = |change: fn(u8) -> u8| {
        pairs().all(|(&due, &got)| got == due || got == change(due))
            && got[first] == change(due[first])
    };
    !due[first].is_ascii_alphabetic() && (is_how(takes_32) || is_how(clears_a_bit))
}

/// Letters came as they were sent, or with another case than was due.
fn differs_in_case_alone(due: &[u8], got: &[u8]) -> bool {
    let both = due.len().min(got.len());
    let (due, got) = (&due[..both], &got[..both]);
    both > 0 && due != got && due.eq_ignore_ascii_case(got)
}

/// A few bytes stand before those that were due: the end of an earlier answer,
/// which nobody was to get.
fn comes_after_something(due: &[u8], got: &[u8]) -> bool {
    const FEW: usize = 64;
    const ENOUGH: usize = 4;
    // A short answer is easily found by chance, unless it stands right there.
    let reach = if due.len() < ENOUGH { 2 } else { FEW };
    let enough = due.len().min(ENOUGH);
    let is_due = |rest: &[u8]| {
        let both = rest.len().min(due.len());
        both >= enough && due[..both] == rest[..both]
    };
    (1..=reach).any(|at| got.get(at..).is_some_and(is_due))
}

/// What came is due later: the bytes between are missing.
fn lacks_something(due: &[u8], got: &[u8]) -> bool {
    const ENOUGH: usize = 12;
    let Some(sample) = got.get(..ENOUGH) else {
        return false;
    };
    due.windows(ENOUGH).skip(1).any(|window| window == sample)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::recognise;

    #[rstest]
    #[case::utf8(b"A\xffB", "A\u{fffd}B".as_bytes(), "mangles-bytes-through-utf8")]
    #[case::unicode("GRüßE".as_bytes(), "GRÜSSE".as_bytes(), "upper-cases-more-than-ascii")]
    #[case::buffer(b"MORE", &[0; 100], "sends-the-whole-buffer")]
    #[case::case_alone(b"HELLO", b"hello", "does-not-upper-case")]
    #[case::only_the_first(b"HELLO", b"Hello", "does-not-upper-case")]
    #[case::a_newline_before(b"HELLO\n", b"\nHELLO\n", "adds-to-the-answer")]
    #[case::latin1(b"Gr\xfc\xdfe", b"Gr\xdc\xdfe", "upper-cases-more-than-ascii")]
    #[case::a_mask(b"{OK}", b"[OK]", "upper-cases-more-than-ascii")]
    #[case::signed_bytes(b"GR\xc3\xbc", b"GR\xa3\x9c", "upper-cases-more-than-ascii")]
    #[case::letter_by_letter(
        "GRüßE".as_bytes(),
        b"GR\xc3\x83\xc2\xbc\xc3",
        "mangles-bytes-through-utf8"
    )]
    #[case::left_out(b"A\xff\xfeB", b"AB", "mangles-bytes-through-utf8")]
    #[case::a_newline_before_a_letter(b"9", b"\n9\n", "adds-to-the-answer")]
    #[case::a_gap(
        b"0123456789abcdefghijklmnopqrstuvwxyz",
        b"01234lmnopqrstuvwxyz",
        "writes-without-write-all"
    )]
    fn bytes_tell_how_they_were_mangled(#[case] due: &[u8], #[case] got: &[u8], #[case] id: &str) {
        assert_eq!(recognise(due, got), Some(id));
    }

    #[rstest]
    #[case::another_letter(b"HELLO", b"JELLO")]
    #[case::noise(b"0123456789abcdefghij", b"!?%&!?%&!?%&!?%&")]
    fn what_fits_nothing_has_no_name(#[case] due: &[u8], #[case] got: &[u8]) {
        assert_eq!(recognise(due, got), None);
    }

    /// Megabytes of any bytes hold it somewhere.
    #[test]
    fn a_mark_of_broken_text_counts_where_the_difference_begins() {
        let due = [b'.'; 300];
        let mut got = [b'!'; 300];
        got[200..203].copy_from_slice("\u{fffd}".as_bytes());
        assert_eq!(recognise(&due, &got), None);
        let broken = recognise(&due[..200], &got[200..]);
        assert_eq!(broken, Some("mangles-bytes-through-utf8"));
    }

    fn any_bytes<const COUNT: usize>(random: &mut fastrand::Rng) -> [u8; COUNT] {
        let mut bytes = [0; COUNT];
        random.fill(&mut bytes);
        bytes
    }

    /// What was left out is random, and so is what comes instead: by chance, its
    /// first bytes look like anything.
    #[test]
    fn a_gap_never_looks_like_another_mistake() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..30_000 {
            let due: [u8; 256] = any_bytes(&mut random);
            let before = random.usize(..32);
            // A byte or two that are no text may as well have been left out as such.
            let gap = before + random.usize(48..128);
            // Fewer bytes after the gap would tell nothing.
            let got = [&due[..before], &due[gap..gap + random.usize(16..96)]].concat();
            let name = recognise(&due, &got);
            let is_told = matches!(name, Some("writes-without-write-all") | None);
            assert!(is_told, "{due:?} {got:?} {name:?}");
        }
    }

    #[test]
    fn bytes_from_elsewhere_look_like_no_mistake() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..30_000 {
            let (due, got): ([u8; 256], [u8; 96]) =
                (any_bytes(&mut random), any_bytes(&mut random));
            assert_eq!(recognise(&due, &got), None, "{due:?} {got:?}");
        }
    }
}
