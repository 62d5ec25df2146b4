//! How the progress looks.

use insta::assert_snapshot;
use rstest::rstest;

use super::*;

fn lesson(name: &str, title: &str, part: &str) -> Lesson {
    Lesson {
        name: name.to_string(),
        title: title.to_string(),
        part: part.to_string(),
    }
}

fn row<'a>(lesson: &'a Lesson, state: State, is_current: bool) -> Row<'a> {
    let check = |name: &str| Check {
        name: name.to_string(),
        says: "Does what it promises, also to those who are slow, silent, or gone.".to_string(),
        is_slow: false,
    };
    Row {
        lesson,
        minutes: Some(40),
        checks: ["announces_its_address", "answers", "closes"]
            .map(check)
            .to_vec(),
        state,
        is_current,
    }
}

fn lessons() -> [Lesson; 3] {
    [
        lesson("tcp-server", "A server that shouts", "Sockets"),
        lesson("tcp-client", "A netcat", "Sockets"),
        lesson(
            "framing",
            "Messages in a stream that knows none, and how to find them",
            "Protocols",
        ),
    ]
}

fn rows(lessons: &[Lesson; 3]) -> Vec<Row<'_>> {
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let mut finished = State::default();
    finished.finished = Some("2026-11-26".to_string());
    finished.passed = names(&["announces_its_address", "answers", "closes"]);
    finished.hints = [("closes".to_string(), 3)].into();
    let mut begun = State::default();
    begun.passed = names(&["announces_its_address", "a_check_of_long_ago"]);
    begun.failed = Some(("answers".to_string(), None));
    begun.hints = [("answers".to_string(), 1)].into();
    vec![
        row(&lessons[0], finished, false),
        row(&lessons[1], begun, true),
        row(&lessons[2], State::default(), false),
    ]
}

fn all(look: &Look) -> String {
    let lessons = lessons();
    let rows = rows(&lessons);
    let text = [
        course(&rows, look),
        "\n".to_string(),
        super::lesson(&rows[1], false, look),
        "\n".to_string(),
        next(&rows, look),
    ];
    let text = anstream::adapter::strip_str(&text.concat()).to_string();
    let too_wide = text.lines().find(|line| line.chars().count() > look.width);
    assert_eq!(too_wide, None);
    text
}

#[test]
fn a_course_under_way() {
    assert_snapshot!(all(&Look::human(80)), @r"
    Sockets
      ✓ tcp-server  A server that shouts        3 of 3  finished 2026-11-26, 3 hints
      ▸ tcp-client  A netcat                    1 of 3  40 min, 1 hint

    Protocols
        framing     Messages in a stream that…  0 of 3  40 min

    tcp-client · A netcat                                                     1 of 3
      ✓ announces_its_address
      ✗ answers                1 hint
      · closes

    1 of 3 lessons finished, about 1 h 20 min to come.
    Go on: cargo xtask check tcp-client   Stuck? cargo xtask hint tcp-client
    ");
}

#[test]
fn a_course_in_a_pipe() {
    assert_snapshot!(all(&Look::plain(80)), @r"
    Sockets
      tcp-server  A server that shouts          3 of 3  finished 2026-11-26, 3 hints
      tcp-client  A netcat                      1 of 3  current, 40 min, 1 hint

    Protocols
      framing     Messages in a stream that k…  0 of 3  40 min

    tcp-client: A netcat                                                      1 of 3
      passed announces_its_address
      failed answers  1 hint
      waiting closes

    1 of 3 lessons finished, about 1 h 20 min to come.
    Go on: cargo xtask check tcp-client   Stuck? cargo xtask hint tcp-client
    ");
}

#[rstest]
#[case::human(Look::human(60))]
#[case::narrow(Look::human(40))]
#[case::plain(Look::plain(40))]
fn a_narrow_terminal_has_room_for_it(#[case] look: Look) {
    let text = all(&look);
    assert!(text.contains("finished 2026-11-26, 3 hints"), "{text}");
}

/// A lesson that was finished, and whose program fails now, has more to say than
/// all others.
#[test]
fn one_long_standing_cuts_no_title() {
    let mut lessons = lessons();
    lessons[2].title = "Messages in a stream".to_string();
    let mut rows = rows(&lessons);
    rows[1].state.finished = Some("2026-11-26".to_string());
    rows[1].state.hints = [("answers".to_string(), 6)].into();
    let text = course(&rows, &Look::plain(76));
    assert_snapshot!(text, @r"
    Sockets
      tcp-server  A server that shouts  3 of 3  finished 2026-11-26, 3 hints
      tcp-client  A netcat              1 of 3
        current, finished 2026-11-26, 6 hints

    Protocols
      framing     Messages in a stream  0 of 3  40 min
    ");
}

#[test]
fn a_lesson_in_full() {
    let lessons = lessons();
    let text = super::lesson(&rows(&lessons)[1], true, &Look::plain(80));
    assert_snapshot!(text, @r"
    tcp-client: A netcat                             1 of 3, current, 40 min, 1 hint
      passed announces_its_address
        Does what it promises, also to those who are slow, silent, or gone.
      failed answers  1 hint
        Does what it promises, also to those who are slow, silent, or gone.
      waiting closes
        Does what it promises, also to those who are slow, silent, or gone.
    ");
}

#[test]
fn a_course_that_is_finished() {
    let lessons = lessons();
    let mut rows = rows(&lessons);
    for row in &mut rows {
        row.is_current = false;
        row.state.finished = Some("2026-11-27".to_string());
    }
    assert_snapshot!(next(&rows, &Look::human(80)), @r"
    3 of 3 lessons finished.
    That was the whole course. To judge it again: cargo xtask check --again
    ");
}
