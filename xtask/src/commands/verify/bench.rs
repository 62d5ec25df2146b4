//! Builds every program that the course has something to say about: starters,
//! solutions, and those that are wrong on purpose.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::build::{self, Built};
use crate::cargo::{Call, Finished, Kind, arguments};
use crate::checks::{self, Check};
use crate::course::{Course, Lesson};
use crate::fresh;
use crate::judge::{self, Tests};
use crate::screen::Screen;
use crate::wrong::{self, WrongProgram};

/// A lesson with all its programs; what does not build is missing.
pub(super) struct Subject<'a> {
    pub(super) lesson: &'a Lesson,
    pub(super) checks: Vec<Check>,
    pub(super) judge: Option<Judge>,
    pub(super) programs: Vec<Program>,
}

/// The checks of a lesson, built.
pub(super) struct Judge {
    pub(super) binary: PathBuf,
    pub(super) tests: Tests,
}

/// A program and what it must prove.
pub(super) struct Program {
    pub(super) role: Role,
    pub(super) path: Option<PathBuf>,
}

/// What a program is for.
pub(super) enum Role {
    Starter,
    Solution,
    Wrong(WrongProgram),
}

/// Which programs of a lesson are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    All,
    Solutions,
}

/// Builds the programs of `lessons` with one call of Cargo for each role.
pub(super) fn build<'a>(
    course: &Course,
    lessons: &[&'a Lesson],
    which: Which,
    screen: &Screen,
) -> anyhow::Result<Vec<Subject<'a>>> {
    let wrong: anyhow::Result<Vec<_>> = lessons
        .iter()
        .map(|lesson| match which {
            Which::All => wrong::of(course, lesson),
            Which::Solutions => Ok(Vec::new()),
        })
        .collect();
    let wrong = wrong?;
    let made = Made::of(course, lessons, wrong.iter().flatten(), which, screen)?;
    let subjects = lessons.iter().zip(wrong);
    subjects
        .map(|(lesson, wrong)| made.subject(course, lesson, wrong))
        .collect()
}

/// What Cargo has made of all programs.
struct Made {
    solutions: Finished,
    others: Option<Others>,
}

/// The programs that are not right.
struct Others {
    wrong: Finished,
    starters: Finished,
}

impl Made {
    fn of<'a>(
        course: &Course,
        lessons: &[&Lesson],
        wrong: impl Iterator<Item = &'a WrongProgram>,
        which: Which,
        screen: &Screen,
    ) -> anyhow::Result<Made> {
        let call = |what: &str, start: Vec<OsString>, rest: Vec<OsString>| {
            let call = Call {
                arguments: [start, rest].concat(),
                folder: &course.root,
                what: what.to_string(),
                takes: build::ABOUT,
                limit: None,
            };
            fresh::build(&call, screen, &|| false)?.context("Cargo was stopped")
        };
        let packages = |role: &str| {
            let packages = lessons
                .iter()
                .map(|lesson| format!("{}-{role}", lesson.name));
            packages
                .flat_map(|package| arguments([&"--package", &package]))
                .collect()
        };
        let checks = arguments([&"test", &"--no-run", &"--test", &build::CHECKS]);
        let solutions = call("the solutions", checks, packages("solution"))?;
        if which == Which::Solutions {
            let others = None;
            return Ok(Made { solutions, others });
        }
        let manifest = course.root.join("exercises/Cargo.toml");
        let bins = arguments([&"build", &"--keep-going", &"--package", &"wrong"]);
        let names = wrong
            .flat_map(|program| arguments([&"--bin", &program.name]))
            .collect();
        let starters = arguments([&"build", &"--keep-going", &"--manifest-path", &manifest]);
        let others = Some(Others {
            wrong: call("the programs that are wrong on purpose", bins, names)?,
            starters: call("the starters", starters, packages("exercise"))?,
        });
        Ok(Made { solutions, others })
    }

    fn subject<'a>(
        &self,
        course: &Course,
        lesson: &'a Lesson,
        wrong: Vec<WrongProgram>,
    ) -> anyhow::Result<Subject<'a>> {
        // A lesson without checks fails every proof, by name.
        let checks =
            checks::read(&course.exercise(lesson).join("tests/checks.rs")).unwrap_or_default();
        let built = build::solution_in(&self.solutions, course, lesson).ok();
        let judge = built.as_ref().map(Judge::of).transpose()?;
        let mut programs = vec![Program {
            role: Role::Solution,
            path: built.map(|built| built.program),
        }];
        if let Some(others) = &self.others {
            programs.insert(0, others.starter(course, lesson));
            programs.extend(wrong.into_iter().map(|wrong| others.wrong(course, wrong)));
        }
        Ok(Subject {
            lesson,
            checks,
            judge,
            programs,
        })
    }
}

impl Others {
    fn starter(&self, course: &Course, lesson: &Lesson) -> Program {
        let name = format!("{}-exercise", lesson.name);
        Program {
            role: Role::Starter,
            path: found(&self.starters, &name, &course.exercise(lesson)),
        }
    }

    fn wrong(&self, course: &Course, wrong: WrongProgram) -> Program {
        let folder = course.root.join("solutions/wrong");
        Program {
            path: found(&self.wrong, &wrong.name, &folder),
            role: Role::Wrong(wrong),
        }
    }
}

impl Judge {
    fn of(built: &Built) -> anyhow::Result<Judge> {
        Ok(Judge {
            binary: built.checks.clone(),
            tests: judge::list_tests(&built.checks, || false)?.unwrap_or_default(),
        })
    }
}

fn found(finished: &Finished, name: &str, folder: &Path) -> Option<PathBuf> {
    Some(finished.find(Kind::Program, name, folder)?.to_path_buf())
}
