//! The learner's own commands: where one stands, hints, and the solution.

use insta::assert_snapshot;
use rstest::rstest;

use crate::course::{Course, Ran};

const WRONG: (&str, &str) = ("hello", "HELLO");

/// A course whose program was judged, and fails `greets`.
fn failed(lesson: &str) -> Course {
    let course = Course::new(&[lesson]);
    let program = format!("exercises/{lesson}/src/main.rs");
    course.replace(&program, WRONG.0, WRONG.1);
    // What the first run finds is not remembered: Cargo writes the lock file.
    course.run(&["check", lesson]).ended_with(1);
    course.run(&["check", lesson]).ended_with(1);
    course
}

#[track_caller]
fn expect(ran: &Ran, text: &str) {
    let all = format!("{}\n{}", ran.stdout, ran.stderr);
    assert!(all.contains(text), "`{text}` is missing:\n{all}");
}

#[test]
fn before_the_first_verdict_the_first_check_is_hinted_at() {
    let course = Course::new(&["unjudged"]);
    let ran = course.run(&["hint"]).ended_with(0);
    assert_snapshot!(ran.stdout, @r"
    unjudged: announces_its_address                                      hint 1 of 3
        Prints its address as soon as it accepts clients.

        hint 1    Which address does a listener have that was bound to port 0?

    No check has run on your program yet, so this is about the first one.
    Judge it: cargo xtask check unjudged
    More:     cargo xtask hint unjudged
    ");
    expect(&course.run(&["list"]).ended_with(0), "1 hint");
}

#[test]
fn each_hint_goes_further_until_the_last() {
    let course = failed("hinted");
    let hint = |arguments: &[&str]| course.run(arguments).ended_with(0);
    let first = hint(&["hint"]);
    expect(&first, "hinted: greets");
    expect(&first, "hint 1 of 3");
    assert!(
        !first.stdout.contains("No check has run"),
        "{}",
        first.stdout
    );
    expect(&hint(&["hint", "hinted", "--again"]), "hint 1 of 3");
    expect(&hint(&["hint"]), "hint 2 of 3");
    let last = hint(&["hint"]);
    expect(&last, "hint 3 of 3");
    expect(&last, "That was the last hint.");
    expect(&hint(&["hint"]), "That was the last hint already.");
    expect(&hint(&["hint", "--all"]), "hint 1    What does `incoming`");
    let progress = std::fs::read_to_string(course.path("progress.txt")).expect("progress");
    assert!(progress.contains("\n  hint greets 3\n"), "{progress}");
    course.replace("exercises/hinted/src/main.rs", "HELLO", "hello?");
    expect(&hint(&["hint"]), "has changed since a check last ran");
}

#[test]
fn a_hint_leads_with_the_pitfall_of_the_last_verdict() {
    let course = Course::new(&["trapped"]);
    course.write(
        "book/src/pitfalls/starting.md",
        "# Starting\n\n## Your server shouts. {#shouts}\n\nNobody has asked it to.\n",
    );
    course.write("progress.txt", "trapped\n  failed greets shouts\n");
    let ran = course.run(&["hint"]).ended_with(0);
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains(
            "pitfall Your server shouts. Nobody has asked it to. \
             book book/src/pitfalls/starting.md, shouts hint 1 What does"
        ),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_finished_course_has_nothing_to_hint_at() {
    let course = Course::new(&["done"]);
    course.run(&["check"]).ended_with(0);
    expect(
        &course.run(&["hint"]).ended_with(0),
        "All lessons are finished",
    );
    expect(
        &course.run(&["hint", "done"]).ended_with(0),
        "cargo xtask diff done",
    );
    // The first run has completed the lock file: this one's verdict is kept.
    course.run(&["check"]).ended_with(0);
    course.replace("exercises/done/src/main.rs", "hello", "goodbye");
    let ran = course.run(&["hint", "done"]).ended_with(0);
    expect(&ran, "Judge it: cargo xtask check done");
    course.replace("exercises/done/src/main.rs", "goodbye", "hello");
    expect(
        &course.run(&["list"]).ended_with(0),
        "1 of 1 lesson finished",
    );
}

#[test]
fn progress_that_cannot_be_read_is_no_reason_to_give_no_hint() {
    let course = Course::new(&["unreadable"]);
    std::fs::create_dir(course.path("progress.txt")).expect("a folder");
    let ran = course.run(&["hint"]).ended_with(0);
    expect(&ran, "hint 1 of 3");
    expect(&ran, "That you have read this was not kept");
}

#[test]
fn what_is_not_understood_in_the_progress_is_told_once_and_kept() {
    let course = Course::new(&["nonsense"]);
    let text = "nonsense\n  hint greets many\n\tpassed greets\n";
    course.write("progress.txt", text);
    for command in ["list", "check", "hint"] {
        let ran = course.run(&[command, "nonsense"]).ended_with(0);
        let told = ran.stderr.matches("is not understood").count();
        assert_eq!(told, 1, "{command}: {}", ran.stderr);
        let kept = std::fs::read_to_string(course.path("progress.txt")).expect("progress");
        for line in text.lines().skip(1) {
            assert!(kept.contains(&format!("\n{line}\n")), "{kept}");
        }
    }
}

#[test]
fn there_is_no_hint_for_a_program_that_is_gone() {
    let course = failed("gone");
    std::fs::remove_file(course.path("exercises/gone/src/main.rs")).expect("removed");
    let ran = course.run(&["hint"]).ended_with(3);
    expect(&ran, "cargo xtask reset gone");
}

#[test]
fn a_lesson_that_is_named_twice_is_judged_once() {
    let course = Course::new(&["twice"]);
    let ran = course.run(&["check", "twice", "twice"]).ended_with(0);
    assert_eq!(ran.stdout.matches("closes").count(), 1, "{}", ran.stdout);
}

#[test]
fn lost_hints_are_missed_by_name() {
    let course = Course::new(&["hintless"]);
    std::fs::remove_file(course.path("exercises/hintless/hints.md")).expect("removed");
    expect(&course.run(&["hint"]).ended_with(3), "hints.md");
    course.write("exercises/hintless/hints.md", "# Hints\n");
    expect(
        &course.run(&["hint"]).ended_with(3),
        "has no hints for announces_its_address",
    );
}

#[test]
fn the_list_shows_what_passed_and_what_did_not() {
    let course = failed("listed");
    let ran = course.run(&["list"]).ended_with(0);
    assert_snapshot!(ran.stdout, @r"
    The only part
      listed  A greeter  1 of 3  current, 5 min

    listed: A greeter                                                         1 of 3
      passed announces_its_address
      failed greets
      waiting closes

    0 of 1 lesson finished, about 5 min to come.
    Go on: cargo xtask check listed   Stuck? cargo xtask hint listed
    ");
    let ran = course.run(&["list", "listed"]).ended_with(0);
    expect(&ran, "failed greets\n    Says hello to each client.\n");
}

#[test]
fn the_solution_waits_for_the_learners_own() {
    let course = failed("solved");
    for command in ["solution", "diff"] {
        let ran = course.run(&[command, "solved"]).ended_with(1);
        assert_eq!(ran.stdout, "");
        expect(&ran, "cargo xtask hint solved");
        expect(&ran, "--spoil");
    }
    let solution = std::fs::read_to_string(course.path("solutions/solved/src/main.rs"));
    let solution = solution.expect("a solution");
    let spoiled = course.run(&["solution", "solved", "--spoil"]).ended_with(0);
    assert_eq!(spoiled.stdout, solution);
    let ran = course.run(&["diff", "solved", "--spoil"]).ended_with(0);
    expect(&ran, "\n-        client?.write_all(b\"HELLO\\n\")?;\n");
    expect(&ran, "\n+        client?.write_all(b\"hello\\n\")?;\n");
    course.replace("exercises/solved/src/main.rs", WRONG.1, WRONG.0);
    course.run(&["check"]).ended_with(0);
    let ran = course.run(&["solution", "solved"]).ended_with(0);
    assert_eq!(ran.stdout, solution);
    let ran = course.run(&["diff", "solved"]).ended_with(0);
    assert_eq!(ran.stdout, "");
    expect(&ran, "to the letter");
}

#[test]
fn what_was_written_is_shown_beside_the_starter() {
    let course = Course::new(&["written"]);
    let ran = course.run(&["diff", "written", "--starter"]).ended_with(0);
    expect(&ran, "--- solutions/starters/written/src/main.rs\n");
    expect(&ran, "\n-    todo!(\"announce the address\")\n");
    std::fs::remove_dir_all(course.path("solutions/starters")).expect("removed");
    let ran = course.run(&["diff", "written", "--starter"]).ended_with(3);
    expect(&ran, "has no starter for written");
}

#[rstest]
#[case::hint("hint", &[])]
#[case::list("list", &[])]
#[case::solution("solution", &["--spoil"])]
#[case::diff("diff", &[])]
#[case::reset("reset", &["--yes"])]
fn a_mistyped_lesson_changes_nothing(#[case] command: &str, #[case] options: &[&str]) {
    let known = format!("{command}-known");
    let course = Course::new(&[&known]);
    let mistyped = format!("{command}-knwon");
    let mut arguments = vec![command, &mistyped];
    if command == "reset" {
        arguments.insert(1, &known);
    }
    let ran = course.run(&[&arguments, options].concat()).ended_with(2);
    let told = format!("there is no lesson `{mistyped}`; did you mean `{known}`?");
    expect(&ran, &told);
    assert!(!course.path("backups").exists());
}
