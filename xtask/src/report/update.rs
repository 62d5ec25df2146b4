//! What an update has brought, and what it has left alone.

use super::layout::paragraph;
use super::look::{Look, Tone};
use super::plural;

/// More lines than that nobody reads; the file is there.
const CHANGELOG_LINES: usize = 12;

/// What came of an update, or would come of it.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// The versions before and after, as people write them.
    pub(crate) from: String,
    pub(crate) to: String,
    /// How many files upstream has changed.
    pub(crate) files: usize,
    /// The lessons that are new.
    pub(crate) lessons: Vec<String>,
    /// The new lines of the changelog.
    pub(crate) changelog: Vec<String>,
    /// The learner's files, which stay as they are.
    pub(crate) kept: Vec<String>,
    /// The lessons of these whose starter has changed.
    pub(crate) new_starters: Vec<String>,
    /// Files of the course that the learner had changed, and that are now as
    /// they are upstream.
    pub(crate) replaced: Vec<String>,
    /// The same, where upstream has nothing new.
    pub(crate) left: Vec<String>,
    /// Lessons that are no more, though the learner has worked on them.
    pub(crate) retired: Vec<String>,
    /// The learner has commits, which were joined with the new version.
    pub(crate) merged: bool,
    pub(crate) backup: Option<String>,
}

/// Whether it has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tense {
    Done,
    Planned,
}

/// Where there is nothing to bring in.
pub(crate) fn nothing_new(version: &str) -> String {
    format!("The course is up to date ({version}); nothing was changed.\n")
}

/// Where crates come from a folder, and the new version needs others.
pub(crate) fn missing_crates(crates: &[String]) -> String {
    let first = crates.iter().take(3).map(String::as_str);
    let first = first.collect::<Vec<_>>().join(", ");
    let more = if crates.len() > 3 { ", …" } else { "" };
    format!(
        "The new version needs {} that ../vendor does not have ({first}{more}). Where there is a network, \
         remove ../.cargo and all comes from there; where there is none, \
         `cargo xtask update --from` a new archive that is unpacked.",
        plural(crates.len(), "crate"),
    )
}

/// What has happened, in the order in which it matters to a learner.
pub(crate) fn text(news: &News, tense: Tense, look: &Look) -> String {
    let mut text = String::new();
    let News { from, to, .. } = news;
    let files = plural(news.files, "file");
    let headline = match tense {
        Tense::Done => format!("The course is now at {to} ({files} changed since {from})."),
        Tense::Planned => format!("There is a new version: {to} ({files} changed since {from})."),
    };
    text += &format!("{}\n", look.paint(Tone::Title, &headline));
    text += &whats_new(news, look);
    text += &yours(news, tense, look);
    if let Some(backup) = &news.backup {
        text += &format!("\nAll that you have changed was copied to {backup} before.\n");
    }
    text += match tense {
        Tense::Done => "\nGo on: cargo xtask check\n",
        Tense::Planned => "\nNothing was changed. To bring it in: cargo xtask update\n",
    };
    text
}

fn whats_new(news: &News, look: &Look) -> String {
    if news.lessons.is_empty() && news.changelog.is_empty() {
        return String::new();
    }
    let mut text = heading("New in it", look);
    if !news.lessons.is_empty() {
        let count = plural(news.lessons.len(), "new lesson");
        text += &paragraph(
            &format!("{count}: {}", news.lessons.join(", ")),
            2,
            look.width,
        );
    }
    for line in news.changelog.iter().take(CHANGELOG_LINES) {
        text += &format!("  {line}\n");
    }
    if news.changelog.len() > CHANGELOG_LINES {
        let more = news.changelog.len() - CHANGELOG_LINES;
        text += &format!("  … and {} in CHANGELOG.md\n", plural(more, "more line"));
    }
    text
}

/// What became of the learner's files.
fn yours(news: &News, tense: Tense, look: &Look) -> String {
    let done = tense == Tense::Done;
    let mut text = String::new();
    text += &list("Yours, and untouched", &news.kept, look);
    for lesson in &news.new_starters {
        text += &format!(
            "  The starter of {lesson} is another one now; yours stays. What is new in it:\n    \
             git diff {} {} -- solutions/starters/{lesson}\n",
            news.from, news.to
        );
    }
    let replaced = match done {
        true => "Files of the course that you had changed; now they are the new version's",
        false => "Files of the course that you have changed; the new version's will replace them",
    };
    text += &list(replaced, &news.replaced, look);
    let left = "Files of the course that you have changed; they stay so";
    text += &list(left, &news.left, look);
    let retired = match done {
        true => "No lessons any more; your programs are in the backup",
        false => "No lessons any more; your programs will go to the backup",
    };
    text += &list(retired, &news.retired, look);
    if news.merged {
        let merged = match done {
            true => "Your commits and the new version are joined by a merge commit.",
            false => "Your commits and the new version will be joined by a merge commit.",
        };
        text += &format!("\n{merged}\n");
    }
    text
}

fn list(title: &str, items: &[String], look: &Look) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: String = items.iter().map(|item| format!("  {item}\n")).collect();
    heading(title, look) + &items
}

fn heading(title: &str, look: &Look) -> String {
    format!("\n{}\n", look.paint(Tone::Title, title))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news() -> News {
        let list = |items: &[&str]| items.iter().map(|item| item.to_string()).collect();
        News {
            from: "1111111".to_string(),
            to: "2222222".to_string(),
            files: 9,
            lessons: list(&["tls-client", "tls-server"]),
            changelog: (1..=14).map(|line| format!("- Change {line}.")).collect(),
            kept: list(&["exercises/tcp-server/src/main.rs"]),
            new_starters: list(&["tcp-server"]),
            replaced: list(&["exercises/tcp-server/tests/checks.rs"]),
            left: list(&["README.md"]),
            retired: list(&["gopher"]),
            merged: true,
            backup: Some("backups/2026-11-26-013648-update".to_string()),
        }
    }

    #[test]
    fn all_that_an_update_does_is_told() {
        insta::assert_snapshot!(text(&news(), Tense::Done, &Look::plain(80)));
    }

    #[test]
    fn a_dry_run_tells_it_beforehand() {
        let news = News {
            backup: None,
            changelog: Vec::new(),
            ..news()
        };
        insta::assert_snapshot!(text(&news, Tense::Planned, &Look::plain(80)));
    }

    #[test]
    fn an_update_without_news_is_short() {
        let news = News {
            from: "1".to_string(),
            to: "2".to_string(),
            files: 1,
            ..News::default()
        };
        assert_eq!(
            text(&news, Tense::Done, &Look::plain(80)),
            "The course is now at 2 (1 file changed since 1).\n\nGo on: cargo xtask check\n"
        );
    }
}
