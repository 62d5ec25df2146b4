//! `cargo xtask check`: builds a lesson's program and judges it.

mod copies;
mod telling;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::budget::Budget;
use crate::cli;
use crate::clock::Moment;
use crate::course::{Course, Lesson};
use crate::exit::{Exit, Usage};
use crate::locked::Locked;
use crate::narrator::Narrator;
use crate::progress::Progress;
use crate::report::{self, Look, Teller, plural, svg};
use crate::screen::Screen;
use crate::session::{Seed, Session};
use crate::verdict::{LessonVerdict, exit_of};
use copies::Copies;
use telling::{FORMATS, Told};

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("check")
        .about("Judges your program, one lesson after the other")
        .long_about(
            "Builds the program of each lesson and judges it over real sockets.\n\
             Without a name it goes through the course in order and stops at the\n\
             first lesson that is not finished.",
        )
        .args([
            cli::lessons("The lessons to judge"),
            Arg::new("program")
                .long("program")
                .value_name("PATH")
                .value_parser(value_parser!(PathBuf))
                .help("Judge this executable, in whatever language it was written"),
            cli::seed("Repeat the random bytes of an earlier run"),
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Run every check, also after one has failed"),
            Arg::new("again")
                .long("again")
                .action(ArgAction::SetTrue)
                .help("Judge also what has not changed since the last verdict"),
            Arg::new("budget")
                .long("budget")
                .value_name("SECONDS")
                .value_parser(cli::whole::<u64>(1..=86_400))
                .allow_negative_numbers(true)
                .help("Stop after this time, and tell what was judged by then"),
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new(FORMATS))
                .help("How to tell the verdict [default: human; plain in a pipe]"),
            Arg::new("svg")
                .long("svg")
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .help("Draw the conversation of each check into this folder, as SVG"),
        ])
        .args(copies::arguments())
        .after_help(
            "Examples:\n  \
             cargo xtask check\n  \
             cargo xtask check tcp-server --seed 4182\n  \
             cargo xtask check tcp-server --program ./shout.py\n  \
             cargo xtask check tcp-server --work ../alice --all --format gradescope\n\n\
             Exit code: 0 passed, 1 failed or does not build, 2 wrong usage,\n\
             3 the harness or its surroundings failed, or the budget was used up",
        )
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let names = cli::named_lessons(matches);
    let lessons = course.select(&names)?;
    let wish = Wish::of(matches, screen)?;
    if wish.program.is_some() && names.len() != 1 {
        bail!(Usage(
            "--program judges one program: name the one lesson that it is for".to_string()
        ));
    }
    if names.is_empty() && wish.told.look().is_some() {
        greet(course, &lessons, screen);
    }
    if let Some(remark) = Progress::not_understood(course) {
        screen.say(&remark);
    }
    let copies = Copies::of(course, matches, screen)?;
    let work = copies.work.as_ref().unwrap_or(course);
    let session = wish.session(work, copies.locked.as_ref(), screen);
    let (mut verdicts, mut undrawn) = (Vec::new(), None);
    for lesson in &lessons {
        let narrator = wish.narrator(work, lesson, screen);
        let mut narrator = narrator.in_brief(names.is_empty());
        let is_own = wish.program.is_none() && copies.locked.is_none();
        if is_own && (!names.is_empty() || is_open(course, lesson)) {
            narrator = narrator.with_lore(course);
        }
        let mut verdict = session.judge(lesson, &|| false, &mut |news| narrator.tell(news))?;
        if let Err(error) = wish.draw(&verdict) {
            // It has to be told all the same.
            undrawn.get_or_insert(error);
        }
        wish.told.complete(session.judge_course(), &mut verdict);
        if let Some(line) = report::edited(&verdict) {
            screen.say(&line);
        }
        let finished = verdict.passed();
        verdicts.push(verdict);
        if names.is_empty() && !finished {
            break;
        }
    }
    let is_old = verdicts
        .last()
        .is_some_and(|verdict| verdict.recalled.is_some());
    if names.is_empty() && is_old && verdicts.iter().all(LessonVerdict::passed) {
        let line = "All lessons are finished. To judge them again: cargo xtask check --again";
        screen.say(line);
    }
    let teller = |number: usize, look| wish.teller(work, lessons[number], look);
    wish.told
        .at_the_end(work, wish.seed.number, &verdicts, teller, screen);
    undrawn.map_or_else(|| Ok(exit_of(&verdicts)), Err)
}

