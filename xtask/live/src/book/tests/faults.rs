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
#[case::chapter_without_a_panel(
    "{{#live echo}}",
    "",
    "book/src/echo.md:1: this lesson's chapter has no place for the learner's own verdict"
)]
#[case::style_in_numbers(
    "A word.",
    "<p style=\"background:u\\72l(//cdn.example/a)\">x</p>",
    "book/src/echo.md:3: the page asks another host: //cdn.example/a"
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
