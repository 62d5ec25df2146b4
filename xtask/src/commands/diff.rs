//! `cargo xtask diff`: the learner's program beside ours, or beside what it
//! once was.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::solution;
use crate::course::{Course, Lesson};
use crate::exit::Exit;
use crate::report::Look;
use crate::report::difference::Versions;
use crate::screen::Screen;
use crate::starter::{self, Files};

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("diff")
        .about("Shows how your program differs from ours, or from the starter")
        .args([
            solution::lesson(),
            Arg::new("starter")
                .long("starter")
                .action(ArgAction::SetTrue)
                .help("Compare with the starter: what have you written?"),
            solution::spoil(),
        ])
        .after_help(
            "Examples:\n  cargo xtask diff tcp-server\n  \
             cargo xtask diff tcp-server --starter | less\n\n\
             Exit code: 0 compared, 1 the lesson is not finished yet, 2 wrong usage",
        )
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let lesson = solution::chosen(course, matches)?;
    let with_starter = matches.get_flag("starter");
    if !with_starter && !solution::is_allowed(course, lesson, matches, "diff", screen)? {
        return Ok(Exit::Failed);
    }
    let sides = match with_starter {
        true => Sides::with_starter(course, lesson)?,
        false => Sides::with_solution(course, lesson)?,
    };
    let text = sides.unified(&screen.look());
    match text.is_empty() {
        true => screen.say(sides.same),
        // In front of it all, and not in the way of what reads the pipe.
        false => screen.say(sides.legend),
    }
    screen.print(&text);
    Ok(Exit::Passed)
}

/// What is compared with what.
struct Sides {
    old: (String, Files),
    new: (String, Files),
    legend: &'static str,
    same: &'static str,
}

impl Sides {
    fn with_starter(course: &Course, lesson: &Lesson) -> anyhow::Result<Sides> {
        let name = &lesson.name;
        Ok(Sides {
            old: (
                format!("{}/{name}", starter::FOLDER),
                starter::required(course, lesson)?,
            ),
            new: (
                format!("exercises/{name}"),
                starter::of_learner(course, lesson)?,
            ),
            legend: "Lines with - are the starter's, lines with + are yours.",
            same: "Your program is the starter, to the letter.",
        })
    }

    /// The manifests differ in names alone.
    fn with_solution(course: &Course, lesson: &Lesson) -> anyhow::Result<Sides> {
        let name = &lesson.name;
        let mut yours = starter::of_learner(course, lesson)?;
        yours.retain(|path, _| path.starts_with("src"));
        Ok(Sides {
            old: (format!("exercises/{name}"), yours),
            new: (
                format!("solutions/{name}"),
                solution::of_lesson(course, lesson)?,
            ),
            legend: "Lines with - are yours, lines with + are ours.",
            same: "Your program is ours, to the letter.",
        })
    }

    fn unified(&self, look: &Look) -> String {
        let ((old_folder, old), (new_folder, new)) = (&self.old, &self.new);
        let paths: BTreeSet<&PathBuf> = old.keys().chain(new.keys()).collect();
        let of_path = |path: &PathBuf| {
            // As in every other tool's output, whatever the platform.
            let name = path.display().to_string().replace('\\', "/");
            let versions = Versions {
                old: old.get(path).map(Vec::as_slice),
                new: new.get(path).map(Vec::as_slice),
                old_name: &format!("{old_folder}/{name}"),
                new_name: &format!("{new_folder}/{name}"),
            };
            versions.unified(look)
        };
        paths.into_iter().map(of_path).collect()
    }
}
