//! Two texts beside each other: the lines that one has and the other has not.

use similar::{ChangeTag, TextDiff};

use super::layout;
use super::look::{Look, Tone};

/// How many lines are shown around each difference.
const CONTEXT: usize = 3;

/// Texts with more lines are not compared: the time that it takes grows with
/// the square of what differs.
const LONGEST: usize = 5_000;

/// A file in two versions; missing where there is none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Versions<'a> {
    pub(crate) old: Option<&'a [u8]>,
    pub(crate) new: Option<&'a [u8]>,
    /// Where each of them is.
    pub(crate) old_name: &'a str,
    pub(crate) new_name: &'a str,
}

/// How many lines differ.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    /// Lines that only the old version has.
    pub(crate) removed: usize,
    /// Lines that only the new version has.
    pub(crate) added: usize,
}

impl Versions<'_> {
    /// The differences in the form that `diff -u` has made known; empty where
    /// there are none.
    pub(crate) fn unified(&self, look: &Look) -> String {
        let (old, new) = (text(self.old), text(self.new));
        let body = match comparable(&old, &new) {
            true => hunks(&old, &new, look),
            false if old == new => String::new(),
            false => format!("too long: {} and {} lines\n", lines(&old), lines(&new)),
        };
        if body.is_empty() && self.old.is_some() == self.new.is_some() {
            return body;
        }
        let name = |sign: &str, file: Option<&[u8]>, name: &str| {
            let name = file.map_or("/dev/null", |_| name);
            look.paint(Tone::Title, &format!("{sign} {name}"))
        };
        let old = name("---", self.old, self.old_name);
        let new = name("+++", self.new, self.new_name);
        format!("{old}\n{new}\n{body}")
    }

    /// How much the two differ.
    pub(crate) fn count(&self) -> Count {
        let (old, new) = (text(self.old), text(self.new));
        if !comparable(&old, &new) {
            return Count {
                removed: lines(&old),
                added: lines(&new),
            };
        }
        let diff = TextDiff::from_lines(&old, &new);
        let count = |tag| {
            diff.iter_all_changes()
                .filter(|change| change.tag() == tag)
                .count()
        };
        Count {
            removed: count(ChangeTag::Delete),
            added: count(ChangeTag::Insert),
        }
    }
}

fn lines(text: &str) -> usize {
    text.lines().count()
}

fn comparable(old: &str, new: &str) -> bool {
    lines(old) <= LONGEST && lines(new) <= LONGEST
}

/// The differences with their neighbours.
fn hunks(old: &str, new: &str, look: &Look) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        text += &look.paint(Tone::Aside, &hunk.header().to_string());
        text += "\n";
        for change in hunk.iter_changes() {
            text += &line(change.tag(), change.value(), look);
        }
    }
    text
}

fn line(tag: ChangeTag, text: &str, look: &Look) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    // What goes through a pipe may become a file again.
    let text = match look.ascii {
        true => text.to_string(),
        false => layout::harmless(text),
    };
    let painted = match tag {
        ChangeTag::Equal => format!(" {text}"),
        ChangeTag::Delete => look.paint(Tone::Bad, &format!("-{text}")),
        ChangeTag::Insert => look.paint(Tone::Good, &format!("+{text}")),
    };
    format!("{painted}\n")
}

/// An editor on Windows may end all lines its own way: that is no difference.
fn text(bytes: Option<&[u8]>) -> String {
    let text = String::from_utf8_lossy(bytes.unwrap_or_default());
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use rstest::rstest;

    use super::*;

    const OLD: &str = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n";

    fn versions<'a>(old: Option<&'a str>, new: Option<&'a str>) -> Versions<'a> {
        Versions {
            old: old.map(str::as_bytes),
            new: new.map(str::as_bytes),
            old_name: "yours/src/main.rs",
            new_name: "ours/src/main.rs",
        }
    }

    #[test]
    fn lines_that_differ_have_signs_and_neighbours() {
        let new = OLD.replace("b\n", "B\n").replace("k\n", "");
        let text = versions(Some(OLD), Some(&new)).unified(&Look::plain(80));
        assert_snapshot!(text, @r"
        --- yours/src/main.rs
        +++ ours/src/main.rs
        @@ -1,5 +1,5 @@
         a
        -b
        +B
         c
         d
         e
        @@ -8,4 +8,3 @@
         h
         i
         j
        -k
        ");
    }

    #[test]
    fn a_new_file_has_no_old_name() {
        let text = versions(None, Some("a\n")).unified(&Look::plain(80));
        assert_snapshot!(text, @r"
        --- /dev/null
        +++ ours/src/main.rs
        @@ -0,0 +1 @@
        +a
        ");
        let empty = versions(None, Some("")).unified(&Look::plain(80));
        assert!(empty.contains("/dev/null"), "{empty}");
    }

    #[rstest]
    #[case::same(Some(OLD), Some(OLD))]
    #[case::ends_of_lines(Some("a\r\nb\r\n"), Some("a\nb\n"))]
    #[case::neither(None, None)]
    fn what_is_the_same_is_not_told(#[case] old: Option<&str>, #[case] new: Option<&str>) {
        let versions = versions(old, new);
        assert_eq!(versions.unified(&Look::plain(80)), "");
        assert_eq!(versions.count(), Count::default());
    }

    #[test]
    fn colours_come_with_signs() {
        let text = versions(Some("a\n"), Some("b\u{1b}[2J\n")).unified(&Look::human(80));
        assert!(text.contains("\u{1b}[32m+b\\x1b[2J\u{1b}["), "{text:?}");
        assert!(text.contains("-a\u{1b}["), "{text:?}");
    }

    #[test]
    fn what_is_far_too_long_is_not_compared() {
        let long: String = (0..200_000).map(|number| format!("{number}\n")).collect();
        let versions = versions(Some(&long), Some(OLD));
        let text = versions.unified(&Look::plain(80));
        assert!(
            text.ends_with("\ntoo long: 200000 and 11 lines\n"),
            "{text}"
        );
        assert_eq!(versions.count().removed, 200_000);
    }

    #[test]
    fn lines_are_counted() {
        let count = versions(Some(OLD), Some("a\nx\ny\n")).count();
        assert_eq!((count.removed, count.added), (10, 2));
    }
}
