//! Judges every program that was built, side by side, and compares what came
//! of it with what is claimed.

use std::time::Instant;

use super::bench::{Program, Role, Subject};
use super::claims;
use super::proof::Proof;
use crate::course::Course;
use crate::judge::{self, Case, Pace};
use crate::parallel::{self, Line};
use crate::screen::Screen;
use crate::verdict::CheckVerdict;
use crate::{cli, wrong};

/// How programs are judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) seed: u64,
    /// Run also the checks after the one that catches a wrong program.
    pub(crate) all: bool,
}

impl Terms {
    /// What is asked for where nothing is said.
    pub(crate) fn fresh() -> Terms {
        Terms {
            seed: cli::fresh_seed(),
            all: false,
        }
    }
}

/// Proves that each program does what is claimed of it; tells it in order.
pub(super) fn prove(
    course: &Course,
    subjects: &[Subject<'_>],
    terms: Terms,
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
    for subject in subjects.iter().filter(|subject| subject.judge.is_none()) {
        let claim = format!("{}: the solution and the checks build", subject.lesson.name);
        let problem = "see Cargo's words above; none of its programs was judged";
        tell(Proof::new(claim, &[problem.to_string()]));
    }
    let programs = subjects.iter().filter(|subject| subject.judge.is_some());
    let programs: Vec<_> = programs
        .flat_map(|subject| {
            subject
                .programs
                .iter()
                .map(move |program| (subject, program))
        })
        .collect();
    let mut failed = Ok(());
    let mut judged = 0;
    let work =
        |(subject, program): &(&Subject<'_>, &Program)| prove_one(course, subject, program, terms);
    let line = Line::of_all(programs.len(), at_once());
    parallel::in_order(&programs, &[line], work, |_, proof| {
        judged += 1;
        match proof {
            Ok(proof) => tell(proof),
            Err(error) => failed = Err(error),
        }
        let share = screen.look().share(judged, programs.len());
        screen.progress_goes_on(&format!("  {share} programs judged"));
    });
    failed
}

/// How many programs are judged side by side, and how many checks of each. Most
/// of these wait.
pub(super) fn at_once() -> usize {
    2 * std::thread::available_parallelism().map_or(2, usize::from)
}

fn prove_one(
    course: &Course,
    subject: &Subject<'_>,
    program: &Program,
    terms: Terms,
) -> anyhow::Result<Proof> {
    let start = Instant::now();
    let claim = claims::claim(subject.lesson, &program.role, &subject.checks);
    let Some(verdicts) = judge(course, subject, program, terms)? else {
        return Ok(Proof::new(claim, &[NOT_BUILT.to_string()]));
    };
    let (problems, remark) = claims::judge(&program.role, &verdicts, &subject.checks);
    Ok(Proof::new(claim, &problems)
        .remark(remark)
        .took(start.elapsed()))
}

pub(super) const NOT_BUILT: &str = "it was not built: see Cargo's words above";

/// What the checks say of `program`; `None` where it was not built.
pub(super) fn judge(
    course: &Course,
    subject: &Subject<'_>,
    program: &Program,
    terms: Terms,
) -> anyhow::Result<Option<Vec<CheckVerdict>>> {
    let (Some(judge), Some(path)) = (&subject.judge, &program.path) else {
        return Ok(None);
    };
    let mut checks = subject.checks.clone();
    let mut all = matches!(program.role, Role::Solution);
    if let Role::Wrong(wrong) = &program.role {
        all = terms.all;
        checks.retain(|check| all || !wrong.may_fail.contains(&check.name));
    }
    let case = Case {
        timelines: false,
        root: &course.root,
        sources: &course.root,
        folder: course.exercise(subject.lesson),
        binary: &judge.binary,
        tests: &judge.tests,
        checks: &checks,
        program: path,
        seed: terms.seed,
        all,
        pace: Pace::AmongOthers(at_once().clamp(4, 16)),
    };
    judge::judge(&case, &|| false, |_| {}).map(Some)
}
