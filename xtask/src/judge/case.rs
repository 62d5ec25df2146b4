//! Runs one case of a check in a process of its own, and makes one verdict of
//! all cases of a check.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use wire::Conversation;

use super::Case;
use super::evidence::{self, Came, Report};
use crate::checks::Check;
use crate::interrupt::ScratchFolder;
use crate::process::{self, End, Ran};
use crate::verdict::{CheckVerdict, Evidence, Status};

/// How long a check may take with all its cases. The probe gives up long
/// before; this is for a check that hangs itself.
pub(crate) const DEADLINE: Duration = Duration::from_secs(90);

/// What came of one case of a check.
pub(super) struct Finding {
    outcome: Outcome,
    conversation: Option<Conversation>,
    took: Duration,
}

enum Outcome {
    Passed(Vec<String>),
    Skipped(String),
    /// The check is decided by this case.
    Over(Status),
}

impl Finding {
    /// It is not known, and nobody wants to know.
    pub(super) fn not_run() -> Finding {
        Finding::of(Outcome::Over(Status::NotRun))
    }

    /// The test binary does not have this check.
    pub(super) fn missing() -> Finding {
        let why = "the test binary does not have it".to_string();
        Finding::of(Outcome::Over(Status::Broken { why }))
    }

    fn of(outcome: Outcome) -> Finding {
        Finding {
            outcome,
            conversation: None,
            took: Duration::ZERO,
        }
    }

    /// Whether the check cannot pass any more.
    pub(super) fn is_failure(&self) -> bool {
        matches!(
            self.outcome,
            Outcome::Over(Status::Failed(_) | Status::Broken { .. })
        )
    }
}

/// The verdict on `check`, by what came of its cases, in their order. It takes
/// as long as they take one after the other.
pub(super) fn verdict(check: &Check, findings: Vec<Finding>) -> CheckVerdict {
    let mut verdict = CheckVerdict::not_run(&check.name, &check.says);
    let mut passed = false;
    let mut skipped = Vec::new();
    for finding in findings {
        verdict.conversation = finding.conversation.or(verdict.conversation);
        verdict.took += finding.took;
        match finding.outcome {
            Outcome::Passed(notes) => {
                passed = true;
                verdict.notes.extend(notes);
            }
            Outcome::Skipped(why) => skipped.push(why),
            Outcome::Over(status) => return CheckVerdict { status, ..verdict },
        }
    }
    skipped.dedup();
    // What some cases could not observe is a remark; a check none of whose
    // cases could observe anything has not passed.
    verdict.status = match passed {
        true => Status::Passed,
        false => Status::Skipped {
            why: skipped.join("; "),
        },
    };
    if passed {
        verdict.notes.extend(skipped);
    }
    verdict
}

/// Runs `test`, which must be over by `deadline`.
pub(super) fn run(
    case: &Case<'_>,
    test: &str,
    scratch: &ScratchFolder,
    deadline: Instant,
    cancelled: impl Fn() -> bool,
) -> Finding {
    let start = Instant::now();
    let (outcome, conversation) = run_test(case, test, scratch, deadline, cancelled);
    Finding {
        outcome,
        conversation,
        took: start.elapsed(),
    }
}

fn run_test(
    case: &Case<'_>,
    test: &str,
    scratch: &ScratchFolder,
    deadline: Instant,
    cancelled: impl Fn() -> bool,
) -> (Outcome, Option<Conversation>) {
    let mut killed = false;
    loop {
        let (ran, report) = match run_once(case, test, scratch, deadline, &cancelled) {
            Ok(once) => once,
            Err(error) => {
                let why = format!("it could not be started: {error}");
                return (Outcome::Over(Status::Broken { why }), None);
            }
        };
        let Some(killer) = killed_from_outside(&ran, report.as_ref()) else {
            let (came, conversation) = match report {
                Some(report) => (Some(report.came), report.conversation),
                None => (None, None),
            };
            return (judge_end(case, test, ran, came), conversation);
        };
        // Once may be somebody else's doing, for instance a machine's that
        // has no memory left.
        if std::mem::replace(&mut killed, true) {
            let evidence = killed_its_judge(killer, case.seed);
            return (Outcome::Over(Status::Failed(Box::new(evidence))), None);
        }
    }
}

