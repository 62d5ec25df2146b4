//! A course of its own for each test: the book as it is, verdicts as they are
//! wanted, and nothing of the learner's.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::tools;

/// What the copy does without: what is built, and what is the learner's.
const LEFT_OUT: &[&str] = &["target", ".git", "backups", "progress.txt"];

const PROGRAM: &str = env!("CARGO_BIN_EXE_live");

/// The folder with the book as `cargo xtask book --build` makes it.
pub(crate) fn pages() -> &'static Path {
    static PAGES: OnceLock<PathBuf> = OnceLock::new();
    PAGES.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
        if out.exists() {
            fs::remove_dir_all(&out).expect("the old pages go");
        }
        let status = Command::new(PROGRAM)
            .args(["build", "--root"])
            .arg(tools::course_root())
            .arg("--out")
            .arg(&out)
            .status()
            .expect("the builder starts");
        assert!(status.success(), "the book does not build");
        out
    })
}

/// All pages, from the folder of [`pages`]: `tcp-server.html`.
pub(crate) fn names() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![pages().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "html") {
                let name = path.strip_prefix(pages()).expect("below").to_string_lossy();
                found.push(name.into_owned());
            }
        }
    }
    // The frame that stands in for the sidebar is a part of a page.
    found.retain(|name| name != "toc.html");
    found.sort();
    found
}

/// One page of each kind: the first whose name begins so.
pub(crate) fn kinds() -> Vec<String> {
    let kinds = [
        "index.html",
        "tcp-server.html",
        "pitfalls.html",
        "pitfalls/",
        "quizzes.html",
        "programs/",
        "glossary.html",
        "404.html",
        "print.html",
    ];
    let names = names();
    let first = |kind: &&str| {
        names
            .iter()
            .find(|name| name.starts_with(*kind))
            .expect(kind)
    };
    kinds.iter().map(first).cloned().collect()
}

/// A page as a file.
pub(crate) fn file(name: &str) -> String {
    format!("file://{}", pages().join(name).display())
}

/// A course in a folder of its own, and the server of its book.
pub(crate) struct Course {
    root: TempDir,
    server: Child,
    /// Where its book is: `http://127.0.0.1:1234/`.
    pub(crate) url: String,
}

impl Course {
    /// Copies the course, and starts its server.
    pub(crate) fn serve() -> Course {
        let root = tempfile::tempdir().expect("a folder");
        copy(&tools::course_root(), root.path());
        let mut server = Command::new(PROGRAM)
            .args(["serve", "--root"])
            .arg(root.path())
            .arg("--scratch")
            .arg(root.path().join("target/on-the-wire/book"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let output = server.stdout.take().expect("its output");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let line = lines.next().expect("its first line");
        let url = line
            .split_whitespace()
            .last()
            .expect("an address")
            .to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Course { root, server, url }
    }

    pub(crate) fn page(&self, name: &str) -> String {
        format!("{}{name}", self.url)
    }

    /// Leaves a verdict as `check` does: whole, under another name, renamed.
    pub(crate) fn judge(&self, lesson: &str, verdict: &Value) {
        let folder = self.root.path().join("target/on-the-wire/live");
        fs::create_dir_all(&folder).expect("a folder");
        let (new, file) = (folder.join("new"), folder.join(format!("{lesson}.json")));
        fs::write(&new, verdict.to_string()).expect("a file");
        fs::rename(new, file).expect("its name");
    }

    /// Has the learner finish a lesson.
    pub(crate) fn finish(&self, lesson: &str) {
        let progress = format!("{lesson}\n  finished 2026-11-26\n");
        fs::write(self.root.path().join("progress.txt"), progress).expect("a file");
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

/// A verdict on `tcp-server` with two checks.
pub(crate) fn failing() -> Value {
    json!({
        "format": 1,
        "lessons": [{ "lesson": "tcp-server", "passed": false, "build": "ok", "checks": [
            { "name": "shouts", "says": "Answers in upper case.", "status": "passed" },
            { "name": "closes", "says": "Closes when the client does.", "status": "failed",
              "cause": "spinning", "expected": "the end of the stream",
              "got": "nothing for 5.0 s" },
        ] }],
        "sentences": ["client 1 connects to your server."],
    })
}

/// The same lesson, passed.
pub(crate) fn passing() -> Value {
    json!({
        "format": 1,
        "lessons": [{ "lesson": "tcp-server", "passed": true, "build": "ok", "checks": [
            { "name": "shouts", "says": "Answers in upper case.", "status": "passed" },
            { "name": "closes", "says": "Closes when the client does.", "status": "passed" },
        ] }],
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|it| name == **it) {
            continue;
        }
        match entry.path() {
            folder if folder.is_dir() => copy(&folder, &to.join(name)),
            file => drop(fs::copy(&file, to.join(name)).expect("a copy")),
        }
    }
}
