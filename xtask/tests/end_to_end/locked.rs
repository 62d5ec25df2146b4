//! Checks that were edited do not judge: `--locked-checks` and `--work`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rstest::rstest;
use serde_json::Value;

use crate::course::{Course, Ran};

/// A course in git, with a program that is wrong.
fn course(lesson: &str) -> Course {
    let course = Course::new(&[lesson]);
    git(&course, &["init", "-q"]);
    git(&course, &["add", "."]);
    git(&course, &["commit", "-q", "-m", "The course"]);
    course.replace(&format!("exercises/{lesson}/src/main.rs"), "hello", "hullo");
    course
}

fn git(course: &Course, arguments: &[&str]) {
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    let mut command = Command::new("git");
    command
        .args(who)
        .args(arguments)
        .current_dir(course.path("."));
    assert!(command.status().expect("git starts").success());
}

/// What somebody does to the checks who wants them to pass.
fn cheat(course: &Course, lesson: &str) {
    let checks = format!("exercises/{lesson}/tests/checks.rs");
    course.replace(&checks, "expect(b\"hello\\n\")", "expect(b\"hullo\\n\")");
}

#[track_caller]
fn statuses(ran: &Ran) -> Vec<String> {
    let document: Value = serde_json::from_str(&ran.stdout).expect(&ran.stdout);
    let checks = document["lessons"][0]["checks"].as_array().expect("checks");
    let status = |check: &Value| check["status"].as_str().expect("a status").to_string();
    checks.iter().map(status).collect()
}

#[test]
fn edited_checks_do_not_judge() {
    let course = course("cheated");
    let checks = "exercises/cheated/tests/checks.rs";
    let program = "exercises/cheated/src/main.rs";
    cheat(&course, "cheated");
    course.run(&["check", "cheated"]).ended_with(0);

    let arguments = [
        "check",
        "cheated",
        "--locked-checks",
        "--all",
        "--format=json",
    ];
    let ran = course.run(&arguments).ended_with(1);
    assert_eq!(statuses(&ran), ["passed", "failed", "failed"]);
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let edited = &document["lessons"][0]["edited"];
    assert_eq!(*edited, Value::from(vec![checks]));
    let told = format!("Different, and not used: {checks}.");
    assert!(ran.stderr.contains(&told), "{}", ran.stderr);

    // A commit is no way around it, where the version is named.
    git(&course, &["commit", "-q", "-a", "-m", "My work"]);
    course
        .run(&["check", "cheated", "--locked-checks"])
        .ended_with(0);
    let locked = "--locked-checks=HEAD~1";
    course.run(&["check", "cheated", locked]).ended_with(1);

    // Neither is the copy that is judged with.
    let copy = course.path("target/on-the-wire/checks/course");
    fs::write(copy.join(checks), "").expect("a file");
    let ran = course
        .run(&["check", "cheated", locked, "--format=json"])
        .ended_with(1);
    assert_eq!(statuses(&ran), ["passed", "failed", "not run"]);

    // Not even these keep a right program from passing.
    course.replace(program, "hullo", "hello");
    course.write(checks, "nonsense");
    course.run(&["check", "cheated", locked]).ended_with(0);
}

#[test]
fn the_programs_of_another_copy_are_judged_by_ours() {
    let course = course("handed-in");
    let program = "exercises/handed-in/src/main.rs";
    cheat(&course, "handed-in");
    let theirs = copy_of(&course, "handed-in");
    course.replace("exercises/handed-in/tests/checks.rs", "hullo", "hello");
    course.replace(program, "hullo", "hello");

    let work = theirs.to_string_lossy();
    let arguments = ["check", "handed-in", "--work", &work, "--format=json"];
    let ran = course.run(&arguments).ended_with(1);
    assert_eq!(statuses(&ran), ["passed", "failed", "not run"]);
    assert!(
        ran.stderr.contains("Different, and not used"),
        "{}",
        ran.stderr
    );
    course.run(&["check", "handed-in"]).ended_with(0);

    fs::copy(course.path(program), theirs.join(program)).expect("copied");
    course.run(&arguments).ended_with(0);
    // Nothing was written where the work is.
    assert!(!theirs.join("target").exists() && !theirs.join("progress.txt").exists());
    assert!(!theirs.join("exercises/target").exists());

    fs::write(theirs.join(program), "fn main() { nonsense }").expect("a file");
    let ran = course.run(&arguments[..4]).ended_with(1);
    assert!(ran.stdout.contains("does not build yet"), "{}", ran.stdout);
}

