//! Checks that nobody has edited: those of another copy of the course than the
//! one with the learner's program.
//!
//! They judge through the solution's package, which has the same checks: so a
//! check that was edited until it does not compile changes nothing. Of the
//! learner's copy only the program is built.
//!
//! For Cargo, a package is the same in each copy of its workspace. What is not
//! our own is built in a place of its own, so that the copies do not take turns
//! in one; `fresh` sees to it that none is taken for another.

mod pristine;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::course::{Course, LIBRARIES, Lesson};
use crate::starter;

/// Where the checks come from, and where Cargo builds what is not of the course
/// in which we run.
#[derive(Debug)]
pub(crate) struct Locked {
    pub(crate) course: Course,
    built: Built,
}

#[derive(Debug)]
enum Built {
    /// The checks are of another copy.
    Checks(PathBuf),
    /// The programs are, of one after the other.
    Programs(PathBuf),
}

impl Locked {
    /// The checks of `version` of the course, as git has it.
    pub(crate) fn in_git(course: &Course, version: &str) -> anyhow::Result<Locked> {
        let (course, target) = pristine::course(course, version)?;
        Ok(Locked {
            course,
            built: Built::Checks(target),
        })
    }

    /// The checks of `course`, for programs in other copies of it.
    pub(crate) fn of(course: Course) -> Locked {
        let target = course.cache().join("work");
        Locked {
            course,
            built: Built::Programs(target),
        }
    }

    /// Where the checks are built, if not in the usual place.
    pub(crate) fn target_of_checks(&self) -> Option<&Path> {
        match &self.built {
            Built::Checks(target) => Some(target),
            Built::Programs(_) => None,
        }
    }

    /// Where the program is built, if not in the usual place.
    pub(crate) fn target_of_program(&self) -> Option<&Path> {
        match &self.built {
            Built::Checks(_) => None,
            Built::Programs(target) => Some(target),
        }
    }

    /// The files that the checks of `lesson` are made of, and that are others
    /// in the `learners` copy of the course.
    pub(crate) fn differences(&self, learners: &Course, lesson: &Lesson) -> Vec<String> {
        let tests = self.course.lessons.iter().map(|other| {
            // Lessons share parts of their checks.
            let of_this_one = other == lesson;
            (format!("exercises/{}/tests", other.name), of_this_one)
        });
        let libraries = LIBRARIES.iter().map(|name| ((*name).to_string(), false));
        let mut different = Vec::new();
        for (folder, must_be_there) in tests.chain(libraries) {
            let theirs = learners.root.join(&folder);
            // Whoever hands in a lesson need not hand in all the others.
            if must_be_there || theirs.is_dir() {
                let paths = differences(&self.course.root.join(&folder), &theirs);
                different.extend(paths.iter().map(|path| format!("{folder}/{path}")));
            }
        }
        different
    }
}

/// The paths of all files that are not the same in both folders.
fn differences(ours: &Path, theirs: &Path) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for folder in [ours, theirs] {
        add_files(folder, "", &mut paths);
    }
    paths.retain(|path| !is_same(&ours.join(path), &theirs.join(path)));
    paths
}

fn add_files(folder: &Path, below: &str, paths: &mut BTreeSet<String>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        // What editors and tools leave behind.
        if name.starts_with('.') || name.ends_with(".snap.new") || name == "target" {
            continue;
        }
        let path = format!("{below}{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                add_files(&entry.path(), &format!("{path}/"), paths);
            }
            _ => {
                paths.insert(path);
            }
        }
    }
}

/// Whether both files are there and read the same.
fn is_same(ours: &Path, theirs: &Path) -> bool {
    // A pipe, for instance, would be waited for.
    if !ours.is_file() || !theirs.is_file() {
        return false;
    }
    let both = (fs::read(ours), fs::read(theirs));
    matches!(both, (Ok(ours), Ok(theirs)) if starter::reads_the_same(&ours, &theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, file: &str, text: &str) {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn course(root: &Path) -> Course {
        let lessons = ["a", "b"].map(|name| Lesson {
            name: name.to_string(),
            title: String::new(),
            part: String::new(),
        });
        for file in [
            "exercises/a/tests/checks.rs",
            "exercises/a/tests/snapshots/x.snap",
            "exercises/a/src/main.rs",
            "exercises/b/tests/parts/mod.rs",
            "xtask/probe/src/lib.rs",
        ] {
            write(root, file, "fn main() {\n}\n");
        }
        Course {
            root: root.to_path_buf(),
            lessons: lessons.into(),
        }
    }

    #[test]
    fn all_that_checks_are_made_of_is_compared() {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = course(&folder.path().join("ours"));
        let theirs = course(&folder.path().join("theirs"));
        let root = theirs.root.clone();
        let differences = || {
            let locked = Locked::of(course(&ours.root));
            locked.differences(&theirs, &theirs.lessons[0])
        };
        write(&root, "exercises/a/src/main.rs", "fn main() {}\n");
        write(&root, "exercises/a/tests/.checks.rs.swp", "");
        write(&root, "exercises/a/tests/checks.rs", "fn main() {\r\n}\r\n");
        assert_eq!(differences(), [""; 0]);

        write(&root, "exercises/a/tests/checks.rs", "");
        write(&root, "exercises/a/tests/more.rs", "");
        write(&root, "exercises/b/tests/parts/mod.rs", "//!\n");
        write(&root, "xtask/probe/src/lib.rs", "//!\n");
        fs::remove_dir_all(root.join("exercises/a/tests/snapshots")).expect("removed");
        let expected = [
            "exercises/a/tests/checks.rs",
            "exercises/a/tests/more.rs",
            "exercises/a/tests/snapshots/x.snap",
            "exercises/b/tests/parts/mod.rs",
            "xtask/probe/src/lib.rs",
        ];
        assert_eq!(differences(), expected);

        fs::remove_dir_all(root.join("xtask")).expect("removed");
        fs::remove_dir_all(root.join("exercises/b")).expect("removed");
        assert_eq!(differences(), expected[..3]);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_waits_for_a_pipe_in_the_place_of_a_check() {
        let folder = tempfile::tempdir().expect("a folder");
        let [pipe, file] = ["pipe", "file"].map(|name| folder.path().join(name));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo").success());
        fs::write(&file, "").expect("a file");
        let (sender, compared) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send(is_same(&file, &pipe)));
        let answer = compared.recv_timeout(std::time::Duration::from_secs(30));
        assert_eq!(answer, Ok(false));
    }
}
