//! What a reset would take away, and what has become of it.

use std::path::{Path, PathBuf};

use super::difference::Versions;
use super::{layout, plural};
use crate::starter::{self, Files};

/// An exercise that is to be reset.
#[derive(Debug)]
pub(crate) struct Loss<'a> {
    pub(crate) lesson: &'a str,
    pub(crate) starter: &'a Files,
    pub(crate) learner: &'a Files,
    /// What there is and is no file.
    pub(crate) others: &'a [PathBuf],
}

impl Loss<'_> {
    /// What would go, file by file: `src/main.rs: 12 lines of yours`.
    pub(crate) fn text(&self, width: usize) -> String {
        let changed = starter::differences(self.starter, self.learner);
        let is_taken = |path: &&Path| self.others.iter().any(|other| other == path);
        let mut items: Vec<String> = changed
            .into_iter()
            .filter(|path| !is_taken(path))
            .map(|path| {
                let (old, new) = (self.learner.get(path), self.starter.get(path));
                let versions = Versions {
                    old: old.map(Vec::as_slice),
                    new: new.map(Vec::as_slice),
                    old_name: "",
                    new_name: "",
                };
                let lines = plural(versions.count().removed, "line");
                let what = match (old, new) {
                    (None, _) => "missing".to_string(),
                    (_, None) => format!("{lines}, a file of your own"),
                    _ => format!("{lines} of yours"),
                };
                format!("{}: {what}", path.display())
            })
            .collect();
        let others = self.others.iter();
        items.extend(others.map(|path| format!("{}: no file, moved as it is", path.display())));
        let items: String = items
            .iter()
            .map(|item| layout::paragraph(item, 2, width))
            .collect();
        format!("{}\n{items}", self.lesson)
    }
}

/// What is asked before it goes.
pub(crate) fn question() -> String {
    "A copy is kept in backups/. Back to the starter? [y/N] ".to_string()
}

/// What is told before anything is touched.
pub(crate) fn kept(lesson: &str, backup: &str) -> String {
    format!("What you wrote for {lesson} is kept in {backup}.")
}

/// What is told afterwards. `backup` is missing where nothing had to be kept.
pub(crate) fn done(lesson: &str, backup: Option<&str>) -> String {
    let mut text = format!("{lesson} is as it was at the beginning.\n");
    if let Some(backup) = backup {
        text += &format!("To get yours back: cp -r {backup}/. exercises/{lesson}/\n");
    }
    text
}

/// What is told of an exercise that nobody has worked on.
pub(crate) fn untouched(lesson: &str) -> String {
    format!("{lesson} is as it was at the beginning already: there is nothing to do.\n")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        let files = files.iter();
        files
            .map(|(path, text)| (path.into(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn what_is_no_file_is_not_missing() {
        let starter = files(&[("src/main.rs", "a\n")]);
        let loss = Loss {
            lesson: "tcp-server",
            starter: &starter,
            learner: &Files::new(),
            others: &["src/main.rs".into()],
        };
        assert_snapshot!(loss.text(80), @r"
        tcp-server
          src/main.rs: no file, moved as it is
        ");
    }

    #[test]
    fn what_would_go_is_counted() {
        let starter = files(&[("Cargo.toml", "a\n"), ("src/main.rs", "a\nb\nc\n")]);
        let learner = files(&[("src/main.rs", "a\nB\nc\nd\n"), ("src/my.rs", "x\n")]);
        let loss = Loss {
            lesson: "tcp-server",
            starter: &starter,
            learner: &learner,
            others: &["src/pipe".into()],
        };
        assert_snapshot!(loss.text(80), @r"
        tcp-server
          Cargo.toml: missing
          src/main.rs: 2 lines of yours
          src/my.rs: 1 line, a file of your own
          src/pipe: no file, moved as it is
        ");
    }
}
