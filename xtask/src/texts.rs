//! What the pages of a lesson say that the terminal repeats: how long it
//! takes, and what to remember of it.

use crate::course::{Course, Lesson};

/// The heading in a chapter of what to remember.
pub(crate) const TO_REMEMBER: &str = "\n## To remember\n";

/// How many minutes the lesson takes: `About 40 minutes` in the exercise's
/// README.md.
pub(crate) fn minutes(course: &Course, lesson: &Lesson) -> Option<u32> {
    let readme = course.exercise(lesson).join("README.md");
    minutes_in(&std::fs::read_to_string(readme).ok()?)
}

/// What to remember of the lesson, as the chapter says: one paragraph.
pub(crate) fn to_remember(course: &Course, lesson: &Lesson) -> Option<String> {
    let chapter = course.root.join(chapter(lesson));
    paragraph_in(&std::fs::read_to_string(chapter).ok()?)
}

/// The chapter of the lesson, below the course's root.
pub(crate) fn chapter(lesson: &Lesson) -> String {
    format!("book/src/{}.md", lesson.name)
}

fn minutes_in(readme: &str) -> Option<u32> {
    let lines = readme.lines();
    let mut starts = lines.filter_map(|line| line.strip_prefix("About "));
    starts.find_map(|rest| {
        let (number, rest) = rest.split_once(' ')?;
        rest.starts_with("minutes").then(|| number.parse().ok())?
    })
}

fn paragraph_in(chapter: &str) -> Option<String> {
    let chapter = chapter.replace("\r\n", "\n");
    let (_, section) = chapter.split_once(TO_REMEMBER)?;
    let paragraph = section.trim_start().split("\n\n").next()?;
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    Some(words.join(" ")).filter(|text| !text.is_empty() && !text.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::alone("# A\n\nAbout 40 minutes. Read on.\n", Some(40))]
    #[case::with_more("About 45 minutes, with your program.\n", Some(45))]
    #[case::something_else("About 40 clients.\nAbout you.\nAbout\n", None)]
    fn a_readme_says_how_long(#[case] readme: &str, #[case] minutes: Option<u32>) {
        assert_eq!(minutes_in(readme), minutes);
    }

    #[rstest]
    #[case::there("# A\n\n## To remember\n\nOne\ntwo.\n\nThree.\n", Some("One two."))]
    #[case::empty("# A\n\n## To remember\n\n## Next\n", None)]
    #[case::missing("# A\n", None)]
    fn a_chapter_says_what_to_remember(#[case] chapter: &str, #[case] text: Option<&str>) {
        assert_eq!(paragraph_in(chapter).as_deref(), text);
    }
}
