//! `cargo xtask list`: the lessons in their order.

use std::fmt::Write as _;

use clap::{ArgMatches, Command};

use crate::checks;
use crate::course::Course;
use crate::exit::Exit;
use crate::report::Tone;
use crate::screen::Screen;

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("list")
        .about("Lists the lessons of the course in their order")
        .after_help("Example:\n  cargo xtask list")
}

pub(crate) fn run(course: &Course, _matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let look = screen.look();
    let mut text = String::new();
    let mut part = "";
    let widest = course
        .lessons
        .iter()
        .map(|lesson| lesson.name.len())
        .max()
        .unwrap_or(0);
    for lesson in &course.lessons {
        if lesson.part != part {
            part = &lesson.part;
            writeln!(text, "{}", look.paint(Tone::Title, part))?;
        }
        // A lesson whose checks cannot be read is still a lesson.
        let checks = checks::read(&course.exercise(lesson).join("tests/checks.rs"))
            .map_or(0, |checks| checks.len());
        writeln!(
            text,
            "  {:<widest$}  {checks:>2} checks  {}",
            lesson.name, lesson.title
        )?;
    }
    text += "\nStart or go on: cargo xtask check\n";
    screen.print(&text);
    Ok(Exit::Passed)
}
