//! The verdict for machines: one JSON document.

use wire::{Value, json};

use crate::verdict::{Build, CheckVerdict, Evidence, LessonVerdict, Status};

/// The number that changes when a field changes its meaning or goes away.
const FORMAT: u32 = 1;

/// The document for all lessons that were judged.
pub(crate) fn document(verdicts: &[LessonVerdict]) -> String {
    text(&value(verdicts.iter().map(lesson).collect()))
}

/// The same as data, of each [`lesson`].
pub(super) fn value(lessons: Vec<Value>) -> Value {
    json!({ "format": FORMAT, "lessons": lessons })
}

/// `document` as people can read it, too.
pub(super) fn text(document: &Value) -> String {
    format!("{}\n", harmless(&format!("{document:#}")))
}

/// JSON without the control characters that it may hold as they are: a terminal
/// obeys some of them. They stand in strings only.
fn harmless(json: &str) -> String {
    let mut harmless = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '\u{7f}'..='\u{9f}' => harmless += &format!("\\u{:04x}", u32::from(letter)),
            _ => harmless.push(letter),
        }
    }
    harmless
}

/// One lesson of the document.
pub(crate) fn lesson(verdict: &LessonVerdict) -> Value {
    let mut value = json!({
        "lesson": verdict.lesson,
        "passed": verdict.passed(),
        "build": match verdict.build {
            Build::Done => "ok",
            Build::Failed(_) => "failed",
            Build::NotBuilt => "not built",
            Build::Unfinished { .. } => "unfinished",
        },
        "seconds": seconds(verdict.took),
        "checks": verdict.checks.iter().map(check).collect::<Vec<_>>(),
    });
    if !verdict.edited.is_empty() {
        value["edited"] = json!(verdict.edited);
    }
    if verdict.recalled.is_some() {
        value["recalled"] = json!(true);
    }
    match &verdict.build {
        Build::Failed(failure) => value["why"] = json!(failure.to_string()),
        Build::Unfinished { why } => value["why"] = json!(why),
        Build::Done | Build::NotBuilt => {}
    }
    value
}

fn check(verdict: &CheckVerdict) -> Value {
    let mut value = json!({ "name": verdict.name, "says": verdict.says });
    value["status"] = json!(verdict.status.name());
    if let Status::Skipped { why } | Status::OutOfTime { why } | Status::Broken { why } =
        &verdict.status
    {
        value["why"] = json!(why);
    }
    if !matches!(verdict.status, Status::NotRun | Status::OutOfTime { .. }) {
        value["seconds"] = seconds(verdict.took);
    }
    if !verdict.notes.is_empty() {
        value["notes"] = json!(verdict.notes);
    }
    if let Status::Failed(evidence) = &verdict.status {
        add_evidence(&mut value, evidence);
    }
    if let Some(conversation) = &verdict.conversation
        && let (Value::Object(value), Value::Object(fields)) = (&mut value, conversation.to_json())
    {
        value.extend(fields);
    }
    value
}

fn add_evidence(value: &mut Value, evidence: &Evidence) {
    value["cause"] = json!(evidence.cause);
    if let Some(pitfall) = &evidence.pitfall {
        value["pitfall"] = json!(pitfall.id);
    }
    value["expected"] = json!(evidence.expected);
    value["got"] = json!(evidence.got);
    value["seed"] = json!(evidence.seed);
    value["stdout"] = json!(evidence.stdout);
    value["stderr"] = json!(evidence.stderr);
    if let Some(difference) = &evidence.difference {
        value["difference"] = difference.to_json();
    }
    if let Some(place) = &evidence.place {
        value["place"] = json!({ "file": &*place.file.to_string_lossy(), "line": place.line });
    }
}

/// Milliseconds are exact enough, and short to read.
fn seconds(time: std::time::Duration) -> Value {
    json!((time.as_secs_f64() * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod reader;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
