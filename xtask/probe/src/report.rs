//! The report of a check, for people (a panic message) and for machines (JSON).

use std::fmt;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use wire::{Conversation, Difference, Event, Value, What, harmless, json};

use crate::cause::Cause;
use crate::scene::Scene;

/// A failed expectation with its evidence.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// The id of a pitfall, where the mistake was recognised.
    pub(crate) pitfall: Option<&'static str>,
    pub(crate) expected: String,
    pub(crate) got: String,
    /// Where the bytes that came differ from those that were due.
    pub(crate) difference: Option<Difference>,
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
        if let Some(difference) = &self.difference {
            writeln!(f, "  differs   {}", indent(&difference.lines().join("\n")))?;
        }
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
    let mut report = conversation(scene).to_json();
    report["status"] = json!("failed");
    report["cause"] = json!(failure.cause.name());
    report["pitfall"] = json!(failure.pitfall);
    report["expected"] = json!(failure.expected);
    report["got"] = json!(failure.got);
    report["difference"] = json!(failure.difference.as_ref().map(Difference::to_json));
    report["at"] = json!(failure.at);
    report["seed"] = json!(scene.seed);
    report["stdout"] = json!(failure.stdout);
    report["stderr"] = json!(failure.stderr);
    report["notes"] = json!(scene.notes());
    write(&report, true);
}

/// Says that a check was skipped, or what a passed check could not observe;
/// and what happened in it, where somebody wants to know.
pub(crate) fn write_remarks(scene: &Scene, skipped: Option<&str>, notes: &[String]) {
    let told = std::env::var_os("ON_THE_WIRE_TIMELINE").is_some();
    match skipped {
        Some(why) => write(&json!({ "status": "skipped", "why": why }), false),
        None if notes.is_empty() && !told => {}
        None => {
            let mut report = match told {
                true => conversation(scene).to_json(),
                false => json!({}),
            };
            report["status"] = json!("passed");
            report["notes"] = json!(notes);
            write(&report, false);
        }
    }
}

/// What happened, with roles in place of addresses and nothing that could reach
/// a terminal's controls.
pub(crate) fn conversation(scene: &Scene) -> Conversation {
    let timeline = scene.timeline();
    let (events, left_out) = timeline.events();
    let events = events.to_vec();
    drop(timeline);
    let shown = |line: &str| harmless(&scene.with_roles(line));
    let event = |event: Event| Event {
        what: match &event.what {
            What::Printed(line) => What::Printed(shown(line)),
            What::Started(arguments) => What::Started(shown(arguments)),
            What::Exited(how) => What::Exited(shown(how)),
            other => other.clone(),
        },
        ..event
    };
    Conversation {
        program: scene.program_name().to_owned(),
        events: events.into_iter().map(event).collect(),
        left_out,
        example: false,
    }
}

/// A descriptor that is given back for the report: without it, a check that has
/// run out of them could not even say so.
static SPARE: Mutex<Option<File>> = Mutex::new(None);

/// Puts a descriptor aside, once, while there still is one.
pub(crate) fn keep_a_descriptor() {
    let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
    if spare.is_none() && file().is_some() {
        *spare = std::env::current_exe().and_then(File::open).ok();
    }
}

fn write(report: &Value, replace: bool) {
    let Some(path) = file() else { return };
    drop(SPARE.lock().unwrap_or_else(PoisonError::into_inner).take());
    if !replace && path.exists() {
        return;
    }
    if let Err(error) = std::fs::write(&path, report.to_string()) {
        // Who runs the check sees a failed check without a report, and this.
        eprintln!("the report {} cannot be written: {error}", path.display());
    }
}
