//! The runner as a learner meets it: the real binary, real Cargo, real checks,
//! in a small course of its own.

mod course;
mod documents;
mod interruption;
mod memory;
mod offline;
mod proof;
#[cfg(target_os = "linux")]
mod pty;
mod repetition;
mod update;
mod verdicts;
mod watch;
mod wrong_usage;
