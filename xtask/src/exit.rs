//! The exit codes. A grader tells "wrong" from "try again" by them.

use std::fmt;
use std::process::ExitCode;

/// How a run of `cargo xtask` ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All judged lessons pass.
    Passed = 0,
    /// A check failed, or a program does not build.
    Failed = 1,
    /// The command line asks for something that does not exist.
    Usage = 2,
    /// The harness or its surroundings failed; the program was not judged.
    Harness = 3,
}

impl Exit {
    /// The exit code that `error` asks for.
    pub(crate) fn of(error: &anyhow::Error) -> Exit {
        if error.is::<Usage>() {
            Exit::Usage
        } else {
            Exit::Harness
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// An error of whoever typed the command, told in words that help.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
