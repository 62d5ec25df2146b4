//! What is worth telling once a lesson is finished: what to remember of it,
//! which mistakes the program does not make, and what to do next.
//!
//! All of it stands elsewhere: in the chapter, in the book of pitfalls, and in
//! the headers of the programs that are wrong on purpose.

use std::cmp::Reverse;

use crate::course::{Course, Lesson};
use crate::pitfalls::{self, Pitfall};
use crate::texts::{self, Parting};
use crate::verdict::{LessonVerdict, Status};
use crate::wrong::{self, WrongProgram};

/// How many mistakes are told.
const MOST: usize = 5;

/// What there is to tell.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Lore {
    pub(crate) parting: Parting,
    /// Where the chapter is, below the course's root.
    pub(crate) chapter: String,
    /// Mistakes that real systems have made, and this program does not: each as
    /// a verb, `spins at the end of the stream`.
    pub(crate) avoided: Vec<String>,
    /// How long the next lesson takes.
    pub(crate) minutes_of_next: Option<u32>,
    /// What to read after the last lesson.
    pub(crate) where_next: Option<String>,
}

impl Lore {
    /// What there is to tell of a verdict: nothing where it does not pass, or has
    /// been told before.
    pub(crate) fn of_news(
        course: &Course,
        lesson: &Lesson,
        verdict: &LessonVerdict,
    ) -> Option<Lore> {
        let is_news = verdict.passed() && verdict.recalled.is_none();
        is_news.then(|| Lore::read(course, lesson, verdict))
    }

    /// Collects it for a lesson that has passed. What cannot be read is missing.
    fn read(course: &Course, lesson: &Lesson, verdict: &LessonVerdict) -> Lore {
        let wrong = wrong::read(course, lesson).unwrap_or_default();
        let passed = verdict.checks.iter();
        let passed = passed.filter(|check| matches!(check.status, Status::Passed));
        let passed: Vec<&str> = passed.map(|check| check.name.as_str()).collect();
        let next = course.next(lesson);
        Lore {
            parting: texts::parting(course, lesson),
            chapter: texts::chapter(lesson),
            avoided: avoided(&passed, &wrong, &pitfalls::with_cases(&course.root)),
            minutes_of_next: next.and_then(|next| texts::minutes(course, next)),
            where_next: texts::where_next(course),
        }
    }
}

/// Of each check the mistake that is known of most systems, and of these the
/// best known, in the order of the checks.
fn avoided(passed: &[&str], wrong: &[WrongProgram], pitfalls: &[(Pitfall, usize)]) -> Vec<String> {
    let mut chosen: Vec<(usize, &str)> = Vec::new();
    for check in passed {
        let is_caught = |id: &str| {
            let mut programs = wrong.iter();
            programs.any(|program| program.caught_by == *check && program.pitfall == id)
        };
        let of_check = pitfalls
            .iter()
            .filter(|(pitfall, _)| is_caught(&pitfall.id));
        let told = of_check.filter_map(|(pitfall, cases)| Some((*cases, verb(&pitfall.title)?)));
        let new = told.filter(|one| one.0 > 0 && !chosen.contains(one));
        // The first one of those that are as well known.
        let best = new.reduce(|best, other| if other.0 > best.0 { other } else { best });
        chosen.extend(best);
    }
    let mut best: Vec<usize> = (0..chosen.len()).collect();
    best.sort_by_key(|index| Reverse(chosen[*index].0));
    best.truncate(MOST);
    best.sort_unstable();
    let verbs = best.into_iter().map(|index| chosen[index].1);
    verbs.map(str::to_string).collect()
}

/// What the program does, of `Your program spins at the end of the stream.`
/// What it does not do, or is, makes no such sentence.
fn verb(title: &str) -> Option<&str> {
    let sentence = title.strip_prefix("Your ")?.trim_end_matches('.');
    let (owner, verb) = sentence.split_once(' ')?;
    let first = verb.split(' ').next()?;
    let is_deed = first.ends_with('s') && !["does", "is", "has"].contains(&first);
    let is_program = ["program", "server", "client"].contains(&owner);
    (is_program && is_deed).then_some(verb)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::deed(
        "Your program spins at the end of the stream.",
        Some("spins at the end of the stream")
    )]
    #[case::server("Your server leaks.", Some("leaks"))]
    #[case::not_done("Your error does not say how long you waited.", None)]
    #[case::negative("Your program does not tell empty from missing.", None)]
    #[case::never("Your server never closes its side.", None)]
    #[case::being("Your program is killed by its own write.", None)]
    #[case::something_of_it("Your server's threads outlive their clients.", None)]
    #[case::a_message("Your error message does not name the address.", None)]
    fn a_title_is_a_sentence_about_the_program(#[case] title: &str, #[case] verb: Option<&str>) {
        assert_eq!(super::verb(title), verb);
    }

    fn program(caught_by: &str, pitfall: &str) -> WrongProgram {
        WrongProgram {
            name: format!("x--{pitfall}"),
            caught_by: caught_by.to_string(),
            may_fail: Vec::new(),
            pitfall: pitfall.to_string(),
            faults: Vec::new(),
        }
    }

    fn pitfall(id: &str, cases: usize) -> (Pitfall, usize) {
        let pitfall = Pitfall {
            id: id.to_string(),
            page: "book/src/pitfalls/reading.md".to_string(),
            title: format!("Your program {id}s."),
            text: String::new(),
        };
        (pitfall, cases)
    }

    #[test]
    fn each_check_names_the_best_known_mistake() {
        let wrong = [
            program("a", "sleep"),
            program("a", "leak"),
            program("b", "leak"),
            program("b", "wait"),
            program("c", "invent"),
            program("not run", "hide"),
        ];
        let pitfalls = [
            pitfall("sleep", 1),
            pitfall("leak", 2),
            pitfall("wait", 1),
            pitfall("invent", 0),
            pitfall("hide", 9),
        ];
        assert_eq!(
            avoided(&["a", "b", "c"], &wrong, &pitfalls),
            ["leaks", "waits"]
        );
    }

    #[test]
    fn five_are_enough() {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let wrong = names.map(|name| program(name, name));
        let cases = [1, 3, 1, 1, 2, 1, 9];
        let pitfalls = [0, 1, 2, 3, 4, 5, 6].map(|i: usize| pitfall(names[i], cases[i]));
        assert_eq!(
            avoided(&names, &wrong, &pitfalls),
            ["as", "bs", "cs", "es", "gs"]
        );
    }
}
