//! A small course in a folder of its own, and the runner at work in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The mistakes that the course knows by name: none, until a test writes the page.
const PITFALLS: &str = "\
# Reference

- [Pitfalls](pitfalls.md)
  - [Starting](pitfalls/starting.md)
";

/// A copy of `small-course` whose lessons have the names that a test gives
/// them.
///
/// All tests share one target folder, so that the libraries are built once.
/// There each package needs a name that no other test uses.
pub(crate) struct Course {
    root: PathBuf,
}

/// What the runner said, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Course {
    /// A course with these lessons, all of them finished.
    pub(crate) fn new(lessons: &[&str]) -> Course {
        Course::in_place(lessons, lessons[0])
    }

    /// The same in a folder of this name.
    pub(crate) fn in_place(lessons: &[&str], folder: &str) -> Course {
        // The place is fixed: a folder with another name each time would have
        // Cargo keep another build each time.
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("small-course")
            .join(folder);
        let _ = fs::remove_dir_all(&root);
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let template = here.join("tests/end_to_end/small-course");
        for lesson in lessons {
            copy(&template, &root, lesson);
        }
        fs::create_dir_all(root.join("exercises")).expect("a folder");
        let lock = here.join("../Cargo.lock");
        fs::copy(&lock, root.join("Cargo.lock")).expect("the course's lock file");
        fs::copy(&lock, root.join("exercises/Cargo.lock")).expect("the course's lock file");
        let entries: String = lessons
            .iter()
            .map(|lesson| format!("- [A greeter]({lesson}.md)\n"))
            .collect();
        // The libraries of the checks are where those of the course would be.
        #[cfg(unix)]
        std::os::unix::fs::symlink(here, root.join("xtask")).expect("a link");
        let course = Course { root };
        course.write(
            "book/src/SUMMARY.md",
            &format!("# Summary\n\n# The only part\n\n{entries}\n{PITFALLS}"),
        );
        course
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Changes a file the way a learner would.
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.path(file)).expect("a file");
        assert!(text.contains(old), "{file} has no `{old}`");
        self.write(file, &text.replace(old, new));
    }

    /// The folder for all that is built, here and in every course.
    pub(crate) fn target() -> &'static Path {
        let runner = Path::new(env!("CARGO_BIN_EXE_xtask"));
        runner.ancestors().nth(2).expect("the target folder")
    }

    /// The runner in this course, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", Course::target())
            // Everything was downloaded for the tests themselves.
            .env("CARGO_NET_OFFLINE", "true")
            .env("NO_COLOR", "1")
            .env_remove("CARGO_MANIFEST_DIR")
            // Whoever works on the runner may have it set.
            .env_remove("CARGO_INCREMENTAL")
            // The tests themselves may run in a workflow.
            .env_remove("GITHUB_ACTIONS")
            .env_remove("GITHUB_STEP_SUMMARY")
            .env_remove("GITHUB_WORKSPACE")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().expect("the runner starts"))
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Checks the exit code; shows all that was said if it is another.
    #[track_caller]
    pub(crate) fn ended_with(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    /// The verdict without the times, which differ.
    pub(crate) fn timeless(&self) -> String {
        let words = self.stdout.split(' ');
        let words = words.map(|word| {
            let number = word.trim_start_matches('(');
            if number.contains('.') && number.parse::<f64>().is_ok() {
                word.replace(number, "N.N")
            } else {
                word.to_string()
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Copies a folder; `LESSON` becomes the lesson's name, in names and in texts.
fn copy(from: &Path, to: &Path, lesson: &str) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the small course") {
        let entry = entry.expect("an entry");
        let name = entry
            .file_name()
            .to_string_lossy()
            .replace("LESSON", lesson);
        let target = to.join(name);
        if entry.path().is_dir() {
            copy(&entry.path(), &target, lesson);
            continue;
        }
        let probe = Path::new(env!("CARGO_MANIFEST_DIR")).join("probe");
        let text = fs::read_to_string(entry.path()).expect("a text");
        let text = text
            .replace("LESSON", lesson)
            .replace("PROBE", &probe.display().to_string());
        fs::write(target, text).expect("a file");
    }
}
