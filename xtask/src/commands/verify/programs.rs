//! Judges every program that was built, side by side, and compares what came
//! of it with what is claimed.

use std::path::Path;
use std::time::Instant;

use super::bench::{Judge, Program, Role, Subject};
use super::proof::Proof;
use super::{claims, wrong};
use crate::course::Course;
use crate::judge::{self, Case};
use crate::screen::Screen;
use crate::verdict::CheckVerdict;
use crate::{parallel, report};

/// Proves that each program does what is claimed of it; tells it in order.
pub(super) fn prove(
    course: &Course,
    subjects: &[Subject<'_>],
    seed: u64,
    screen: &Screen,
    tell: &mut dyn FnMut(Proof),
) -> anyhow::Result<()> {
    for stray in wrong::strays(course)? {
        let claim = format!("{stray} belongs to a lesson");
        tell(Proof::new(
            claim,
            &["its name begins with none".to_string()],
        ));
    }
    let programs = subjects.iter().flat_map(|subject| {
        subject
            .programs
            .iter()
            .map(move |program| (subject, program))
    });
    let programs: Vec<_> = programs.collect();
    let mut failed = Ok(());
    let mut left = programs.len();
    let work = |_, (subject, program): &(&Subject<'_>, &Program)| {
        prove_one(course, subject, program, seed)
    };
    parallel::in_order(&programs, at_once(), work, |proof| {
        left -= 1;
        match proof {
            Ok(proof) => tell(proof),
            Err(error) => failed = Err(error),
        }
        screen.progress(&format!(
            "  {} to judge",
            report::plural(left, "more program")
        ));
    });
    failed
}

/// How many programs are judged side by side. Each of them has several checks
/// running at once, most of which wait.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from) + 1
}

fn prove_one(
    course: &Course,
    subject: &Subject<'_>,
    program: &Program,
    seed: u64,
) -> anyhow::Result<Proof> {
    let start = Instant::now();
    let claim = claims::claim(subject.lesson, &program.role, &subject.checks);
    let (Some(judge), Some(path)) = (&subject.judge, &program.path) else {
        return Ok(Proof::new(
            claim,
            &["it was not built: see Cargo's words above".to_string()],
        ));
    };
    let all = !matches!(program.role, Role::Starter);
    let verdicts = judge_one(course, subject, judge, path, seed, all)?;
    let (problems, remark) = claims::judge(&program.role, &verdicts, &subject.checks);
    Ok(Proof::new(claim, &problems)
        .remark(remark)
        .took(start.elapsed()))
}

fn judge_one(
    course: &Course,
    subject: &Subject<'_>,
    judge: &Judge,
    program: &Path,
    seed: u64,
    all: bool,
) -> anyhow::Result<Vec<CheckVerdict>> {
    let case = Case {
        root: &course.root,
        folder: course.exercise(subject.lesson),
        binary: &judge.binary,
        tests: &judge.tests,
        checks: &subject.checks,
        program,
        seed,
        all,
    };
    judge::judge(&case, |_| {})
}
