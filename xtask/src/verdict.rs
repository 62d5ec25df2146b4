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
}

/// Whether there was a program to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Build {
    Done,
    Failed(Failure),
    /// The program was handed in ready-made.
    NotBuilt,
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
    NotRun,
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
            Status::NotRun => "not run",
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
    /// Whether the lesson is finished.
    pub(crate) fn passed(&self) -> bool {
        !matches!(self.build, Build::Failed(_))
            && self.checks.iter().all(CheckVerdict::is_no_obstacle)
    }

    /// The exit code that this verdict asks for.
    pub(crate) fn exit(&self) -> Exit {
        let broke = |check: &CheckVerdict| matches!(check.status, Status::Broken { .. });
        if self.checks.iter().any(broke) {
            Exit::Harness
        } else if self.passed() {
            Exit::Passed
        } else {
            Exit::Failed
        }
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
