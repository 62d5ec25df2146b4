//! A small course with one lesson, whose book has one of everything.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::book::{self, Mode};

pub(super) struct Small(TempDir);

const FILES: &[(&str, &str)] = &[
    (
        "book/book.toml",
        "[book]\ntitle = \"T\"\n[output.html.playground]\nrunnable = false\n",
    ),
    (
        "book/src/SUMMARY.md",
        "# Summary\n\n- [Echo](echo.md)\n- [All quizzes](quizzes.md)\n- [Pitfalls](pitfalls/all.md)\n",
    ),
    (
        "book/src/echo.md",
        "# Echo\n\nA word.\n\n```rust,ignore\n{{#include ../../crates/echo/src/main.rs:main}}\n```\n\n\
         ```text\n{{#output crates/echo/tests/snapshots/says.snap}}\n```\n\n\
         {{#wire echo/talk The `client` talks}}\n\n## Your turn\n\n\
         {{#include ../../exercises/echo/README.md:task}}\n\n{{#live echo}}\n\n{{#pitfalls echo}}\n\n\
         ## Quiz\n\n{{#quiz echo}}\n",
    ),
    (
        "book/src/quizzes.md",
        "# All quizzes\n\n{{#quizzes}}\n\n[back](echo.md#your-turn)\n",
    ),
    (
        "book/src/pitfalls/all.md",
        "# Pitfalls\n\n### It spins. {#spins}\n\nFor ever.\n",
    ),
    ("book/quizzes/echo.toml", ""),
    (
        "book/recorded/echo/talk.json",
        r#"{"program": "server", "timeline": [
            {"at": 0.001, "from": "client 1", "to": "server", "what": "connected"},
            {"at": 0.002, "from": "client 1", "to": "server", "what": "data", "pieces": 1,
             "bytes": 8, "text": "<script>"}]}"#,
    ),
    (
        "crates/echo/src/main.rs",
        "//! Echo.\n\n// ANCHOR: main\nfn main() {\n    run::<u8>();\n}\n// ANCHOR_END: main\n",
    ),
    (
        "crates/echo/tests/snapshots/says.snap",
        "---\nsource: a.rs\nexpression: x\n---\n<b>listening</b>\n",
    ),
    ("exercises/echo/Cargo.toml", ""),
    (
        "exercises/echo/README.md",
        "# Echo\n\n<!-- ANCHOR: task -->\nWrite *it*.\n<!-- ANCHOR_END: task -->\n\nAbout 40 minutes.\n",
    ),
    (
        "solutions/wrong/src/bin/echo--spins.rs",
        "//! Spins.\n//!\n//! Pitfall: spins\n",
    ),
];

impl Small {
    pub(super) fn new() -> Small {
        let small = Small(tempfile::tempdir().expect("a folder"));
        for (path, text) in FILES {
            small.write(path, text);
        }
        let option = |text: &str, right: &str| {
            format!("[[question.option]]\ntext = \"{text}\"\n{right}reason = \"because {text}\"\n")
        };
        let options = [
            option("yes", "right = true\n"),
            option("no", ""),
            option("both", ""),
        ];
        let question = |id: &str| {
            let options = options.concat();
            format!("[[question]]\nid = \"{id}\"\ntext = \"Is `{id}`?\"\n{options}")
        };
        small.write(
            "book/quizzes/echo.toml",
            &["a", "b", "c"].map(question).concat(),
        );
        small
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub(super) fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.0.path().join(path)).expect("the file");
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).expect("the file")
    }

    pub(super) fn read_bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.out().join(path)).expect("the file")
    }

    /// Replaces `old`, which must be there, by `new`.
    pub(super) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{old:?} is not in {path}");
        self.write(path, &text.replacen(old, new, 1));
    }

    pub(super) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    pub(super) fn build(&self, mode: Mode) -> anyhow::Result<()> {
        book::build(self.0.path(), &self.out(), mode)
    }

    /// A page of the book, which builds.
    pub(super) fn page(&self, path: &str) -> String {
        self.build(Mode::Static).expect("the book");
        self.read(&format!("out/{path}"))
    }

    /// What the build finds wrong.
    pub(super) fn faults(&self) -> String {
        let error = self.build(Mode::Static).expect_err("a fault");
        assert!(
            !self.out().exists(),
            "a book with faults is not put anywhere"
        );
        error.to_string()
    }
}
