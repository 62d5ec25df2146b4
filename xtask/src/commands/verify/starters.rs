//! The starters: each exercise of the course itself is one, to the letter.

use std::path::Path;

use super::proof::Proof;
use crate::course::{Course, Lesson};
use crate::starter;

/// Proves that the exercises of `lessons` are as their starters.
pub(super) fn prove(course: &Course, lessons: &[&Lesson], tell: &mut dyn FnMut(Proof)) {
    for lesson in lessons {
        let problems = match differences(course, lesson) {
            Ok(problems) => problems,
            Err(error) => vec![format!("{error:#}")],
        };
        let claim = format!("{}: the exercise is its starter", lesson.name);
        tell(Proof::new(claim, &problems));
    }
    let claim = "each starter belongs to a lesson";
    tell(Proof::new(claim, &strays(course)));
}

fn differences(course: &Course, lesson: &Lesson) -> anyhow::Result<Vec<String>> {
    if starter::is_untouched(course, lesson) {
        return Ok(Vec::new());
    }
    let starter = starter::of_course(course, lesson)?;
    let exercise = starter::of_learner(course, lesson)?;
    let mut problems: Vec<String> = starter::differences(&starter, &exercise)
        .into_iter()
        .map(|path| {
            let path = path.display();
            format!(
                "{path} is not the same in exercises/{0} and {1}/{0}",
                lesson.name,
                starter::FOLDER
            )
        })
        .collect();
    problems.push(format!(
        "Cure: copy Cargo.toml and src of exercises/{0} to {1}/{0}; or back, if the exercise is wrong",
        lesson.name,
        starter::FOLDER
    ));
    Ok(problems)
}

/// What is left behind when a lesson goes, or gets another name.
fn strays(course: &Course) -> Vec<String> {
    let entries = std::fs::read_dir(course.root.join(starter::FOLDER));
    let names = entries.into_iter().flatten().flatten();
    names
        .map(|entry| entry.file_name())
        .filter(|name| {
            let is_lesson = |lesson: &Lesson| Path::new(&lesson.name) == name;
            !course.lessons.iter().any(is_lesson)
        })
        .map(|name| {
            let name = Path::new(&name).display();
            format!("{}/{name} belongs to none: remove it", starter::FOLDER)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a panic prints of a place that is left open: which it is, and nothing
    /// that only a debugger wants to read.
    #[test]
    fn each_open_place_says_which_it_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let starters = std::fs::read_dir(root.join(starter::FOLDER)).expect("the starters");
        let mut files: Vec<_> = starters
            .map(|folder| folder.expect("a folder").path().join("src/main.rs"))
            .collect();
        files.push(root.join("xtask/src/commands/new/skeleton/starter.rs"));
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a starter");
            let pieces: Vec<&str> = text.split("todo!(").collect();
            assert!(pieces.len() > 1, "{}", file.display());
            for (before, said) in pieces.iter().zip(&pieces[1..]) {
                let (_, open) = before.rsplit_once("// TODO ").expect("a TODO above it");
                let number: String = open.chars().take_while(char::is_ascii_digit).collect();
                let said = said.trim_start().lines().next().unwrap_or_default();
                let told = said.starts_with(&format!("\"TODO {number}: "));
                let is_raw = ["{deadline:?}", "{request:?}", "{answer:?}", "{datagram:?}"]
                    .iter()
                    .any(|raw| said.contains(raw));
                assert!(told && !is_raw, "{}: {said}", file.display());
            }
        }
    }
}
