//! Each fault fails the build, and is told with its place.

use rstest::rstest;

use super::small::Small;
use crate::book::Mode;

const PAGE: &str = "book/src/echo.md";

/// Replaces a piece of the chapter, and looks for one fault.
#[rstest]
#[case::missing_file(
    "echo/src/main.rs:main",
    "echo/src/lost.rs:main",
    "book/src/echo.md:6: crates/echo/src/lost.rs cannot be read"
)]
#[case::missing_anchor(
    "main.rs:main",
    "main.rs:lost",
    "book/src/echo.md:6: crates/echo/src/main.rs has no whole anchor `lost`; put `ANCHOR: lost`"
)]
#[case::line_range(
    "main.rs:main",
    "main.rs:3:5",
    "book/src/echo.md:6: `../../crates/echo/src/main.rs:3:5` takes lines by their numbers; name an anchor"
)]
#[case::out_of_the_course(
    "../../crates/echo/src/main.rs:main",
    "../../../../etc/passwd",
    "book/src/echo.md:6: `../../../../etc/passwd` is not in the course"
)]
#[case::unused_anchor(
    "main.rs:main",
    "main.rs",
    "crates/echo/src/main.rs:3: no page shows the anchor `main`; include it in a chapter"
)]
#[case::unknown_directive(
    "{{#live echo}}",
    "{{#playground x.rs}}",
    "book/src/echo.md:19: there is no directive `playground`; there are include,"
)]
#[case::in_a_sentence(
    "A word.",
    "A {{#quizzes}} word.",
    "book/src/echo.md:3: a directive stands among other words; give it a line of its own"
)]
#[case::include_outside_of_a_fence(
    "A word.",
    "{{#include ../../crates/echo/src/main.rs:main}}",
    "book/src/echo.md:3: `include` stands outside of a fence"
)]
#[case::mixed_fence(
    "{{#include ../../crates/echo/src/main.rs:main}}",
    "{{#include ../../crates/echo/src/main.rs:main}}\nmore",
    "book/src/echo.md:6: a fence mixes a directive with other lines"
)]
#[case::unclosed_fence(
    "A word.",
    "````sh\nls",
    "book/src/echo.md:3: a fence is not closed; put ``` below"
)]
#[case::no_run_without_a_reason(
    "A word.",
    "```rust,no_run\nloop {}\n```",
    "book/src/echo.md:3: this listing says `no_run`, and nobody says why; write"
)]
#[case::typed_output(
    "A word.",
    "```console\n$ ls\nx\n```",
    "book/src/echo.md:3: this output was typed, and no test compares it; take it from a snapshot"
)]
#[case::missing_snapshot(
    "says.snap",
    "lost.snap",
    "book/src/echo.md:10: the snapshot crates/echo/tests/snapshots/lost.snap cannot be read"
)]
#[case::missing_recording(
    "echo/talk",
    "echo/lost",
    "book/src/echo.md:13: the recording book/recorded/echo/lost.json cannot be read"
)]
#[case::recording_elsewhere(
    "echo/talk",
    "../secret",
    "book/src/echo.md:13: `../secret` is no recording's name"
)]
#[case::no_caption(
    " The `client` talks",
    "",
    "book/src/echo.md:13: the diagram of `echo/talk` has no caption"
)]
#[case::live_of_no_lesson(
    "{{#live echo}}",
    "{{#live lost}}",
    "book/src/echo.md:19: there is no lesson `lost`"
)]
#[case::pitfalls_of_no_lesson(
    "{{#pitfalls echo}}",
    "{{#pitfalls lost}}",
    "book/src/echo.md:21: no program is wrong on purpose for a lesson `lost`"
)]
#[case::no_quiz(
    "{{#quiz echo}}",
    "",
    "book/src/echo.md:1: this lesson's chapter has no quiz; write book/quizzes/echo.toml"
)]
#[case::unused_quiz(
    "{{#quiz echo}}",
    "",
    "book/quizzes/echo.toml:1: no page shows this quiz; put `{{#quiz echo}}`"
)]
#[case::quiz_twice(
    "A word.",
    "{{#quiz echo}}",
    "book/src/echo.md:25: the quiz `echo` is shown for the second time"
)]
#[case::missing_quiz(
    "{{#quiz echo}}",
    "{{#quiz echo}}\n\n{{#quiz lost}}",
    "book/src/echo.md:27: there is no quiz book/quizzes/lost.toml"
)]
#[case::no_title("# Echo\n", "Echo\n", "book/src/echo.md:1: the page has no title")]
#[case::broken_link(
    "A word.",
    "See [it](lost.md).",
    "book/src/echo.md:3: the link `lost.md` leads to no page of the book; mend it"
)]
#[case::broken_fragment(
    "A word.",
    "See [it](quizzes.md#lost).",
    "book/src/echo.md:3: the link `quizzes.md#lost` leads to no heading: quizzes.html has no id `lost`"
)]
#[case::broken_link_in_html(
    "A word.",
    "<a href=\"pitfalls/lost.html\">it</a>",
    "book/src/echo.md:3: the link `pitfalls/lost.html` leads to no page"
)]
#[case::missing_picture(
    "A word.",
    "![it](lost.png)",
    "book/src/echo.md:3: the link `lost.png` leads to no page of the book"
)]
#[case::two_ids_on_a_page(
    "A word.",
    "<p id=\"live-echo\">x</p>",
    "book/src/echo.md:3: the id `live-echo` is there twice on echo.html"
)]
#[case::picture_of_another_host(
    "A word.",
    "![it](https://cdn.example/a.png)",
    "book/src/echo.md:3: the page asks another host: https://cdn.example/a.png"
)]
#[case::script_of_another_host(
    "A word.",
    "<script src=\"//cdn.example/a.js\"></script>",
    "book/src/echo.md:3: the page asks another host: //cdn.example/a.js"
)]
#[case::script(
    "A word.",
    "<script>alert(1)</script>",
    "book/src/echo.md:3: `<script` would run on the page, or lead away from it; take it out"
)]
#[case::handler(
    "A word.",
    "<b onclick='alert(1)'>word</b>",
    "book/src/echo.md:3: `onclick` would run on the page"
)]
#[case::link_that_runs(
    "A word.",
    "A [word](javascript:alert(1)).",
    "book/src/echo.md:3: `javascript:alert(1)` would run on the page"
)]
#[case::link_to_nothing(
    "A word.",
    "A [word]().",
    "book/src/echo.md:3: this link leads to nothing"
)]
#[case::link_without_an_end(
    "A word.",
    "A [word][lost].",
    "book/src/echo.md:3: the link to `[lost]` leads nowhere"
)]
#[case::typed_without_a_fence(
    "A word.",
    "A word:\n\n    typed",
    "book/src/echo.md:5: these lines are code, because they are indented"
)]
#[case::link_with_a_space(
    "A word.",
    "A [word](two words.md).",
    "book/src/echo.md:3: readers see `](two words.md)`: it was meant to be something else; mend it"
)]
#[case::directive_with_a_space(
    "A word.",
    "{{ #live echo }}",
    "book/src/echo.md:3: readers see `{{ #live echo }}`"
)]
#[case::footnote_without_an_end("A word.", "A word[^1].", "book/src/echo.md:3: readers see `[^1]`")]
#[case::note_without_a_reference(
    "A word.",
    "A word.\n\n[^1]: more",
    "book/src/echo.md:5: footnote `1` in `echo.md` is defined but not referenced"
)]
#[case::link_from_the_root(
    "A word.",
    "A [word](/echo.html).",
    "book/src/echo.md:3: the link `/echo.html` leads to no page"
)]
#[case::end_without_a_beginning(
    "A word.",
    "A word.\n\n</div>",
    "book/src/echo.md:5: unexpected HTML end tag `</div>`"
)]
#[case::comment_without_an_end(
    "A word.",
    "<!-- A word.",
    "book/src/echo.md:3: a comment has no end: it hides the rest of the page"
)]
#[case::cell_too_many(
    "A word.",
    "| a |\n|---|\n| `b|c` |",
    "book/src/echo.md:5: this row has more cells than the table has columns"
)]
#[case::turned_round(
    "A word.",
    "A \u{202e}word.",
    "book/src/echo.md:3: there is an invisible character, `\\u{202e}`"
)]
#[case::not_compiled(
    "A word.",
    "```rust,ignore-linux\nx\n```",
    "book/src/echo.md:3: behind `rust` stands `ignore-linux`"
)]
#[case::unclosed_html(
    "A word.",
    "<details><summary>x</summary>\n\nmore",
    "book/src/echo.md:3: unclosed HTML tag `<details>` found in `echo.md`; mend it"
)]
fn a_fault_in_a_page_is_told(#[case] old: &str, #[case] new: &str, #[case] expected: &str) {
    let small = Small::new();
    small.edit(PAGE, old, new);
    let told = small.faults();
    assert!(
        told.lines().any(|line| line.starts_with(expected)),
        "{told}"
    );
}

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

