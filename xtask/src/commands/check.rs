//! `cargo xtask check`: builds a lesson's program and judges it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::build::{self, Built};
use crate::course::{Course, Lesson};
use crate::exit::{Exit, Usage};
use crate::judge::{self, Case};
use crate::report::{Look, Teller, json, junit, plural, svg};
use crate::screen::Screen;
use crate::verdict::{Build, CheckVerdict, LessonVerdict, Status};
use crate::{checks, cli};

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
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new([
                    "human", "plain", "json", "junit",
                ]))
                .help("How to tell the verdict [default: human; plain in a pipe]"),
            Arg::new("svg")
                .long("svg")
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .help("Draw the conversation of each check into this folder, as SVG"),
        ])
        .after_help(
            "Examples:\n  \
             cargo xtask check\n  \
             cargo xtask check tcp-server --seed 4182\n  \
             cargo xtask check tcp-server --program ./shout.py\n\n\
             Exit code: 0 passed, 1 failed or does not build, 2 wrong usage,\n\
             3 the harness or its surroundings failed",
        )
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let names = cli::named_lessons(matches);
    let lessons = course.select(&names)?;
    let session = Session::new(course, matches, screen)?;
    if session.program.is_some() && names.len() != 1 {
        bail!(Usage(
            "--program judges one program: name the one lesson that it is for".to_string()
        ));
    }
    if names.is_empty() && matches!(session.told, Told::AsFound(_)) {
        let lessons = plural(lessons.len(), "lesson");
        screen.say(&format!("On the Wire: {lessons}, in their order."));
    }
    let mut verdicts = Vec::new();
    for lesson in lessons {
        let verdict = session.judge(lesson)?;
        let finished = verdict.passed();
        verdicts.push(verdict);
        if names.is_empty() && !finished {
            break;
        }
    }
    match session.told {
        Told::AsFound(_) => {}
        Told::Json => screen.print_whole(&json::document(&verdicts)),
        Told::Junit => screen.print_whole(&junit::document(&verdicts, session.seed)),
    }
    Ok(verdicts
        .iter()
        .map(LessonVerdict::exit)
        .max()
        .unwrap_or(Exit::Passed))
}

/// What all lessons of one call have in common.
struct Session<'a> {
    course: &'a Course,
    screen: &'a Screen,
    program: Option<&'a Path>,
    seed: u64,
    all: bool,
    told: Told,
    /// Where to draw conversations.
    pictures: Option<&'a Path>,
}

/// When and how the verdicts are told.
enum Told {
    /// Each one as soon as it is found.
    AsFound(Look),
    /// All of them at the end, in one document.
    Json,
    Junit,
}

