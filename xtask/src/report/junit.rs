//! The verdict for continuous integration: one JUnit document. A lesson is a
//! suite, a check is a case; a program that does not build is a case as well.

mod xml;

use std::time::Duration;

use super::{conversation, layout, look::Look};
use crate::verdict::{Build, CheckVerdict, Evidence, LessonVerdict, Status};

/// Text that stands in no terminal: as wide as most of them are.
const WIDTH: usize = 80;

/// The document for all lessons that were judged with `seed`.
pub(crate) fn document(verdicts: &[LessonVerdict], seed: u64) -> String {
    let suites: Vec<Suite> = verdicts.iter().map(Suite::of).collect();
    let sum = suites.iter().flat_map(|suite| &suite.cases);
    let counts = Counts::of(sum);
    let took: Duration = suites.iter().map(|suite| suite.took).sum();
    let inside: String = suites.iter().map(|suite| suite.xml(seed)).collect();
    let root = parent("testsuites", "On the Wire", &counts, took, &inside);
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}")
}

/// A suite, or all of them: a name and counts around what is `inside`.
fn parent(element: &str, name: &str, counts: &Counts, took: Duration, inside: &str) -> String {
    let attributes = [
        ("name", name),
        ("tests", &counts.tests.to_string()),
        ("failures", &counts.failures.to_string()),
        ("errors", &counts.errors.to_string()),
        ("skipped", &counts.skipped.to_string()),
        ("time", &seconds(took)),
    ];
    xml::parent(element, &attributes, inside)
}

/// A lesson.
struct Suite<'a> {
    name: &'a str,
    took: Duration,
    cases: Vec<Case>,
}

/// A check, or the build.
struct Case {
    name: String,
    came: Came,
    took: Duration,
    /// What came of it, and what is known about it, as XML.
    inside: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Passed,
    Failure,
    Error,
    Skipped,
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(cases: impl Iterator<Item = &'a Case>) -> Counts {
        let mut counts = Counts::default();
        for case in cases {
            counts.tests += 1;
            match case.came {
                Came::Passed => {}
                Came::Failure => counts.failures += 1,
                Came::Error => counts.errors += 1,
                Came::Skipped => counts.skipped += 1,
            }
        }
        counts
    }
}

impl Suite<'_> {
    fn of(verdict: &LessonVerdict) -> Suite<'_> {
        let build = match &verdict.build {
            Build::Failed(failure) => Some(Case {
                name: "builds".to_string(),
                came: Came::Error,
                took: Duration::ZERO,
                inside: refusal("error", "does not build", &failure.to_string(), ""),
            }),
            Build::Unfinished { why } => Some(Case {
                name: "builds".to_string(),
                came: Came::Error,
                took: Duration::ZERO,
                inside: refusal("error", "unfinished", why, ""),
            }),
            Build::Done | Build::NotBuilt => None,
        };
        let checks = verdict.checks.iter().map(Case::of);
        Suite {
            name: &verdict.lesson,
            took: verdict.took,
            cases: build.into_iter().chain(checks).collect(),
        }
    }

    fn xml(&self, seed: u64) -> String {
        let seed = seed.to_string();
        let property = xml::element("property", &[("name", "seed"), ("value", &seed)], "");
        let mut inside = xml::parent("properties", &[], &property);
        for case in &self.cases {
            let attributes = [
                ("classname", self.name),
                ("name", &case.name),
                ("time", &seconds(case.took)),
            ];
            inside += &xml::parent("testcase", &attributes, &case.inside);
        }
        let counts = Counts::of(self.cases.iter());
        parent("testsuite", self.name, &counts, self.took, &inside)
    }
}

impl Case {
    fn of(check: &CheckVerdict) -> Case {
        let skipped = |why: &str| xml::element("skipped", &[("message", &harmless(why))], "");
        let (came, mut inside) = match &check.status {
            Status::Passed => (Came::Passed, String::new()),
            Status::Failed(evidence) => (Came::Failure, failure(check, evidence)),
            Status::Skipped { why } => {
                (Came::Skipped, skipped(&format!("not observed here: {why}")))
            }
            Status::NotRun => (
                Came::Skipped,
                skipped("not run: it waits for a check before it"),
            ),
            Status::OutOfTime { why } => (Came::Skipped, skipped(&format!("not run: {why}"))),
            Status::Broken { why } => {
                let message = "the check itself broke, which says nothing about the program";
                (Came::Error, refusal("error", "broken", message, why))
            }
        };
        inside += &output(check);
        Case {
            name: check.name.clone(),
            came,
            took: check.took,
            inside,
        }
    }
}

/// A `failure` or an `error`.
fn refusal(element: &str, kind: &str, message: &str, text: &str) -> String {
    let message = harmless(message);
    xml::element(
        element,
        &[("type", kind), ("message", &message)],
        &harmless(text),
    )
}

fn failure(check: &CheckVerdict, evidence: &Evidence) -> String {
    let field = |label: &str, value: &str| match value {
        "" => String::new(),
        value => layout::labelled(label, &harmless(value), WIDTH),
    };
    let mut text = format!("\n{}\n", layout::paragraph(&check.says, 4, WIDTH));
    text += &field("expected", &evidence.expected);
    text += &field("got", &evidence.got);
    if let Some(difference) = &evidence.difference {
        text += &conversation::difference(difference, &Look::plain(WIDTH).with_drawings());
    }
    if let Some(place) = &evidence.place {
        let (file, line) = (place.file.display(), place.line);
        text += &field("place", &format!("{file}, line {line}"));
    }
    text += &field("cause", &evidence.cause);
    if let Some(pitfall) = &evidence.pitfall {
        text += &field("pitfall", &pitfall.title);
        text += &field("", &pitfall.text);
        text += &field("book", &pitfall.place());
    }
    text += &field("seed", &evidence.seed.to_string());
    let Evidence {
        cause,
        expected,
        got,
        ..
    } = evidence;
    let message = format!("{cause}: expected {expected}, got {got}");
    refusal("failure", cause, &layout::one_line(&message), &text)
}

/// What happened on the wire, and what the program printed.
fn output(check: &CheckVerdict) -> String {
    let mut out = String::new();
    for note in &check.notes {
        out += &format!("note: {note}\n");
    }
    let mut err = "";
    if let Status::Failed(evidence) = &check.status {
        if let Some(conversation) = &check.conversation {
            let look = Look::plain(WIDTH).with_drawings();
            out += &conversation::diagram(conversation, evidence.broke(), &look);
        }
        if !evidence.stdout.is_empty() {
            out += &format!("the last of its stdout:\n{}", evidence.stdout);
        }
        err = &evidence.stderr;
    }
    let streams = [("system-out", out.as_str()), ("system-err", err)];
    let streams = streams.iter().filter(|(_, text)| !text.is_empty());
    streams
        .map(|(name, text)| xml::element(name, &[], &harmless(text)))
        .collect()
}

/// Control characters made visible: readers show some of them, and XML has no
/// place for most.
fn harmless(text: &str) -> String {
    layout::harmless(text)
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

#[cfg(test)]
mod reader;
#[cfg(test)]
mod tests;