/// Of what somebody has handed in only the lesson counts.
#[test]
fn whatever_is_around_it_a_right_program_passes() {
    let course = Course::new(&["alone", "neighbour"]);
    let theirs = copy_of(&course, "somebody-careless");
    fs::write(theirs.join("exercises/neighbour/Cargo.toml"), "[nonsense").expect("a file");
    fs::remove_file(theirs.join("exercises/Cargo.lock")).expect("removed");
    fs::remove_dir_all(theirs.join("exercises/alone/tests")).expect("removed");
    fs::remove_dir_all(theirs.join("xtask")).expect("removed");
    let work = theirs.to_string_lossy();
    course
        .run(&["check", "alone", "--work", &work])
        .ended_with(0);

    let ran = course
        .run(&["check", "neighbour", "--work", &work])
        .ended_with(1);
    assert!(
        ran.stdout
            .contains("Cargo cannot use exercises/neighbour/Cargo.toml"),
        "{}",
        ran.stdout
    );
    course
        .run(&["check", "alone", "--work", &work])
        .ended_with(0);
}

/// For Cargo the programs of two copies are one, and the older is up to date.
#[test]
fn nobody_is_judged_by_the_program_of_another() {
    let course = course("two-of-a-kind");
    let program = "exercises/two-of-a-kind/src/main.rs";
    let wrong = copy_of(&course, "wrong");
    course.replace(program, "hullo", "hello");
    let right = copy_of(&course, "right");
    for (work, code) in [(&wrong, 1), (&right, 0), (&wrong, 1)] {
        let work = format!("--work={}", work.display());
        course
            .run(&["check", "two-of-a-kind", &work])
            .ended_with(code);
    }
}

/// The course as `somebody` hands it in, outside of it.
fn copy_of(course: &Course, somebody: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("work-of-{somebody}"));
    let _ = fs::remove_dir_all(&to);
    copy(&course.path("."), &to);
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let name = entry.file_name();
        if name == ".git" || name == "target" {
            continue;
        }
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(name)),
            false => drop(fs::copy(entry.path(), to.join(name)).expect("copied")),
        }
    }
}

#[rstest]
#[case::no_copy("--work=exercises", 2, "exercises is no copy of the course")]
#[case::nowhere("--work=/nowhere", 2, "/nowhere is no copy of the course")]
#[case::no_version("--locked-checks=v9", 2, "git knows no version `v9` here")]
#[case::an_option("--locked-checks=--all", 2, "git knows no version `--all` here")]
fn what_cannot_judge_is_told(#[case] option: &str, #[case] code: i32, #[case] told: &str) {
    static COURSE: std::sync::OnceLock<Course> = std::sync::OnceLock::new();
    let course = COURSE.get_or_init(|| course("unlocked"));
    let ran = course.run(&["check", "unlocked", option]).ended_with(code);
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
}

#[test]
fn without_git_there_is_another_way() {
    let course = Course::new(&["gitless"]);
    let mut command = course.command(&["check", "gitless", "--locked-checks"]);
    command.env(
        "GIT_CEILING_DIRECTORIES",
        course.path("..").canonicalize().expect("a folder"),
    );
    let ran = Ran::of(command.output().expect("the runner starts")).ended_with(3);
    assert!(ran.stderr.contains("is no git clone"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--work"), "{}", ran.stderr);
}
