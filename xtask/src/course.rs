//! The course: which lessons there are, in which order. `book/src/SUMMARY.md`
//! is the one list; nothing else is numbered or registered.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::exit::Usage;

const SUMMARY: &str = "book/src/SUMMARY.md";

/// The manifest of the learner's workspace, which tells the course's folder, too.
pub(crate) const WORKSPACE: &str = "exercises/Cargo.toml";

/// Does so in the middle of a merge, too.
const RESTORE: &str = "`git checkout HEAD -- book/src/SUMMARY.md`";

/// What the checks are written with, below the course's root.
pub(crate) const LIBRARIES: &[&str] = &["xtask/probe", "xtask/supervise", "xtask/wire"];

/// All lessons, and where they are.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) root: PathBuf,
    pub(crate) lessons: Vec<Lesson>,
}

/// One lesson: a chapter that has an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lesson {
    /// Its id: the name of its chapter and of its folders.
    pub(crate) name: String,
    pub(crate) title: String,
    /// The part of the course that it belongs to; empty before the first.
    pub(crate) part: String,
}

impl Course {
    /// Finds the course that the current folder is in.
    pub(crate) fn find() -> anyhow::Result<Course> {
        let here =
            std::env::current_dir().context("the current folder is gone; `cd` into the course")?;
        // `cargo run` says where the runner's own package is: the way home
        // for somebody who names the manifest from far away.
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let candidates = here
            .ancestors()
            .chain(package.as_deref().and_then(Path::parent));
        // Where its list of lessons was lost, it is the course all the same.
        let is_course = |folder: &&Path| {
            let mut files = [SUMMARY, WORKSPACE].iter();
            files.any(|file| folder.join(file).is_file())
        };
        let root = candidates.into_iter().find(is_course).ok_or_else(|| {
            Usage(format!(
                "{} is not in the course: run `cargo xtask` in the folder that holds book/ and exercises/",
                here.display()
            ))
        })?;
        Course::read(root)
    }

    /// The course in the folder `root`.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Course> {
        let summary = std::fs::read_to_string(root.join(SUMMARY)).with_context(|| {
            format!("{SUMMARY} cannot be read; {RESTORE} brings the course's own back")
        })?;
        // The solution stands in for an exercise whose folder was lost, so
        // that it is missed by name.
        let is_lesson = |name: &str| {
            ["exercises", "solutions"]
                .iter()
                .any(|folder| root.join(folder).join(name).is_dir())
        };
        let lessons = parse(&summary, is_lesson);
        if let Some(fault) = fault(&summary, &lessons) {
            bail!("{SUMMARY} {fault}; {RESTORE} brings the course's own back");
        }
        Ok(Course {
            root: root.to_path_buf(),
            lessons,
        })
    }

    /// The lesson called `name`.
    pub(crate) fn lesson(&self, name: &str) -> anyhow::Result<&Lesson> {
        let found = self.lessons.iter().find(|lesson| lesson.name == name);
        found.ok_or_else(|| Usage(self.unknown(name)).into())
    }

    /// The lessons called `names`, each once; all of them when there is no name.
    pub(crate) fn select(&self, names: &[&str]) -> anyhow::Result<Vec<&Lesson>> {
        if names.is_empty() {
            return Ok(self.lessons.iter().collect());
        }
        let mut lessons: Vec<&Lesson> = Vec::new();
        for name in names {
            let lesson = self.lesson(name)?;
            if !lessons.contains(&lesson) {
                lessons.push(lesson);
            }
        }
        Ok(lessons)
    }

    /// The lesson that comes after `lesson`.
    pub(crate) fn next(&self, lesson: &Lesson) -> Option<&Lesson> {
        let mut rest = self.lessons.iter().skip_while(|other| *other != lesson);
        rest.nth(1)
    }

    /// The folder of the learner's program for `lesson`.
    pub(crate) fn exercise(&self, lesson: &Lesson) -> PathBuf {
        self.root.join("exercises").join(&lesson.name)
    }

    /// The folder for what can be found out again.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root.join("target/on-the-wire")
    }

    fn unknown(&self, name: &str) -> String {
        let length = name.chars().count();
        let typed = name.trim().to_lowercase();
        // Part of a name (`client`) is as good as a typing mistake, and so is the
        // path that a shell has completed.
        let part = |lesson: &Lesson| lesson.name.contains(&typed) || typed.contains(&lesson.name);
        let distance = |lesson: &Lesson| match part(lesson) {
            true => 0,
            false => edit_distance(&typed, &lesson.name),
        };
        let nearest = self.lessons.iter().filter(|_| !typed.is_empty());
        let nearest = nearest.min_by_key(|lesson| distance(lesson));
        let name = name.escape_debug();
        let worth_a_try = |lesson: &&Lesson| distance(lesson) <= length.max(6) / 2;
        match nearest.filter(worth_a_try) {
            Some(Lesson { name: other, .. }) => {
                format!("there is no lesson `{name}`; did you mean `{other}`?")
            }
            None => format!("there is no lesson `{name}`; `cargo xtask list` shows them all"),
        }
    }
}

