//! The report of a check, for people (a panic message) and for machines (JSON).

use std::fmt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cause::Cause;
use crate::event::{Event, What, harmless};
use crate::scene::Scene;

/// A failed expectation with its evidence.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// The id of a pitfall, where the mistake was recognised.
    pub(crate) pitfall: Option<&'static str>,
    pub(crate) expected: String,
    pub(crate) got: String,
    /// The check's file and line.
    pub(crate) at: String,
    /// The last output, addresses left as they are.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.cause.name())?;
        if let Some(pitfall) = self.pitfall {
            writeln!(f, "  pitfall   {pitfall}")?;
        }
        writeln!(f, "  expected  {}", indent(&self.expected))?;
        writeln!(f, "  got       {}", indent(&self.got))?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                let lines: Vec<&str> = text.trim_end().lines().collect();
                let last = lines[lines.len().saturating_sub(8)..].join("\n");
                writeln!(f, "  {name}    {}", indent(&last))?;
            }
        }
        Ok(())
    }
}

fn indent(text: &str) -> String {
    text.replace('\n', "\n            ")
}

fn file() -> Option<PathBuf> {
    std::env::var_os("ON_THE_WIRE_REPORT").map(PathBuf::from)
}

pub(crate) fn write_failure(scene: &Scene, failure: &Failure) {
    let (events, left_out) = {
        let timeline = scene.timeline();
        let (events, left_out) = timeline.events();
        (events.to_vec(), left_out)
    };
    let report = json!({
        "status": "failed",
        "cause": failure.cause.name(),
        "pitfall": failure.pitfall,
        "expected": failure.expected,
        "got": failure.got,
        "at": failure.at,
        "seed": scene.seed,
        "stdout": failure.stdout,
        "stderr": failure.stderr,
        "timeline": events.iter().map(|event| event_json(event, scene)).collect::<Vec<_>>(),
        "timeline_left_out": left_out,
        "notes": scene.notes(),
    });
    write(&report, true);
}

/// Says that a check was skipped, or what a passed check could not observe.
pub(crate) fn write_remarks(skipped: Option<&str>, notes: &[String]) {
    match skipped {
        Some(why) => write(&json!({ "status": "skipped", "why": why }), false),
        None if notes.is_empty() => {}
        None => write(&json!({ "status": "passed", "notes": notes }), false),
    }
}

fn write(report: &Value, replace: bool) {
    let Some(path) = file() else { return };
    if !replace && path.exists() {
        return;
    }
    if let Err(error) = std::fs::write(&path, report.to_string()) {
        // Who runs the check sees a failed check without a report, and this.
        eprintln!("the report {} cannot be written: {error}", path.display());
    }
}

fn event_json(event: &Event, scene: &Scene) -> Value {
    let mut json = json!({
        "at": (event.at.as_secs_f64() * 10_000.0).round() / 10_000.0,
        "from": event.from,
        "to": event.to,
        "what": event.what.name(),
    });
    match &event.what {
        What::Data {
            bytes,
            pieces,
            text,
        } => {
            json["bytes"] = json!(bytes);
            json["pieces"] = json!(pieces);
            json["text"] = json!(text);
        }
        What::Datagram { bytes, text } => {
            json["bytes"] = json!(bytes);
            json["text"] = json!(text);
        }
        What::Printed(line) | What::Exited(line) => {
            json["text"] = json!(harmless(&scene.with_roles(line)))
        }
        What::Silence(duration) => json["seconds"] = json!(duration.as_secs_f64()),
        _ => {}
    }
    json
}
