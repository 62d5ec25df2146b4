//! The runner as a learner meets it: the real binary, real Cargo, real checks,
//! in a small course of its own.

mod budget;
mod completions;
mod course;
mod doctor;
mod documents;
mod graders;
mod hangup;
mod interruption;
mod learner;
mod learner_reset;
mod locked;
mod memory;
mod new_lesson;
#[cfg(unix)]
mod no_file;
mod offline;
mod proof;
#[cfg(target_os = "linux")]
mod pty;
mod repetition;
#[cfg(target_os = "linux")]
mod shown;
#[cfg(target_os = "linux")]
mod surroundings;
mod terminal;
mod update;
mod verdicts;
mod watch;
mod wrong_usage;
