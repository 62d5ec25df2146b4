//! How hints look.

use insta::assert_snapshot;
use rstest::rstest;

use super::*;

fn page(shown: Shown, basis: Basis, pitfall: Option<Pitfall>, look: &Look) -> String {
    let lesson = Lesson {
        name: "tcp-server".to_string(),
        title: "A server that shouts".to_string(),
        part: String::new(),
    };
    let check = Check {
        name: "closes_when_the_client_does".to_string(),
        says: "When a client ends its side of the stream, answers what is left, and closes."
            .to_string(),
        is_slow: false,
    };
    let hints = [
        "What does `read` return when a client has said its last word?",
        "`Ok(0)` is not \"nothing yet\", for then `read` would wait. It says that nothing will ever come again.",
        "`if count == 0 { return Ok(answered); }` right after the read.",
    ];
    let page = HintPage {
        lesson: &lesson,
        check: &check,
        pitfall,
        hints: &hints.map(str::to_string),
        shown,
        basis,
        chapter: "book/src/tcp-server.md".to_string(),
    };
    anstream::adapter::strip_str(&page.text(look)).to_string()
}

fn spins() -> Option<Pitfall> {
    Some(Pitfall {
        id: "spins-at-end-of-stream".to_string(),
        page: "book/src/pitfalls/reading.md".to_string(),
        title: "Your program spins at the end of the stream.".to_string(),
        text: "The other side ended its stream, and your loop reads on.".to_string(),
    })
}

#[test]
fn a_pitfall_comes_first() {
    let text = page(Shown::One(2), Basis::Verdict, spins(), &Look::human(80));
    assert_snapshot!(text, @r#"
    tcp-server · closes_when_the_client_does                             hint 2 of 3
        When a client ends its side of the stream, answers what is left, and closes.

        pitfall   Your program spins at the end of the stream.
                  The other side ended its stream, and your loop reads on.
        book      book/src/pitfalls/reading.md, spins-at-end-of-stream
        hint 2    `Ok(0)` is not "nothing yet", for then `read` would wait. It says
                  that nothing will ever come again.

    More:     cargo xtask hint tcp-server
    "#);
}

#[test]
fn without_a_verdict_it_says_how_to_get_one() {
    let text = page(Shown::One(1), Basis::Nothing, None, &Look::plain(80));
    assert_snapshot!(text, @r"
    tcp-server: closes_when_the_client_does                              hint 1 of 3
        When a client ends its side of the stream, answers what is left, and closes.

        hint 1    What does `read` return when a client has said its last word?

    No check has run on your program yet, so this is about the first one.
    Judge it: cargo xtask check tcp-server
    More:     cargo xtask hint tcp-server
    ");
}

#[test]
fn the_last_hint_says_so() {
    let text = page(Shown::NoMore, Basis::Outdated, None, &Look::plain(80));
    assert_snapshot!(text, @r"
    tcp-server: closes_when_the_client_does                              hint 3 of 3
        When a client ends its side of the stream, answers what is left, and closes.

        hint 3    `if count == 0 { return Ok(answered); }` right after the read.

    Your program has changed since a check last ran; this may be solved already.
    Judge it: cargo xtask check tcp-server
    That was the last hint already.
    Chapter:  book/src/tcp-server.md
    Solution: cargo xtask solution tcp-server --spoil
    ");
}

#[rstest]
#[case::human(Look::human(60))]
#[case::plain(Look::plain(60))]
fn all_hints_keep_within_the_width(#[case] look: Look) {
    let text = page(Shown::All, Basis::Verdict, spins(), &look);
    for number in 1..=3 {
        assert!(text.contains(&format!("\n    hint {number}  ")), "{text}");
    }
    let too_wide = text.lines().find(|line| line.chars().count() > 60);
    assert_eq!(too_wide, None);
}

#[test]
fn where_keys_exist_a_key_is_named() {
    let look = Look::human(80).with_keys(true);
    let text = page(Shown::One(1), Basis::Nothing, None, &look);
    assert!(
        text.ends_with("Judge it: press r\nMore:     press h\n"),
        "{text}"
    );
}
