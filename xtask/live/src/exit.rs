//! The exit codes: those of `cargo xtask`, whose hand this program is.

use std::fmt;
use std::io::{self, ErrorKind};
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
        match error.is::<Faulty>() && !error.chain().any(is_of_the_disk) {
            true => Exit::Failed,
            false => Exit::Surroundings,
        }
    }
}

/// A disk that takes nothing is no fault of the book.
fn is_of_the_disk(cause: &(dyn std::error::Error + 'static)) -> bool {
    let error = cause.downcast_ref::<io::Error>();
    error.is_some_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::StorageFull
                | ErrorKind::QuotaExceeded
                | ErrorKind::ReadOnlyFilesystem
                | ErrorKind::PermissionDenied
        )
    })
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

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn a_full_disk_is_no_fault_of_the_book() {
        let code = |kind: ErrorKind| {
            let outcome: io::Result<()> = Err(kind.into());
            let error = outcome.context("writing").context(Faulty);
            Exit::of(&error.expect_err("an error"))
        };
        assert_eq!(code(ErrorKind::StorageFull), Exit::Surroundings);
        assert_eq!(code(ErrorKind::NotFound), Exit::Failed);
    }
}
