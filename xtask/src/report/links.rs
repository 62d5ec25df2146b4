//! Links in a terminal (OSC 8): where they are understood, and how they are
//! written.

/// Whether the terminal that `variable` tells of understands links. One that
/// does not may show them as rubbish, so a doubt is a no.
pub(crate) fn are_understood(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, values: &[&str]| {
        variable(name).is_some_and(|value| values.contains(&value.as_str()))
    };
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    if let Some(forced) = variable("FORCE_HYPERLINK") {
        return forced != "0";
    }
    // Between us and the terminal is another one, which may not pass them on.
    if is_set("TMUX") || is_set("STY") || is("TERM", &["", "dumb", "linux"]) {
        return false;
    }
    let vte = variable("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    vte.is_some_and(|version| version >= 5000)
        || ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"]
            .iter()
            .any(|name| is_set(name))
        || is(
            "TERM",
            &["xterm-kitty", "xterm-ghostty", "foot", "alacritty"],
        )
        || is(
            "TERM_PROGRAM",
            &[
                "iTerm.app",
                "WezTerm",
                "vscode",
                "ghostty",
                "Hyper",
                "Tabby",
            ],
        )
}

/// The address of the file at `path`.
pub(crate) fn address(path: &std::path::Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut address = String::from("file://");
    if !path.starts_with('/') {
        address.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'/' | b':' | b'-' | b'.' | b'_' | b'~' => address.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(byte)),
            byte => address += &format!("%{byte:02X}"),
        }
    }
    address
}

/// `text` as a link to `address`.
pub(crate) fn link(text: &str, address: &str) -> String {
    format!("\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing_is_known(&[], false)]
    #[case::old_console(&[("TERM", "linux"), ("VTE_VERSION", "7000")], false)]
    #[case::gnome(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")], true)]
    #[case::old_gnome(&[("TERM", "xterm-256color"), ("VTE_VERSION", "4800")], false)]
    #[case::windows(&[("WT_SESSION", "1f")], true)]
    #[case::code(&[("TERM_PROGRAM", "vscode")], true)]
    #[case::mac(&[("TERM_PROGRAM", "Apple_Terminal")], false)]
    #[case::inside_tmux(&[("TERM_PROGRAM", "vscode"), ("TMUX", "/tmp/1")], false)]
    #[case::forced(&[("TERM", "linux"), ("FORCE_HYPERLINK", "1")], true)]
    #[case::forbidden(&[("WT_SESSION", "1f"), ("FORCE_HYPERLINK", "0")], false)]
    fn a_doubt_is_a_no(#[case] environment: &[(&str, &str)], #[case] expected: bool) {
        let variable = |wanted: &str| {
            let found = environment.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.to_string())
        };
        assert_eq!(are_understood(variable), expected);
    }

    #[rstest]
    #[case("/home/me/my course/ä", "file:///home/me/my%20course/%C3%A4")]
    #[case("C:\\course\\src", "file:///C:/course/src")]
    fn an_address_has_only_safe_letters(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(address(Path::new(path)), expected);
    }
}
