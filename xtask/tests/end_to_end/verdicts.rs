//! What becomes of programs: right ones, wrong ones, and those that do not build.

use insta::assert_snapshot;
use rstest::rstest;
use serde_json::Value;

use crate::course::Course;

#[test]
fn a_right_program_is_finished() {
    let course = Course::new(&["greets"]);
    let ran = course.run(&["check", "greets"]).ended_with(0);
    assert_snapshot!(ran.timeless(), @r"
    greets: A greeter                                               exercises/greets

      passed announces_its_address
      passed greets
      passed closes

    greets is finished: 3 checks passed in N.N s.

    To remember
      Say hello, and let go.

    Compare with ours: cargo xtask diff greets
    That was the last lesson of the course.
    ");
}

#[test]
fn goes_through_the_course_up_to_the_first_unfinished_lesson() {
    let course = Course::new(&["first", "second", "third"]);
    course.replace("exercises/second/src/main.rs", "hello", "HELLO");
    let ran = course.run(&["check"]).ended_with(1);
    assert!(ran.stdout.contains("first is finished"), "{}", ran.stdout);
    assert!(ran.stdout.contains("failed greets"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("third"), "{}", ran.stdout);
}

#[test]
fn after_a_failure_the_rest_waits_unless_all_is_asked_for() {
    let course = Course::new(&["shouts"]);
    course.replace("exercises/shouts/src/main.rs", "hello", "HELLO");
    let statuses = |arguments: &[&str]| {
        let ran = course.run(arguments).ended_with(1);
        let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let checks = document["lessons"][0]["checks"]
            .as_array()
            .expect("checks")
            .clone();
        checks
            .iter()
            .map(|check| check["status"].as_str().expect("a status").to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        statuses(&["check", "--format=json"]),
        ["passed", "failed", "not run"]
    );
    assert_eq!(
        statuses(&["check", "--format=json", "--all"]),
        ["passed", "failed", "failed"]
    );
}

#[test]
fn a_panic_is_shown_with_its_place() {
    let course = Course::new(&["panics"]);
    course.replace(
        "exercises/panics/src/main.rs",
        "    println!",
        "    todo!(\"announce {listener:?}\");\n    println!",
    );
    let ran = course
        .run(&["check", "panics", "--seed", "7"])
        .ended_with(1);
    // Where a line is too long depends on the numbers in it.
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [
        "failed announces_its_address",
        "not yet implemented: announce TcpListener",
        "Next open exercises/panics/src/main.rs, line 9 Stuck?",
        "cargo xtask check panics --seed 7",
        "2 more checks wait for this one",
    ] {
        assert!(told.contains(text), "`{text}` is missing:\n{}", ran.stdout);
    }
}

#[test]
fn the_compiler_points_to_a_file_from_the_root_on() {
    let course = Course::new(&["pointed-at"]);
    course.replace("exercises/pointed-at/src/main.rs", "b\"hello\\n\"", "7");
    let ran = course.run(&["check"]).ended_with(1);
    let place = "--> exercises/pointed-at/src/main.rs:";
    assert!(ran.stderr.contains(place), "{}", ran.stderr);
}

#[rstest]
#[case::type_error(
    "wrong-type",
    "src/main.rs",
    "b\"hello\\n\"",
    "7",
    "wrong-type does not build yet."
)]
#[case::manifest(
    "broken-manifest",
    "Cargo.toml",
    "[package]",
    "[package",
    "Cargo cannot use exercises/broken-manifest/Cargo.toml"
)]
#[case::another_name(
    "renamed",
    "Cargo.toml",
    "renamed-exercise",
    "my-server",
    "Cargo cannot use exercises/renamed/Cargo.toml"
)]
fn what_does_not_build_is_a_verdict(
    #[case] lesson: &str,
    #[case] file: &str,
    #[case] old: &str,
    #[case] new: &str,
    #[case] told: &str,
) {
    let course = Course::new(&[lesson]);
    course.replace(&format!("exercises/{lesson}/{file}"), old, new);
    let ran = course.run(&["check"]).ended_with(1);
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("\nerror"),
        "Cargo's own words are missing: {}",
        ran.stderr
    );
}

#[rstest]
#[case::program("lost-program", "src/main.rs")]
#[case::manifest("lost-manifest", "Cargo.toml")]
fn a_missing_file_is_named(#[case] lesson: &str, #[case] file: &str) {
    let course = Course::new(&[lesson]);
    let file = format!("exercises/{lesson}/{file}");
    std::fs::remove_file(course.path(&file)).expect("removed");
    let ran = course.run(&["check"]).ended_with(1);
    assert!(
        ran.stdout.contains(&format!("{file} is missing")),
        "{}",
        ran.stdout
    );
}

#[test]
fn any_executable_is_judged_even_beside_a_broken_exercise() {
    let course = Course::new(&["foreign"]);
    course.write("exercises/foreign/Cargo.toml", "nonsense");
    course.write(
        "slow.sh",
        "#!/bin/sh\necho 'listening on nowhere'\nexec sleep 60\n",
    );
    let ran = course
        .run(&["check", "foreign", "--program", "slow.sh"])
        .ended_with(2);
    assert!(ran.stderr.contains("is not executable"), "{}", ran.stderr);
    make_executable(&course.path("slow.sh"));
    let ran = course
        .run(&["check", "foreign", "--program", "slow.sh"])
        .ended_with(1);
    assert!(
        ran.stdout.contains("failed announces_its_address"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_check_that_breaks_is_not_held_against_the_program() {
    let course = Course::new(&["breaks"]);
    course.replace(
        "exercises/breaks/tests/checks.rs",
        "let client",
        "std::process::abort();\n    let client",
    );
    let ran = course.run(&["check"]).ended_with(3);
    assert!(
        ran.stdout.contains("the check itself broke"),
        "{}",
        ran.stdout
    );
}

#[test]
fn others_can_read_our_junit_document() {
    let course = Course::new(&["reported"]);
    let hostile = "]]></failure>\\u{1b}[2J\\0<script>alert(1)</script> & \\\"\\u{9b}\\u{fffe}";
    course.replace(
        "exercises/reported/src/main.rs",
        "        client?.write_all(b\"hello\\n\")?;",
        &format!("        drop(client);\n        panic!(\"{hostile}\");"),
    );
    let arguments = ["check", "--format", "junit", "--seed", "7"];
    let ran = course.run(&arguments).ended_with(1);
    let report = quick_junit::Report::deserialize_from_str(&ran.stdout).expect(&ran.stdout);
    assert_eq!((report.tests, report.failures, report.skipped), (3, 1, 1));
    let failed = &report.test_suites[0].test_cases[1];
    assert_eq!(failed.name.as_str(), "greets");
    let stderr = failed.system_err.as_ref().expect("the program's stderr");
    assert!(
        stderr.contains("]]></failure>\\x1b[2J\\x00<script>alert(1)</script> & \"\\u{9b}"),
        "{stderr:?}"
    );
    assert!(ran.stdout.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn what_does_not_build_is_one_error_of_junit() {
    let course = Course::new(&["unreported"]);
    course.replace("exercises/unreported/src/main.rs", "b\"hello\\n\"", "7");
    let ran = course.run(&["check", "--format=junit"]).ended_with(1);
    let report = quick_junit::Report::deserialize_from_str(&ran.stdout).expect(&ran.stdout);
    assert_eq!((report.tests, report.errors), (1, 1));
}

fn make_executable(path: &std::path::Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
            .expect("permissions");
    }
}
