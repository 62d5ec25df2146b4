//! What the builder makes of a page that is right.

use super::small::Small;
use crate::book::course;

/// What `cargo xtask new` writes, as far as the book has to do with it.
const NEW: &[(&str, &str)] = &[
    (
        "book/src/newer.md",
        include_str!("../../../../src/commands/new/skeleton/chapter.md"),
    ),
    (
        "book/quizzes/newer.toml",
        include_str!("../../../../src/commands/new/skeleton/quiz.toml"),
    ),
    (
        "crates/newer/src/main.rs",
        include_str!("../../../../src/commands/new/skeleton/example.rs"),
    ),
    (
        "exercises/newer/Cargo.toml",
        include_str!("../../../../src/commands/new/skeleton/exercise.toml"),
    ),
    (
        "exercises/newer/README.md",
        include_str!("../../../../src/commands/new/skeleton/readme.md"),
    ),
    (
        "solutions/wrong/src/bin/newer--announces-what-it-was-told.rs",
        include_str!("../../../../src/commands/new/skeleton/wrong.rs"),
    ),
];

#[test]
fn a_listing_says_where_it_is_from_and_leads_to_the_whole_program() {
    let small = Small::new();
    let page = small.page("echo.html");
    let caption = "<figure class=\"listing\"><figcaption><code>crates/echo/src/main.rs</code>, part \
        <code>main</code> · <a href=\"programs/echo.html#program-echo-main\">the whole program</a>";
    assert!(page.contains(caption), "{page}");
    assert!(page.contains("run::&lt;u8&gt;();"), "{page}");
    let program = small.read("out/programs/echo.html");
    let part = "//! Echo.\n\n<span id=\"program-echo-main\"></span>fn main() {";
    assert!(program.contains(part), "{program}");
    assert!(!program.contains("ANCHOR"), "{program}");
}

#[test]
fn an_output_is_the_body_of_its_snapshot() {
    let page = Small::new().page("echo.html");
    let expected = "<code class=\"language-text\">&lt;b&gt;listening&lt;/b&gt;\n</code>";
    assert!(page.contains(expected), "{page}");
}

#[test]
fn a_diagram_is_drawn_and_told() {
    let small = Small::new();
    let page = small.page("echo.html");
    for part in [
        "<svg class=\"wire-diagram\" viewBox=\"0 0 760 ",
        "<title id=\"wire-echo-talk-1-title\">The client talks</title>",
        "<figcaption>The <code>client</code> talks</figcaption>",
        "<li>0.002 s: client 1 sends 8 bytes to the server: \"&lt;script&gt;\".</li>",
        "<details>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<script>&quot;") && !page.contains("\"<script>\""));
    let print = small.read("out/print.html");
    assert!(print.contains("<details open>"), "{print}");
    assert!(!print.contains("<details>"), "{print}");
}

#[test]
fn a_quiz_stands_in_its_chapter_and_among_all() {
    let small = Small::new();
    let page = small.page("echo.html");
    for part in [
        "<form class=\"quiz\" id=\"quiz-echo\" data-quiz=\"echo\">",
        "<legend>1. Is <code>a</code>?</legend>",
        "<input type=\"radio\" name=\"a\" value=\"1\">",
        "<strong>Right.</strong> <span class=\"reason\">because yes</span>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let all = small.read("out/quizzes.html");
    assert!(all.contains("id=\"quizzes-echo-a\""), "{all}");
    assert!(all.contains("href=\"echo.html\""), "{all}");
}

#[test]
fn the_rest_of_a_lesson_is_put_in() {
    let page = Small::new().page("echo.html");
    for part in [
        "<p class=\"times\">Reading: 1 minute. Exercise: about 40 minutes.</p>",
        "<p>Write <em>it</em>.</p>",
        "<section class=\"live\" data-lesson=\"echo\" aria-labelledby=\"live-echo\">",
        "<code>cargo xtask check echo</code>",
        "<a href=\"pitfalls/all.html#spins\">It spins.</a>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn a_directive_can_be_shown() {
    let small = Small::new();
    small.edit("book/src/echo.md", "A word.", "Write `\\{{#quizzes}}`.");
    assert!(
        small
            .page("echo.html")
            .contains("<code>{{#quizzes}}</code>")
    );
}

#[test]
fn a_second_build_changes_nothing() {
    let small = Small::new();
    small.page("echo.html");
    let all = |small: &Small| {
        let paths = course::files(&small.out(), "").expect("the files");
        paths
            .into_iter()
            .map(|path| (small.read_bytes(&path), path))
            .collect::<Vec<_>>()
    };
    let before = all(&small);
    small.page("echo.html");
    assert_eq!(all(&small), before);
}

#[test]
fn a_lesson_that_was_begun_with_new_has_no_fault() {
    let small = Small::new();
    for (path, text) in NEW {
        small.write(
            path,
            &text.replace("LESSON", "newer").replace("TITLE", "A proxy"),
        );
    }
    small.edit(
        "book/src/SUMMARY.md",
        "- [All",
        "- [A proxy](newer.md)\n- [All",
    );
    small.edit(
        "book/src/pitfalls/all.md",
        "{#spins}",
        "{#announces-the-port-it-asked-for}\n\nIt does.\n\n### It spins. {#spins}",
    );
    let page = small.page("newer.html");
    assert!(page.contains("about 40 minutes"), "{page}");
    assert!(page.contains("data-quiz=\"newer\""), "{page}");
}
