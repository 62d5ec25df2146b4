//! `cargo xtask list`: the course, and how far the learner has come in it.

use clap::{ArgMatches, Command};

use crate::course::{Course, Lesson};
use crate::exit::Exit;
use crate::progress::Progress;
use crate::report::Look;
use crate::report::overview::{self, Row};
use crate::screen::Screen;
use crate::{checks, cli, texts};

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("list")
        .about("Shows the lessons, and how far you have come")
        .long_about(
            "Shows the lessons in their order, and how far you have come in each: the\n\
             checks that passed when it was last judged, when it was finished, and the\n\
             hints that you have read. With a name: the checks of that lesson, and what\n\
             each of them asks for.",
        )
        .arg(cli::lessons("The lessons to show in full"))
        .after_help("Examples:\n  cargo xtask list\n  cargo xtask list tcp-server")
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let names = cli::named_lessons(matches);
    let chosen = course.select(&names)?;
    let progress = Progress::read(course)?;
    if let Some(remark) = Progress::not_understood(course) {
        screen.say(&remark);
    }
    let current = progress.current(course);
    let row = |lesson| row(course, lesson, &progress, current == Some(lesson));
    let look = screen.look();
    if !names.is_empty() {
        let lessons = chosen.into_iter().map(row);
        let texts = lessons.map(|row| overview::lesson(&row, true, &look));
        screen.print(&texts.collect::<Vec<_>>().join("\n"));
        return Ok(Exit::Passed);
    }
    screen.print(&page(course, &look)?);
    Ok(Exit::Passed)
}

/// The whole course, and how far the learner has come.
pub(crate) fn page(course: &Course, look: &Look) -> anyhow::Result<String> {
    let progress = Progress::read(course)?;
    let current = progress.current(course);
    let lessons = course.lessons.iter();
    let rows: Vec<Row<'_>> = lessons
        .map(|lesson| row(course, lesson, &progress, current == Some(lesson)))
        .collect();
    let mut text = overview::course(&rows, look) + "\n";
    if let Some(row) = rows.iter().find(|row| row.is_current) {
        text += &overview::lesson(row, false, look);
        text += "\n";
    }
    Ok(text + &overview::next(&rows, look))
}

fn row<'a>(course: &Course, lesson: &'a Lesson, progress: &Progress, is_current: bool) -> Row<'a> {
    // A lesson whose checks cannot be read is still a lesson.
    let checks = checks::read(&course.exercise(lesson).join("tests/checks.rs"));
    Row {
        lesson,
        minutes: texts::minutes(course, lesson),
        checks: checks.unwrap_or_default(),
        state: progress.of(&lesson.name),
        is_current,
    }
}
