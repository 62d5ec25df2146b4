//! What Classroom 50 reads. The rules are those of `result-v1.schema.json` and of
//! the functions `validate_result` in its `runner.py` and `collect_scores.py`.

use insta::assert_snapshot;
use rstest::rstest;
use serde_json::Value;

use super::*;
use crate::report::samples;
use crate::verdict::LessonVerdict;

/// What its runner says to an autograder.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("CLASSROOM", "networks"),
    ("ASSIGNMENT", "tcp-server"),
    ("ASSIGNMENT_TYPE", "individual"),
    ("OWNER", "alice"),
    ("USERNAME", "alice"),
    ("SUBMISSION_TAG", "submit/2026-11-26T01-43-57Z-a1b2c3d"),
    ("COMMIT_URL", "https://github.com/x/y/commit/a1b2c3d"),
    ("RELEASE_URL", "https://github.com/x/y/releases/tag/z"),
    ("REVIEW_URL", "https://github.com/x/y/compare/a...b"),
];

fn submission_without(left_out: &[&str]) -> Result<Submission, Vec<&'static str>> {
    let variable = |name: &str| {
        let found = ENVIRONMENT.iter().find(|(known, _)| *known == name);
        let found = found.filter(|_| !left_out.contains(&name));
        found.map(|(_, value)| (*value).to_string())
    };
    Submission::read(variable, "2026-11-26T01:43:57Z".to_string())
}

fn told(verdicts: &[LessonVerdict]) -> String {
    let lesson = samples::lesson();
    let submission = submission_without(&[]).expect("a submission");
    document(&submission, &samples::told(&lesson, verdicts))
}

#[test]
fn all_that_is_known_is_in_the_document() {
    assert_snapshot!(told(&[
        samples::mixed(),
        samples::does_not_build_but_counts()
    ]));
}

#[rstest]
#[case::a_check_of_each_kind(&[samples::mixed()])]
#[case::does_not_build(&[samples::does_not_build(), samples::does_not_build_but_counts()])]
#[case::program(&[samples::handed_in()])]
#[case::nothing(&[])]
fn each_document_keeps_to_the_schema(#[case] verdicts: &[LessonVerdict]) {
    let document: Value = serde_json::from_str(&told(verdicts)).expect("JSON");
    let fields: Vec<&String> = document.as_object().expect("an object").keys().collect();
    let mut known = [
        "schema",
        "classroom",
        "assignment",
        "assignment_type",
        "owner",
        "submission",
        "commit",
        "release",
        "review",
        "datetime",
        "score",
        "max-score",
        "tests",
    ];
    known.sort_unstable();
    assert_eq!(fields, known);
    assert_eq!(document["schema"], "classroom50/result/v1");
    let points = |value: &Value| {
        let points = value["score"].as_u64().expect("a number");
        let of = value["max-score"].as_u64().expect("a number");
        assert!(points <= of, "{value}");
        (points, of)
    };
    let tests = document["tests"].as_array().expect("tests");
    let sums = tests.iter().map(points);
    let sum = sums.fold((0, 0), |(a, b), (points, of)| (a + points, b + of));
    assert_eq!(points(&document), sum);
    for test in tests {
        assert!(test["passed"].is_boolean(), "{test}");
        let name = test["test-name"].as_str().expect("a name");
        // It becomes a cell of a table in Markdown.
        assert!(name.starts_with("tcp-server: ") && !name.contains('|'));
    }
}

#[rstest]
#[case::nothing(&[], &[])]
#[case::by_an_older_runner(&["ASSIGNMENT_TYPE", "OWNER", "REVIEW_URL"], &[])]
#[case::no_runner(&["CLASSROOM", "SUBMISSION_TAG"], &["CLASSROOM", "SUBMISSION_TAG"])]
#[case::nobody(&["OWNER", "USERNAME"], &["USERNAME"])]
fn what_is_missing_is_named(#[case] left_out: &[&str], #[case] missing: &[&str]) {
    match submission_without(left_out) {
        Ok(submission) => {
            assert_eq!(missing, [""; 0]);
            assert_eq!(submission.owner, "alice");
            assert!(submission.review.starts_with("https://"));
        }
        Err(names) => assert_eq!(names, missing),
    }
}
