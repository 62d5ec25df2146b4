//! `cargo xtask solution`: the reference program of a lesson.

use anyhow::bail;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::course::{Course, Lesson};
use crate::exit::Exit;
use crate::progress::Progress;
use crate::screen::Screen;
use crate::starter::{self, Files};

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("solution")
        .about("Prints our program for a lesson that you have finished")
        .args([lesson(), spoil()])
        .after_help(
            "Examples:\n  cargo xtask solution tcp-server\n  \
             cargo xtask solution tcp-server --spoil\n\n\
             Exit code: 0 printed, 1 the lesson is not finished yet, 2 wrong usage",
        )
}

/// The one lesson that it is about.
pub(crate) fn lesson() -> Arg {
    Arg::new("lesson")
        .value_name("LESSON")
        .required(true)
        .help("The lesson")
}

/// The way to a solution before its time.
pub(crate) fn spoil() -> Arg {
    Arg::new("spoil")
        .long("spoil")
        .action(ArgAction::SetTrue)
        .help("Also before the lesson is finished")
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let lesson = chosen(course, matches)?;
    if !is_allowed(course, lesson, matches, "solution", screen)? {
        return Ok(Exit::Failed);
    }
    let files = of_lesson(course, lesson)?;
    let mut text = String::new();
    for (path, content) in &files {
        if files.len() > 1 {
            text += &format!("// {}\n\n", path.display());
        }
        text += &String::from_utf8_lossy(content);
    }
    screen.print(&text);
    Ok(Exit::Passed)
}

/// The lesson that was named.
pub(crate) fn chosen<'c>(course: &'c Course, matches: &ArgMatches) -> anyhow::Result<&'c Lesson> {
    let name = matches.get_one::<String>("lesson");
    course.lesson(name.map_or("", String::as_str))
}

/// Whether the solution may be shown. Where not, that is said, and how to get
/// there.
pub(crate) fn is_allowed(
    course: &Course,
    lesson: &Lesson,
    matches: &ArgMatches,
    command: &str,
    screen: &Screen,
) -> anyhow::Result<bool> {
    let name = &lesson.name;
    if matches.get_flag("spoil") || Progress::read(course)?.of(name).finished.is_some() {
        return Ok(true);
    }
    screen.say(&format!(
        "{name} is not finished yet. `cargo xtask hint {name}` helps; \
         `cargo xtask {command} {name} --spoil` shows it all the same."
    ));
    Ok(false)
}

/// The files of the solution.
pub(crate) fn of_lesson(course: &Course, lesson: &Lesson) -> anyhow::Result<Files> {
    let files = starter::of_solution(course, lesson)?;
    if files.is_empty() {
        bail!("solutions/{}/src has no program", lesson.name);
    }
    Ok(files)
}
