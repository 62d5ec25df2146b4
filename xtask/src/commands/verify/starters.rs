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
