//! `cargo xtask doctor`: looks for what the laptops of a workshop get wrong.
//!
//! Each question is asked on a thread of its own, under a deadline: whatever
//! hangs on a broken machine, the doctor does not.

mod cargo;
mod disk;
mod environment;
mod limits;
mod linker;
mod locks;
mod network;
mod place;
mod time;
mod toolchain;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use clap::{ArgMatches, Command};

use crate::course::Course;
use crate::exit::Exit;
use crate::interrupt;
use crate::process::{self, End};
use crate::report::diagnosis::{self, Finding, State};
use crate::screen::Screen;

/// How long one question may take. The slowest links a program, which takes a
/// second, and on a busy machine ten.
const DEADLINE: Duration = Duration::from_secs(60);

/// How long a tool that says its version, or reads a few files, may take.
const SOON: Duration = Duration::from_secs(15);

/// What is asked, and who finds it out.
struct Question {
    name: &'static str,
    ask: Ask,
}

type Ask = fn(&Place) -> anyhow::Result<Finding>;

/// All questions, in their order: who holds a lock is asked before somebody waits
/// for it.
const QUESTIONS: &[Question] = &[
    question("rustc", toolchain::rustc),
    question("cargo", toolchain::cargo),
    question("override", toolchain::chosen),
    question("build lock", locks::build),
    question("crate lock", locks::crates),
    question("linker", linker::links_and_runs),
    question("memory", limits::memory),
    question("disk", disk::space),
    question("writing", disk::writing),
    question("folder", place::folder),
    question("file events", place::events),
    question("clock", time::clock),
    question("TCP", network::tcp),
    question("UDP", network::udp),
    question("IPv6", network::ipv6),
    question("localhost", network::localhost),
    question("ports", network::ports),
    question("descriptors", limits::descriptors),
    question("processes", limits::processes),
    question("address space", limits::address_space),
    question("environment", environment::variables),
    question("proxy", environment::proxies),
    question("crates", cargo::downloaded),
    question("git", toolchain::git),
    question("git lock", locks::git),
];

const fn question(name: &'static str, ask: Ask) -> Question {
    Question { name, ask }
}

/// The folders that the questions are about.
struct Place {
    root: PathBuf,
    /// Where Cargo builds.
    target: PathBuf,
    cargo_home: Option<PathBuf>,
}

impl Place {
    fn of(course: &Course) -> Place {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let target = variable("CARGO_TARGET_DIR").or_else(|| variable("CARGO_BUILD_TARGET_DIR"));
        let home = std::env::home_dir().map(|home| home.join(".cargo"));
        Place {
            root: course.root.clone(),
            target: course
                .root
                .join(target.map_or_else(|| PathBuf::from("target"), PathBuf::from)),
            cargo_home: variable("CARGO_HOME").map(PathBuf::from).or(home),
        }
    }

    /// `path` as somebody in the course's folder would write it.
    fn shown(&self, path: &Path) -> String {
        let short = path.strip_prefix(&self.root).unwrap_or(path);
        match short.as_os_str().is_empty() {
            true => "the course's folder".to_string(),
            false => short.display().to_string(),
        }
    }
}

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("doctor")
        .about("Looks for what keeps the course from working on this machine")
        .long_about(
            "Asks this machine what a workshop's laptops get wrong: the toolchain, the\n\
             linker, the disk, loopback, limits, locks, the environment. Each answer is\n\
             fine, doubtful or wrong, and what is not fine comes with a cure.",
        )
        .after_help(
            "Example:\n  cargo xtask doctor\n\n\
             Exit code: 0 nothing is wrong (there may be doubts), 3 something is",
        )
}

pub(crate) fn run(course: &Course, _matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let look = screen.look();
    let place = Arc::new(Place::of(course));
    let mut states = Vec::new();
    // One after the other: two of them start a cargo, and a third looks for one.
    for question in QUESTIONS {
        screen.progress(&format!("  looking at: {}", question.name));
        let finding = answer(question.ask, &place, DEADLINE);
        screen.print(&diagnosis::lines(question.name, &finding, &look));
        states.push(finding.state);
    }
    screen.print(&diagnosis::summary(&states, &look));
    Ok(match states.contains(&State::Wrong) {
        true => Exit::Harness,
        false => Exit::Passed,
    })
}

/// The answer to a question, whatever happens to whoever looks for it.
fn answer(ask: Ask, place: &Arc<Place>, patience: Duration) -> Finding {
    let (sender, receiver) = mpsc::channel();
    let place = Arc::clone(place);
    let asked = std::thread::Builder::new().spawn(move || {
        // Nobody listens any more after the deadline.
        drop(sender.send(ask(&place)));
    });
    let cure = "run `cargo xtask doctor` again when the machine has less to do";
    match asked.map(|_| receiver.recv_timeout(patience)) {
        Ok(Ok(Ok(finding))) => finding,
        Ok(Ok(Err(error))) => Finding::doubtful(format!("cannot be looked at: {error:#}"), cure),
        Ok(Err(RecvTimeoutError::Disconnected)) => {
            Finding::doubtful("cannot be looked at: a mistake of ours", "please report it")
        }
        Ok(Err(RecvTimeoutError::Timeout)) => {
            Finding::doubtful(format!("no answer within {} s", patience.as_secs()), cure)
        }
        Err(error) => Finding::doubtful(format!("cannot be looked at: {error}"), cure),
    }
}

/// Runs a tool that answers soon.
fn ask_tool(command: std::process::Command, patience: Duration) -> Asked {
    match process::run(command, Instant::now() + patience, interrupt::is_ending) {
        Ok(ran) => match ran.end {
            End::Exited(status) if status.success() => Asked::Said(ran.output),
            End::Exited(_) => Asked::Failed(ran.output),
            End::TimedOut | End::Cancelled => Asked::Silent(ran.output),
        },
        Err(error) => Asked::NotStarted(error),
    }
}

/// What came of a call.
#[derive(Debug)]
enum Asked {
    Said(String),
    Failed(String),
    /// It did not end in time; this is what it has said until then.
    Silent(String),
    NotStarted(std::io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Arc<Place> {
        let root = std::env::temp_dir();
        Arc::new(Place {
            target: root.join("target"),
            root,
            cargo_home: None,
        })
    }

    #[test]
    fn nobody_waits_for_an_answer_that_does_not_come() {
        let hangs: Ask = |_| loop {
            std::thread::park();
        };
        let finding = answer(hangs, &place(), Duration::from_millis(50));
        assert_eq!(finding.state, State::Doubtful);
        assert!(finding.says.starts_with("no answer"), "{finding:?}");
    }

    #[test]
    fn a_question_that_goes_wrong_is_a_doubt() {
        let panics: Ask = |_| panic!("a mistake of ours");
        let finding = answer(panics, &place(), DEADLINE);
        assert_eq!(finding.state, State::Doubtful);
        let fails: Ask = |_| anyhow::bail!("the disk is gone");
        let finding = answer(fails, &place(), DEADLINE);
        assert!(finding.says.ends_with("the disk is gone"), "{finding:?}");
    }

    #[test]
    #[cfg(unix)]
    fn a_tool_that_hangs_is_ended() {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "echo begun; exec sleep 1000"]);
        let asked = ask_tool(command, Duration::from_millis(300));
        assert!(
            matches!(&asked, Asked::Silent(words) if words == "begun\n"),
            "{asked:?}"
        );
    }
}
