//! Workflow commands of GitHub Actions: lines that its runner obeys wherever
//! they stand in a step's stdout or stderr.

/// A message that GitHub shows at a line of a file.
#[derive(Debug, Clone)]
pub(super) struct Annotation {
    /// `error`, `warning` or `notice`.
    pub(super) level: &'static str,
    /// Relative to the repository.
    pub(super) file: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) title: String,
    pub(super) message: String,
}

impl Annotation {
    /// The command, on a line of its own.
    pub(super) fn command(&self) -> String {
        let line = self.line.map(|line| line.to_string());
        let properties = [
            ("file", self.file.as_deref()),
            ("line", line.as_deref()),
            ("title", Some(self.title.as_str())),
        ];
        let properties: Vec<String> = properties
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", property(value?))))
            .collect();
        let (level, message) = (self.level, data(&self.message));
        format!("::{level} {}::{message}\n", properties.join(","))
    }
}

/// `lines` under a title, folded up.
pub(super) fn group(title: &str, lines: &str) -> String {
    format!("::group::{}\n{lines}::endgroup::\n", data(title))
}

/// What stands behind the second `::`. The runner takes the first command of a
/// line; its log is read by others.
fn data(text: &str) -> String {
    harmless(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// `text` without anything that the runner takes for a command: a line whose
/// first letters are `::`, whatever white space is in front of them, and `##[`
/// anywhere. A backslash breaks both.
///
/// The runner compares texts the way a language does: characters that show
/// nothing may stand in between. So only those count that show in ASCII.
pub(crate) fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    let mut before = None;
    for letter in text.chars() {
        let begins_a_command = match letter {
            ':' => before.is_none(),
            '[' => before == Some('#'),
            _ => false,
        };
        if begins_a_command {
            harmless.push('\\');
        }
        harmless.push(letter);
        before = match letter {
            // Any of these may end a line, depending on who reads it.
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => None,
            _ if letter.is_ascii_graphic() => Some(letter),
            _ => before,
        };
    }
    harmless
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::command("::error::x", "\\::error::x")]
    #[case::indented("a\n \t\u{a0}::add-mask::a", "a\n \t\u{a0}\\::add-mask::a")]
    #[case::after_a_return("a\r::error::x", "a\r\\::error::x")]
    #[case::invisible("\u{ad}:\u{200b}:error::x", "\u{ad}\\:\u{200b}:error::x")]
    #[case::old("a ##[group]b", "a ##\\[group]b")]
    #[case::old_and_invisible("#\u{ad}#\u{ad}[group]b", "#\u{ad}#\u{ad}\\[group]b")]
    #[case::path("std::net::TcpStream", "std::net::TcpStream")]
    #[case::list("a[0] [1]", "a[0] [1]")]
    fn no_text_is_a_command(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(harmless(text), expected);
    }

    #[test]
    fn an_annotation_keeps_to_its_line() {
        let annotation = Annotation {
            level: "error",
            file: Some("a,line=7::b.rs".to_string()),
            line: Some(31),
            title: "50 %, or: more\n::error::x".to_string(),
            message: "100 %\r\n::error file=x::y".to_string(),
        };
        assert_eq!(
            annotation.command(),
            "::error file=a%2Cline=7%3A%3Ab.rs,line=31,\
             title=50 %25%2C or%3A more%0A\\%3A%3Aerror%3A%3Ax\
             ::100 %25%0D%0A\\::error file=x::y\n"
        );
    }
}
