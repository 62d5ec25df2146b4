//! A course that is small enough for git alone: nothing in it is ever built.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::course::Ran;

/// Upstream, its author's clone, and the learner's.
pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) learner: Clone,
}

/// A folder with a clone in it.
pub(crate) struct Clone(pub(crate) PathBuf);

/// What the learner writes.
pub(crate) const WORK: &str = "fn main() {\n    println!(\"mine\");\n}\n";

/// The starter of a lesson, in the first version and later.
fn starter(lesson: &str, version: u32) -> String {
    format!("//! {lesson}, version {version}.\n\nfn main() {{\n    todo!();\n}}\n")
}

impl World {
    /// The first version is out, and the learner has it.
    pub(crate) fn new() -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let world = World {
            learner: Clone(at("learner")),
            folder,
        };
        let author = world.author();
        fs::create_dir(&author.0).expect("a folder");
        author.git(&["init", "-q", "-b", "main"]);
        for lesson in ["alpha", "beta", "gamma"] {
            author.write_lesson(lesson, 1);
        }
        for (file, text) in [
            (".gitignore", "/target/\n/backups/\n/progress.txt\n"),
            ("book/src/SUMMARY.md", "# Summary\n\n- [A](alpha.md)\n"),
            ("CHANGELOG.md", "# Changelog\n\n- Three lessons.\n"),
            ("README.md", "The course.\n"),
            ("Cargo.toml", "[workspace]\n"),
            ("Cargo.lock", "version = 4\n"),
            ("exercises/Cargo.toml", "[workspace]\n"),
            ("exercises/Cargo.lock", "version = 4\n"),
            ("docs/old.md", "Old.\n"),
            ("xtask/src/main.rs", "fn main() {}\n"),
        ] {
            author.write(file, text);
        }
        author.commit("the first version");
        author.git(&["clone", "-q", "--bare", ".", "../upstream"]);
        author.git(&["remote", "add", "origin", "../upstream"]);
        author.git(&["clone", "-q", "../upstream", "../learner"]);
        world
    }

    pub(crate) fn author(&self) -> Clone {
        Clone(self.path("author"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The second version: a new starter, other checks, a new lesson, a file
    /// less, other locks, another runner.
    pub(crate) fn publish(&self) {
        let author = self.author();
        author.write_lesson("alpha", 2);
        author.write_lesson("delta", 2);
        author.write("exercises/beta/tests/checks.rs", "// Better checks.\n");
        author.write(
            "book/src/SUMMARY.md",
            "# Summary\n\n- [A](alpha.md)\n- [D](delta.md)\n",
        );
        author.write(
            "CHANGELOG.md",
            "# Changelog\n\n- A new lesson: delta.\n- Three lessons.\n",
        );
        author.write("Cargo.lock", "version = 4\n# More.\n");
        author.write("exercises/Cargo.lock", "version = 4\n# More.\n");
        author.write("xtask/src/main.rs", "mod new;\n\nfn main() {}\n");
        author.write("xtask/src/new.rs", "//! New.\n");
        fs::remove_file(author.0.join("docs/old.md")).expect("a file");
        self.push("the second version");
    }

    /// A version without the lesson gamma.
    pub(crate) fn retire_gamma(&self) {
        let author = self.author();
        for folder in ["exercises", "solutions/starters"] {
            fs::remove_dir_all(author.0.join(folder).join("gamma")).expect("a lesson");
        }
        self.push("without gamma");
    }

    pub(crate) fn push(&self, message: &str) {
        self.author().commit(message);
        self.author().git(&["push", "-q", "origin", "main"]);
    }

    /// A learner's clone that nobody has worked in.
    pub(crate) fn second_learner(&self) -> Clone {
        self.author()
            .git(&["clone", "-q", "../upstream", "../second"]);
        Clone(self.path("second"))
    }
}

impl Clone {
    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn write_lesson(&self, lesson: &str, version: u32) {
        for folder in ["exercises", "solutions/starters"] {
            let folder = format!("{folder}/{lesson}");
            self.write(&format!("{folder}/Cargo.toml"), "[package]\n");
            self.write(&format!("{folder}/src/main.rs"), &starter(lesson, version));
        }
        self.write(&format!("exercises/{lesson}/README.md"), "The task.\n");
        self.write(
            &format!("exercises/{lesson}/tests/checks.rs"),
            "// Checks.\n",
        );
    }

    /// The learner's work on a lesson.
    pub(crate) fn work_on(&self, lesson: &str) {
        self.write(&format!("exercises/{lesson}/src/main.rs"), WORK);
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub(crate) fn has(&self, file: &str) -> bool {
        self.0.join(file).exists()
    }

    /// What git prints; it must succeed.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let ran = self.try_git(arguments).ended_with(0);
        ran.stdout.trim_end().to_string()
    }

    pub(crate) fn try_git(&self, arguments: &[&str]) -> Ran {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&self.0);
        Ran::of(alone(&mut git).output().expect("git"))
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    pub(crate) fn status(&self) -> String {
        self.git(&["status", "--porcelain", "--untracked-files=all"])
    }

    /// The runner in this clone, not started yet.
    pub(crate) fn xtask<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).current_dir(&self.0);
        alone(&mut command);
        command
    }

    pub(crate) fn update(&self, arguments: &[&str]) -> Ran {
        let mut all = vec!["update"];
        all.extend(arguments);
        Ran::of(self.xtask(&all).output().expect("the runner starts"))
    }

    /// All files but git's own, the backups', and the empty folders.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, String> {
        let mut files = BTreeMap::new();
        collect(&self.0, Path::new(""), &mut files);
        files.retain(|path, _| !path.starts_with(".git") && !path.starts_with("backups"));
        files
    }

    /// The one backup that there is.
    pub(crate) fn backup(&self) -> Clone {
        let backups = fs::read_dir(self.0.join("backups")).expect("backups");
        let backups: Vec<_> = backups
            .map(|entry| entry.expect("an entry").path())
            .collect();
        match backups.as_slice() {
            [only] => Clone(only.clone()),
            other => panic!("one backup, but: {other:?}"),
        }
    }
}

fn collect(root: &Path, below: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(root.join(below)).expect("a folder") {
        let path = below.join(entry.expect("an entry").file_name());
        if root.join(&path).is_dir() {
            collect(root, &path, files);
        } else {
            let text = fs::read(root.join(&path)).expect("a file");
            files.insert(path, String::from_utf8_lossy(&text).into_owned());
        }
    }
}

/// Without the settings of whoever runs the tests.
fn alone(command: &mut Command) -> &mut Command {
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "somebody");
        command.env(format!("GIT_{role}_EMAIL"), "somebody@localhost");
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("NO_COLOR", "1")
        .env_remove("CARGO_MANIFEST_DIR")
        .stdin(Stdio::null())
}
