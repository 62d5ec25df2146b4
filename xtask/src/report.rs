//! Turns verdicts into text. Nothing here reads, writes, or asks the clock:
//! each function is a pure function of the verdict.

mod conversation;
pub(crate) mod difference;
pub(crate) mod hint;
pub(crate) mod json;
pub(crate) mod junit;
mod layout;
pub(crate) mod lesson;
mod look;
pub(crate) mod offline;
pub(crate) mod overview;
pub(crate) mod reset;
#[cfg(test)]
pub(crate) mod samples;
pub(crate) mod svg;
pub(crate) mod update;

pub(crate) use lesson::Teller;
pub(crate) use look::{Look, Tone};

/// `1 check`, `2 checks`.
pub(crate) fn plural(count: impl std::fmt::Display, thing: &str) -> String {
    let count = count.to_string();
    let s = if count == "1" { "" } else { "s" };
    format!("{count} {thing}{s}")
}
