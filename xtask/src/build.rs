//! Builds a lesson with one call of Cargo: the program and its checks.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::cargo::{Call, Finished, Kind, LocalPackages, arguments};
use crate::course::{Course, Lesson};
use crate::fresh;
use crate::obstacle::{self, Obstacle};
use crate::screen::Screen;

/// The name of the test target that holds the checks.
pub(crate) const CHECKS: &str = "checks";

/// How long the libraries of the checks take to build.
pub(crate) const ABOUT: &str = "about 15 s";

/// What is needed to judge one program.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) program: PathBuf,
    pub(crate) checks: PathBuf,
    /// The packages of this machine that they are made of.
    pub(crate) local: LocalPackages,
}

/// Why there is nothing to judge. All of these are verdicts on the exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    Obstacle(Obstacle),
    BrokenManifest(String),
    DoesNotCompile,
    NoProgram(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Obstacle(obstacle) => obstacle.fmt(f),
            Failure::BrokenManifest(file) => write!(f, "Cargo cannot use {file} (see above)."),
            Failure::DoesNotCompile => f.write_str("The program does not build yet."),
            Failure::NoProgram(name) => {
                write!(
                    f,
                    "Cargo.toml has no program called `{name}`: its package must keep that name."
                )
            }
        }
    }
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
    };
    let Some(finished) = fresh::build(&call, screen, cancelled)? else {
        return Ok(None);
    };
    if !finished.success {
        return Ok(Some(Err(failure(&finished, course, lesson)?)));
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
    };
    let Some(finished) = fresh::build(&call, screen, cancelled)? else {
        return Ok(None);
    };
    if !finished.success {
        return Ok(Some(Err(failure(&finished, course, lesson)?)));
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
    };
    let Some(finished) = fresh::build(&call, screen, cancelled)? else {
        return Ok(None);
    };
    if !finished.success {
        bail!("the checks of {} do not build", lesson.name);
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

/// Tells whose fault a failed build is: the exercise's, which is a verdict, or
/// that of its surroundings, which is an error.
fn failure(finished: &Finished, course: &Course, lesson: &Lesson) -> anyhow::Result<Failure> {
    let words = &finished.words;
    let surroundings = [
        "linker `",
        "No space left on device",
        "failed to download",
        "Unable to update",
        "Could not resolve host",
    ];
    if surroundings.iter().any(|sign| words.contains(sign)) {
        bail!(
            "{} was not judged: what it takes to build it is missing (see above); \
             `cargo xtask doctor` looks for the cause",
            lesson.name
        );
    }
    let Some((_, culprit)) = words.rsplit_once("could not compile `") else {
        return Ok(Failure::BrokenManifest(broken_manifest(
            words, course, lesson,
        )));
    };
    if culprit.starts_with(&format!("{}-exercise` (bin", lesson.name)) {
        return Ok(Failure::DoesNotCompile);
    }
    bail!(
        "the checks of {} do not build (see above); `git status` shows whether they were changed",
        lesson.name
    );
}

/// The manifest that Cargo complains about. It may be another lesson's: all
/// exercises are one workspace.
fn broken_manifest(words: &str, course: &Course, lesson: &Lesson) -> String {
    let names = course.lessons.iter().map(|lesson| &lesson.name);
    let mentions = names.filter_map(|name| Some((mention(words, name)?, name)));
    match mentions.min() {
        Some((_, name)) => format!("exercises/{name}/Cargo.toml"),
        None if words.contains("exercises/Cargo.toml") => "exercises/Cargo.toml".to_string(),
        None => format!("exercises/{}/Cargo.toml", lesson.name),
    }
}

/// Where `words` first speak of the exercise called `name`.
fn mention(words: &str, name: &str) -> Option<usize> {
    let folder = format!("exercises/{name}");
    let mut found = words.match_indices(&folder);
    let place = found.find(|(at, _)| {
        let rest = &words[at + folder.len()..];
        !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
    });
    place.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn verdict(words: &str) -> Option<Failure> {
        let finished = Finished {
            success: false,
            words: words.to_string(),
            executables: Vec::new(),
            local: LocalPackages::default(),
        };
        let lessons = ["tcp-server", "udp-server", "udp"].map(|name| Lesson {
            name: name.to_string(),
            title: String::new(),
            part: String::new(),
        });
        let course = Course {
            root: PathBuf::from("/c"),
            lessons: lessons.to_vec(),
        };
        failure(&finished, &course, &lessons[0]).ok()
    }

    #[rstest]
    #[case::type_error(
        "error: could not compile `tcp-server-exercise` (bin \"tcp-server-exercise\") due to 1 previous error\n",
        Some(Failure::DoesNotCompile)
    )]
    #[case::manifest(
        "error: failed to parse manifest at `/c/exercises/udp-server/Cargo.toml`\n",
        Some(Failure::BrokenManifest("exercises/udp-server/Cargo.toml".to_string()))
    )]
    #[case::syntax(
        "error: unclosed table\n --> exercises/udp/Cargo.toml:11:8\n\
         error: failed to load manifest for workspace member `/c/exercises/udp`\n\
         referenced via `[a-z]*` by workspace at `/c/exercises/Cargo.toml`\n",
        Some(Failure::BrokenManifest("exercises/udp/Cargo.toml".to_string()))
    )]
    #[case::workspace(
        "error: unclosed table\n --> exercises/Cargo.toml:11:8\n",
        Some(Failure::BrokenManifest("exercises/Cargo.toml".to_string()))
    )]
    #[case::unknown_dependency(
        "error: no matching package named `tokyo` found\n",
        Some(Failure::BrokenManifest("exercises/tcp-server/Cargo.toml".to_string()))
    )]
    #[case::checks(
        "error: could not compile `tcp-server-exercise` (test \"checks\") due to 1 previous error\n",
        None
    )]
    #[case::linker(
        "error: linker `cc` not found\nerror: could not compile `tcp-server-exercise` (bin \"x\")\n",
        None
    )]
    #[case::network("error: failed to download from `https://index.crates.io`\n", None)]
    fn a_failed_build_is_put_where_it_belongs(
        #[case] words: &str,
        #[case] expected: Option<Failure>,
    ) {
        assert_eq!(verdict(words), expected);
    }
}
