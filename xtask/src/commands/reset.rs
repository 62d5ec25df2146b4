//! `cargo xtask reset`: the starter once more. What the learner wrote is kept,
//! whatever happens on the way.

mod found;
mod restore;

use std::io::IsTerminal as _;

use anyhow::{Context as _, bail};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::backup::Backup;
use crate::cli;
use crate::clock::Moment;
use crate::course::{Course, Lesson};
use crate::exit::{Exit, Usage};
use crate::live;
use crate::progress::Progress;
use crate::report::reset::{self, Loss};
use crate::screen::Screen;
use crate::starter::{self, Files};

use found::Found;

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("reset")
        .about("Gives you the starter of a lesson once more, and keeps what you wrote")
        .long_about(
            "Puts Cargo.toml and src/ of an exercise back as they were at the beginning.\n\
             What you wrote is kept in backups/, with the date.",
        )
        .args([
            cli::lessons("The lessons to begin again").required_unless_present("all"),
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .conflicts_with("lessons")
                .help("All lessons"),
            Arg::new("yes")
                .long("yes")
                .short('y')
                .action(ArgAction::SetTrue)
                .help("Do not ask"),
        ])
        .after_help("Examples:\n  cargo xtask reset tcp-server\n  cargo xtask reset --all --yes")
}

/// A lesson, what is there, and what is to be there.
struct Plan<'a> {
    lesson: &'a Lesson,
    starter: Files,
    found: Found,
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let names = cli::named_lessons(matches);
    let mut plans: Vec<Plan<'_>> = Vec::new();
    for lesson in course.select(&names)? {
        if !plans.iter().any(|plan| plan.lesson == lesson) {
            plans.push(Plan::of(course, lesson)?);
        }
    }
    let (done, to_do): (Vec<_>, Vec<_>) = plans.into_iter().partition(Plan::is_done);
    if !names.is_empty() || to_do.is_empty() {
        let texts = done.iter().map(|plan| reset::untouched(&plan.lesson.name));
        screen.print(&texts.collect::<String>());
    }
    if to_do.is_empty() || !is_wanted(&to_do, matches.get_flag("yes"), screen)? {
        return Ok(Exit::Passed);
    }
    // First all backups: a disk that is full shows before anything has gone.
    let now = Moment::now();
    let backups = to_do.iter().map(|plan| plan.keep(course, now));
    let backups = backups.collect::<anyhow::Result<Vec<_>>>()?;
    for (plan, backup) in to_do.iter().zip(&backups) {
        plan.carry_out(course, backup.as_ref(), screen)?;
    }
    Ok(Exit::Passed)
}

impl<'a> Plan<'a> {
    fn of(course: &Course, lesson: &'a Lesson) -> anyhow::Result<Plan<'a>> {
        let starter = starter::required(course, lesson)?;
        let found = Found::read(&course.exercise(lesson), &starter)
            .with_context(|| format!("looking at your program for {}", lesson.name))?;
        Ok(Plan {
            lesson,
            starter,
            found,
        })
    }

    fn is_done(&self) -> bool {
        self.found.is(&self.starter)
    }

    /// Whether anything of the learner's would be lost; a file that is missing
    /// would not.
    fn takes_something(&self) -> bool {
        let mut changed = starter::differences(&self.starter, &self.found.files).into_iter();
        !self.found.others.is_empty() || changed.any(|path| self.found.files.contains_key(path))
    }

    fn loss(&self) -> Loss<'_> {
        Loss {
            lesson: &self.lesson.name,
            starter: &self.starter,
            learner: &self.found.files,
            others: &self.found.others,
        }
    }

    fn keep(&self, course: &Course, now: Moment) -> anyhow::Result<Option<Backup>> {
        if !self.takes_something() {
            return Ok(None);
        }
        let name = &self.lesson.name;
        let mut backup = Backup::new(&course.root, name, now);
        let mut files = self.found.files.iter();
        let kept = backup
            .fill(|part| files.try_for_each(|(path, content)| part.write(path, content)))
            // What is no file will be moved to it.
            .and_then(|()| backup.folder());
        kept.with_context(|| {
            format!("nothing was changed: no copy of {name} could be made in backups/")
        })?;
        Ok(Some(backup))
    }

    fn carry_out(
        &self,
        course: &Course,
        backup: Option<&Backup>,
        screen: &Screen,
    ) -> anyhow::Result<()> {
        let name = &self.lesson.name;
        let folder = course.exercise(self.lesson);
        let kept = backup.map(Backup::name);
        let kept = kept.as_deref();
        if let Some(kept) = kept {
            screen.say(&reset::kept(name, kept));
        }
        restore::restore(&folder, &self.starter, &self.found, backup).with_context(|| {
            let kept = kept.map(|kept| format!("; what you wrote is in {kept}"));
            format!("{name} is not the starter yet{}", kept.unwrap_or_default())
        })?;
        screen.print(&reset::done(name, kept));
        if !folder.join("tests/checks.rs").is_file() {
            screen.say(&format!(
                "The rest of it, its checks among them, is missing: \
                 `git restore exercises/{name}` brings it back."
            ));
        }
        let forgotten = Progress::update(course, |progress| progress.of_mut(name).start_again());
        live::forget(course, self.lesson);
        if let Err(error) = forgotten {
            screen.say(&format!("Your progress stays as it was: {error:#}"));
        }
        Ok(())
    }
}

/// Asks, where something would go and somebody can be asked.
fn is_wanted(plans: &[Plan<'_>], yes: bool, screen: &Screen) -> anyhow::Result<bool> {
    let losing: Vec<&Plan<'_>> = plans.iter().filter(|plan| plan.takes_something()).collect();
    if yes || losing.is_empty() {
        return Ok(true);
    }
    let terminals = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !terminals {
        let names: Vec<&str> = losing
            .iter()
            .map(|plan| plan.lesson.name.as_str())
            .collect();
        bail!(Usage(format!(
            "this would take away what you wrote in {}: say --yes where nobody can be asked",
            names.join(", ")
        )));
    }
    for plan in losing {
        screen.relay(plan.loss().text(screen.width()).as_bytes());
    }
    screen.relay(reset::question().as_bytes());
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .context("reading your answer")?;
    let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    if !is_yes {
        screen.say("Nothing was changed.");
    }
    Ok(is_yes)
}
