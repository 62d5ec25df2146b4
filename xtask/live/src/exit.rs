//! The exit codes: those of `cargo xtask`, whose hand this program is.

use std::fmt;
use std::process::ExitCode;

/// How this program ends. Wrong usage (2) is clap's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Passed = 0,
    /// The book has a fault.
    Failed = 1,
    /// The surroundings failed: a port that is taken, a disk that is full.
    Surroundings = 3,
}

impl Exit {
    /// The exit code that `error` asks for.
    pub(crate) fn of(error: &anyhow::Error) -> Exit {
        match error.is::<Faulty>() {
            true => Exit::Failed,
            false => Exit::Surroundings,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Stands in front of what is wrong with the book.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Faulty;

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the book does not build")
    }
}
