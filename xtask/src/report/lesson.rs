//! The verdict on a lesson for people: a heading, one line a check, what is
//! known about the first failure, and the next step.

use std::net::SocketAddr;
use std::time::Duration;

use wire::{Conversation, Event, What};

use super::flow::flow;
use super::layout;
use super::look::{Look, Tone};
use super::{conversation, plural};
use crate::build::Failure;
use crate::clock::Moment;
use crate::course::Lesson;
use crate::lore::Lore;
use crate::verdict::{CheckVerdict, Evidence, LessonVerdict, Place, Status};

/// How many rows of the program's output are shown, of each stream.
const OUTPUT_ROWS: usize = 6;

/// Tells what came of one lesson.
#[derive(Debug)]
pub(crate) struct Teller<'a> {
    pub(crate) look: Look,
    pub(crate) lesson: &'a Lesson,
    /// What comes after it in the course.
    pub(crate) next: Option<&'a Lesson>,
    /// The program that was handed in, as it was typed.
    pub(crate) program: Option<String>,
    /// When it is told.
    pub(crate) now: Moment,
}

impl Teller<'_> {
    /// The lesson's heading.
    pub(crate) fn heading(&self) -> String {
        let between = self.look.between();
        let left = format!("{}{between}{}", self.lesson.name, self.lesson.title);
        let right = self
            .program
            .clone()
            .unwrap_or_else(|| format!("exercises/{}", self.lesson.name));
        let line = layout::ends(&left, &right, self.look.width);
        let line = line.replacen(&left, &self.look.paint(Tone::Title, &left), 1);
        let line = match self.program {
            Some(_) => line,
            None => line.replacen(&right, &self.look.link(&right, &right), 1),
        };
        format!("{line}\n")
    }

    /// The checks that have passed, in two columns where there is room; a line
    /// each for whatever reads the other end of a pipe.
    pub(crate) fn passed(&self, names: &[String]) -> String {
        let sign = self.look.paint(Tone::Good, self.look.passed);
        let widest = names.iter().map(String::len).max().unwrap_or(0);
        let column = (self.look.width - 2) / 2;
        let columns = match self.look.ascii || widest + 4 > column {
            true => 1,
            false => 2,
        };
        let lines = names.chunks(columns).map(|names| match names {
            [left, right] => {
                let gap = " ".repeat(column - 2 - left.len());
                format!("  {sign} {left}{gap}{sign} {right}\n")
            }
            names => format!("  {sign} {}\n", names.concat()),
        });
        lines.collect()
    }

    /// A lesson of which there is nothing new to say.
    pub(crate) fn in_one_line(&self, verdict: &LessonVerdict) -> String {
        let sign = self.look.paint(Tone::Good, self.look.passed);
        let checks = plural(verdict.checks.len(), "check");
        format!("{sign} {}: {checks}, unchanged\n", self.lesson.name)
    }

    /// The line for one check; `in_full` adds all that is known of a failure.
    pub(crate) fn check(&self, check: &CheckVerdict, in_full: bool) -> String {
        let look = &self.look;
        let (tone, sign) = match &check.status {
            Status::Passed => (Tone::Good, look.passed),
            Status::Failed(_) => (Tone::Bad, look.failed),
            Status::Skipped { .. } => (Tone::Doubtful, look.skipped),
            Status::Broken { .. } => (Tone::Bad, look.broken),
            Status::NotRun | Status::OutOfTime { .. } => return String::new(),
        };
        let mut text = format!("  {} {}\n", look.paint(tone, sign), check.name);
        let remark = |remark: &str| layout::paragraph(&layout::harmless(remark), 4, look.width);
        match &check.status {
            Status::Failed(evidence) => {
                text += &remark(&check.says);
                text += "\n";
                text += &self.evidence(evidence, check.conversation.as_ref(), in_full);
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

    fn evidence(
        &self,
        evidence: &Evidence,
        conversation: Option<&Conversation>,
        in_full: bool,
    ) -> String {
        let mut text = self.field("expected", &evidence.expected);
        text += &self.field("got", &evidence.got);
        if in_full {
            text += &self.output(evidence, conversation);
            if let Some(difference) = &evidence.difference {
                text += &conversation::difference(difference, &self.look);
            }
            if let Some(conversation) = conversation {
                text += &conversation::diagram(conversation, evidence.broke(), &self.look);
            }
        }
        text += &self.field("cause", &evidence.cause);
        if let Some(pitfall) = &evidence.pitfall {
            text += &self.field("pitfall", &pitfall.title);
            text += &self.field("", &pitfall.text);
            text += &self.field("book", &pitfall.place());
        }
        text
    }

    /// The last that the program printed, in a few rows; lines on stdout that the diagram has
    /// are not repeated, unless they are what is wrong.
    fn output(&self, evidence: &Evidence, conversation: Option<&Conversation>) -> String {
        let prints = |event: &Event| matches!(event.what, What::Printed(_));
        let drawn = conversation.is_some_and(|conversation| conversation.events.iter().any(prints));
        let mut text = String::new();
        let is_wrong = evidence.cause.contains("output") && evidence.difference.is_none();
        if !drawn || is_wrong {
            text += &self.last_rows("stdout", &evidence.stdout);
        }
        let is_repeated = |line: &str| tells(&evidence.got, line.trim());
        if evidence.stderr.lines().all(is_repeated) {
            return text;
        }
        // Where the place is known and the reason told, both stand elsewhere.
        let is_told = |line: &&str| {
            evidence.place.is_some() && (line.contains(" panicked at ") || is_repeated(line))
        };
        let stderr = evidence.stderr.lines().filter(|line| !is_told(line));
        let stderr = stderr.collect::<Vec<_>>().join("\n");
        text + &self.last_rows("stderr", &stderr)
    }

    fn last_rows(&self, label: &str, output: &str) -> String {
        let output = layout::harmless(&layout::last_lines(output, OUTPUT_ROWS));
        let rows = layout::paragraph(&output, 0, layout::room(self.look.width));
        self.field(label, &layout::last_lines(&rows, OUTPUT_ROWS))
    }

    fn field(&self, label: &str, text: &str) -> String {
        match text.trim() {
            "" => String::new(),
            _ => layout::labelled(label, &layout::harmless(text), self.look.width),
        }
    }

    /// What follows the checks: how many pass, and what to do next. `lore` is
    /// there when the lesson was finished just now.
    pub(crate) fn footer(&self, verdict: &LessonVerdict, lore: Option<&Lore>) -> String {
        let waiting = verdict
            .checks
            .iter()
            .filter(|check| matches!(check.status, Status::NotRun))
            .count();
        let mut text = String::new();
        if waiting > 0 {
            let checks = plural(waiting, "more check");
            let waits = if waiting == 1 { "waits" } else { "wait" };
            let bullet = self.look.bullet();
            let line = format!("{bullet}{checks} {waits} for this one");
            text += &format!("\n  {}\n", self.look.paint(Tone::Aside, &line));
        }
        text += &self.out_of_time(verdict);
        let is_told = |check: &CheckVerdict| {
            !matches!(check.status, Status::NotRun | Status::OutOfTime { .. })
        };
        if !verdict.checks.iter().any(is_told) {
            // The heading has an empty line of its own.
            text = text.trim_start_matches('\n').to_string();
        }
        text += "\n";
        text += &match verdict.passed() {
            true => self.finished(verdict, lore),
            false => self.unfinished(verdict),
        };
        text + &self.recalled(verdict)
    }

    /// What there was no time for.
    fn out_of_time(&self, verdict: &LessonVerdict) -> String {
        let mut late = verdict
            .checks
            .iter()
            .filter_map(|check| match &check.status {
                Status::OutOfTime { why } => Some(why),
                _ => None,
            });
        let Some(why) = late.next() else {
            return String::new();
        };
        let count = 1 + late.count();
        let checks = plural(count, "check");
        let were = if count == 1 { "was" } else { "were" };
        let line = format!("{}{checks} {were} not judged: {why}", self.look.bullet());
        format!("\n  {}\n", self.look.paint(Tone::Doubtful, &line))
    }

    /// The next step alone, where a screen has its own way for all others.
    pub(crate) fn footer_in_short(&self, verdict: &LessonVerdict, lore: Option<&Lore>) -> String {
        if verdict.passed() {
            return format!("\n{}", self.finished(verdict, lore));
        }
        let mut failures = verdict.checks.iter();
        let place = failures.find_map(|check| match &check.status {
            Status::Failed(evidence) => evidence.place.as_ref(),
            _ => None,
        });
        match place {
            Some(Place { file, line }) => {
                let file = self.file(&file.to_string_lossy());
                format!(
                    "\n{}",
                    self.step(&format!("Next   open {file}, line {line}"))
                )
            }
            None => String::new(),
        }
    }

    /// An old verdict says that it is one.
    fn recalled(&self, verdict: &LessonVerdict) -> String {
        let Some(then) = verdict.recalled else {
            return String::new();
        };
        let ago = then.ago(self.now);
        let name = &self.lesson.name;
        let way = format!("cargo xtask check {name} --again");
        let way = self.look.way('r', &way);
        let line = format!("Nothing has changed since this verdict, {ago}. To judge again: {way}");
        let text = flow(&line, 0, self.look.width);
        format!("{}\n", self.look.paint(Tone::Aside, text.trim_end()))
    }

    fn unfinished(&self, verdict: &LessonVerdict) -> String {
        let passed = verdict.passing();
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
        let broke = |check: &CheckVerdict| matches!(check.status, Status::Broken { .. });
        if verdict.checks.iter().any(broke) {
            let line = "A check that breaks is no verdict on your program: judge it again. \
                        Where it breaks again, `cargo xtask doctor` looks for the reason.";
            text += &flow(line, 0, self.look.width);
        }
        text
    }

    /// The name of a file of the course, and the way to it.
    fn file(&self, path: &str) -> String {
        self.look.link(path, path)
    }

    fn next_step(&self, check: &str, evidence: &Evidence) -> String {
        let name = &self.lesson.name;
        let folder = format!("exercises/{name}");
        let task = self.file(&format!("{folder}/README.md"));
        let next = match (&self.program, &evidence.place) {
            (None, Some(Place { file, line })) => {
                let file = self.file(&file.to_string_lossy());
                format!("Next   open {file}, line {line}")
            }
            (None, None) => {
                let main = self.file(&format!("{folder}/src/main.rs"));
                format!("Next   open {main}\nTask   {task}")
            }
            (Some(_), _) => format!("Task   {task}"),
        };
        let program = self
            .program
            .as_ref()
            .map(|path| format!(" --program {path}"));
        // What is known of a program that was handed in is not kept for `hint`.
        let hint = match program {
            None => self.look.way('h', &format!("cargo xtask hint {name}")),
            Some(_) => format!("{folder}/hints.md, {check}"),
        };
        let program = program.unwrap_or_default();
        let seed = evidence.seed;
        self.step(&format!(
            "{next}\n\
             Stuck? {hint}\n\
             Again  cargo xtask check {name} --seed {seed}{program}   (the same bytes)\n"
        ))
    }

    /// What to do, behind labels of seven columns.
    fn step(&self, lines: &str) -> String {
        flow(lines, 7, self.look.width)
    }

    /// What is told where Cargo was stopped.
    pub(crate) fn unfinished_build(&self, why: &str) -> String {
        let name = self.look.paint(Tone::Doubtful, &self.lesson.name);
        format!("{name} was not built, and not judged: {why}.\n")
    }

    /// What is told where there is nothing to judge.
    pub(crate) fn does_not_build(&self, failure: &Failure) -> String {
        let tone = self.look.paint(Tone::Bad, &self.lesson.name);
        match failure {
            Failure::DoesNotCompile => format!("{tone} does not build yet. The checks wait.\n"),
            other => {
                let why = format!("{tone} cannot be judged: {other}\nThe checks wait.\n");
                match self.look.ascii {
                    true => why,
                    false => flow(&why, 0, self.look.width),
                }
            }
        }
    }
}

/// Whether `told` has `line` in it already. Where a line has an address, what is told
/// has the name of whoever stands there.
fn tells(mut told: &str, mut line: &str) -> bool {
    let is_around = |c: char| !c.is_ascii_hexdigit() && c != '[' && c != ']';
    let words = line.split(' ').map(|word| word.trim_matches(is_around));
    for addr in words.filter(|word| word.parse::<SocketAddr>().is_ok()) {
        let Some((before, after)) = line.split_once(addr) else {
            return false;
        };
        let Some((_, rest)) = told.split_once(before) else {
            return false;
        };
        (told, line) = (rest, after);
    }
    told.contains(line)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

mod finish;
#[cfg(test)]
mod tests;
