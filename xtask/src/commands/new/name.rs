//! What a lesson may be called: its name becomes that of folders, packages and
//! programs, on all platforms.

/// Names that mean something else to Rust, to Cargo, to Windows, or here.
const TAKEN: &[(&str, &[&str])] = &[
    (
        "a keyword of Rust",
        &[
            "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
            "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen",
            "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override",
            "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
            "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
            "yield",
        ],
    ),
    (
        "a name of Rust's or Cargo's own",
        &[
            "alloc",
            "build",
            "core",
            "deps",
            "examples",
            "incremental",
            "proc-macro",
            "std",
            "target",
            "test",
        ],
    ),
    (
        "a device on Windows",
        &[
            "aux", "con", "nul", "prn", "com0", "com1", "com2", "com3", "com4", "com5", "com6",
            "com7", "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
            "lpt8", "lpt9",
        ],
    ),
    (
        "a name of the course's own",
        &["starters", "summary", "wrong"],
    ),
];

/// Long enough for every lesson, and short enough for a line.
const LONGEST: usize = 40;

/// What is wrong with `name`, if anything.
pub(super) fn fault(name: &str) -> Option<String> {
    let is_letter = |c: char| c.is_ascii_lowercase();
    let is_known = |c: char| is_letter(c) || c.is_ascii_digit() || c == '-';
    if !name.starts_with(is_letter) || !name.chars().all(is_known) {
        return Some(format!(
            "`{}` is no name for a lesson: it begins with a letter and has lowercase letters, \
             digits and hyphens",
            name.escape_debug()
        ));
    }
    if name.ends_with('-') || name.contains("--") {
        return Some(format!(
            "`{name}` is no name for a lesson: its hyphens stand alone, between letters or digits"
        ));
    }
    if name.len() > LONGEST {
        return Some(format!(
            "`{name}` is too long for a lesson: {LONGEST} letters are enough"
        ));
    }
    let taken = TAKEN.iter().find(|(_, names)| names.contains(&name));
    taken.map(|(what, _)| format!("`{name}` is {what}: choose another name"))
}

/// What is wrong with a title, which goes into pages and manifests as it is.
pub(super) fn fault_of_title(title: &str) -> Option<String> {
    let hurts = |c: char| c.is_control() || "[]\"\\".contains(c);
    if title.trim().is_empty() {
        return Some("a title needs some words".to_string());
    }
    title.contains(hurts).then(|| {
        format!(
            "the title `{}` may not have brackets, quotes, backslashes or line ends",
            title.escape_debug()
        )
    })
}

/// The title of a lesson that has none: `tcp-proxy` becomes `Tcp proxy`.
pub(super) fn title_of(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    fn names_that_work_everywhere_are_taken(
        #[values("tcp-proxy", "tls13", "a", "http-1-1")] name: &str,
    ) {
        assert_eq!(fault(name), None);
    }

    #[rstest]
    #[case::nothing("", "begins with a letter")]
    #[case::capitals("Tcp-Proxy", "lowercase")]
    #[case::underscore("tcp_proxy", "lowercase")]
    #[case::digit_first("2tcp", "begins with a letter")]
    #[case::hyphen_first("-tcp", "begins with a letter")]
    #[case::hyphen_last("tcp-", "hyphens stand alone")]
    #[case::two_hyphens("tcp--proxy", "hyphens stand alone")]
    #[case::path("../tcp", "lowercase")]
    #[case::letters_of_others("größe", "lowercase")]
    #[case::control("a\nb", "`a\\nb` is no name")]
    #[case::keyword("match", "a keyword of Rust")]
    #[case::cargo("test", "Cargo's own")]
    #[case::device("con", "a device on Windows")]
    #[case::ours("wrong", "the course's own")]
    #[case::endless("a-name-that-is-far-too-long-for-a-terminal", "too long")]
    fn names_that_do_not_are_not(#[case] name: &str, #[case] why: &str) {
        let fault = fault(name).expect("a fault");
        assert!(fault.contains(why), "{fault}");
    }

    #[rstest]
    #[case::nothing(" ", "some words")]
    #[case::bracket("A [proxy]", "brackets")]
    #[case::quote("A \"proxy\"", "quotes")]
    #[case::lines("A\nproxy", "line ends")]
    fn a_title_is_one_line_of_words(#[case] title: &str, #[case] why: &str) {
        let fault = fault_of_title(title).expect("a fault");
        assert!(fault.contains(why), "{fault}");
        assert_eq!(fault_of_title("A proxy, and it's small"), None);
    }

    #[test]
    fn a_name_makes_a_title() {
        assert_eq!(title_of("tcp-proxy"), "Tcp proxy");
    }
}