fn greet(course: &Course, lessons: &[&Lesson], screen: &Screen) {
    let progress = Progress::read(course).unwrap_or_default();
    let is_finished = |lesson: &&&Lesson| progress.of(&lesson.name).finished.is_some();
    let finished = lessons.iter().filter(is_finished).count();
    let lessons = plural(lessons.len(), "lesson");
    screen.say(&format!("On the Wire: {lessons}, {finished} finished."));
}

/// Whether the lesson was never finished: whoever passes by one that was needs
/// no reminder of it.
fn is_open(course: &Course, lesson: &Lesson) -> bool {
    let progress = Progress::read(course).unwrap_or_default();
    progress.of(&lesson.name).finished.is_none()
}

/// What was asked for.
struct Wish<'a> {
    program: Option<&'a Path>,
    seed: Seed,
    all: bool,
    again: bool,
    budget: Option<Budget>,
    told: Told,
    /// Where to draw conversations.
    pictures: Option<&'a Path>,
}

impl<'a> Wish<'a> {
    fn of(matches: &'a ArgMatches, screen: &Screen) -> anyhow::Result<Wish<'a>> {
        let program = matches.get_one::<PathBuf>("program").map(PathBuf::as_path);
        if let Some(program) = program {
            check_executable(program)?;
        }
        let told = Told::of(matches, screen)?;
        let pictures = matches.get_one::<PathBuf>("svg").map(PathBuf::as_path);
        // Nobody wants to learn that after a minute.
        pictures.map(make_folder).transpose()?;
        Ok(Wish {
            program,
            seed: cli::seed_of(matches),
            all: matches.get_flag("all"),
            again: matches.get_flag("again"),
            budget: matches.get_one("budget").copied().map(Budget::of),
            told,
            pictures,
        })
    }

    fn session<'s>(
        &'s self,
        course: &'s Course,
        locked: Option<&'s Locked>,
        screen: &'s Screen,
    ) -> Session<'s> {
        Session {
            course,
            locked,
            screen,
            program: self.program,
            seed: self.seed,
            all: self.all,
            timelines: self.pictures.is_some(),
            again: self.again,
            budget: self.budget,
        }
    }

    fn narrator<'n>(
        &self,
        course: &'n Course,
        lesson: &'n Lesson,
        screen: &'n Screen,
    ) -> Narrator<'n> {
        let teller = self.told.look();
        let teller = teller.map(|look| self.teller(course, lesson, look));
        Narrator::new(screen, lesson, teller)
    }

    fn teller<'t>(&self, course: &'t Course, lesson: &'t Lesson, look: Look) -> Teller<'t> {
        Teller {
            look,
            lesson,
            next: course.next(lesson),
            program: self.program.map(|path| path.display().to_string()),
            now: Moment::now(),
        }
    }

    fn draw(&self, verdict: &LessonVerdict) -> anyhow::Result<()> {
        let Some(folder) = self.pictures else {
            return Ok(());
        };
        make_folder(folder)?;
        for (name, picture) in svg::pictures(verdict) {
            let path = folder.join(name);
            std::fs::write(&path, picture)
                .with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(())
    }
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        bail!(Usage(format!("{shown} is not a folder")));
    }
    std::fs::create_dir_all(folder).with_context(|| format!("making the folder {shown}"))
}

fn check_executable(program: &Path) -> anyhow::Result<()> {
    let shown = program.display();
    let metadata = match std::fs::metadata(program) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!(Usage(format!("there is no program at {shown}")));
        }
        Err(error) => bail!(Usage(format!("{shown} cannot be a program: {error}"))),
    };
    if metadata.is_dir() {
        bail!(Usage(format!("{shown} is a folder, not a program")));
    }
    // A pipe, for instance, would be waited for.
    if !metadata.is_file() {
        bail!(Usage(format!("{shown} is no file, so it is no program")));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if metadata.permissions().mode() & 0o111 == 0 {
            bail!(Usage(format!(
                "{shown} is not executable; `chmod +x {shown}` makes it so"
            )));
        }
    }
    Ok(())
}
