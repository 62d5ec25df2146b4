//! The texts about checks: doc comments and hints.

use super::bench::Subject;
use super::proof::Proof;
use crate::checks::Check;
use crate::course::{Course, Lesson};
use crate::hints::{self, Section};
use crate::judge::Tests;
use crate::texts;

/// How many hints each check has: a question, a pointer, nearly the code.
const LEVELS: usize = 3;

/// Proves that what is told about the checks of a lesson is what there is.
pub(super) fn prove(course: &Course, subject: &Subject<'_>, tell: &mut dyn FnMut(Proof)) {
    let name = &subject.lesson.name;
    let listed = subject.judge.as_ref().map(|judge| &judge.tests);
    let mut problems = listed.map_or_else(Vec::new, |tests| differences(&subject.checks, tests));
    if subject.checks.is_empty() {
        problems.push("tests/checks.rs has no checks".to_string());
    }
    tell(Proof::new(
        format!("{name}: checks.rs says what the test binary lists"),
        &problems,
    ));
    let file = course.exercise(subject.lesson).join("hints.md");
    let problems = match hints::read(&file) {
        Ok(sections) => missing_hints(&subject.checks, &sections),
        Err(error) => vec![format!("{error:#}")],
    };
    tell(Proof::new(
        format!("{name}: hints.md has three hints for each check"),
        &problems,
    ));
    tell(Proof::new(
        format!("{name}: its pages say how long it takes, and what to remember"),
        &silent_pages(course, subject.lesson),
    ));
}

/// What the terminal repeats of the pages.
fn silent_pages(course: &Course, lesson: &Lesson) -> Vec<String> {
    let mut problems = Vec::new();
    if texts::minutes(course, lesson).is_none() {
        let readme = format!("exercises/{}/README.md", lesson.name);
        problems.push(format!("{readme} has no line `About 40 minutes`"));
    }
    if texts::parting(course, lesson).to_remember.is_none() {
        let chapter = texts::chapter(lesson);
        problems.push(format!("{chapter} has no paragraph `## To remember`"));
    }
    problems
}

fn differences(checks: &[Check], tests: &Tests) -> Vec<String> {
    let read = |name: &str| checks.iter().any(|check| check.name == name);
    let unread = tests.keys().filter(|name| !read(name));
    let unread = unread
        .map(|name| format!("the test `{name}` is no `#[rstest]` with a doc comment in checks.rs"));
    let unlisted = checks
        .iter()
        .filter(|check| !tests.contains_key(&check.name));
    let unlisted = unlisted.map(|check| format!("the test binary does not list `{}`", check.name));
    let silent = checks.iter().filter(|check| check.says.is_empty());
    let silent = silent.map(|check| format!("`{}` has no doc comment", check.name));
    unread.chain(unlisted).chain(silent).collect()
}

/// Each check has a section `## name` with a list of three.
fn missing_hints(checks: &[Check], sections: &[Section]) -> Vec<String> {
    let mut problems = Vec::new();
    for check in checks {
        let section = sections.iter().find(|section| section.check == check.name);
        let levels = section.map_or(0, |section| section.levels.len());
        if levels != LEVELS {
            problems.push(format!("`## {}` has {levels} hints", check.name));
        }
    }
    let is_check = |section: &&Section| checks.iter().any(|check| check.name == section.check);
    let stray = sections.iter().filter(|section| !is_check(section));
    problems.extend(stray.map(|section| format!("`## {}` is no check", section.check)));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str) -> Check {
        Check {
            name: name.to_string(),
            says: "Does.".to_string(),
            is_slow: false,
        }
    }

    #[test]
    fn each_check_needs_three_hints() {
        let hints = "# Hints\n\n## a\n\n1. What?\n2. Where?\n   More.\n3. This.\n\n## b\n\n1. What?\n\n## c\n";
        let sections = hints::parse(hints);
        let problems = missing_hints(&[check("a"), check("b"), check("d")], &sections);
        assert_eq!(
            problems,
            [
                "`## b` has 1 hints",
                "`## d` has 0 hints",
                "`## c` is no check"
            ]
        );
    }

    #[test]
    fn a_test_that_no_learner_reads_about_is_a_difference() {
        let tests = Tests::from([("a".to_string(), vec![]), ("b".to_string(), vec![])]);
        assert_eq!(differences(&[check("a"), check("c")], &tests).len(), 2);
    }
}
