//! What the pages of a lesson say that the terminal repeats: how long it
//! takes, and what to remember of it.

use crate::course::{Course, Lesson};

/// The headings in a chapter of what to remember, and of what to try.
const TO_REMEMBER: &str = "\n## To remember\n";
const TO_TRY: &str = " to try\n";

/// How many minutes the lesson takes: `About 40 minutes` in the exercise's
/// README.md.
pub(crate) fn minutes(course: &Course, lesson: &Lesson) -> Option<u32> {
    let readme = course.exercise(lesson).join("README.md");
    minutes_in(&std::fs::read_to_string(readme).ok()?)
}

/// What a chapter leaves its reader with.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Parting {
    /// One paragraph.
    pub(crate) to_remember: Option<String>,
    /// The heading of what there is to try: `Three things to try`.
    pub(crate) to_try: Option<String>,
}

/// What the lesson's chapter leaves its reader with.
pub(crate) fn parting(course: &Course, lesson: &Lesson) -> Parting {
    let chapter = std::fs::read_to_string(course.root.join(chapter(lesson)));
    let chapter = chapter.unwrap_or_default().replace("\r\n", "\n");
    Parting {
        to_remember: paragraph_in(&chapter),
        to_try: heading_in(&chapter),
    }
}

/// The page for those who have finished the course, where the book has one.
pub(crate) fn where_next(course: &Course) -> Option<String> {
    let page = "book/src/where-next.md";
    course.root.join(page).is_file().then(|| page.to_string())
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
    let (_, section) = chapter.split_once(TO_REMEMBER)?;
    let paragraph = section.trim_start().split("\n\n").next()?;
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    Some(words.join(" ")).filter(|text| !text.is_empty() && !text.starts_with('#'))
}

fn heading_in(chapter: &str) -> Option<String> {
    let mut sections = chapter.split("\n## ").skip(1);
    let section = sections.find(|section| section.contains(TO_TRY))?;
    let heading = section.lines().next()?;
    heading
        .ends_with(TO_TRY.trim_end())
        .then(|| heading.to_string())
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

    #[rstest]
    #[case::there(
        "# A\n\n## Three things to try\n\n- One.\n",
        Some("Three things to try")
    )]
    #[case::only_words("# A\n\n## Dare\n\nhow to try\n", None)]
    fn a_chapter_says_what_to_try(#[case] chapter: &str, #[case] heading: Option<&str>) {
        assert_eq!(heading_in(chapter).as_deref(), heading);
    }
}
