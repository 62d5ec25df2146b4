//! Builds a lesson with one call of Cargo: the program and its checks.

mod failure;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::cargo::{Call, Finished, Kind, LocalPackages, arguments};
use crate::course::{Course, Lesson};
use crate::fresh;
use crate::obstacle;
use crate::screen::Screen;

pub(crate) use failure::Failure;

/// The name of the test target that holds the checks.
pub(crate) const CHECKS: &str = "checks";

/// How long the libraries of the checks take to build.
pub(crate) const ABOUT: &str = "about 15 s";

/// How a learner gives it no more time than so much.
const LIMIT: &str = "cargo xtask check --budget SECONDS";

/// What is needed to judge one program.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) program: PathBuf,
    pub(crate) checks: PathBuf,
    /// The packages of this machine that they are made of.
    pub(crate) local: LocalPackages,
}

/// Builds the learner's program for `lesson` and its checks. `None`: it was
/// cancelled.
pub(crate) fn exercise(
    course: &Course,
    lesson: &Lesson,
    screen: &Screen,
    cancelled: &dyn Fn() -> bool,
) -> anyhow::Result<Option<Result<Built, Failure>>> {
    if let Some(obstacle) = obstacle::find(course, lesson) {
        return Ok(Some(Err(Failure::Obstacle(obstacle))));
    }
    let package = format!("{}-exercise", lesson.name);
    let workspace = course.root.join("exercises");
    let call = Call {
        arguments: arguments([
            &"test",
            &"--no-run",
            &"--manifest-path",
            &workspace.join("Cargo.toml"),
            &"--package",
            &package,
            &"--test",
            &CHECKS,
        ]),
        folder: &course.root,
        what: format!("{} and its checks", lesson.name),
        takes: ABOUT,
        limit: Some(LIMIT),
    };
    let Some(finished) = fresh::build(&call, screen, cancelled)? else {
        return Ok(None);
    };
    if !finished.success {
        return Ok(Some(Err(failure::of(&finished, course, lesson)?)));
    }
    let folder = course.exercise(lesson);
    let Some(program) = finished.find(Kind::Program, &package, &folder) else {
        return Ok(Some(Err(Failure::NoProgram(package))));
    };
    let checks = checks_of(&finished, &folder)?;
    Ok(Some(Ok(Built {
        program: program.to_path_buf(),
        checks,
        local: finished.local.clone(),
    })))
}

/// Builds the learner's program for `lesson` and nothing else, whatever has
/// become of its checks. Cargo runs in `folder`, whose settings it takes, and
/// builds in `target`, if not in the usual place. `None`: it was cancelled.
pub(crate) fn program(
    course: &Course,
    lesson: &Lesson,
    (folder, target): (&Path, Option<&Path>),
    screen: &Screen,
    cancelled: &dyn Fn() -> bool,
) -> anyhow::Result<Option<Result<PathBuf, Failure>>> {
    if let Some(obstacle) = obstacle::find(course, lesson) {
        return Ok(Some(Err(Failure::Obstacle(obstacle))));
    }
    let package = format!("{}-exercise", lesson.name);
    let mut words = arguments([
        &"build",
        &"--manifest-path",
        &course.root.join("exercises/Cargo.toml"),
        &"--package",
        &package,
    ]);
    words.extend(target_dir(target));
    let call = Call {
        arguments: words,
        folder,
        what: lesson.name.clone(),
        takes: ABOUT,
        limit: Some(LIMIT),
    };
    let Some(finished) = fresh::build(&call, screen, cancelled)? else {
        return Ok(None);
    };
    if !finished.success {
        return Ok(Some(Err(failure::of(&finished, course, lesson)?)));
    }
    let program = finished.find(Kind::Program, &package, &course.exercise(lesson));
    let program = program.map(Path::to_path_buf);
    Ok(Some(program.ok_or(Failure::NoProgram(package))))
}

/// Builds the checks of `lesson` without the exercise: they come with the
/// solution, so that a broken exercise does not matter. Returns the solution;
/// `None` where it was cancelled. `target`: where to build, if not in the usual
/// place.
pub(crate) fn solution(
    course: &Course,
    lesson: &Lesson,
    target: Option<&Path>,
    screen: &Screen,
    cancelled: &dyn Fn() -> bool,
) -> anyhow::Result<Option<Built>> {
    let package = format!("{}-solution", lesson.name);
    let mut words = arguments([
        &"test",
        &"--no-run",
        &"--package",
        &package,
        &"--test",
        &CHECKS,
    ]);
    words.extend(target_dir(target));
    let call = Call {
        arguments: words,
        folder: &course.root,
        what: format!("the checks of {}", lesson.name),
        takes: ABOUT,
        limit: Some(LIMIT),
    };
    let Some(finished) = fresh::build(&call, screen, cancelled)? else {
        return Ok(None);
    };
    if !finished.success {
        bail!(
            "the checks of {} do not build (see above); `cargo xtask doctor` looks for the cause",
            lesson.name
        );
    }
    solution_in(&finished, course, lesson).map(Some)
}

fn target_dir(target: Option<&Path>) -> Vec<OsString> {
    target.map_or_else(Vec::new, |target| arguments([&"--target-dir", &target]))
}

/// The solution of `lesson` among what Cargo has made.
pub(crate) fn solution_in(
    finished: &Finished,
    course: &Course,
    lesson: &Lesson,
) -> anyhow::Result<Built> {
    let package = format!("{}-solution", lesson.name);
    let folder = course.root.join("solutions").join(&lesson.name);
    let program = finished.find(Kind::Program, &package, &folder);
    let program = program
        .with_context(|| format!("Cargo has not built {package}"))?
        .to_path_buf();
    let checks =
        checks_of(finished, &course.exercise(lesson)).or_else(|_| checks_of(finished, &folder))?;
    Ok(Built {
        program,
        checks,
        local: finished.local.clone(),
    })
}

fn checks_of(finished: &Finished, folder: &Path) -> anyhow::Result<PathBuf> {
    let checks = finished.find(Kind::IntegrationTest, CHECKS, folder);
    let checks = checks
        .with_context(|| format!("Cargo has built no test `{CHECKS}` in {}", folder.display()))?;
    Ok(checks.to_path_buf())
}
