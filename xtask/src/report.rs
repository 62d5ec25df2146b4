//! Turns verdicts into text. Nothing here reads, writes, or asks the clock:
//! each function is a pure function of the verdict.

pub(crate) mod classroom50;
mod conversation;
pub(crate) mod difference;
pub(crate) mod github;
pub(crate) mod gradescope;
pub(crate) mod hint;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod layout;
pub(crate) mod lesson;
pub(crate) mod links;
mod look;
pub(crate) mod offline;
pub(crate) mod overview;
mod points;
pub(crate) mod reset;
#[cfg(test)]
pub(crate) mod samples;
pub(crate) mod svg;
pub(crate) mod update;

pub(crate) use lesson::Teller;
pub(crate) use look::{Look, Tone};

use crate::verdict::LessonVerdict;

/// A verdict, and who tells it in the plain look.
pub(crate) struct Judged<'v> {
    pub(crate) verdict: &'v LessonVerdict,
    pub(crate) teller: Teller<'v>,
}

/// `1 check`, `2 checks`.
pub(crate) fn plural(count: impl std::fmt::Display, thing: &str) -> String {
    let count = count.to_string();
    let s = if count == "1" { "" } else { "s" };
    format!("{count} {thing}{s}")
}
