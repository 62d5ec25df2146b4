//! The quizzes: one file for each chapter that has one, checked before it is shown.

mod form;

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::course::{self, Course};
use super::fault::{Fault, Problem};

pub(crate) use form::form;

/// The folder of the quizzes, below the course's root.
const QUIZZES: &str = "book/quizzes";
const FEWEST_QUESTIONS: usize = 3;

/// The questions on one chapter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quiz {
    #[serde(rename = "question", default)]
    questions: Vec<Question>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    id: Spanned<String>,
    text: String,
    #[serde(rename = "option", default)]
    options: Vec<Choice>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    text: Spanned<String>,
    #[serde(default)]
    right: bool,
    #[serde(default)]
    reason: String,
}

/// All quizzes by name, and which of them a page has shown.
#[derive(Debug, Default)]
pub(crate) struct Quizzes(BTreeMap<String, (Quiz, Cell<bool>)>);

impl Quizzes {
    /// Reads them all, and says what is wrong with each.
    pub(crate) fn read(course: &Course) -> anyhow::Result<(Quizzes, Vec<Fault>)> {
        let (mut quizzes, mut faults) = (Quizzes::default(), Vec::new());
        let folder = course.root.join(QUIZZES);
        let names = if folder.is_dir() {
            course::files(&folder, "toml")?
        } else {
            Vec::new()
        };
        for name in names {
            let file = format!("{QUIZZES}/{name}");
            let (quiz, wrong) = match course.text(&file) {
                Ok(text) => parse(&text),
                // It is there: its page need not say that it is not.
                Err(fault) => {
                    faults.push(fault);
                    (parse("").0, Vec::new())
                }
            };
            faults.extend(
                wrong
                    .into_iter()
                    .map(|(line, problem)| problem.at(&file, line)),
            );
            let name = name.trim_end_matches(".toml").to_string();
            quizzes.0.insert(name, (quiz, Cell::new(false)));
        }
        Ok((quizzes, faults))
    }

    /// The quiz for `{{#quiz name}}`, which is shown from now on.
    pub(crate) fn show(&self, name: &str) -> Result<&Quiz, Problem> {
        let Some((quiz, is_shown)) = self.0.get(name) else {
            let what = format!("there is no quiz {QUIZZES}/{name}.toml");
            return Err(Problem::new(what, "write it, or mend the name"));
        };
        if is_shown.replace(true) {
            let what = format!("the quiz `{name}` is shown for the second time");
            return Err(Problem::new(what, "show it on one page"));
        }
        Ok(quiz)
    }

    /// All of them, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Quiz)> {
        self.0.iter().map(|(name, (quiz, _))| (name.as_str(), quiz))
    }

    /// That no page shows all of them, though there are some.
    pub(crate) fn nowhere_together(&self, course: &Course) -> Option<Fault> {
        let mut pages = course.pages.iter();
        let is_shown = pages.any(|page| page.text.contains("{{#quizzes}}"));
        let problem = Problem::new("no page shows all quizzes", "put `{{#quizzes}}` into one");
        let is_wrong = !is_shown && !self.0.is_empty();
        is_wrong.then(|| problem.at(format!("{}/SUMMARY.md", course::PAGES), 1))
    }

    /// Those that no page shows.
    pub(crate) fn unused(&self) -> impl Iterator<Item = Fault> {
        let unused = self.0.iter().filter(|(_, (_, is_shown))| !is_shown.get());
        unused.map(|(name, _)| {
            let cure = format!("put `{{{{#quiz {name}}}}}` into its chapter");
            Problem::new("no page shows this quiz", cure).at(format!("{QUIZZES}/{name}.toml"), 1)
        })
    }
}

/// The quiz in a file, and what is wrong with it, by line.
fn parse(text: &str) -> (Quiz, Vec<(usize, Problem)>) {
    let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
    let quiz: Quiz = match toml::from_str(text) {
        Ok(quiz) => quiz,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let problem = Problem::new(error.message(), "mend the TOML");
            let questions = Vec::new();
            return (Quiz { questions }, vec![(line(at), problem)]);
        }
    };
    let mut wrong = Vec::new();
    let count = quiz.questions.len();
    if count < FEWEST_QUESTIONS {
        let what = format!("a quiz of {count} questions");
        let cure = format!("ask at least {FEWEST_QUESTIONS}");
        wrong.push((1, Problem::new(what, cure)));
    }
    for (index, question) in quiz.questions.iter().enumerate() {
        let at = line(question.id.span().start);
        let earlier = &quiz.questions[..index];
        let is_known = earlier
            .iter()
            .any(|other| other.id.get_ref() == question.id.get_ref());
        wrong.extend(question.problems(is_known).map(|problem| (at, problem)));
        let without = question
            .options
            .iter()
            .filter(|option| option.reason.trim().is_empty());
        wrong.extend(without.map(|option| {
            let what = format!("the option `{}` has no reason", option.text.get_ref());
            let cure = "say why it is right or wrong: `reason = \"…\"`";
            (line(option.text.span().start), Problem::new(what, cure))
        }));
    }
    (quiz, wrong)
}

