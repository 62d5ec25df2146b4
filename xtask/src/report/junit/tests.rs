//! What a reader of JUnit documents finds in ours.

use insta::assert_snapshot;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus};

use super::*;
use crate::report::samples::{self, HOSTILE};

#[track_caller]
fn read(verdicts: &[LessonVerdict]) -> Report {
    let document = document(verdicts, 4182);
    Report::deserialize_from_str(&document).expect(&document)
}

#[test]
fn all_that_is_known_is_in_the_document() {
    let verdicts = [samples::mixed(), samples::does_not_build()];
    assert_snapshot!(document(&verdicts, 4182));
}

#[test]
fn a_reader_finds_each_verdict() {
    let report = read(&[samples::mixed(), samples::does_not_build()]);
    let counts = |report: &Report| {
        let Report {
            tests,
            failures,
            errors,
            skipped,
            ..
        } = report;
        (*tests, *failures, *errors, *skipped)
    };
    assert_eq!(counts(&report), (6, 1, 2, 2));
    let [mixed, unbuilt] = &report.test_suites[..] else {
        panic!("two suites: {report:?}");
    };
    assert_eq!(mixed.name.as_str(), "tcp-server");
    assert_eq!((mixed.tests, mixed.failures, mixed.errors), (5, 1, 1));
    let seed = &mixed.properties[0];
    assert_eq!((seed.name.as_str(), seed.value.as_str()), ("seed", "4182"));
    let kinds: Vec<_> = mixed.test_cases.iter().map(kind).collect();
    assert_eq!(
        kinds,
        [
            "passed",
            "failure mangled",
            "skipped not observed here: raw sockets need a privilege",
            "error broken",
            "skipped not run: it waits for a check before it",
        ]
    );
    let kinds: Vec<_> = unbuilt.test_cases.iter().map(kind).collect();
    assert_eq!(kinds, ["error does not build"]);
}

fn kind(case: &TestCase) -> String {
    assert_eq!(case.classname.as_deref(), Some("tcp-server"));
    match &case.status {
        TestCaseStatus::Success { .. } => "passed".to_string(),
        TestCaseStatus::Skipped { message, .. } => {
            format!("skipped {}", message.as_deref().unwrap_or_default())
        }
        TestCaseStatus::NonSuccess { kind, ty, .. } => {
            let kind = match kind {
                NonSuccessKind::Failure => "failure",
                NonSuccessKind::Error => "error",
            };
            format!("{kind} {}", ty.as_deref().unwrap_or_default())
        }
    }
}

#[test]
fn hostile_output_stays_where_it_belongs() {
    let report = read(&[samples::judged(
        Build::Done,
        vec![
            samples::hostile("shows_its_worst"),
            samples::check(
                "breaks",
                Status::Broken {
                    why: HOSTILE.to_string(),
                },
            ),
            samples::check(
                "looks_away",
                Status::Skipped {
                    why: HOSTILE.to_string(),
                },
            ),
        ],
    )]);
    let cases = &report.test_suites[0].test_cases;
    assert_eq!(cases.len(), 3);
    // What is left of it: visible, and without what XML cannot hold.
    let shown = harmless(HOSTILE).replace(['\u{fffe}', '\u{ffff}'], "");
    assert!(shown.contains("]]></failure><script>alert(\"1\" & '2')</script>"));
    assert!(shown.contains("\\x1b[2J"), "{shown}");
    let first = &cases[0];
    for output in [&first.system_out, &first.system_err] {
        let output = output.as_ref().expect("output").as_str();
        assert!(output.contains(shown.trim_end()), "{output}");
    }
    let TestCaseStatus::NonSuccess {
        message: Some(message),
        description: Some(text),
        ..
    } = &first.status
    else {
        panic!("a failure: {first:?}");
    };
    assert!(message.contains("</failure><script>"), "{message:?}");
    assert!(text.contains("</failure><script>"), "{text:?}");
}