/// Runs `test` in a folder of its own, of which nothing is left.
fn run_once(
    case: &Case<'_>,
    test: &str,
    scratch: &ScratchFolder,
    deadline: Instant,
    cancelled: impl Fn() -> bool,
) -> io::Result<(Ran, Option<Report>)> {
    let name = test.replace("::", "--");
    let report = scratch.path().join(format!("{name}.json"));
    let folder = scratch.inside(&name)?;
    let mut command = command(case, test, &report);
    command.env("ON_THE_WIRE_FOLDER", folder.path());
    let ran = process::run(command, deadline, cancelled)?;
    Ok((ran, evidence::read(&report, case.root, case.sources)))
}

/// The signal that has ended the check, if it came from somebody else: one
/// that a process does not come by through a mistake of its own.
#[cfg(unix)]
fn killed_from_outside(ran: &Ran, report: Option<&Report>) -> Option<i32> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    use std::os::unix::process::ExitStatusExt as _;

    let End::Exited(status) = &ran.end else {
        return None;
    };
    let signal = status.signal().filter(|_| report.is_none())?;
    let sent = [SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGTERM, SIGUSR1, SIGUSR2];
    sent.contains(&signal).then_some(signal)
}

#[cfg(not(unix))]
fn killed_from_outside(_ran: &Ran, _report: Option<&Report>) -> Option<i32> {
    None
}

fn killed_its_judge(signal: i32, seed: u64) -> Evidence {
    Evidence {
        cause: "killed its judge".to_string(),
        expected: "a program that leaves other processes alone".to_string(),
        got: format!(
            "twice in a row, the process that runs this check was killed by signal {signal} \
             while it talked to your program. Does your program send signals? \
             `kill` reaches its own parent with `getppid()`, its whole group with 0, and all \
             that its user may signal with -1. If it sends none, something else on this \
             machine ends processes: judge it again"
        ),
        seed,
        ..Evidence::default()
    }
}

fn judge_end(case: &Case<'_>, test: &str, ran: Ran, came: Option<Came>) -> Outcome {
    let passed = match ran.end {
        End::Cancelled => return Outcome::Over(Status::NotRun),
        End::TimedOut => return Outcome::Over(Status::Failed(Box::new(timed_out(case.seed)))),
        End::Exited(status) => status.success(),
    };
    match came {
        Some(Came::Failed(evidence)) => Outcome::Over(Status::Failed(evidence)),
        Some(Came::HarnessError { why }) => Outcome::Over(Status::Broken { why }),
        Some(Came::Skipped { why }) if passed => Outcome::Skipped(why),
        Some(Came::Passed { notes }) if passed => Outcome::Passed(notes),
        None if passed => Outcome::Passed(Vec::new()),
        _ => {
            let why = format!(
                "`{test}` ended without a verdict. The last it said:\n{}",
                ran.output.trim_end()
            );
            Outcome::Over(Status::Broken { why })
        }
    }
}

fn timed_out(seed: u64) -> Evidence {
    let seconds = DEADLINE.as_secs();
    Evidence {
        cause: "timed out".to_string(),
        expected: format!("the check to be over within {seconds} s"),
        got: format!("it was still waiting for the program after {seconds} s"),
        seed,
        ..Evidence::default()
    }
}

fn command(case: &Case<'_>, test: &str, report: &Path) -> Command {
    let mut command = Command::new(case.binary);
    command
        .args(["--exact", test, "--test-threads=1", "--nocapture"])
        .current_dir(&case.folder)
        .env("ON_THE_WIRE_PROGRAM", case.program)
        .env("ON_THE_WIRE_SEED", case.seed.to_string())
        .env("ON_THE_WIRE_REPORT", report)
        // It ends, with all that it has started, when its stdin does.
        .env("ON_THE_WIRE_LEASH", "1")
        .envs(case.timelines.then_some(("ON_THE_WIRE_TIMELINE", "1")))
        // Each check that fails would look up the lines of a backtrace that nobody
        // is shown: half a tenth of a CPU second.
        .env("RUST_BACKTRACE", "0")
        .env("INSTA_UPDATE", "no")
        .env("INSTA_OUTPUT", "none")
        // Saves insta from asking Cargo for it.
        .env("INSTA_WORKSPACE_ROOT", case.root)
        // A snapshot that does not match must count.
        .env_remove("INSTA_FORCE_PASS");
    command
}