impl<'a> Session<'a> {
    fn new(
        course: &'a Course,
        matches: &'a ArgMatches,
        screen: &'a Screen,
    ) -> anyhow::Result<Session<'a>> {
        let program = matches.get_one::<PathBuf>("program").map(PathBuf::as_path);
        if let Some(program) = program {
            check_executable(program)?;
        }
        let format = matches.get_one::<String>("format").map(String::as_str);
        let told = match format {
            Some("json") => Told::Json,
            Some("junit") => Told::Junit,
            Some("human") => Told::AsFound(Look::human(screen.width())),
            Some("plain") => Told::AsFound(Look::plain(screen.width())),
            _ => Told::AsFound(screen.look()),
        };
        Ok(Session {
            course,
            screen,
            program,
            seed: cli::seed_of(matches),
            all: matches.get_flag("all"),
            told,
            pictures: matches.get_one::<PathBuf>("svg").map(PathBuf::as_path),
        })
    }

    fn judge(&self, lesson: &Lesson) -> anyhow::Result<LessonVerdict> {
        let start = Instant::now();
        let teller = self.teller(lesson);
        let mut verdict = LessonVerdict {
            lesson: lesson.name.clone(),
            build: if self.program.is_some() {
                Build::NotBuilt
            } else {
                Build::Done
            },
            checks: Vec::new(),
            took: start.elapsed(),
        };
        self.screen.progress(&format!("  building {}", lesson.name));
        match self.build(lesson)? {
            Err(failure) => {
                self.tell(|| {
                    teller
                        .as_ref()
                        .map(|teller| teller.does_not_build(&failure))
                });
                verdict.build = Build::Failed(failure);
            }
            Ok(built) => {
                let start = Instant::now();
                verdict.checks = self.judge_built(lesson, &built, teller.as_ref())?;
                verdict.took = start.elapsed();
                self.tell(|| teller.as_ref().map(|teller| teller.footer(&verdict)));
                self.draw(&verdict)?;
            }
        }
        Ok(verdict)
    }

    fn draw(&self, verdict: &LessonVerdict) -> anyhow::Result<()> {
        let Some(folder) = self.pictures else {
            return Ok(());
        };
        std::fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {}", folder.display()))?;
        for (name, picture) in svg::pictures(verdict) {
            let path = folder.join(name);
            std::fs::write(&path, picture)
                .with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(())
    }

    fn build(&self, lesson: &Lesson) -> anyhow::Result<Result<Built, build::Failure>> {
        let Some(program) = self.program else {
            return build::exercise(self.course, lesson, self.screen);
        };
        let solution = build::solution(self.course, lesson, self.screen)?;
        Ok(Ok(Built {
            program: std::path::absolute(program)?,
            ..solution
        }))
    }

    fn judge_built(
        &self,
        lesson: &Lesson,
        built: &Built,
        teller: Option<&Teller<'_>>,
    ) -> anyhow::Result<Vec<CheckVerdict>> {
        let folder = self.course.exercise(lesson);
        let checks = checks::read(&folder.join("tests/checks.rs"))?;
        let Some(first) = checks.first() else {
            bail!("{}/tests/checks.rs has no checks", folder.display());
        };
        let case = Case {
            root: &self.course.root,
            folder,
            tests: &judge::list_tests(&built.checks)?,
            binary: &built.checks,
            checks: &checks,
            program: &built.program,
            seed: self.seed,
            all: self.all,
            timelines: self.pictures.is_some(),
        };
        self.tell(|| teller.map(Teller::heading));
        self.screen.progress(&format!("  judging {}", first.name));
        let mut known = 0;
        let mut failed = false;
        let mut passed = Vec::new();
        let verdicts = judge::judge(&case, |verdict| {
            known += 1;
            match verdict.is_plain_pass() {
                true => passed.push(verdict.name.clone()),
                false => {
                    let passed = std::mem::take(&mut passed);
                    self.tell(|| teller.map(|teller| teller.passed(&passed)));
                    self.tell(|| teller.map(|teller| teller.check(verdict, !failed)));
                }
            }
            failed |= matches!(verdict.status, Status::Failed(_));
            if let Some(next) = checks.get(known) {
                let checks = checks.len();
                self.screen
                    .progress(&format!("  {known} of {checks} · judging {}", next.name));
            }
        })?;
        self.tell(|| teller.map(|teller| teller.passed(&passed)));
        Ok(verdicts)
    }

    fn tell(&self, text: impl FnOnce() -> Option<String>) {
        if let Some(text) = text() {
            self.screen.print(&text);
        }
    }

    fn teller<'l>(&self, lesson: &'l Lesson) -> Option<Teller<'l>>
    where
        'a: 'l,
    {
        let Told::AsFound(look) = self.told else {
            return None;
        };
        Some(Teller {
            look,
            lesson,
            next: self.course.next(lesson),
            program: self.program.map(|path| path.display().to_string()),
        })
    }
}

fn check_executable(program: &Path) -> anyhow::Result<()> {
    let shown = program.display();
    let Ok(metadata) = std::fs::metadata(program) else {
        bail!(Usage(format!("there is no program at {shown}")));
    };
    if !metadata.is_file() {
        bail!(Usage(format!("{shown} is a folder, not a program")));
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
