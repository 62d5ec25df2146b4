//! Which copy of the course has the program, and which one the checks.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Arg, ArgMatches, value_parser};

use crate::course::Course;
use crate::exit::Usage;
use crate::locked::Locked;
use crate::screen::Screen;

/// The options that ask for another copy.
pub(super) fn arguments() -> [Arg; 2] {
    [
        Arg::new("locked-checks")
            .long("locked-checks")
            .value_name("VERSION")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("HEAD")
            .help("Judge with the checks as git has them, whatever was edited [default: HEAD]"),
        Arg::new("work")
            .long("work")
            .value_name("FOLDER")
            .value_parser(value_parser!(PathBuf))
            .conflicts_with_all(["program", "locked-checks"])
            .help("Judge the programs in this copy of the course with the checks of ours"),
    ]
}

/// The copies, where there is more than one.
pub(super) struct Copies {
    /// The one with the programs, if it is not ours.
    pub(super) work: Option<Course>,
    /// The checks that judge, if they are not those beside the programs.
    pub(super) locked: Option<Locked>,
    /// Others that judge here wait for us.
    _turn: Option<File>,
}

impl Copies {
    /// The copies that were asked for.
    pub(super) fn of(
        course: &Course,
        matches: &ArgMatches,
        screen: &Screen,
    ) -> anyhow::Result<Copies> {
        if let Some(folder) = matches.get_one::<PathBuf>("work") {
            return Ok(Copies {
                work: Some(work(course, folder)?),
                locked: Some(Locked::of(course.clone())),
                _turn: Some(turn(course, screen)?),
            });
        }
        let version = matches.get_one::<String>("locked-checks");
        let Some(version) = version else {
            return Ok(Copies {
                work: None,
                locked: None,
                _turn: None,
            });
        };
        let turn = turn(course, screen)?;
        Ok(Copies {
            work: None,
            locked: Some(Locked::in_git(course, version)?),
            _turn: Some(turn),
        })
    }
}

/// The copy in `folder`. It is believed in nothing but its programs: our list of
/// lessons holds.
fn work(course: &Course, folder: &Path) -> anyhow::Result<Course> {
    let manifest = folder.join("exercises/Cargo.toml");
    if !manifest.is_file() {
        bail!(Usage(format!(
            "{} is no copy of the course: it has no exercises/Cargo.toml",
            folder.display()
        )));
    }
    // Cargo says where it has found a program, and says it in this form.
    let root = match cfg!(windows) {
        true => std::path::absolute(folder),
        false => folder.canonicalize(),
    };
    Ok(Course {
        root: root.with_context(|| format!("finding {}", folder.display()))?,
        lessons: course.lessons.clone(),
    })
}

/// There is one copy of the checks, and one place for programs from elsewhere:
/// two at once would judge with each other's checks, or each other's programs.
fn turn(course: &Course, screen: &Screen) -> anyhow::Result<File> {
    let path = course.cache().join("copies.lock");
    let opened = fs::create_dir_all(course.cache()).and_then(|()| File::create(&path));
    let file = opened.with_context(|| format!("making {}", path.display()))?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        screen.say("Waiting for another judgement in this folder to finish …");
    }
    file.lock()
        .with_context(|| format!("locking {}", path.display()))?;
    Ok(file)
}
