//! What Gradescope reads.

use insta::assert_snapshot;
use serde_json::Value;

use super::*;
use crate::report::samples::{self, HOSTILE};
use crate::verdict::{Build, Status};

fn read(verdicts: &[crate::verdict::LessonVerdict]) -> Value {
    let lesson = samples::lesson();
    let document = document(&samples::told(&lesson, verdicts));
    serde_json::from_str(&document).expect(&document)
}

#[test]
fn all_that_is_known_is_in_the_document() {
    let verdicts = [samples::mixed(), samples::handed_in()];
    let lesson = samples::lesson();
    assert_snapshot!(document(&samples::told(&lesson, &verdicts)));
}

#[test]
fn what_does_not_build_loses_the_points_of_its_checks() {
    let document = read(&[samples::does_not_build_but_counts()]);
    assert_eq!(document["score"], 0);
    let tests = document["tests"].as_array().expect("tests");
    let of: Vec<&Value> = tests.iter().map(|test| &test["max_score"]).collect();
    assert_eq!(of, [0, 1, 1]);
    assert!(tests.iter().all(|test| test["status"] == "failed"));
    assert_eq!(tests[0]["name"], "tcp-server: builds");
    assert_eq!(
        tests[1]["output"],
        "Does what it promises.\nNot run: the program does not build.\n"
    );
}

#[test]
fn what_does_not_build_costs_a_point_where_nobody_knows_its_checks() {
    let document = read(&[samples::does_not_build()]);
    assert_eq!(document["tests"][0]["max_score"], 1);
}

#[test]
fn the_points_of_the_tests_add_up() {
    let document = read(&[samples::mixed(), samples::does_not_build_but_counts()]);
    let tests = document["tests"].as_array().expect("tests");
    let sum = |field: &str| -> u64 {
        let points = tests.iter().map(|test| test[field].as_u64());
        points.map(|points| points.expect("a number")).sum()
    };
    assert_eq!(document["score"].as_u64(), Some(sum("score")));
    // One of them was not observed.
    assert_eq!((sum("score"), sum("max_score")), (1, 6));
}

#[test]
fn hostile_output_is_shown_and_not_obeyed() {
    let status = Status::Broken {
        why: HOSTILE.to_string(),
    };
    let checks = vec![
        samples::hostile("shows_its_worst"),
        samples::check("breaks", status),
    ];
    let document = read(&[samples::judged(Build::Done, checks)]);
    for test in document["tests"].as_array().expect("tests") {
        assert_eq!(document["test_output_format"], "text");
        assert!(test.get("output_format").is_none(), "{test}");
        let output = test["output"].as_str().expect("a text");
        assert!(
            output.chars().all(|c| c == '\n' || !c.is_control()),
            "{output:?}"
        );
        assert!(output.contains("\\x1b[2J"), "{output}");
    }
}

#[test]
fn what_else_there_is_to_say_is_said() {
    let verdicts = [
        samples::out_of_time(),
        samples::unfinished(),
        samples::edited(),
    ];
    let document = read(&verdicts);
    assert_eq!(
        document["output"],
        "1 of 4 points.\n\
         Not judged, as the budget of 30 s was used up: 2 checks.\n\
         tcp-server: the course's own checks judged. \
         Different, and not used: exercises/tcp-server/tests/checks.rs.\n"
    );
    let tests = document["tests"].as_array().expect("tests");
    assert_eq!(tests[2]["name"], "tcp-server: builds");
    assert_eq!(
        tests[2]["output"],
        "Not built: the budget of 30 s was used up.\n"
    );
}