/// Reads mdBook's format: `# Part`, and `- [Title](chapter.md)`. The first
/// heading is the title of the page itself.
fn parse(summary: &str, is_lesson: impl Fn(&str) -> bool) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    let mut part = None;
    for line in summary.lines() {
        if let Some(heading) = line.strip_prefix("# ") {
            part = Some(if part.is_none() { "" } else { heading.trim() });
        } else if let Some((title, file)) = link(line)
            // With its folder: `pitfalls/tcp-server` is no lesson.
            && let Some(name) = file.strip_suffix(".md")
            && is_lesson(name)
        {
            lessons.push(Lesson {
                name: name.to_string(),
                title: title.to_string(),
                part: part.unwrap_or_default().to_string(),
            });
        }
    }
    lessons
}

/// Why a summary that was read is none of the course.
fn fault(summary: &str, lessons: &[Lesson]) -> Option<&'static str> {
    if summary.lines().any(|line| line.starts_with("<<<<<<< ")) {
        return Some("has marks of a merge that stopped");
    }
    lessons.is_empty().then_some("names no lesson")
}

/// The title and the file of a chapter's line.
fn link(line: &str) -> Option<(&str, &str)> {
    let item = line.trim_start().strip_prefix("- [")?;
    let (title, rest) = item.split_once("](")?;
    let file = rest.split_once(')')?.0;
    Some((title, file))
}

/// The files of all pages in the book's order, below its sources. A book without
/// a summary has none.
pub(crate) fn pages(root: &Path) -> Vec<String> {
    let summary = std::fs::read_to_string(root.join(SUMMARY)).unwrap_or_default();
    let links = summary.lines().filter_map(link);
    links.map(|(_, file)| file.to_string()).collect()
}

/// How many letters have to be added, dropped or changed to make `b` of `a`.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PAGE: &str = "\
# Summary

[Welcome](welcome.md)

# The core

- [A server that shouts](tcp-server.md)
  - [A netcat](tcp-client.md)

# More

- [Pitfalls](pitfalls.md)
  - [Mistakes of servers](pitfalls/tcp-server.md)
";

    #[test]
    fn a_lesson_is_a_chapter_with_an_exercise() {
        let lessons = parse(PAGE, |name| name.starts_with("tcp"));
        let lesson = |name: &str, title: &str| Lesson {
            name: name.to_string(),
            title: title.to_string(),
            part: "The core".to_string(),
        };
        assert_eq!(
            lessons,
            [
                lesson("tcp-server", "A server that shouts"),
                lesson("tcp-client", "A netcat")
            ]
        );
    }

    #[rstest]
    #[case::typing_mistake(
        "tcp-sever",
        "there is no lesson `tcp-sever`; did you mean `tcp-server`?"
    )]
    #[case::half_a_name("client", "there is no lesson `client`; did you mean `tcp-client`?")]
    #[case::path(
        "exercises/tcp-client/",
        "there is no lesson `exercises/tcp-client/`; did you mean `tcp-client`?"
    )]
    #[case::empty("", "there is no lesson ``; `cargo xtask list` shows them all")]
    #[case::lines(
        "a\n\u{1b}b",
        "there is no lesson `a\\n\\u{1b}b`; `cargo xtask list` shows them all"
    )]
    #[case::far_away(
        "quantum",
        "there is no lesson `quantum`; `cargo xtask list` shows them all"
    )]
    fn an_unknown_name_gets_a_suggestion(#[case] name: &str, #[case] message: &str) {
        let course = Course {
            root: PathBuf::new(),
            lessons: parse(PAGE, |name| name.starts_with("tcp")),
        };
        let error = course.lesson(name).expect_err("no such lesson");
        assert_eq!(error.to_string(), message);
        assert!(error.is::<Usage>());
    }
}
