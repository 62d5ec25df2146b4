//! Turns verdicts into text. Nothing here reads, writes, or asks the clock:
//! each function is a pure function of the verdict.

pub(crate) mod classroom50;
mod conversation;
pub(crate) mod diagnosis;
pub(crate) mod difference;
pub(crate) mod flow;
pub(crate) mod github;
pub(crate) mod gradescope;
pub(crate) mod hint;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod layout;
pub(crate) mod lesson;
pub(crate) mod links;
pub(crate) mod live;
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

/// A line about checks that somebody has edited, if there are any.
pub(crate) fn edited(verdict: &LessonVerdict) -> Option<String> {
    const TOLD: usize = 5;
    let files = &verdict.edited;
    let told: Vec<&str> = files.iter().take(TOLD).map(String::as_str).collect();
    let more = match files.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let name = &verdict.lesson;
    let told = told.join(", ");
    (!files.is_empty()).then(|| {
        format!("{name}: the course's own checks judged. Different, and not used: {told}{more}.")
    })
}

/// `1 check`, `2 checks`.
pub(crate) fn plural(count: impl std::fmt::Display, thing: &str) -> String {
    let count = count.to_string();
    let s = if count == "1" { "" } else { "s" };
    format!("{count} {thing}{s}")
}
