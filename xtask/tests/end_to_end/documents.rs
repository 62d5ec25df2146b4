//! The documents for machines, as the runner prints them about real programs.

use serde_json::Value;

use crate::course::Course;
use reader::{Check, Document, Lesson};

#[path = "../../src/report/json/reader.rs"]
mod reader;

/// Judges, and reads the document without losing anything.
#[track_caller]
fn read(course: &Course, arguments: &[&str], code: i32) -> Document {
    let arguments = [&["check", "--format=json"], arguments].concat();
    let ran = course.run(&arguments).ended_with(code);
    let value: Value = serde_json::from_str(&ran.stdout).expect(&ran.stdout);
    let document: Document = serde_json::from_value(value.clone()).expect(&ran.stdout);
    let again = serde_json::to_value(&document).expect("it can be written");
    assert_eq!(again, value);
    document
}

#[test]
fn a_typed_reader_takes_each_document_of_the_runner() {
    let course = Course::new(&["documented"]);
    let program = "exercises/documented/src/main.rs";

    let document = read(&course, &[], 0);
    assert_eq!(document.format, 1);
    let [Lesson::Ok(lesson)] = &document.lessons[..] else {
        panic!("a lesson that builds: {document:?}");
    };
    assert!(lesson.passed);
    assert!(matches!(lesson.checks[..], [Check::Passed(_), ..]));

    course.replace(program, "hello", "hullo");
    let document = read(&course, &["--seed", "7"], 1);
    let [Lesson::Ok(lesson)] = &document.lessons[..] else {
        panic!("a lesson that builds: {document:?}");
    };
    let [Check::Passed(_), Check::Failed(failed), Check::NotRun(_)] = &lesson.checks[..] else {
        panic!("three checks: {lesson:?}");
    };
    assert_eq!((failed.cause.as_str(), failed.seed), ("mangled", 7));
    let difference = failed.difference.as_ref().expect("where they differ");
    assert_eq!((difference.at, difference.window), (1, 0));
    assert!(
        failed
            .timeline
            .as_ref()
            .is_some_and(|events| !events.is_empty())
    );

    // The book gets the same, and the conversation as a drawing.
    let file = course.path("target/on-the-wire/live/documented.json");
    let kept = std::fs::read_to_string(file).expect("a document");
    let kept: Value = serde_json::from_str(&kept).expect(&kept);
    let document = serde_json::to_value(&document).expect("it can be written");
    assert_eq!(kept["lessons"], document["lessons"]);
    let drawing = kept["drawing"].as_str();
    assert!(drawing.is_some_and(|it| it.starts_with("<svg ")));

    let solution = std::fs::read_to_string(course.path("solutions/documented/src/main.rs"));
    course.write(
        program,
        &solution
            .expect("the solution")
            .replace("b\"hello\\n\"", "7"),
    );
    let document = read(&course, &[], 1);
    assert!(matches!(document.lessons[..], [Lesson::Failed(_)]));
}

#[test]
fn a_typed_reader_takes_skipped_and_broken_checks_of_any_program() {
    let course = Course::new(&["handed-in"]);
    let checks = "exercises/handed-in/tests/checks.rs";
    course.replace(
        checks,
        "fn greets(server: Server,",
        "fn greets(program: Program,",
    );
    course.replace(
        checks,
        "    for _ in 0..clients {\n        server.connect().expect(b\"hello\\n\");\n    }\n",
        "    program.skip(&format!(\"{clients} cannot be told apart\"));\n",
    );
    course.replace(
        checks,
        "    let client = server.connect();\n",
        "    std::process::abort();\n    let client = server.connect();\n",
    );
    let ran = course.run(&["check"]).ended_with(3);
    assert!(ran.stdout.contains("skipped greets"), "{}", ran.stdout);
    let name = format!("debug/handed-in-exercise{}", std::env::consts::EXE_SUFFIX);
    let program = Course::target().join(name);
    let program = program.to_str().expect("a path");
    let document = read(&course, &["handed-in", "--program", program], 3);
    let [Lesson::NotBuilt(lesson)] = &document.lessons[..] else {
        panic!("a program that was handed in: {document:?}");
    };
    assert!(!lesson.passed);
    assert!(
        matches!(
            lesson.checks[..],
            [Check::Passed(_), Check::Skipped(_), Check::Broken(_)]
        ),
        "{lesson:?}"
    );
}

/// Without a network there are the crates of the course's own lock file and no
/// others: the small course has to want the same.
#[test]
fn the_small_course_wants_the_crates_of_the_course() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(here.join(file)).expect("a manifest");
    let wanted = |manifest: &str| {
        let text = read(manifest);
        let line = text.lines().find(|line| line.starts_with("rstest = "));
        line.expect("a dependency").to_string()
    };
    let ours = wanted("../Cargo.toml");
    for manifest in ["Cargo.toml", "exercises/Cargo.toml"] {
        let manifest = format!("tests/end_to_end/small-course/{manifest}");
        assert_eq!(wanted(&manifest), ours, "{manifest}");
    }
    assert_eq!(wanted("../exercises/Cargo.toml"), ours);
}
