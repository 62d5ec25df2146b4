//! The verdict on a lesson for people: a heading, one line a check, what is
//! known about the first failure, and the next step.

use std::time::Duration;

use super::layout;
use super::look::{Look, Tone};
use super::{plural, timeline};
use crate::build::Failure;
use crate::course::Lesson;
use crate::exit::Exit;
use crate::verdict::{CheckVerdict, Evidence, LessonVerdict, Place, Status};

/// How many lines of the program's output are shown, of each stream.
const OUTPUT_LINES: usize = 8;

/// Tells what came of one lesson.
#[derive(Debug)]
pub(crate) struct Teller<'a> {
    pub(crate) look: Look,
    pub(crate) lesson: &'a Lesson,
    /// What comes after it in the course.
    pub(crate) next: Option<&'a Lesson>,
    /// The program that was handed in, as it was typed.
    pub(crate) program: Option<String>,
}

impl Teller<'_> {
    /// The lesson's heading.
    pub(crate) fn heading(&self) -> String {
        let left = format!("{} · {}", self.lesson.name, self.lesson.title);
        let right = self
            .program
            .clone()
            .unwrap_or_else(|| format!("exercises/{}", self.lesson.name));
        let line = layout::ends(&left, &right, self.look.width);
        format!(
            "{}\n",
            line.replacen(&left, &self.look.paint(Tone::Title, &left), 1)
        )
    }

    /// The line for one check; `in_full` adds all that is known of a failure.
    pub(crate) fn check(&self, check: &CheckVerdict, in_full: bool) -> String {
        let look = &self.look;
        let (tone, sign) = match &check.status {
            Status::Passed => (Tone::Good, look.passed),
            Status::Failed(_) => (Tone::Bad, look.failed),
            Status::Skipped { .. } => (Tone::Doubtful, look.skipped),
            Status::Broken { .. } => (Tone::Bad, look.broken),
            Status::NotRun => return String::new(),
        };
        let mut text = format!("  {} {}\n", look.paint(tone, sign), check.name);
        let remark = |remark: &str| layout::paragraph(&layout::harmless(remark), 4, look.width);
        match &check.status {
            Status::Failed(evidence) => {
                text += &remark(&check.says);
                text += "\n";
                text += &self.evidence(evidence, in_full);
            }
            Status::Skipped { why } => text += &remark(&format!("not observed here: {why}")),
            Status::Broken { why } => text += &remark(&format!("the check itself broke: {why}")),
            _ => {}
        }
        for note in &check.notes {
            text += &remark(note);
        }
        text
    }

    fn evidence(&self, evidence: &Evidence, in_full: bool) -> String {
        let width = self.look.width;
        let field = |label: &str, text: &str| match text.trim() {
            "" => String::new(),
            _ => layout::labelled(label, &layout::harmless(text), width),
        };
        let mut text = field("expected", &evidence.expected);
        text += &field("got", &evidence.got);
        text += &field("cause", &evidence.cause);
        if let Some(pitfall) = &evidence.pitfall {
            text += &field("pitfall", &pitfall.title);
            text += &field("", &pitfall.text);
            text += &field("book", &pitfall.place());
        }
        if in_full {
            text += &field(
                "stdout",
                &layout::last_lines(&evidence.stdout, OUTPUT_LINES),
            );
            text += &field(
                "stderr",
                &layout::last_lines(&evidence.stderr, OUTPUT_LINES),
            );
            let events = timeline::last_events(&evidence.timeline, &self.look);
            text += &layout::labelled_block("wire", &events, width);
        }
        text
    }

    /// What follows the checks: how many pass, and what to do next.
    pub(crate) fn footer(&self, verdict: &LessonVerdict) -> String {
        let waiting = verdict
            .checks
            .iter()
            .filter(|check| matches!(check.status, Status::NotRun))
            .count();
        let mut text = String::new();
        if waiting > 0 {
            let checks = plural(waiting, "more check");
            let waits = if waiting == 1 { "waits" } else { "wait" };
            let line = format!("· {checks} {waits} for this one");
            text += &format!("\n  {}\n", self.look.paint(Tone::Aside, &line));
        }
        text += "\n";
        if verdict.passed() {
            text + &self.finished(verdict)
        } else {
            text + &self.unfinished(verdict)
        }
    }

    fn finished(&self, verdict: &LessonVerdict) -> String {
        let name = &self.lesson.name;
        let skipped = verdict
            .checks
            .iter()
            .filter(|check| matches!(check.status, Status::Skipped { .. }))
            .count();
        let checks = plural(verdict.checks.len() - skipped, "check");
        let took = seconds(verdict.took);
        let word = if self.program.is_some() {
            "passes"
        } else {
            "is finished"
        };
        let mut text = format!(
            "{}: {checks} passed in {took}",
            self.look.paint(Tone::Good, &format!("{name} {word}"))
        );
        if skipped > 0 {
            text += &format!(", {skipped} could not be observed here");
        }
        text += ".\n";
        match self.next {
            Some(next) if self.program.is_none() => {
                text += &format!(
                    "Next: {} · {}: cargo xtask check {}\n",
                    next.name, next.title, next.name
                );
            }
            None if self.program.is_none() => text += "That was the last lesson of the course.\n",
            _ => {}
        }
        text
    }

    fn unfinished(&self, verdict: &LessonVerdict) -> String {
        let passed = verdict
            .checks
            .iter()
            .filter(|check| check.is_no_obstacle())
            .count();
        let checks = plural(verdict.checks.len(), "check");
        let mut text = format!("{passed} of {checks} pass ({}).\n", seconds(verdict.took));
        let mut failures = verdict
            .checks
            .iter()
            .filter_map(|check| match &check.status {
                Status::Failed(evidence) => Some((check, evidence)),
                _ => None,
            });
        if let Some((check, evidence)) = failures.next() {
            text += &self.next_step(&check.name, evidence);
        }
        if verdict.exit() == Exit::Harness {
            text += "A check that breaks is no verdict on your program: judge it again.\n";
        }
        text
    }

    fn next_step(&self, check: &str, evidence: &Evidence) -> String {
        let name = &self.lesson.name;
        let folder = format!("exercises/{name}");
        let next = match (&self.program, &evidence.place) {
            (None, Some(Place { file, line })) => {
                format!("Next   open {}, line {line}", file.display())
            }
            (None, None) => format!("Next   open {folder}/src/main.rs\nTask   {folder}/README.md"),
            (Some(_), _) => format!("Task   {folder}/README.md"),
        };
        let program = self
            .program
            .as_ref()
            .map(|path| format!(" --program {path}"));
        let program = program.unwrap_or_default();
        let seed = evidence.seed;
        format!(
            "{next}\n\
             Stuck? {folder}/hints.md, {check}\n\
             Again  cargo xtask check {name} --seed {seed}{program}   (the same bytes)\n"
        )
    }

    /// What is told where there is nothing to judge.
    pub(crate) fn does_not_build(&self, failure: &Failure) -> String {
        let tone = self.look.paint(Tone::Bad, &self.lesson.name);
        match failure {
            Failure::DoesNotCompile => format!("{tone} does not build yet. The checks wait.\n"),
            other => format!("{tone} cannot be judged: {other}\nThe checks wait.\n"),
        }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests;
