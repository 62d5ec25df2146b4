//! `verify`: the course is proven, and what does not hold is listed.

use crate::course::{Course, Ran};

/// A course that holds: its starter fails, and its locks agree.
pub(crate) fn sound_course(lesson: &str) -> Course {
    let course = Course::new(&[lesson]);
    let program = format!("{lesson}/src/main.rs");
    let starter = std::fs::read_to_string(course.path(&format!("solutions/starters/{program}")));
    course.write(
        &format!("exercises/{program}"),
        &starter.expect("a starter"),
    );
    // Building has Cargo prune the copy of the lock file.
    course.run(&["check"]).ended_with(1);
    course
}

#[track_caller]
pub(crate) fn expect(ran: &Ran, text: &str) {
    assert!(
        ran.stdout.contains(text),
        "`{text}` is missing:\n{}\n{}",
        ran.stdout,
        ran.stderr
    );
}

#[test]
fn a_sound_course_is_proven() {
    let course = sound_course("sound");
    let ran = course.run(&["verify"]).ended_with(0);
    expect(&ran, "sound: the exercise is its starter");
    expect(&ran, "sound: the starter fails announces_its_address");
    expect(&ran, "sound: the solution passes 3 checks");
    expect(&ran, "sound--keeps-the-connection is caught by closes");
    expect(&ran, " proofs hold, 0 do not");
}

#[test]
fn each_fault_of_a_course_is_listed() {
    let course = sound_course("unsound");
    course.replace(
        "solutions/wrong/src/bin/unsound--keeps-the-connection.rs",
        "Caught by: closes",
        "Caught by: greets",
    );
    course.replace("exercises/unsound/hints.md", "## closes", "## opens");
    course.replace(
        "exercises/unsound/tests/checks.rs",
        "/// Says hello to each client.\n",
        "",
    );
    course.replace(
        "exercises/unsound/src/main.rs",
        "fn main() {",
        "fn main()\n{",
    );
    course.replace("solutions/unsound/src/main.rs", "hello", "hullo");
    course.write("solutions/starters/gone/Cargo.toml", "");
    course.replace("exercises/unsound/README.md", "About 5 minutes", "Soon");
    course.replace("book/src/unsound.md", "## To remember", "## To forget");
    course.write("exercises/Cargo.lock", "version = 4\n");
    let ran = course.run(&["verify", "unsound"]).ended_with(1);
    let (_, list) = ran
        .stdout
        .split_once("What does not hold:")
        .expect("a list");
    for fault in [
        "`greets` does not catch it",
        "`## closes` has 0 hints",
        "`## opens` is no check",
        "`greets` has no doc comment",
        "src/main.rs is not the same in exercises/unsound and solutions/starters/unsound",
        "solutions/starters/gone belongs to none",
        "unsound/README.md has no line `About 40 minutes`",
        "unsound.md has no paragraph `## To remember`",
        "rustfmt is content with each exercise",
        "unsound: the solution passes 3 checks",
        "Cure: cp Cargo.lock exercises/Cargo.lock",
        " proofs hold, 9 do not",
    ] {
        assert!(
            list.contains(fault),
            "`{fault}` is missing:\n{}\n{}",
            ran.stdout,
            ran.stderr
        );
    }
}

#[test]
fn a_lesson_that_does_not_build_is_one_fault() {
    let course = sound_course("unbuilt");
    course.replace(
        "exercises/unbuilt/tests/checks.rs",
        "fn closes(",
        "fn closes(wrong",
    );
    let ran = course.run(&["verify"]).ended_with(1);
    expect(
        &ran,
        "unbuilt: the solution and the checks build\n    see Cargo's words above",
    );
    assert!(!ran.stdout.contains("is caught by"), "{}", ran.stdout);
}
