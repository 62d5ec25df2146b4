//! Fences that prove nothing say why: Rust that does not run, and output that no
//! test compares.

use super::fault::Problem;

/// What keeps a fence of Rust from being compiled and run.
const EXEMPTIONS: [&str; 4] = ["no_run", "ignore", "compile_fail", "should_panic"];

/// Languages of which nothing is a program's output, written as `rustdoc` and the
/// theme know them; `Rust` would be neither compiled nor coloured.
const SOURCES: [&str; 9] = [
    "c", "diff", "http", "json", "md", "python", "sh", "toml", "yaml",
];

/// What excuses a fence of text that was typed.
const BY_HAND: &str = "by_hand";

/// What is wrong with a fence that was written by hand, with this info, below
/// the line `above`.
pub(crate) fn missing(info: &str, above: &str) -> Option<Problem> {
    let mut words = info.split([',', ' ']).map(str::trim);
    let language = words.next().unwrap_or_default();
    let excuse = match language {
        "rust" => match words.find(|word| !is_known_to_run(word))? {
            word if EXEMPTIONS.contains(&word) => word,
            word => return Some(unknown(word)),
        },
        language if SOURCES.contains(&language) => return None,
        _ => BY_HAND,
    };
    if is_excused(excuse, above) {
        return None;
    }
    if excuse == BY_HAND {
        let what = match language {
            "" | "text" | "console" => "this output was typed, and no test compares it".to_string(),
            _ => format!("no page has a language `{language}`: this may be typed output"),
        };
        let cure = "take it from a snapshot with `{{#output PATH}}`; where it is no output, write \
            `<!-- by_hand: the reason -->` on the line above";
        return Some(Problem::new(what, cure));
    }
    let what = format!("this listing says `{excuse}`, and nobody says why");
    let cure = format!("write `<!-- {excuse}: the reason -->` on the line above, or let it run");
    Some(Problem::new(what, cure))
}

/// Whether Rust runs with this word behind its name: `edition2021`, `E0382`, or nothing.
fn is_known_to_run(word: &str) -> bool {
    let number = word
        .strip_prefix("edition")
        .or_else(|| word.strip_prefix('E'));
    word.is_empty() || number.is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
}

/// With `custom`, `ignore-linux` and the like rustdoc leaves a fence alone, too.
fn unknown(word: &str) -> Problem {
    let what = format!("behind `rust` stands `{word}`, with which it may not run");
    let cure = format!("take it out, or write one of {}", EXEMPTIONS.join(", "));
    Problem::new(what, cure)
}

/// Whether `line` is a comment `<!-- excuse: reason -->`; any exemption speaks for
/// all of them.
fn is_excused(excuse: &str, line: &str) -> bool {
    let comment = line.trim_matches([' ', '>', '<']);
    let comment = comment.strip_prefix("!--").unwrap_or_default();
    let (word, reason) = comment
        .trim_end_matches('-')
        .split_once(':')
        .unwrap_or_default();
    let is_word = match word.trim() {
        word if word == excuse => true,
        word => EXEMPTIONS.contains(&word) && EXEMPTIONS.contains(&excuse),
    };
    is_word && !reason.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::runs("rust", "", true)]
    #[case::a_command("sh", "", true)]
    #[case::typed("text", "", false)]
    #[case::typed_without_a_language("", "", false)]
    #[case::typed_in_a_language_of_its_own("txt", "", false)]
    #[case::rust_that_is_not_compiled("Rust", "", false)]
    #[case::drawn("text", "<!-- by_hand: a drawing -->", true)]
    #[case::excused_for_another_reason("text", "<!-- no_run: x -->", false)]
    #[case::excused("rust,no_run", "<!-- no_run: it waits for ever -->", true)]
    #[case::in_a_quotation("rust,no_run", "> <!-- no_run: it waits -->", true)]
    #[case::not_excused("rust,no_run", "", false)]
    #[case::without_reason("rust,should_panic", "<!-- should_panic: -->", false)]
    #[case::known_words("rust,edition2021,E0382", "", true)]
    #[case::ignored_on_one_system("rust,ignore-linux", "<!-- ignore: x -->", false)]
    #[case::left_alone_by_rustdoc("rust,custom", "", false)]
    #[case::mistyped("rust,norun", "<!-- no_run: x -->", false)]
    #[case::something_else("rust,ignore", "<!-- TODO: run it -->", false)]
    fn a_fence_that_proves_nothing_says_why(
        #[case] info: &str,
        #[case] above: &str,
        #[case] is_right: bool,
    ) {
        assert_eq!(missing(info, above).is_none(), is_right);
    }
}