impl Question {
    fn problems(&self, is_known: bool) -> impl Iterator<Item = Problem> {
        let id = self.id.get_ref();
        let count = self.options.len();
        let right = self.options.iter().filter(|option| option.right).count();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        // Spaces make no difference on the page.
        let texts = |index: usize| self.options[index].text.get_ref().split_whitespace();
        let is_twice =
            (0..count).any(|index| (0..index).any(|other| texts(other).eq(texts(index))));
        let problem = |is_wrong: bool, what: String, cure: &str| {
            is_wrong.then(|| Problem::new(format!("the question `{id}` {what}"), cure))
        };
        let problems = [
            problem(
                is_known,
                "has the id of an earlier one".into(),
                "give it its own",
            ),
            problem(
                id.is_empty() || !id.chars().all(is_plain),
                "has an id that is no name".into(),
                "take small letters, digits and `-`",
            ),
            problem(
                !(3..=5).contains(&count),
                format!("has {count} options"),
                "offer 3 to 5",
            ),
            problem(
                right != 1,
                format!("has {right} right options"),
                "let exactly one say `right = true`",
            ),
            problem(
                is_twice,
                "has the same option twice".into(),
                "offer different ones",
            ),
            problem(
                (0..count).any(|index| texts(index).next().is_none()),
                "has an option without words".into(),
                "write its `text`",
            ),
            problem(
                self.text.trim().is_empty(),
                "asks nothing".into(),
                "write its `text`",
            ),
        ];
        problems.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn option(text: &str, right: bool) -> String {
        let right = if right { "right = true\n" } else { "" };
        format!("[[question.option]]\ntext = \"{text}\"\n{right}reason = \"because\"\n")
    }

    fn question(id: &str, options: &[String]) -> String {
        let options: String = options.concat();
        format!("[[question]]\nid = \"{id}\"\ntext = \"Is it?\"\n{options}")
    }

    fn good(id: &str) -> String {
        question(
            id,
            &[option("a", true), option("b", false), option("c", false)],
        )
    }

    fn told(text: &str) -> Vec<String> {
        let (_, wrong) = parse(text);
        let faults = wrong
            .into_iter()
            .map(|(line, problem)| problem.at("q", line));
        faults.map(|fault| fault.to_string()).collect()
    }

    #[test]
    fn a_good_quiz_has_no_fault() {
        assert_eq!(told(&[good("a"), good("b"), good("c")].concat()), [""; 0]);
    }

    #[rstest]
    #[case::two_right(
        question("x", &[option("a", true), option("b", true), option("c", false)]),
        "q:2: the question `x` has 2 right options; let exactly one say `right = true`"
    )]
    #[case::none_right(
        question("x", &[option("a", false), option("b", false), option("c", false)]),
        "q:2: the question `x` has 0 right options; let exactly one say `right = true`"
    )]
    #[case::known(
        good("a"),
        "q:2: the question `a` has the id of an earlier one; give it its own"
    )]
    #[case::odd(
        good("a b"),
        "q:2: the question `a b` has an id that is no name; take small letters, digits and `-`"
    )]
    #[case::two_options(
        question("x", &[option("a", true), option("b", false)]),
        "q:2: the question `x` has 2 options; offer 3 to 5"
    )]
    #[case::the_same_twice(
        question("x", &[option("a", true), option("b", false), option("b", false)]),
        "q:2: the question `x` has the same option twice; offer different ones"
    )]
    #[case::the_same_but_for_spaces(
        question("x", &[option("a b", true), option("b", false), option(" a  b", false)]),
        "q:2: the question `x` has the same option twice; offer different ones"
    )]
    #[case::no_words(
        question("x", &[option("a", true), option(" ", false), option("b", false)]),
        "q:2: the question `x` has an option without words; write its `text`"
    )]
    #[case::no_reason(
        good("x").replacen("reason = \"because\"\n", "", 1),
        "q:5: the option `a` has no reason; say why it is right or wrong: `reason = \"…\"`"
    )]
    fn a_question_that_is_wrong_is_told(#[case] question: String, #[case] expected: &str) {
        let lines = [good("a"), good("b"), question].concat();
        let before = good("a").matches('\n').count() * 2;
        let (place, rest) = expected[2..].split_once(':').expect("a line");
        let line = place.parse::<usize>().expect("a number") + before;
        assert_eq!(told(&lines), [format!("q:{line}:{rest}")]);
    }

    #[rstest]
    #[case::too_few(good("a"), "q:1: a quiz of 1 questions; ask at least 3")]
    #[case::unknown_field("[[question]]\nid = \"a\"\nhint = \"\"\n".to_string(), "q:3: unknown field")]
    #[case::no_toml("[[question\n".to_string(), "q:1: ")]
    fn a_file_that_is_wrong_is_told(#[case] file: String, #[case] expected: &str) {
        let told = told(&file);
        assert!(told[0].starts_with(expected), "{told:?}");
    }
}
