//! The verdict for GitHub Actions: annotations and the whole text for the log of
//! a step, and a summary in Markdown.

mod markdown;
mod workflow;

use std::path::Path;

use super::points::why_not_run;
use super::{Judged, Teller, layout, plural};
use crate::verdict::{Build, CheckVerdict, Evidence, LessonVerdict, Place, Status};
use workflow::Annotation;

pub(crate) use workflow::harmless;

/// GitHub takes a summary of up to 1 MiB of each step, and nothing of a longer
/// one. A step may call us more than once.
const LONGEST_SUMMARY: usize = 300_000;

/// What GitHub is told.
#[derive(Debug)]
pub(crate) struct Told {
    /// For stdout.
    pub(crate) log: String,
    /// For the file that `GITHUB_STEP_SUMMARY` names.
    pub(crate) summary: String,
}

/// Tells all lessons that were judged. `course` is where the course is in its
/// repository, empty where it is the repository.
pub(crate) fn document(lessons: &[Judged<'_>], course: &Path) -> Told {
    let mut told = Told {
        log: String::new(),
        summary: String::new(),
    };
    for Judged { verdict, teller } in lessons {
        let text = harmless(&text(verdict, teller));
        told.log += &workflow::group(&headline(verdict), &text);
        for annotation in annotations(verdict, course) {
            told.log += &annotation.command();
        }
        summarise(verdict, teller, &mut told.summary);
    }
    told
}

/// `tcp-server: 3 of 14 checks pass`.
fn headline(verdict: &LessonVerdict) -> String {
    let name = &verdict.lesson;
    match verdict.build {
        Build::Failed(_) => return format!("{name} does not build"),
        Build::Unfinished { .. } => return format!("{name} was not judged"),
        Build::Done | Build::NotBuilt => {}
    }
    let passed = verdict.passing();
    let checks = plural(verdict.checks.len(), "check");
    format!("{name}: {passed} of {checks} pass")
}

/// All that a terminal shows.
fn text(verdict: &LessonVerdict, teller: &Teller<'_>) -> String {
    match &verdict.build {
        Build::Failed(failure) => return teller.does_not_build(failure),
        Build::Unfinished { why } => return teller.unfinished_build(why),
        Build::Done | Build::NotBuilt => {}
    }
    let mut text = teller.heading();
    for check in &verdict.checks {
        text += &match check.is_plain_pass() {
            true => teller.passed(std::slice::from_ref(&check.name)),
            false => teller.check(check, true),
        };
    }
    text + &teller.footer(verdict, None)
}

fn annotations(verdict: &LessonVerdict, course: &Path) -> Vec<Annotation> {
    let lesson = Annotated { verdict, course };
    let mut annotations = Vec::new();
    if let Build::Failed(failure) = &verdict.build {
        annotations.push(lesson.error("builds", None, &failure.to_string()));
    }
    let checks = verdict.checks.iter();
    annotations.extend(checks.filter_map(|check| lesson.of_check(check)));
    if let Some(line) = super::edited(verdict) {
        annotations.push(lesson.warning("checks that differ", &line));
    }
    let mut checks = verdict.checks.iter();
    let why = checks.find_map(|check| match &check.status {
        Status::OutOfTime { why } => Some(why),
        _ => None,
    });
    if let Some(why) = why {
        let message = format!("Not all of it was judged: {why}.");
        annotations.push(lesson.warning("not judged in time", &message));
    }
    annotations
}

/// A lesson, and where its course is in the repository.
struct Annotated<'v> {
    verdict: &'v LessonVerdict,
    course: &'v Path,
}

