//! Verdicts as points, for graders that add them up: one for each check.
//!
//! What could not be observed on this machine gives no point and costs none. A
//! program that does not build loses the points of all its checks.

use super::{Judged, Teller, layout, plural};
use crate::verdict::{Build, CheckVerdict, Evidence, LessonVerdict, Status};

/// One line of a grader's list: a check, or the build where it failed.
pub(super) struct Item<'v> {
    pub(super) lesson: &'v str,
    pub(super) name: &'v str,
    /// In one word, as in the JSON document.
    pub(super) status: &'static str,
    /// Whether there is nothing to hold against the program.
    pub(super) fine: bool,
    pub(super) points: u32,
    pub(super) of: u32,
    /// Why the check failed.
    pub(super) evidence: Option<&'v Evidence>,
    /// All that is known, as plain text.
    pub(super) text: String,
}

/// All items of all lessons, in their order.
pub(super) fn items<'v>(lessons: &'v [Judged<'v>]) -> Vec<Item<'v>> {
    let lesson = |Judged { verdict, teller }: &'v Judged<'v>| {
        let checks = verdict.checks.iter();
        let checks = checks.map(move |check| of_check(verdict, check, teller));
        of_build(verdict).into_iter().chain(checks)
    };
    lessons.iter().flat_map(lesson).collect()
}

/// How many points there are, of how many.
pub(super) fn sum(items: &[Item<'_>]) -> (u32, u32) {
    let points = items.iter().map(|item| item.points).sum();
    (points, items.iter().map(|item| item.of).sum())
}

fn of_build(verdict: &LessonVerdict) -> Option<Item<'_>> {
    let (status, why) = match &verdict.build {
        Build::Failed(failure) => ("failed", failure.to_string()),
        Build::Unfinished { why } => ("not run", format!("Not built: {why}.")),
        Build::Done | Build::NotBuilt => return None,
    };
    Some(Item {
        lesson: &verdict.lesson,
        name: "builds",
        status,
        fine: false,
        points: 0,
        // The checks stand for the points, where they are known.
        of: u32::from(verdict.checks.is_empty()),
        evidence: None,
        text: layout::harmless(&format!("{why}\n")),
    })
}

fn of_check<'v>(
    verdict: &'v LessonVerdict,
    check: &'v CheckVerdict,
    teller: &Teller<'_>,
) -> Item<'v> {
    let (points, of) = match check.status {
        Status::Passed => (1, 1),
        Status::Skipped { .. } => (0, 0),
        Status::Failed(_) | Status::NotRun | Status::OutOfTime { .. } | Status::Broken { .. } => {
            (0, 1)
        }
    };
    Item {
        lesson: &verdict.lesson,
        name: &check.name,
        status: check.status.name(),
        fine: check.is_no_obstacle(),
        points,
        of,
        evidence: match &check.status {
            Status::Failed(evidence) => Some(evidence),
            _ => None,
        },
        text: text(verdict, check, teller),
    }
}

/// What the check proves, and what came of it.
fn text(verdict: &LessonVerdict, check: &CheckVerdict, teller: &Teller<'_>) -> String {
    let says = layout::harmless(&check.says);
    match &check.status {
        Status::Failed(_) => teller.check(check, true),
        Status::NotRun => format!("{says}\nNot run: {}.\n", why_not_run(verdict)),
        Status::OutOfTime { why } => format!("{says}\nNot run: {why}.\n"),
        _ if check.is_plain_pass() => format!("{says}\n"),
        _ => format!("{says}\n{}", teller.check(check, true)),
    }
}

/// What a check waits for that was not run.
pub(super) fn why_not_run(verdict: &LessonVerdict) -> &'static str {
    match verdict.build {
        Build::Failed(_) => "the program does not build",
        Build::Done | Build::NotBuilt | Build::Unfinished { .. } => {
            "it waits for a check before it"
        }
    }
}

/// A line about checks that somebody has edited, if there are any.
pub(super) fn edited(lessons: &[Judged<'_>]) -> String {
    let lessons = lessons.iter().map(|lesson| lesson.verdict);
    let lines = lessons.filter_map(super::edited);
    layout::harmless(&lines.map(|line| format!("{line}\n")).collect::<String>())
}

/// A line about what there was no time for, if there is anything.
pub(super) fn too_late(lessons: &[Judged<'_>]) -> String {
    let checks = lessons.iter().flat_map(|lesson| &lesson.verdict.checks);
    let whys = checks.filter_map(|check| match &check.status {
        Status::OutOfTime { why } => Some(why),
        _ => None,
    });
    let whys: Vec<&String> = whys.collect();
    let Some(why) = whys.first() else {
        return String::new();
    };
    let checks = plural(whys.len(), "check");
    layout::harmless(&format!("Not judged, as {why}: {checks}.\n"))
}
