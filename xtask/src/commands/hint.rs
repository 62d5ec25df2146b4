//! `cargo xtask hint`: the next hint for the first check that fails.

use anyhow::bail;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::checks::{self, Check};
use crate::course::{Course, Lesson};
use crate::exit::Exit;
use crate::hints;
use crate::pitfalls;
use crate::progress::{Progress, State};
use crate::report::Look;
use crate::report::hint::{self, Basis, HintPage, Shown};
use crate::screen::Screen;
use crate::{memory, obstacle, starter, texts};

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("hint")
        .about("Gives the next hint for the first check that fails")
        .long_about(
            "Gives a hint for the first check that your program failed when it was last\n\
             judged. Each call goes one step further: a question, a pointer, nearly the\n\
             code.",
        )
        .args([
            Arg::new("lesson")
                .value_name("LESSON")
                .help("The lesson [default: the first one that is not finished]"),
            Arg::new("again")
                .long("again")
                .action(ArgAction::SetTrue)
                .help("Repeat the last hint"),
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .conflicts_with("again")
                .help("Show all hints for that check"),
        ])
        .after_help("Examples:\n  cargo xtask hint\n  cargo xtask hint tcp-server --again")
}

/// Which hint is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Next,
    Again,
    All,
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let wish = match (matches.get_flag("all"), matches.get_flag("again")) {
        (true, _) => Wish::All,
        (_, true) => Wish::Again,
        _ => Wish::Next,
    };
    // Whoever cannot keep his progress may have a hint all the same.
    let progress = Progress::read(course).unwrap_or_default();
    if let Some(remark) = Progress::not_understood(course) {
        screen.say(&remark);
    }
    let lesson = match matches.get_one::<String>("lesson") {
        Some(name) => course.lesson(name)?,
        None => match progress.current(course) {
            Some(lesson) => lesson,
            None => {
                screen.print(&hint::all_is_finished(&screen.look()));
                return Ok(Exit::Passed);
            }
        },
    };
    let look = screen.look();
    screen.print(&tell(course, lesson, &progress, wish, &look, screen)?);
    Ok(Exit::Passed)
}

/// The text of the hint for `lesson`. That it was read is kept.
pub(crate) fn tell(
    course: &Course,
    lesson: &Lesson,
    progress: &Progress,
    wish: Wish,
    look: &Look,
    screen: &Screen,
) -> anyhow::Result<String> {
    let folder = course.exercise(lesson);
    let file = folder.join("tests/checks.rs");
    let checks = checks::read(&file)?;
    if checks.is_empty() {
        return Err(checks::none_in(&file));
    }
    if let Some(why) = obstacle::no_file(&folder.join("src/main.rs")) {
        // What was found in it concerns nobody any more.
        bail!(
            "your program, exercises/{0}/src/main.rs, {why}; \
             `cargo xtask reset {0}` puts the starter there",
            lesson.name
        );
    }
    let state = progress.of(&lesson.name);
    let Some(check) = subject(&checks, &state, wish) else {
        let basis = basis(course, lesson, &state);
        return Ok(hint::nothing_to_hint_at(lesson, basis, look));
    };
    let file = folder.join("hints.md");
    let sections = hints::read(&file)?;
    let section = sections
        .into_iter()
        .find(|section| section.check == check.name);
    let hints = section.map_or_else(Vec::new, |section| section.levels);
    if hints.is_empty() {
        let (file, name) = (file.display(), &check.name);
        bail!("{file} has no hints for {name}; `git restore {file}` brings them back");
    }
    let read = state.hints.get(&check.name).copied().unwrap_or(0);
    let (shown, read_now) = choose(wish, read, hints.len());
    if read_now != read {
        let kept = Progress::update(course, |progress| {
            let state = progress.of_mut(&lesson.name);
            state.hints.insert(check.name.clone(), read_now);
        });
        if let Err(error) = kept {
            screen.say(&format!("That you have read this was not kept: {error:#}"));
        }
    }
    let page = HintPage {
        lesson,
        check,
        pitfall: pitfall(course, check, &state),
        hints: &hints,
        shown,
        basis: basis(course, lesson, &state),
        chapter: texts::chapter(lesson),
    };
    Ok(page.text(look))
}

