//! The starter of a lesson: the exercise as it was before anybody worked on
//! it. `solutions/starters/<lesson>` has a copy of each, so that a learner's
//! work is told from the course's, and is taken back, without asking git.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::course::{Course, Lesson};
use crate::obstacle;

/// Where the starters are, below the course's root.
pub(crate) const FOLDER: &str = "solutions/starters";

/// The files of a program, by their path below its folder (`src/main.rs`), as
/// they are on the disk.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The folder of the starter of `lesson`.
pub(crate) fn folder(course: &Course, lesson: &Lesson) -> PathBuf {
    course.root.join(FOLDER).join(&lesson.name)
}

/// The files of the starter of `lesson`.
pub(crate) fn of_course(course: &Course, lesson: &Lesson) -> anyhow::Result<Files> {
    read(&folder(course, lesson))
}

/// The files of the starter of `lesson`; there has to be one.
pub(crate) fn required(course: &Course, lesson: &Lesson) -> anyhow::Result<Files> {
    let files = of_course(course, lesson)?;
    if !files.contains_key(Path::new("Cargo.toml")) || files.len() < 2 {
        bail!("{FOLDER}/{0} has no starter for {0}", lesson.name);
    }
    Ok(files)
}

/// The learner's files for `lesson`.
pub(crate) fn of_learner(course: &Course, lesson: &Lesson) -> anyhow::Result<Files> {
    read(&course.exercise(lesson))
}

/// The sources of our own program for `lesson`.
pub(crate) fn of_solution(course: &Course, lesson: &Lesson) -> anyhow::Result<Files> {
    let mut files = read(&course.root.join("solutions").join(&lesson.name))?;
    files.retain(|path, _| path.starts_with("src"));
    Ok(files)
}

/// Whether the learner has not changed anything of the exercise yet. Where
/// there is no starter to compare it with, it is taken for the learner's work.
pub(crate) fn is_untouched(course: &Course, lesson: &Lesson) -> bool {
    let files = (of_course(course, lesson), of_learner(course, lesson));
    match files {
        (Ok(starter), Ok(learner)) => {
            !starter.is_empty() && differences(&starter, &learner).is_empty()
        }
        _ => false,
    }
}

/// The paths whose files are not the same here and there, or are missing in
/// one of the two.
pub(crate) fn differences<'a>(a: &'a Files, b: &'a Files) -> BTreeSet<&'a Path> {
    let paths = a.keys().chain(b.keys());
    paths
        .filter(|path| !is_same(a.get(*path), b.get(*path)))
        .map(PathBuf::as_path)
        .collect()
}

fn is_same(a: Option<&Vec<u8>>, b: Option<&Vec<u8>>) -> bool {
    a == b || matches!((a, b), (Some(a), Some(b)) if reads_the_same(a, b))
}

/// Whether two files differ in nothing but the ends of their lines: an editor,
/// or git, on Windows may end them all its own way.
pub(crate) fn reads_the_same(a: &[u8], b: &[u8]) -> bool {
    let lines = |text| String::from_utf8_lossy(text).replace("\r\n", "\n");
    a == b || lines(a) == lines(b)
}

/// Reads what belongs to a program.
fn read(folder: &Path) -> anyhow::Result<Files> {
    let (files, others) = survey(folder)?;
    if let Some(other) = others.first() {
        let other = folder.join(other);
        let why = obstacle::no_file(&other).unwrap_or("is no file");
        bail!("{} {why}", other.display());
    }
    Ok(files)
}

/// What belongs to a program, its manifest and all in `src`, and what is there
/// and is no file: a link to a folder, a pipe.
///
/// # Errors
///
/// What the file system says, and of which file.
pub(crate) fn survey(folder: &Path) -> io::Result<(Files, Vec<PathBuf>)> {
    let (mut files, mut others) = (Files::new(), Vec::new());
    for name in ["Cargo.toml", "src"] {
        add(folder, Path::new(name), &mut files, &mut others)
            .map_err(|error| in_place(&folder.join(name), &error))?;
    }
    Ok((files, others))
}

/// Adds what is at `path`, or all below it; nothing if there is nothing.
fn add(folder: &Path, path: &Path, files: &mut Files, others: &mut Vec<PathBuf>) -> io::Result<()> {
    let place = folder.join(path);
    let kind = match fs::symlink_metadata(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        kind => kind?,
    };
    if kind.is_dir() {
        for entry in fs::read_dir(&place)? {
            let name = entry?.file_name();
            // What editors and file managers leave behind: `.main.rs.swp`.
            let is_litter = name.to_string_lossy().starts_with('.');
            if !is_litter {
                add(folder, &path.join(name), files, others)?;
            }
        }
    } else if fs::metadata(&place).is_ok_and(|target| target.is_file()) {
        let content = fs::read(&place).map_err(|error| in_place(&place, &error))?;
        files.insert(path.to_path_buf(), content);
    } else {
        others.push(path.to_path_buf());
    }
    Ok(())
}

fn in_place(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn course() -> (tempfile::TempDir, Course) {
        let folder = tempfile::tempdir().expect("a folder");
        for place in [FOLDER, "exercises"] {
            let lesson = folder.path().join(place).join("a");
            fs::create_dir_all(lesson.join("src/deep")).expect("a folder");
            fs::create_dir_all(lesson.join("tests")).expect("a folder");
            fs::write(lesson.join("Cargo.toml"), "[package]\n").expect("a file");
            fs::write(lesson.join("src/main.rs"), "fn main() {\n}\n").expect("a file");
            fs::write(lesson.join("src/deep/mod.rs"), "//!\n").expect("a file");
        }
        let course = Course {
            root: folder.path().to_path_buf(),
            lessons: vec![Lesson {
                name: "a".to_string(),
                title: String::new(),
                part: String::new(),
            }],
        };
        (folder, course)
    }

    #[rstest]
    #[case::nothing(None, true)]
    #[case::a_check(Some(("tests/checks.rs", "//!\n")), true)]
    #[case::an_editors_file(Some(("src/.main.rs.swp", "x")), true)]
    #[case::ends_of_lines(Some(("src/main.rs", "fn main() {\r\n}\r\n")), true)]
    #[case::program(Some(("src/main.rs", "fn main() { }\n")), false)]
    #[case::emptied(Some(("src/main.rs", "")), false)]
    #[case::manifest(Some(("Cargo.toml", "[package]\n\n")), false)]
    #[case::below(Some(("src/deep/mod.rs", "")), false)]
    #[case::new_file(Some(("src/deep/more.rs", "")), false)]
    fn what_a_learner_changed_is_seen(
        #[case] change: Option<(&str, &str)>,
        #[case] untouched: bool,
    ) {
        let (folder, course) = course();
        if let Some((file, text)) = change {
            fs::write(folder.path().join("exercises/a").join(file), text).expect("a file");
        }
        assert_eq!(is_untouched(&course, &course.lessons[0]), untouched);
    }

    #[test]
    fn what_a_learner_removed_is_seen() {
        let (folder, course) = course();
        fs::remove_file(folder.path().join("exercises/a/src/deep/mod.rs")).expect("a file");
        assert!(!is_untouched(&course, &course.lessons[0]));
    }

    #[test]
    fn without_a_starter_all_is_the_learners() {
        let (folder, course) = course();
        fs::remove_dir_all(folder.path().join(FOLDER)).expect("a folder");
        assert!(!is_untouched(&course, &course.lessons[0]));
    }
}