#[test]
fn all_faults_are_told_at_once() {
    let small = Small::new();
    small.edit(PAGE, "main.rs:main", "main.rs:lost");
    small.edit(PAGE, "says.snap", "lost.snap");
    small.remove("book/quizzes/echo.toml");
    let told = small.faults();
    let places: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split(": ").next())
        .collect();
    let expected = [
        "book/src/echo.md:6",
        "book/src/echo.md:10",
        "book/src/echo.md:25",
        "crates/echo/src/main.rs:3",
        "4 faults in the book",
    ];
    assert_eq!(places, expected);
}

#[test]
fn a_draft_is_built_in_spite_of_faults() {
    let small = Small::new();
    small.edit(
        PAGE,
        "A word.",
        "See [it](lost.md).\n\n{{#wire echo/lost It}}",
    );
    let error = small.build(Mode::Draft).expect_err("the faults");
    assert_eq!(error.to_string().lines().count(), 3, "{error}");
    assert!(small.read("out/echo.html").contains("lost.html"));
}

#[test]
fn a_book_with_faults_leaves_the_former_one() {
    let small = Small::new();
    let before = small.page("echo.html");
    small.edit(PAGE, "A word.", "Another [word](lost.md).");
    small.build(Mode::Static).expect_err("a fault");
    assert_eq!(small.read("out/echo.html"), before);
}

#[test]
fn a_fault_of_the_first_page_is_told_once() {
    let small = Small::new();
    small.edit(PAGE, "A word.", "<p id=\"live-echo\">[x](lost.md)</p>");
    small.edit(PAGE, "## Your turn", "See [it](lost.md).\n\n## Your turn");
    let told = small.faults();
    // Between tags the link is none, so that readers see its brackets.
    assert!(told.contains("readers see `](lost.md)`"), "{told}");
    assert_eq!(told.lines().count(), 4, "{told}");
}
