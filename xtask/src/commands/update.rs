//! `cargo xtask update`: the new version of the course, for a learner who has
//! work in it. What the learner wrote stays as it is.

mod carry_out;
mod clone;
mod fate;
mod news;
mod plan;
mod source;
mod vendored;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::backup::Backup;
use crate::clock::Moment;
use crate::course::Course;
use crate::exit::Exit;
use crate::git::{Git, short};
use crate::report::update::{self as report, Tense};
use crate::screen::Screen;

use plan::Plan;
use source::Source;
pub(crate) use source::upstream;

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("update")
        .about("Brings in the new version of the course; what you wrote stays as it is")
        .args([
            Arg::new("from")
                .long("from")
                .value_name("PATH")
                .value_parser(value_parser!(PathBuf))
                .help("Another folder of the course, or a git bundle [default: upstream]"),
            Arg::new("dry-run")
                .long("dry-run")
                .action(ArgAction::SetTrue)
                .help("Only say what would be done"),
        ])
        .after_help(
            "Examples:\n  cargo xtask update\n  cargo xtask update --from ../../new/on-the-wire",
        )
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let git = Git::at(&course.root);
    clone::examine(&git)?;
    let source = match matches.get_one::<PathBuf>("from") {
        Some(path) => Source::at(path)?,
        None => Source::upstream(&git)?,
    };
    let dry_run = matches.get_flag("dry-run");
    let _lock = clone::lock(&git)?;
    let pending = git.ask(&["rev-parse", "-q", "--verify", carry_out::UPDATING])?;
    if let Some(new) = pending {
        if dry_run {
            screen.say("An update was interrupted here; the next one finishes it first.");
        } else {
            screen.say("Finishing an update that was interrupted …");
            bring(&git, &new, screen)?;
        }
    }
    screen.say(&format!("Looking for a new version: {source} …"));
    let new = source.fetch(&git)?;
    if !dry_run && let Some(folder) = source.folder() {
        vendored::bring(&course.root, folder)?;
    }
    let found = match dry_run {
        true => preview(&git, &new, screen)?,
        false => bring(&git, &new, screen)?,
    };
    if !found {
        let version = git.line(&["rev-parse", "HEAD"])?;
        screen.print(&report::nothing_new(short(&version)));
    }
    Ok(Exit::Passed)
}

/// Brings the version `new` in and tells what came of it; whether there was
/// anything to do.
fn bring(git: &Git, new: &str, screen: &Screen) -> anyhow::Result<bool> {
    let Some(plan) = Plan::make(git, new)? else {
        carry_out::finish(git)?;
        return Ok(false);
    };
    let mut backup = Backup::new(git.folder(), "update", Moment::now());
    carry_out::carry_out(git, &plan, &mut backup)?;
    let there = backup.path().exists();
    let news = news::of(git, &plan, there.then(|| backup.name()))?;
    screen.print(&report::text(&news, Tense::Done, &screen.look()));
    let missing = vendored::missing(git.folder());
    if !missing.is_empty() {
        screen.say(&report::missing_crates(&missing));
    }
    Ok(true)
}

/// Tells what would be done.
fn preview(git: &Git, new: &str, screen: &Screen) -> anyhow::Result<bool> {
    let Some(plan) = Plan::make(git, new)? else {
        return Ok(false);
    };
    let news = news::of(git, &plan, None)?;
    screen.print(&report::text(&news, Tense::Planned, &screen.look()));
    Ok(true)
}
