//! The runner as a learner meets it: the real binary, real Cargo, real checks,
//! in a small course of its own.

mod course;
mod documents;
mod interruption;
mod proof;
mod repetition;
mod verdicts;
mod wrong_usage;
