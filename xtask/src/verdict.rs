//! Verdicts are data: what was judged and what came of it. How they look is
//! the business of [`crate::report`].

use std::path::PathBuf;
use std::time::Duration;

use wire::{Broke, Conversation, Difference};

use crate::build::Failure;
use crate::clock::Moment;
use crate::exit::Exit;
use crate::pitfalls::Pitfall;

/// The judgement of one lesson.
#[derive(Debug, Clone)]
pub(crate) struct LessonVerdict {
    pub(crate) lesson: String,
    pub(crate) build: Build,
    pub(crate) checks: Vec<CheckVerdict>,
    pub(crate) took: Duration,
    /// When it was found, where nothing has changed since.
    pub(crate) recalled: Option<Moment>,
    /// Files of the checks that were edited, and did not judge.
    pub(crate) edited: Vec<String>,
}

/// Whether there was a program to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Build {
    Done,
    Failed(Failure),
    /// The program was handed in ready-made.
    NotBuilt,
    /// Cargo was stopped before it was done: this says nothing about the
    /// program.
    Unfinished {
        why: String,
    },
}

/// The judgement of one check.
#[derive(Debug, Clone)]
pub(crate) struct CheckVerdict {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) status: Status,
    pub(crate) took: Duration,
    /// What could not be observed here, and other remarks.
    pub(crate) notes: Vec<String>,
    /// What happened on the wire: known of a failure, and of a success where
    /// somebody asked for it.
    pub(crate) conversation: Option<Conversation>,
}

/// What came of a check.
#[derive(Debug, Clone)]
pub(crate) enum Status {
    Passed,
    Failed(Box<Evidence>),
    Skipped {
        why: String,
    },
    /// It waits for a check before it.
    NotRun,
    /// There was no time left for it.
    OutOfTime {
        why: String,
    },
    /// The check itself broke: this says nothing about the program.
    Broken {
        why: String,
    },
}

/// Why a check failed, in the probe's words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    pub(crate) cause: String,
    /// The mistake, where it was recognised.
    pub(crate) pitfall: Option<Pitfall>,
    pub(crate) expected: String,
    pub(crate) got: String,
    pub(crate) seed: u64,
    /// The program's last output.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Where the bytes that came differ from those that were due.
    pub(crate) difference: Option<Difference>,
    /// Where the program says that it has panicked.
    pub(crate) place: Option<Place>,
}

/// A line of a source file; the path is relative to the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: PathBuf,
    pub(crate) line: u32,
}

impl Status {
    /// Its name, in all documents for machines.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Failed(_) => "failed",
            Status::Skipped { .. } => "skipped",
            Status::NotRun | Status::OutOfTime { .. } => "not run",
            Status::Broken { .. } => "broken",
        }
    }
}

impl Evidence {
    /// What was expected, and of whom: the mark in the diagram.
    pub(crate) fn broke(&self) -> Broke<'_> {
        // These are seen in the program, the others in a conversation with it.
        const OF_ITSELF: &[&str] = &["output", "exit code", "message", "leaking", "memory"];
        Broke {
            expected: &self.expected,
            of_itself: OF_ITSELF.iter().any(|word| self.cause.contains(word)),
        }
    }
}

impl LessonVerdict {
    /// How many of its checks hold nobody up.
    pub(crate) fn passing(&self) -> usize {
        let passing = self.checks.iter().filter(|check| check.is_no_obstacle());
        passing.count()
    }

    /// Whether the lesson is finished.
    pub(crate) fn passed(&self) -> bool {
        !matches!(self.build, Build::Failed(_) | Build::Unfinished { .. })
            && self.checks.iter().all(CheckVerdict::is_no_obstacle)
    }

    fn has(&self, is_such: impl Fn(&Status) -> bool) -> bool {
        self.checks.iter().any(|check| is_such(&check.status))
    }

    /// Whether the program is known to be wrong.
    fn has_failed(&self) -> bool {
        matches!(self.build, Build::Failed(_))
            || self.has(|status| matches!(status, Status::Failed(_)))
    }

    /// Whether there was not enough time to know all that was asked for.
    pub(crate) fn is_out_of_time(&self) -> bool {
        matches!(self.build, Build::Unfinished { .. })
            || self.has(|status| matches!(status, Status::OutOfTime { .. }))
    }
}

/// The exit code that all these verdicts ask for. A check that broke is looked
/// into first; a program that is wrong stays wrong, however much time there is;
/// what there was no time for is tried again.
pub(crate) fn exit_of(verdicts: &[LessonVerdict]) -> Exit {
    let any = |is_so: fn(&LessonVerdict) -> bool| verdicts.iter().any(is_so);
    let broken =
        |verdict: &LessonVerdict| verdict.has(|status| matches!(status, Status::Broken { .. }));
    if any(broken) {
        Exit::Harness
    } else if any(LessonVerdict::has_failed) {
        Exit::Failed
    } else if any(LessonVerdict::is_out_of_time) {
        Exit::Harness
    } else if verdicts.iter().all(LessonVerdict::passed) {
        Exit::Passed
    } else {
        Exit::Failed
    }
}

impl CheckVerdict {
    /// A verdict on a check that has not been run.
    pub(crate) fn not_run(name: &str, says: &str) -> CheckVerdict {
        CheckVerdict {
            name: name.to_string(),
            says: says.to_string(),
            status: Status::NotRun,
            took: Duration::ZERO,
            notes: Vec::new(),
            conversation: None,
        }
    }

    /// Whether there is nothing to say but that it passed.
    pub(crate) fn is_plain_pass(&self) -> bool {
        matches!(self.status, Status::Passed) && self.notes.is_empty()
    }

    /// Whether the course may go on: what cannot be observed on this machine
    /// was said out loud, but does not hold anybody up.
    pub(crate) fn is_no_obstacle(&self) -> bool {
        matches!(self.status, Status::Passed | Status::Skipped { .. })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::samples;

    #[rstest]
    #[case::nothing(vec![], Exit::Passed)]
    #[case::passed(vec![samples::handed_in()], Exit::Passed)]
    #[case::does_not_build(vec![samples::handed_in(), samples::does_not_build()], Exit::Failed)]
    #[case::out_of_time(vec![samples::handed_in(), samples::out_of_time()], Exit::Harness)]
    #[case::unfinished(vec![samples::unfinished(), samples::handed_in()], Exit::Harness)]
    #[case::wrong_whatever_time_there_is(
        vec![samples::does_not_build(), samples::unfinished()],
        Exit::Failed
    )]
    #[case::broken(vec![samples::does_not_build(), samples::mixed()], Exit::Harness)]
    fn the_exit_code_fits_all_verdicts(#[case] verdicts: Vec<LessonVerdict>, #[case] exit: Exit) {
        assert_eq!(exit_of(&verdicts), exit);
    }
}
