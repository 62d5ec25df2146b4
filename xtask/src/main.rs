//! The runner: `cargo xtask check` judges, `list` shows the course, `verify`
//! proves it, `ci` runs everything that must hold.
//!
//! The way of a check through the files: [`course`] knows the lessons,
//! [`session`] judges one of them: [`build`] calls Cargo, [`judge`] runs each
//! check in a process of its own, [`memory`] keeps what is still true, and
//! [`report`] turns the verdict into text.

mod abandoned;
mod backup;
mod budget;
mod build;
mod cargo;
mod checks;
mod cli;
mod clock;
mod commands;
mod course;
mod exit;
mod folder;
mod fresh;
mod git;
mod handed_in;
mod hints;
mod interrupt;
mod judge;
mod live;
mod locked;
mod lore;
mod memory;
mod narrator;
mod obstacle;
mod parallel;
mod pitfalls;
mod process;
mod progress;
mod report;
mod safely;
mod screen;
mod session;
mod shortage;
mod starter;
mod terminal;
mod texts;
mod tool;
mod verdict;
mod wrong;

use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::exit::{Exit, Usage};
use crate::screen::Screen;

fn main() -> ExitCode {
    cli::choose_colours(std::env::args_os().skip(1));
    let screen = Screen::new();
    let matches = match cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(told) => return tell(&told, &screen),
    };
    let exit = run(&matches, &screen).unwrap_or_else(|error| {
        let cure = shortage::cure(&error).map(|cure| format!("; {cure}"));
        screen.complain(&format!("{error:#}{}", cure.unwrap_or_default()));
        Exit::of(&error)
    });
    interrupt::yield_to_signal();
    ended(exit, &screen)
}

/// Prints the help, or what is wrong with the command line.
fn tell(told: &clap::Error, screen: &Screen) -> ExitCode {
    screen.take_note_of(cli::print(told));
    ended(
        if told.use_stderr() {
            Exit::Usage
        } else {
            Exit::Passed
        },
        screen,
    )
}

fn ended(exit: Exit, screen: &Screen) -> ExitCode {
    // Half a document is no document, whatever is in it.
    if let Some(error) = screen.lost() {
        screen.complain(&format!("not all of the output could be written: {error}"));
        return Exit::Harness.into();
    }
    exit.into()
}

fn run(matches: &clap::ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    interrupt::end_cleanly_on_signals().context("starting to listen for signals")?;
    let course = course::Course::find()?;
    screen.link_to(&course.root);
    let chosen = matches
        .subcommand()
        .and_then(|(name, matches)| Some((commands::find(name)?, matches)));
    let Some((command, matches)) = chosen else {
        bail!(Usage(
            "`cargo xtask --help` shows what there is".to_string()
        ));
    };
    (command.run)(&course, matches, screen)
}
