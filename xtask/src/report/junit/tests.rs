//! What a reader of JUnit documents finds in ours.

use insta::assert_snapshot;
use rstest::rstest;

use super::reader::{self, Case, Counts, Outcome, Report};
use super::*;
use crate::report::samples::{self, HOSTILE};

#[track_caller]
fn read(verdicts: &[LessonVerdict]) -> Report {
    let document = document(verdicts, 4182);
    reader::read(&document).unwrap_or_else(|why| panic!("{why}:\n{document}"))
}

#[test]
fn all_that_is_known_is_in_the_document() {
    let verdicts = [samples::mixed(), samples::does_not_build()];
    assert_snapshot!(document(&verdicts, 4182));
}

#[test]
fn a_reader_finds_each_verdict() {
    let report = read(&[samples::mixed(), samples::does_not_build()]);
    assert_eq!(report.name, "On the Wire");
    assert_eq!(counts(&report.counts), [6, 1, 2, 2]);
    let [mixed, unbuilt] = &report.suites[..] else {
        panic!("two suites: {report:?}");
    };
    assert_eq!(mixed.name, "tcp-server");
    assert_eq!(counts(&mixed.counts), [5, 1, 1, 2]);
    let seed = ("seed".to_string(), "4182".to_string());
    assert_eq!(mixed.properties, [seed]);
    let kinds: Vec<_> = mixed.cases.iter().map(kind).collect();
    assert_eq!(
        kinds,
        [
            "announces_its_address passed",
            "passes_other_bytes_through failure mangled",
            "survives_resets skipped not observed here: raw sockets need a privilege",
            "answers_at_once error broken",
            "refuses_a_taken_address skipped not run: it waits for a check before it",
        ]
    );
    assert_eq!(counts(&unbuilt.counts), [1, 0, 1, 0]);
    let kinds: Vec<_> = unbuilt.cases.iter().map(kind).collect();
    assert_eq!(kinds, ["builds error does not build"]);
}

fn counts(counts: &Counts) -> [usize; 4] {
    let Counts {
        tests,
        failures,
        errors,
        skipped,
    } = *counts;
    [tests, failures, errors, skipped]
}

fn kind(case: &Case) -> String {
    assert_eq!(case.classname, "tcp-server");
    let name = &case.name;
    match &case.outcome {
        Outcome::Passed => format!("{name} passed"),
        Outcome::Skipped(message) => format!("{name} skipped {message}"),
        Outcome::Failure(refusal) => format!("{name} failure {}", refusal.kind),
        Outcome::Error(refusal) => format!("{name} error {}", refusal.kind),
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
    let [first, broken, skipped] = &report.suites[0].cases[..] else {
        panic!("three cases: {report:?}");
    };
    // What is left of it: visible, and without what XML cannot hold.
    let shown = harmless(HOSTILE).replace(['\u{fffe}', '\u{ffff}'], "");
    assert!(shown.contains("]]></failure><script>alert(\"1\" & '2')</script>"));
    assert!(shown.contains("\\x1b[2J"), "{shown}");
    for output in [&first.system_out, &first.system_err] {
        let output = output.as_ref().expect("output");
        assert!(output.contains(shown.trim_end()), "{output}");
    }
    let Outcome::Failure(refusal) = &first.outcome else {
        panic!("a failure: {first:?}");
    };
    for text in [&refusal.message, &refusal.text] {
        assert!(text.contains("</failure><script>"), "{text:?}");
    }
    let Outcome::Error(refusal) = &broken.outcome else {
        panic!("an error: {broken:?}");
    };
    assert_eq!(refusal.text, shown);
    let Outcome::Skipped(message) = &skipped.outcome else {
        panic!("skipped: {skipped:?}");
    };
    assert_eq!(*message, format!("not observed here: {shown}"));
}

/// Nothing that others may stumble over gets past the reader: what a document of
/// ours would be with each of these faults is refused, and why.
#[rstest]
#[case::no_end("</testsuites>", "", "root node was opened but never closed")]
#[case::two_roots("</testsuites>", "</testsuites><a/>", "unknown token")]
#[case::beside_the_root("</testsuites>", "</testsuites><!-- -->", "beside the root")]
#[case::another_root("testsuites", "suites", "the root is")]
#[case::a_bare_ampersand("it was killed", "you & I", "entity")]
#[case::no_letter_of_xml("it was killed", "it was \u{fffe}", "non-XML")]
#[case::an_element_too_many("<properties>", "<a/><properties>", "a has no place")]
#[case::out_of_order("<system-out>", "<system-err/><system-out>", "system-out has no place")]
#[case::two_outputs("<system-err>", "<system-out/><system-err>", "2 times")]
#[case::two_outcomes("<skipped ", "<failure type='' message=''/><skipped ", "2 times")]
#[case::an_empty_list("<property name=\"seed\" value=\"4182\"/>", "", "0 times")]
#[case::an_element_in_a_text("it was killed", "<a/>", "a has no place there in error")]
#[case::a_stray_text("<properties>", "4182<properties>", "in testsuite stands")]
#[case::a_comment("it was killed", "<!-- -->", "in error stands")]
#[case::an_attribute_too_many("<property ", "<property id='1' ", "property has the attributes")]
#[case::an_attribute_twice("<property ", "<property name='1' ", "already defined")]
#[case::an_attribute_less(" classname=\"tcp-server\"", "", "testcase has the attributes")]
#[case::another_namespace("<testsuites ", "<testsuites xmlns='a' ", "testsuites has the")]
#[case::a_foreign_attribute("testsuites name", "testsuites xml:name", "testsuites has the")]
#[case::no_number("tests=\"6\"", "tests=\"six\"", "tests is no number")]
#[case::no_time("time=\"0.310\"", "time=\"1e3\"", "no time in seconds")]
#[case::no_time_of_a_suite("time=\"0.912\"", "time=\"\"", "no time in seconds")]
#[case::a_false_sum(
    "failures=\"1\" errors=\"2\"",
    "failures=\"2\" errors=\"1\"",
    "should be"
)]
#[case::a_false_count("tests=\"5\"", "tests=\"4\"", "should be")]
fn the_reader_refuses(#[case] text: &str, #[case] fault: &str, #[case] why: &str) {
    let document = document(&[samples::mixed(), samples::does_not_build()], 4182);
    let spoilt = document.replace(text, fault);
    assert_ne!(spoilt, document);
    let refused = reader::read(&spoilt).expect_err("a fault");
    assert!(refused.contains(why), "{refused}");
}
