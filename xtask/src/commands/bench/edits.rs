//! From an edit to its verdict, beside a bare build of the same edit.

use std::fs;

use anyhow::bail;

use super::{Cost, Place};
use crate::course::Lesson;

/// What edits of a lesson cost.
pub(super) struct Edits<'a> {
    pub(super) lesson: &'a Lesson,
    /// `cargo build`, and no more.
    pub(super) bare: Vec<Cost>,
    /// `cargo xtask check`, where all checks pass.
    pub(super) passes: Vec<Cost>,
    /// The same where the first one fails.
    pub(super) fails: Vec<Cost>,
}

impl<'a> Edits<'a> {
    /// Measures `times` in turn, in the copy at `place`, which has the solution.
    pub(super) fn measure(
        place: &Place,
        lesson: &'a Lesson,
        times: u32,
    ) -> anyhow::Result<Edits<'a>> {
        let mut edits = Edits {
            lesson,
            bare: Vec::new(),
            passes: Vec::new(),
            fails: Vec::new(),
        };
        let file = place.main_of(&lesson.name);
        let right = fs::read_to_string(&file)?;
        let Some(wrong) = with_a_mistake(&right) else {
            bail!("the solution of {} has no `fn main()` in it", lesson.name);
        };
        let package = format!("{}-exercise", lesson.name);
        let manifest = "exercises/Cargo.toml";
        let build = ["build", "--quiet", "--manifest-path", manifest, "--package"];
        let build = [&build[..], &[&package]].concat();
        let check = ["xtask", "check", &lesson.name];
        let mut number = 0;
        let mut after_an_edit = |text: &str, command: &[&str]| {
            number += 1;
            fs::write(&file, format!("{text}\n// Edit {number}.\n"))?;
            place.measure(command, 1)
        };
        for _ in 0..times {
            edits.bare.push(after_an_edit(&right, &build)?);
            edits.passes.push(after_an_edit(&right, &check)?);
            edits.fails.push(after_an_edit(&wrong, &check)?);
        }
        fs::write(&file, right)?;
        place.measure(&check, 1)?;
        Ok(edits)
    }
}

/// The program ends before it has begun.
fn with_a_mistake(text: &str) -> Option<String> {
    let (before, after) = text.split_once("fn main()")?;
    let (signature, body) = after.split_once('{')?;
    Some(format!(
        "{before}fn main(){signature}{{\n    if std::env::args().len() < 99 {{\n        \
         std::process::exit(7);\n    }}\n{body}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_the_first_thing_in_main() {
        let text = "use x;\nfn main() -> anyhow::Result<()> {\n    run()\n}\n";
        let wrong = with_a_mistake(text).expect("a main function");
        assert!(
            wrong.starts_with("use x;\nfn main() -> anyhow::Result<()> {\n    if std"),
            "{wrong}"
        );
        assert!(wrong.ends_with("}\n\n    run()\n}\n"), "{wrong}");
        assert_eq!(with_a_mistake("fn other() {}"), None);
    }
}
