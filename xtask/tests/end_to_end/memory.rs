//! Verdicts that are told again, and those that must not be.

use std::fs::File;
use std::process::Command;
use std::time::{Duration, SystemTime};

use rstest::rstest;

use crate::course::Course;

const TOLD_AGAIN: &str = "Nothing has changed since this verdict";

/// A course whose verdict is known. Cargo completes the lock file in the first
/// run; what that run found is made of other ingredients.
fn known(lesson: &str) -> Course {
    let course = Course::new(&[lesson]);
    course.run(&["check"]).ended_with(0);
    course.run(&["check"]).ended_with(0);
    let ran = course.run(&["check", lesson]).ended_with(0);
    assert!(ran.stdout.contains(TOLD_AGAIN), "{}", ran.stdout);
    course
}

fn main_of(lesson: &str) -> String {
    format!("exercises/{lesson}/src/main.rs")
}

#[test]
fn an_unchanged_program_is_told_its_verdict_at_once() {
    let course = known("unchanged");
    let again = course.run(&["check"]).ended_with(0);
    assert_eq!(again.stdout, "passed unchanged: 3 checks, unchanged\n");
    assert!(
        again.stderr.contains("All lessons are finished."),
        "{}",
        again.stderr
    );
    let again = course.run(&["check", "unchanged"]).ended_with(0);
    assert!(again.stdout.contains(TOLD_AGAIN), "{}", again.stdout);
    assert!(again.stdout.contains("3 checks passed"), "{}", again.stdout);
}

#[test]
fn a_failure_is_told_again_in_full() {
    let course = known("still-wrong");
    course.replace(&main_of("still-wrong"), "hello", "hullo");
    let first = course.run(&["check"]).ended_with(1);
    let again = course.run(&["check"]).ended_with(1);
    let (told, remark) = again.stdout.split_once(TOLD_AGAIN).expect(&again.stdout);
    assert_eq!(told, first.stdout);
    assert!(remark.contains("--again"), "{remark}");
}

/// Editors ask Clippy on each save, and it notes its settings beside the program.
#[test]
fn advice_of_clippy_changes_nothing() {
    let course = Course::new(&["advised"]);
    course.write("clippy.toml", "allow-unwrap-in-tests = true\n");
    course.run(&["check"]).ended_with(0);
    let advice = Command::new(env!("CARGO"))
        .args(["clippy", "--offline", "--package", "advised-exercise"])
        .current_dir(course.path("exercises"))
        .env("CARGO_TARGET_DIR", Course::target())
        .output()
        .expect("Cargo");
    assert!(
        advice.status.success(),
        "{}",
        String::from_utf8_lossy(&advice.stderr)
    );
    course.run(&["check"]).ended_with(0);
    let ran = course.run(&["check", "advised"]).ended_with(0);
    assert!(ran.stdout.contains(TOLD_AGAIN), "{}", ran.stdout);
    // A program may read them, too.
    course.write("clippy.toml", "allow-unwrap-in-tests = false\n");
    let ran = course.run(&["check", "advised"]).ended_with(0);
    assert!(!ran.stdout.contains(TOLD_AGAIN), "{}", ran.stdout);
}

/// Each way to change what a verdict comes from, by one letter or one option.
#[rstest]
#[case::program("changed-main", |course: &Course| course.replace(&main_of("changed-main"), "hello", "hullo"), &["check"], 1)]
#[case::checks("changed-checks", |course: &Course| course.replace("exercises/changed-checks/tests/checks.rs", "hello", "hullo"), &["check"], 1)]
#[case::manifest("changed-manifest", |course: &Course| course.replace("exercises/changed-manifest/Cargo.toml", "[dev-dependencies]", "# A remark.\n[dev-dependencies]"), &["check"], 0)]
#[case::workspace("changed-workspace", |course: &Course| course.replace("exercises/Cargo.toml", "[workspace]", "# A remark.\n[workspace]"), &["check"], 0)]
#[case::seed("other-seed", |_: &Course| {}, &["check", "--seed", "7"], 0)]
#[case::all("with-all", |_: &Course| {}, &["check", "--all"], 0)]
#[case::again("with-again", |_: &Course| {}, &["check", "--again"], 0)]
#[case::config("changed-config", |course: &Course| course.write(".cargo/config.toml", "[env]\nA = \"b\"\n"), &["check"], 0)]
fn a_change_is_judged(
    #[case] lesson: &str,
    #[case] change: fn(&Course),
    #[case] arguments: &[&str],
    #[case] code: i32,
) {
    let course = known(lesson);
    change(&course);
    let ran = course.run(arguments).ended_with(code);
    assert!(!ran.stdout.contains("nchanged"), "{}", ran.stdout);
}

#[test]
fn another_environment_is_judged() {
    let course = known("other-environment");
    let mut command = course.command(&["check"]);
    let output = command.env("GREETING", "moin").output();
    let ran = crate::course::Ran::of(output.expect("the runner starts")).ended_with(0);
    assert!(!ran.stdout.contains("nchanged"), "{}", ran.stdout);
}

/// Cargo looks at a file's time alone: it would take the old program for this one.
#[test]
fn a_file_that_is_put_back_with_its_old_time_is_judged() {
    let course = Course::new(&["put-back"]);
    let main = main_of("put-back");
    course.replace(&main, "hello", "hullo");
    course.run(&["check"]).ended_with(1);
    course.replace(&main, "hullo", "hello");
    let file = File::options().append(true).open(course.path(&main));
    let long_ago = SystemTime::now() - Duration::from_secs(100_000);
    file.and_then(|file| file.set_modified(long_ago))
        .expect("an old time");
    course.run(&["check"]).ended_with(0);
}

/// What was judged was the old program, and what is there is the new one.
#[test]
fn a_save_in_the_middle_is_judged_the_next_time() {
    let course = Course::new(&["saved-meanwhile"]);
    let main = main_of("saved-meanwhile");
    let right = std::fs::read_to_string(course.path(&main)).expect("a program");
    course.write(&main, "fn main() { loop { std::thread::park(); } }");
    let mut child = course
        .command(&["check"])
        .spawn()
        .expect("the runner starts");
    // The silence that the program is judged for lasts longer than the build.
    let built = Course::target().join("debug/saved-meanwhile-exercise");
    let begin = std::time::Instant::now();
    while !built.exists() && begin.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_secs(1));
    course.write(&main, &right);
    assert_eq!(child.wait().expect("an end").code(), Some(1));
    course.run(&["check"]).ended_with(0);
}

/// Cargo names what it builds by where it is in its workspace: in one target
/// folder, the program of one course stands in the way of another's.
#[test]
fn courses_that_share_a_target_folder_do_not_share_programs() {
    let one = Course::new(&["shared-place"]);
    let right = std::fs::read_to_string(one.path(&main_of("shared-place"))).expect("a program");
    let other = Course::in_place(&["shared-place"], "shared-place-too");
    other.write(&main_of("shared-place"), &right.replace("hello", "hullo"));
    one.run(&["check", "--again"]).ended_with(0);
    other.run(&["check", "--again"]).ended_with(1);
    one.run(&["check", "--again"]).ended_with(0);
}
