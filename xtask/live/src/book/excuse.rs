//! Fences of Rust that do not run say why.

use super::fault::Problem;

/// What keeps a fence from being compiled and run.
const EXEMPTIONS: [&str; 4] = ["no_run", "ignore", "compile_fail", "should_panic"];

/// What is wrong with a fence that was written by hand, with this info, below
/// the line `above`.
pub(crate) fn missing(info: &str, above: &str) -> Option<Problem> {
    let mut words = info.split([',', ' ']).map(str::trim);
    if words.next() != Some("rust") {
        return None;
    }
    let exemption = words.find(|word| EXEMPTIONS.contains(word))?;
    if reason(above).is_some_and(|reason| !reason.is_empty()) {
        return None;
    }
    let what = format!("this listing says `{exemption}`, and nobody says why");
    let cure = format!("write `<!-- {exemption}: the reason -->` on the line above, or let it run");
    Some(Problem::new(what, cure))
}

/// The reason in a comment `<!-- no_run: reason -->`.
fn reason(line: &str) -> Option<&str> {
    let comment = line.trim_matches([' ', '>', '<']);
    let comment = comment.strip_prefix("!--")?.trim_end_matches('-');
    let (word, reason) = comment.trim().split_once(':')?;
    EXEMPTIONS.contains(&word.trim()).then(|| reason.trim())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::runs("rust", "", true)]
    #[case::no_rust("text,ignore", "", true)]
    #[case::excused("rust,no_run", "<!-- no_run: it waits for ever -->", true)]
    #[case::in_a_quotation("rust,no_run", "> <!-- no_run: it waits -->", true)]
    #[case::not_excused("rust,no_run", "", false)]
    #[case::without_reason("rust,should_panic", "<!-- should_panic: -->", false)]
    #[case::something_else("rust,ignore", "<!-- TODO: run it -->", false)]
    fn a_fence_that_does_not_run_says_why(
        #[case] info: &str,
        #[case] above: &str,
        #[case] is_right: bool,
    ) {
        assert_eq!(missing(info, above).is_none(), is_right);
    }
}