impl Annotated<'_> {
    fn of_check(&self, check: &CheckVerdict) -> Option<Annotation> {
        match &check.status {
            Status::Failed(evidence) => {
                let message = reason(check, evidence);
                Some(self.error(&check.name, evidence.place.as_ref(), &message))
            }
            Status::Broken { why } => {
                let message =
                    format!("The check itself broke, which says nothing about the program: {why}");
                Some(self.warning(&check.name, &message))
            }
            _ => None,
        }
    }

    /// Something about the program: where it is not known, about its first line.
    fn error(&self, what: &str, place: Option<&Place>, message: &str) -> Annotation {
        let program = format!("exercises/{}/src/main.rs", self.verdict.lesson);
        let file = match place {
            Some(place) => Some(place.file.as_path()),
            // A program that was handed in is no file of the course.
            None if self.verdict.build == Build::NotBuilt => None,
            None => Some(Path::new(&program)),
        };
        Annotation {
            level: "error",
            file: file.map(|file| {
                let path = self.course.join(file);
                path.to_string_lossy().replace('\\', "/")
            }),
            line: place.map(|place| place.line),
            ..self.warning(what, message)
        }
    }

    /// Something that says nothing about the program.
    fn warning(&self, what: &str, message: &str) -> Annotation {
        Annotation {
            level: "warning",
            file: None,
            line: None,
            title: format!("{}: {what}", self.verdict.lesson),
            message: layout::harmless(message),
        }
    }
}

/// What is known of a failure, in a few lines.
fn reason(check: &CheckVerdict, evidence: &Evidence) -> String {
    let mut lines = vec![
        check.says.clone(),
        format!("expected: {}", layout::one_line(&evidence.expected)),
        format!("got: {}", layout::one_line(&evidence.got)),
        format!("cause: {}", evidence.cause),
    ];
    if let Some(pitfall) = &evidence.pitfall {
        lines.push(format!("pitfall: {} {}", pitfall.title, pitfall.text));
        lines.push(format!("book: {}", pitfall.place()));
    }
    lines.join("\n")
}

/// Adds a lesson to the summary: a table, and behind it what is known of each
/// failure.
fn summarise(verdict: &LessonVerdict, teller: &Teller<'_>, summary: &mut String) {
    *summary += &format!("### {}\n\n", markdown::text(&headline(verdict)));
    if let Build::Failed(failure) = &verdict.build {
        let failure = markdown::text(&layout::harmless(&failure.to_string()));
        *summary += &format!("{failure}\n\n");
    }
    if let Some(line) = super::edited(verdict) {
        *summary += &format!("{}\n\n", markdown::text(&layout::harmless(&line)));
    }
    if !verdict.checks.is_empty() {
        *summary += "| | check | |\n|---|---|---|\n";
    }
    for check in &verdict.checks {
        let (status, name) = (check.status.name(), markdown::text(&check.name));
        let remark = markdown::text(&layout::harmless(&remark(verdict, check)));
        *summary += &format!("| {status} | {name} | {remark} |\n");
    }
    *summary += "\n";
    for check in &verdict.checks {
        if !matches!(check.status, Status::Failed(_) | Status::Broken { .. }) {
            continue;
        }
        let text = markdown::preformatted(&teller.check(check, true));
        let details = markdown::details(&format!("{}: {}", check.status.name(), check.name), &text);
        if summary.len() + details.len() > LONGEST_SUMMARY {
            *summary += "More is in the log of this step.\n\n";
            break;
        }
        *summary += &details;
    }
    let broke = |check: &CheckVerdict| matches!(check.status, Status::Broken { .. });
    if verdict.checks.iter().any(broke) {
        *summary += "A check that breaks is no verdict on the program: judge it again. \
                     Where it breaks again, `cargo xtask doctor` looks for the reason.\n\n";
    }
}

/// The last column of the table.
fn remark(verdict: &LessonVerdict, check: &CheckVerdict) -> String {
    match &check.status {
        Status::Passed => check.notes.join("; "),
        Status::Failed(evidence) => match &evidence.pitfall {
            Some(pitfall) => format!("{}: {}", evidence.cause, pitfall.title),
            None => evidence.cause.clone(),
        },
        Status::Skipped { why } => format!("not observed here: {why}"),
        Status::NotRun => why_not_run(verdict).to_string(),
        Status::OutOfTime { why } => why.clone(),
        Status::Broken { .. } => "the check itself broke".to_string(),
    }
}

#[cfg(test)]
mod tests;
