//! `verify --repeat`: what changes from one time to the next is found out.

use crate::course::Course;
use crate::proof::{expect, sound_course};

#[test]
fn what_never_changes_is_counted() {
    let course = sound_course("steady");
    let ran = course
        .run(&["verify", "--repeat", "3", "--load", "--seed", "7"])
        .ended_with(0);
    expect(&ran, "Judging 3 programs of 1 lesson 3 times, with ");
    expect(&ran, "kept busy; seeds 7 to 9.\n");
    expect(&ran, "run 3 of 3  seed 9 ");
    // In each run: one check of the starter, and three of both the others.
    let row = |row: &[&str]| {
        let rows = ran.stdout.lines();
        let mut rows = rows.map(|line| line.split_whitespace().collect::<Vec<_>>());
        assert!(rows.any(|found| found == row), "{}", ran.stdout);
    };
    row(&["steady", "3", "21", "0", "0"]);
    row(&["all", "solutions", "1", "9", "0", "0"]);
    expect(&ran, "3 proofs hold, 0 do not");
    #[cfg(target_os = "linux")]
    expect(&ran, " s of CPU, and the load ");
    assert!(!ran.stdout.contains("differs"), "{}", ran.stdout);
}

/// A solution that fails in its ninth life, and in no other.
fn flaky_course(lesson: &str) -> Course {
    let course = Course::new(&[lesson]);
    let folder = course.path("lives");
    std::fs::create_dir(&folder).expect("a folder");
    let life = format!(
        "fn main() -> std::io::Result<()> {{
    let lives = std::path::Path::new({folder:?});
    let is_new = |life: &usize| std::fs::create_dir(lives.join(life.to_string())).is_ok();
    assert_ne!((1..).find(is_new), Some(9), \"this life is over\");
"
    );
    course.replace(
        &format!("solutions/{lesson}/src/main.rs"),
        "fn main() -> std::io::Result<()> {\n",
        &life,
    );
    course
}

#[test]
fn a_flaky_program_is_found_out() {
    let course = flaky_course("flaky");
    let repeat = [
        "verify",
        "flaky",
        "--repeat",
        "4",
        "--solutions",
        "--seed=21",
    ];
    let ran = course.run(&repeat).ended_with(1);
    expect(&ran, "differs  flaky: ");
    expect(&ran, ": failed: crashed\n");
    expect(&ran, "this life is over");
    expect(&ran, ": passed\n");
    expect(&ran, "again: cargo xtask check flaky --program ");
    expect(
        &ran,
        "flaky: the solution passes 3 checks\n    not in 1 of 4 runs: ",
    );
    let row = ran.stdout.lines().find(|line| line.starts_with("flaky "));
    let row: Vec<_> = row.expect("a row").split_whitespace().collect();
    assert_eq!(row, ["flaky", "1", "12", "1", "0"], "{}", ran.stdout);
}

#[test]
fn a_program_that_is_always_wrong_changes_nothing_but_is_no_proof() {
    let course = Course::new(&["stubborn"]);
    course.replace("solutions/stubborn/src/main.rs", "hello", "hullo");
    let repeat = ["verify", "--repeat", "2", "--solutions"];
    let ran = course.run(&repeat).ended_with(1);
    assert!(!ran.stdout.contains("differs"), "{}", ran.stdout);
    expect(&ran, "not in 2 of 2 runs: `greets` (seed ");
}
