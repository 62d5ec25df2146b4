//! Files that nobody writes on purpose, and places that no book belongs to.

use rstest::rstest;

use super::small::Small;
use crate::book::{self, Mode};

const PAGE: &str = "book/src/echo.md";

/// What cannot be read is told by its name, whatever it is.
#[rstest]
#[case::page(
    "book/src/echo.md",
    "book/src/SUMMARY.md:3: the page `echo.md` cannot be read"
)]
#[case::quiz(
    "book/quizzes/echo.toml",
    "book/quizzes/echo.toml:1: it cannot be read"
)]
#[case::program(
    "crates/echo/src/other.rs",
    "crates/echo/src/other.rs:1: it cannot be read"
)]
#[case::wrong_program(
    "solutions/wrong/src/bin/echo--x.rs",
    "solutions/wrong/src/bin/echo--x.rs:1: it cannot be read"
)]
fn a_file_that_is_no_text_is_told(#[case] file: &str, #[case] expected: &str) {
    let small = Small::new();
    small.write_bytes(file, b"\xff\xfe\n");
    let told = small.faults();
    let is_told = |line: &str| line.starts_with(expected) && line.ends_with("in UTF-8");
    assert!(told.lines().any(is_told), "{told}");
}

#[test]
fn of_a_page_that_is_lost_nothing_else_is_told() {
    let small = Small::new();
    small.remove(PAGE);
    let told = small.faults();
    assert!(told.starts_with("book/src/SUMMARY.md:3: "), "{told}");
    assert_eq!(told.lines().count(), 2, "{told}");
}

#[test]
fn a_quiz_that_cannot_be_read_is_told_once() {
    let small = Small::new();
    small.write_bytes("book/quizzes/echo.toml", b"\xff\xfe\n");
    let told = small.faults();
    assert_eq!(told.lines().count(), 2, "{told}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_in_circles_is_told() {
    let small = Small::new();
    std::os::unix::fs::symlink(".", small.root().join("book/src/loop")).expect("a link");
    let error = small.build(Mode::Static).expect_err("a fault");
    let told = error.to_string();
    assert!(told.starts_with("book/src/loop is neither"), "{told}");
}

#[rstest]
#[case::page(PAGE, "A word.", "book/src/echo.md:4: a merge stopped here")]
#[case::fence(PAGE, "```text", "book/src/echo.md:10: a merge stopped here")]
#[case::summary(
    "book/src/SUMMARY.md",
    "# Summary",
    "book/src/SUMMARY.md:2: a merge stopped here"
)]
fn the_marks_of_a_merge_are_told(#[case] file: &str, #[case] after: &str, #[case] expected: &str) {
    let small = Small::new();
    small.edit(file, after, &format!("{after}\n>>>>>>> theirs"));
    let told = small.faults();
    assert!(told.starts_with(expected), "{told}");
}

#[cfg(unix)]
#[rstest]
#[case::page(PAGE)]
#[case::beside_the_pages("book/src/pipe")]
#[case::settings("book/book.toml")]
#[case::quiz("book/quizzes/echo.toml")]
fn no_pipe_is_waited_for(#[case] file: &str, #[values(Mode::Static, Mode::Draft)] mode: Mode) {
    let small = Small::new();
    let path = small.root().join(file);
    drop(std::fs::remove_file(&path));
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo").success());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        sender.send(small.build(mode).map_err(|error| format!("{error:#}")))
    });
    let built = receiver.recv_timeout(std::time::Duration::from_secs(60));
    let error = built.expect("an end").expect_err("a fault");
    assert!(error.contains(file), "{error}");
}

#[test]
fn a_page_in_capitals_is_a_page() {
    let small = Small::new();
    small.write("book/src/EXTRA.MD", "# Extra\n");
    let expected = "book/src/EXTRA.MD:1: SUMMARY.md does not name this page";
    assert!(small.faults().starts_with(expected));
}

#[test]
fn no_page_is_in_the_way_of_a_programs_page() {
    let small = Small::new();
    small.edit(
        "book/src/SUMMARY.md",
        "- [All",
        "- [P](programs/echo.md)\n- [All",
    );
    small.write("book/src/programs/echo.md", "# P\n");
    let expected = "book/src/programs/echo.md:1: the folder `programs` is for";
    assert!(small.faults().starts_with(expected));
}

/// Markdown takes a carriage return for the end of a line: the fence around an
/// output would end there, and what follows would be a part of the page.
#[test]
fn output_stays_inside_of_its_fence() {
    let small = Small::new();
    let snapshot = "crates/echo/tests/snapshots/says.snap";
    small.edit(
        snapshot,
        "listening",
        "x\r```\r\r<img src=x onerror=alert(1)>\r\r",
    );
    let page = small.page("echo.html");
    assert!(page.contains("&lt;img src=x"), "{page}");
    assert!(!page.contains("<img src=x"), "{page}");
}

/// What is in the folder of the pages is copied into the book.
#[test]
fn a_book_is_not_put_among_its_pages() {
    let small = Small::new();
    for out in ["book/src/out", "book/src/new/out", "book/src"] {
        let out = small.root().join(out);
        let error = book::build(small.root(), &out, Mode::Static).expect_err("a refusal");
        let told = error.to_string();
        assert!(
            told.contains("among the pages that it is made of"),
            "{told}"
        );
    }
    assert!(!small.root().join("book/src/new").exists());
}
