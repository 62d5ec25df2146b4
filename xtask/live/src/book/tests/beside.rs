//! Faults in what a page is made of, and in the files beside the pages.

use rstest::rstest;

use super::small::Small;

#[rstest]
#[case::unclosed_anchor(
    "crates/echo/src/main.rs",
    "// ANCHOR_END: main\n",
    "",
    "crates/echo/src/main.rs:3: the anchor `main` has no end; put `ANCHOR_END: main`"
)]
#[case::page_that_the_summary_lacks(
    "book/src/SUMMARY.md",
    "- [All quizzes](quizzes.md)\n",
    "",
    "book/src/quizzes.md:1: SUMMARY.md does not name this page"
)]
#[case::missing_page(
    "book/src/SUMMARY.md",
    "echo.md",
    "lost.md",
    "book/src/SUMMARY.md:3: the page `lost.md` cannot be read"
)]
#[case::page_named_from_outside(
    "book/src/SUMMARY.md",
    "# Summary",
    "# Summary\n\n[Again](../src/quizzes.md)",
    "book/src/SUMMARY.md:3: `../src/quizzes.md` is no page in book/src; move the file there"
)]
#[case::anchor_that_no_page_shows_in_a_readme(
    "exercises/echo/README.md",
    "About 40",
    "<!-- ANCHOR: more -->\nmore\n<!-- ANCHOR_END: more -->\n\nAbout 40",
    "exercises/echo/README.md:7: no page shows the anchor `more`"
)]
#[case::empty_anchor(
    "crates/echo/src/main.rs",
    "fn main() {\n    run::<u8>();\n}\n",
    "",
    "crates/echo/src/main.rs:3: there is nothing in the anchor `main`"
)]
#[case::mark_behind_code(
    "crates/echo/src/main.rs",
    "}\n// ANCHOR_END",
    "} // ANCHOR_END",
    "crates/echo/src/main.rs:6: a mark takes `}` along: no listing shows its line"
)]
#[case::exercise_without_its_time(
    "exercises/echo/README.md",
    "About 40",
    "Some",
    "exercises/echo/README.md:1: nobody learns how long the exercise takes"
)]
#[case::another_title(
    "book/src/SUMMARY.md",
    "[Echo]",
    "[Echoes]",
    "book/src/echo.md:1: SUMMARY.md calls this page `Echoes`, and itself it is `Echo`"
)]
#[case::page_in_a_comment(
    "book/src/SUMMARY.md",
    "- [Echo](echo.md)\n",
    "<!-- [Echo](echo.md) -->\n",
    "book/src/echo.md:1: SUMMARY.md names this page, and mdBook makes none of it"
)]
#[case::quizzes_that_are_nowhere_together(
    "book/src/quizzes.md",
    "{{#quizzes}}",
    "",
    "book/src/SUMMARY.md:1: no page shows all quizzes"
)]
#[case::lost_link_in_a_quiz(
    "book/quizzes/echo.toml",
    "because yes",
    "[because][lost]",
    "book/quizzes/echo.toml:7: readers see `][lost]`"
)]
#[case::snapshot_of_nothing(
    "crates/echo/tests/snapshots/says.snap",
    "<b>listening</b>\n",
    "",
    "book/src/echo.md:10: there is nothing in the snapshot crates/echo/tests/snapshots/says.snap"
)]
#[case::script_in_a_readme(
    "exercises/echo/README.md",
    "Write *it*.",
    "<script>alert(1)</script>",
    "exercises/echo/README.md:4: `<script` would run on the page"
)]
#[case::unclosed_fence_in_a_readme(
    "exercises/echo/README.md",
    "Write *it*.",
    "```sh\nls",
    "book/src/echo.md:17: a fence in this part of exercises/echo/README.md is not closed"
)]
#[case::link_that_runs_in_a_quiz(
    "book/quizzes/echo.toml",
    "because yes",
    "[because](javascript:alert(1))",
    "book/quizzes/echo.toml:7: `javascript:alert(1)` would run on the page"
)]
#[case::pitfall_that_is_not_explained(
    "solutions/wrong/src/bin/echo--spins.rs",
    "Pitfall: spins",
    "Pitfall: lost",
    "solutions/wrong/src/bin/echo--spins.rs:3: the book has no pitfall `lost`"
)]
#[case::quiz_with_two_right_options(
    "book/quizzes/echo.toml",
    "text = \"no\"",
    "text = \"no\"\nright = true",
    "book/quizzes/echo.toml:2: the question `a` has 2 right options"
)]
#[case::broken_link_of_a_readme(
    "exercises/echo/README.md",
    "Write *it*.",
    "Write [it](../../lost.md).",
    "exercises/echo/README.md:4: the link `../../lost.md` leads to no page"
)]
#[case::recording_that_is_none(
    "book/recorded/echo/talk.json",
    "\"timeline\"",
    "\"time\"",
    "book/src/echo.md:13: book/recorded/echo/talk.json holds no conversation"
)]
#[case::snapshot_without_a_header(
    "crates/echo/tests/snapshots/says.snap",
    "---\n",
    "",
    "book/src/echo.md:10: crates/echo/tests/snapshots/says.snap is no snapshot"
)]
fn a_fault_beside_the_pages_is_told(
    #[case] file: &str,
    #[case] old: &str,
    #[case] new: &str,
    #[case] expected: &str,
) {
    let small = Small::new();
    small.edit(file, old, new);
    let told = small.faults();
    assert!(
        told.lines().any(|line| line.starts_with(expected)),
        "{told}"
    );
}

#[test]
fn a_style_sheet_that_asks_another_host_is_told_by_its_own_name_and_line() {
    let small = Small::new();
    small.write(
        "book/theme/a.css",
        "p {}\nb { background: url(//cdn.example/b) }\n",
    );
    small.edit(
        "book/book.toml",
        "[output.html.playground]",
        "[output.html]\nadditional-css = [\"theme/a.css\"]\n[output.html.playground]",
    );
    let told = small.faults();
    let expected = "book/theme/a.css:2: the style sheet asks another host: //cdn.example/b";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn a_page_in_html_is_told() {
    let small = Small::new();
    small.write("book/src/own.html", "<script>alert(1)</script>");
    let told = small.faults();
    let expected = "book/src/own.html:1: readers would get this file as it is";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn a_recording_that_no_page_shows_is_told() {
    let small = Small::new();
    small.write("book/recorded/echo/more.json", "{}");
    let told = small.faults();
    let expected = "book/recorded/echo/more.json:1: no page shows this recording";
    assert!(told.starts_with(expected), "{told}");
}

/// Whoever publishes the book does not mean to publish that.
#[cfg(unix)]
#[rstest]
#[case::page(
    "book/src/pitfalls/all.md",
    "book/src/pitfalls/all.md is neither a file"
)]
#[case::program("crates/echo/src/main.rs", "it is a link out of the course")]
#[case::snapshot(
    "crates/echo/tests/snapshots/says.snap",
    "it is a link out of the course"
)]
#[case::picture(
    "book/src/a.png",
    "book/src/a.png is neither a file nor a folder of its own"
)]
fn a_file_that_is_elsewhere_is_told(#[case] file: &str, #[case] expected: &str) {
    let elsewhere = tempfile::NamedTempFile::new().expect("a file");
    let small = Small::new();
    let path = small.root().join(file);
    if path.exists() {
        std::fs::copy(&path, elsewhere.path()).expect("a file");
        small.remove(file);
    }
    std::os::unix::fs::symlink(elsewhere.path(), &path).expect("a link");
    let told = small.faults();
    assert!(told.contains(expected), "{told}");
}
