//! Reads a verdict from the JSON that `report::json` has made of it: only the
//! kinds of verdict that are kept.

use std::path::Path;
use std::time::Duration;

use wire::{Conversation, Difference, Value};

use crate::pitfalls;
use crate::verdict::{Build, CheckVerdict, Evidence, LessonVerdict, Place, Status};

/// The verdict on a lesson. `None` where anything is missing or unknown.
pub(super) fn lesson(json: &Value, root: &Path) -> Option<LessonVerdict> {
    if json["build"] != "ok" {
        return None;
    }
    let checks = json["checks"].as_array()?;
    Some(LessonVerdict {
        lesson: text(json, "lesson")?,
        build: Build::Done,
        checks: checks
            .iter()
            .map(|json| check(json, root))
            .collect::<Option<_>>()?,
        took: seconds(json)?,
        recalled: None,
        edited: Vec::new(),
    })
}

fn check(json: &Value, root: &Path) -> Option<CheckVerdict> {
    let status = match json["status"].as_str()? {
        "passed" => Status::Passed,
        "failed" => Status::Failed(Box::new(evidence(json, root)?)),
        "not run" => Status::NotRun,
        _ => return None,
    };
    let took = match status {
        Status::NotRun => Duration::ZERO,
        _ => seconds(json)?,
    };
    Some(CheckVerdict {
        took,
        status,
        conversation: Conversation::from_json(json),
        ..CheckVerdict::not_run(&text(json, "name")?, &text(json, "says")?)
    })
}

fn evidence(json: &Value, root: &Path) -> Option<Evidence> {
    Some(Evidence {
        cause: text(json, "cause")?,
        pitfall: json["pitfall"].as_str().map(|id| pitfalls::find(root, id)),
        expected: text(json, "expected")?,
        got: text(json, "got")?,
        seed: json["seed"].as_u64()?,
        stdout: text(json, "stdout")?,
        stderr: text(json, "stderr")?,
        difference: Difference::from_json(&json["difference"]),
        place: place(&json["place"]),
    })
}

fn place(json: &Value) -> Option<Place> {
    Some(Place {
        file: json["file"].as_str()?.into(),
        line: json["line"].as_u64()?.try_into().ok()?,
    })
}

fn text(json: &Value, key: &str) -> Option<String> {
    Some(json[key].as_str()?.to_string())
}

fn seconds(json: &Value) -> Option<Duration> {
    Duration::try_from_secs_f64(json["seconds"].as_f64()?).ok()
}