/// The check that the hint is about: the one that failed, or the first that
/// never passed. Whoever wants all hints of a finished lesson gets the last.
fn subject<'c>(checks: &'c [Check], state: &State, wish: Wish) -> Option<&'c Check> {
    let failed = state.failed.as_ref().map(|(name, _)| name);
    let has_failed = |check: &&Check| failed == Some(&check.name);
    let is_open = |check: &&Check| !state.passed.contains(&check.name);
    let mut all = checks.iter();
    let found = all.clone().find(has_failed).or_else(|| all.find(is_open));
    found.or_else(|| (wish == Wish::All).then(|| checks.last()).flatten())
}

/// What to show, and how many hints have been read then.
fn choose(wish: Wish, read: usize, of: usize) -> (Shown, usize) {
    match wish {
        Wish::All => (Shown::All, of),
        Wish::Next if read >= of => (Shown::NoMore, read),
        Wish::Next => (Shown::One(read + 1), read + 1),
        Wish::Again => {
            let number = read.clamp(1, of);
            (Shown::One(number), read.max(1))
        }
    }
}

fn pitfall(course: &Course, check: &Check, state: &State) -> Option<pitfalls::Pitfall> {
    match &state.failed {
        Some((name, Some(id))) if *name == check.name => {
            let pitfall = pitfalls::find(&course.root, id);
            // A name alone explains nothing.
            (!pitfall.title.is_empty()).then_some(pitfall)
        }
        _ => None,
    }
}

fn basis(course: &Course, lesson: &Lesson, state: &State) -> Basis {
    if state.failed.is_none() && state.passed.is_empty() {
        return Basis::Nothing;
    }
    let files = starter::of_learner(course, lesson);
    match files {
        Ok(files) if memory::is_of_another_program(course, lesson, &files) => Basis::Outdated,
        _ => Basis::Verdict,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::first(Wish::Next, 0, Shown::One(1), 1)]
    #[case::second(Wish::Next, 1, Shown::One(2), 2)]
    #[case::last(Wish::Next, 2, Shown::One(3), 3)]
    #[case::no_more(Wish::Next, 3, Shown::NoMore, 3)]
    #[case::hints_were_taken_away(Wish::Next, 7, Shown::NoMore, 7)]
    #[case::nothing_to_repeat(Wish::Again, 0, Shown::One(1), 1)]
    #[case::again(Wish::Again, 2, Shown::One(2), 2)]
    #[case::again_the_last(Wish::Again, 7, Shown::One(3), 7)]
    #[case::all(Wish::All, 0, Shown::All, 3)]
    fn each_call_goes_one_step_further(
        #[case] wish: Wish,
        #[case] read: usize,
        #[case] shown: Shown,
        #[case] read_now: usize,
    ) {
        assert_eq!(choose(wish, read, 3), (shown, read_now));
    }

    #[rstest]
    #[case::never_judged(&[], None, Some("a"))]
    #[case::failed(&["a"], Some("b"), Some("b"))]
    #[case::failed_one_that_is_gone(&["a"], Some("z"), Some("b"))]
    #[case::a_new_check(&["a", "c"], None, Some("b"))]
    #[case::all_pass(&["a", "b", "c"], None, None)]
    fn the_hint_is_about_the_first_open_check(
        #[case] passed: &[&str],
        #[case] failed: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        let check = |name: &str| Check {
            name: name.to_string(),
            says: String::new(),
            is_slow: false,
        };
        let mut state = State::default();
        state.passed = passed.iter().map(ToString::to_string).collect();
        state.failed = failed.map(|name| (name.to_string(), None));
        let checks = ["a", "b", "c"].map(check);
        let found = |wish| subject(&checks, &state, wish).map(|check| check.name.as_str());
        assert_eq!(found(Wish::Next), expected);
        assert_eq!(found(Wish::All), expected.or(Some("c")));
    }
}
