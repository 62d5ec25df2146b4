//! Judges a program: each case of a check in a process of its own, several at
//! once, reported in the course's order.

mod case;
mod evidence;
mod jobs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::checks::Check;
use crate::interrupt::ScratchFolder;
use crate::parallel;
use crate::process::{self, End};
use crate::verdict::CheckVerdict;

pub(crate) use case::DEADLINE;
use case::Finding;
use jobs::{Board, Job};

/// A program and the checks that judge it.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    /// The course that the checks belong to.
    pub(crate) root: &'a Path,
    /// The course that the program belongs to.
    pub(crate) sources: &'a Path,
    /// The exercise's folder.
    pub(crate) folder: PathBuf,
    /// The test binary that holds the checks, and what it lists.
    pub(crate) binary: &'a Path,
    pub(crate) tests: &'a Tests,
    pub(crate) checks: &'a [Check],
    pub(crate) program: &'a Path,
    pub(crate) seed: u64,
    /// Run all checks, also after one has failed.
    pub(crate) all: bool,
    /// Tell what happened on the wire also where a check passes.
    pub(crate) timelines: bool,
    pub(crate) pace: Pace,
}

/// How many cases run side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// As many as there is room for: somebody waits for the verdict.
    Alone,
    /// So many: other programs are judged at the same time.
    AmongOthers(usize),
}

/// The tests of a binary by the name of their check: one, or one for each of
/// its rstest cases.
pub(crate) type Tests = BTreeMap<String, Vec<String>>;

/// Asks the test binary which tests it has. `None`: it was cancelled.
pub(crate) fn list_tests(
    binary: &Path,
    cancelled: impl Fn() -> bool,
) -> anyhow::Result<Option<Tests>> {
    let mut command = Command::new(binary);
    command.args(["--list", "--format=terse"]);
    let ran = process::run(command, Instant::now() + DEADLINE, cancelled)
        .with_context(|| format!("starting {}", binary.display()))?;
    if matches!(ran.end, End::Cancelled) {
        return Ok(None);
    }
    if !matches!(ran.end, End::Exited(status) if status.success()) {
        bail!("the checks cannot be listed: {}", ran.output);
    }
    let mut tests = Tests::new();
    for test in ran
        .output
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
    {
        let check = test.split("::").next().unwrap_or(test);
        tests
            .entry(check.to_string())
            .or_default()
            .push(test.to_string());
    }
    Ok(Some(tests))
}

/// Judges. `report` gets each verdict in the order of the checks, as soon as it
/// and all before it are known.
///
/// After the first failure the rest is cancelled and counts as not run, also
/// where it was quicker: the same program gets the same verdict each time. So
/// is, once `cancelled`, whatever is not known yet.
pub(crate) fn judge(
    case: &Case<'_>,
    cancelled: &(dyn Fn() -> bool + Sync),
    mut report: impl FnMut(&CheckVerdict),
) -> anyhow::Result<Vec<CheckVerdict>> {
    adopt_orphans()?;
    let scratch = ScratchFolder::new().context("making a folder for the reports")?;
    let jobs = jobs::of(case);
    let board = Board::new(case);
    let run = |job: &Job<'_>| {
        board.wait_for_the_first(job);
        let finding = match job.test {
            None => Finding::missing(),
            Some(_) if cancelled() || board.is_decided(job) => Finding::not_run(),
            Some(test) => case::run(case, test, &scratch, board.deadline(job), || {
                cancelled() || board.is_decided(job)
            }),
        };
        board.note(job, finding.is_failure());
        finding
    };
    let mut verdicts: Vec<CheckVerdict> = Vec::new();
    let mut findings = Vec::new();
    let lines = jobs::lines(&jobs, case.pace);
    parallel::in_order(&jobs, &lines, run, |job, finding| {
        findings.push(match board.is_decided(job) {
            true => Finding::not_run(),
            false => finding,
        });
        if job.is_last {
            let check = &case.checks[job.check];
            let verdict = case::verdict(check, std::mem::take(&mut findings));
            report(&verdict);
            verdicts.push(verdict);
        }
    });
    Ok(verdicts)
}

/// What leaves its session, or outlives its parent, comes to us and is killed
/// when the last check ends. Not sooner than that is needed: what a compiler
/// cache leaves running after a build is none of ours.
fn adopt_orphans() -> anyhow::Result<()> {
    match supervise::become_subreaper() {
        Err(error) if error.kind() != std::io::ErrorKind::Unsupported => {
            Err(error).context("adopting what the checks leave behind")
        }
        _ => Ok(()),
    }
}
