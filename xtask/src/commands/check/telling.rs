//! The formats of `--format`: when a verdict is told, how, and where to.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ArgMatches;

use crate::checks;
use crate::clock::Moment;
use crate::course::Course;
use crate::exit::Usage;
use crate::report::classroom50::Submission;
use crate::report::{Judged, Look, Teller, classroom50, github, gradescope, json, junit};
use crate::screen::Screen;
use crate::verdict::{Build, CheckVerdict, LessonVerdict};

/// What `--format` may be.
pub(super) const FORMATS: &[&str] = &[
    "human",
    "plain",
    "json",
    "junit",
    "github",
    "gradescope",
    "classroom50",
];

/// Text that stands in no terminal: as wide as most of them are.
const WIDTH: usize = 80;

/// When and how the verdicts are told.
pub(super) enum Told {
    /// Each one as soon as it is found.
    AsFound(Look),
    /// All of them at the end, in one document.
    Json,
    Junit,
    Github,
    Gradescope,
    Classroom50(Submission),
}

impl Told {
    /// The way that was asked for.
    pub(super) fn of(matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Told> {
        let format = matches.get_one::<String>("format").map(String::as_str);
        Ok(match format {
            Some("json") => Told::Json,
            Some("junit") => Told::Junit,
            Some("github") => Told::Github,
            Some("gradescope") => Told::Gradescope,
            Some("classroom50") => Told::Classroom50(submission()?),
            Some("human") => Told::AsFound(screen.human(screen.width())),
            Some("plain") => Told::AsFound(Look::plain(screen.width())),
            _ => Told::AsFound(screen.look()),
        })
    }

    /// The look of what is told at once, if anything is.
    pub(super) fn look(&self) -> Option<Look> {
        match self {
            Told::AsFound(look) => Some(*look),
            _ => None,
        }
    }

    /// Whether it is for a grader, who counts points.
    fn is_a_graders(&self) -> bool {
        matches!(self, Told::Github | Told::Gradescope | Told::Classroom50(_))
    }

    /// Adds to a verdict what this way of telling needs.
    pub(super) fn complete(&self, course: &Course, verdict: &mut LessonVerdict) {
        if self.is_a_graders() {
            count_all_checks(course, verdict);
        }
    }

    /// Tells what was not told yet. `teller` is the one for a verdict by its
    /// number.
    pub(super) fn at_the_end<'v>(
        &self,
        course: &Course,
        seed: u64,
        verdicts: &'v [LessonVerdict],
        teller: impl Fn(usize, Look) -> Teller<'v>,
        screen: &Screen,
    ) {
        let judged_ones = || -> Vec<Judged<'v>> {
            let numbered = verdicts.iter().enumerate();
            numbered
                .map(|(number, verdict)| Judged {
                    verdict,
                    teller: teller(number, Look::plain(WIDTH).with_drawings()),
                })
                .collect()
        };
        match self {
            Told::AsFound(_) => {}
            Told::Json => screen.print_whole(&json::document(verdicts)),
            Told::Junit => screen.print_whole(&junit::document(verdicts, seed)),
            Told::Gradescope => screen.print_whole(&gradescope::document(&judged_ones())),
            Told::Classroom50(submission) => {
                screen.print_whole(&classroom50::document(submission, &judged_ones()));
            }
            Told::Github => {
                let course = in_repository(&course.root);
                let told = github::document(&judged_ones(), &course);
                screen.print_whole(&told.log);
                if let Err(error) = summarise(&told.summary) {
                    screen.complain(&format!("{error:#}"));
                }
            }
        }
    }
}

/// A grader adds up points: the checks of a program that does not build count.
fn count_all_checks(course: &Course, verdict: &mut LessonVerdict) {
    if !verdict.checks.is_empty() || !matches!(verdict.build, Build::Failed(_)) {
        return;
    }
    let file = format!("exercises/{}/tests/checks.rs", verdict.lesson);
    let checks = checks::read(&course.root.join(file)).unwrap_or_default();
    let checks = checks.iter();
    verdict.checks = checks
        .map(|check| CheckVerdict::not_run(&check.name, &check.says))
        .collect();
}

/// What Classroom 50 says about the submission.
fn submission() -> anyhow::Result<Submission> {
    let variable = |name: &str| std::env::var(name).ok();
    match Submission::read(variable, Moment::now().instant()) {
        Ok(submission) => Ok(submission),
        Err(missing) => bail!(Usage(format!(
            "--format classroom50 is for an autograder of Classroom 50, which sets {}",
            missing.join(", ")
        ))),
    }
}

/// Where the course is in the repository that GitHub has checked out.
fn in_repository(root: &Path) -> PathBuf {
    let Some(workspace) = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from) else {
        return PathBuf::new();
    };
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let below = real(root)
        .strip_prefix(real(&workspace))
        .map(Path::to_path_buf);
    below.unwrap_or_default()
}

/// Adds `markdown` to the summary of the step, where there is one.
fn summarise(markdown: &str) -> anyhow::Result<()> {
    let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else {
        return Ok(());
    };
    let mut options = OpenOptions::new();
    let opened = options.append(true).create(true).open(&file);
    opened
        .and_then(|mut summary| summary.write_all(markdown.as_bytes()))
        .with_context(|| {
            let file = Path::new(&file).display();
            format!("the summary of this step cannot be written to {file}")
        })
}
