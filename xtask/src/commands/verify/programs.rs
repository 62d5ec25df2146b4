//! Builds and judges every program that the course has something to say about:
//! starters, solutions, and those that are wrong on purpose.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use super::proof::Proof;
use super::wrong::{self, WrongProgram};
use super::{claims, proof};
use crate::build::{self, Built};
use crate::cargo::{Call, Finished, Kind, arguments};
use crate::checks::{self, Check};
use crate::course::{Course, Lesson};
use crate::judge::{self, Case, Tests};
use crate::order::InOrder;
use crate::screen::Screen;
use crate::verdict::CheckVerdict;

/// All lessons that are to be proven, with their programs.
pub(super) struct Bench<'a> {
    course: &'a Course,
    seed: u64,
    pub(super) lessons: Vec<Subject<'a>>,
}

/// A lesson with all its programs; what does not build is missing.
pub(super) struct Subject<'a> {
    pub(super) lesson: &'a Lesson,
    pub(super) checks: Vec<Check>,
    pub(super) judge: Option<Judge>,
    programs: Vec<Program>,
}

/// The checks of a lesson, built.
pub(super) struct Judge {
    binary: PathBuf,
    pub(super) tests: Tests,
}

/// A program and what it is for.
struct Program {
    role: Role,
    path: Option<PathBuf>,
}

/// What a program must prove.
pub(super) enum Role {
    Starter,
    Solution,
    Wrong(WrongProgram),
}

impl<'a> Bench<'a> {
    /// Builds all programs of `lessons` with three calls of Cargo.
    pub(super) fn build(
        course: &'a Course,
        lessons: &[&'a Lesson],
        seed: u64,
        screen: &Screen,
    ) -> anyhow::Result<Bench<'a>> {
        let packages = |role: &str| {
            lessons
                .iter()
                .flat_map(|lesson| arguments([&"--package", &format!("{}-{role}", lesson.name)]))
                .collect::<Vec<_>>()
        };
        let mut wrong = Vec::new();
        for lesson in lessons {
            wrong.push(wrong::of(course, lesson)?);
        }
        let bins = wrong
            .iter()
            .flatten()
            .flat_map(|program| arguments([&"--bin", &program.name]));
        let call = |what: &str, parts: [Vec<OsString>; 2]| {
            Call {
                arguments: parts.concat(),
                folder: &course.root,
                what: what.to_string(),
            }
            .run(screen)
        };
        let manifest = course.root.join("exercises/Cargo.toml");
        let made = Made {
            solutions: call(
                "the solutions",
                [
                    arguments([&"test", &"--no-run", &"--test", &build::CHECKS]),
                    packages("solution"),
                ],
            )?,
            wrong: call(
                "the programs that are wrong on purpose",
                [
                    arguments([&"build", &"--keep-going", &"--package", &"wrong"]),
                    bins.collect(),
                ],
            )?,
            starters: call(
                "the starters",
                [
                    arguments([&"build", &"--keep-going", &"--manifest-path", &manifest]),
                    packages("exercise"),
                ],
            )?,
        };
        let lessons = lessons
            .iter()
            .zip(wrong)
            .map(|(lesson, wrong)| made.subject(course, lesson, wrong));
        Ok(Bench {
            course,
            seed,
            lessons: lessons.collect::<anyhow::Result<_>>()?,
        })
    }

    /// Judges the programs side by side; tells the proofs in order.
    pub(super) fn prove(&self, screen: &Screen, tell: &mut dyn FnMut(Proof)) -> anyhow::Result<()> {
        for stray in wrong::strays(self.course)? {
            let claim = format!("{stray} belongs to a lesson");
            tell(Proof::new(
                claim,
                &["its name begins with none".to_string()],
            ));
        }
        let jobs: Vec<_> = self
            .lessons
            .iter()
            .flat_map(|subject| {
                subject
                    .programs
                    .iter()
                    .map(move |program| (subject, program))
            })
            .collect();
        let next = AtomicUsize::new(0);
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..proof::at_once().min(jobs.len()) {
                let sender = sender.clone();
                scope.spawn(|| {
                    let sender = sender;
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some((subject, program)) = jobs.get(index) else {
                            return;
                        };
                        let proof = self.prove_one(subject, program);
                        drop(sender.send((index, proof)));
                    }
                });
            }
            drop(sender);
            let mut order = InOrder::new();
            for (index, proof) in receiver {
                for proof in order.take(index, proof) {
                    tell(proof?);
                }
                screen.progress(&format!("  {} of {} programs", index + 1, jobs.len()));
            }
            Ok(())
        })
    }

    fn prove_one(&self, subject: &Subject<'_>, program: &Program) -> anyhow::Result<Proof> {
        let start = Instant::now();
        let claim = claims::claim(subject.lesson, &program.role, &subject.checks);
        let (Some(judge), Some(path)) = (&subject.judge, &program.path) else {
            return Ok(Proof::new(
                claim,
                &["it was not built: see Cargo's words above".to_string()],
            ));
        };
        let verdicts = self.judge(subject, judge, path, !matches!(program.role, Role::Starter))?;
        let (problems, remark) = claims::judge(&program.role, &verdicts, &subject.checks);
        Ok(Proof::new(claim, &problems)
            .remark(remark)
            .took(start.elapsed()))
    }

    fn judge(
        &self,
        subject: &Subject<'_>,
        judge: &Judge,
        program: &Path,
        all: bool,
    ) -> anyhow::Result<Vec<CheckVerdict>> {
        let case = Case {
            root: &self.course.root,
            folder: self.course.exercise(subject.lesson),
            binary: &judge.binary,
            tests: &judge.tests,
            checks: &subject.checks,
            program,
            seed: self.seed,
            all,
        };
        judge::judge(&case, |_| {})
    }
}

/// What Cargo has made of the three workspaces' programs.
struct Made {
    solutions: Finished,
    wrong: Finished,
    starters: Finished,
}

impl Made {
    fn subject<'a>(
        &self,
        course: &Course,
        lesson: &'a Lesson,
        wrong: Vec<WrongProgram>,
    ) -> anyhow::Result<Subject<'a>> {
        let checks = checks::read(&course.exercise(lesson).join("tests/checks.rs"))?;
        let (solution, judge) = match build::solution_in(&self.solutions, course, lesson) {
            Err(_) => (None, None),
            Ok(Built {
                program,
                checks: binary,
            }) => {
                let tests = judge::list_tests(&binary)?;
                (Some(program), Some(Judge { binary, tests }))
            }
        };
        let found = |finished: &Finished, name: &str, folder: &Path| {
            finished
                .find(Kind::Program, name, folder)
                .map(Path::to_path_buf)
        };
        let starter = found(
            &self.starters,
            &format!("{}-exercise", lesson.name),
            &course.exercise(lesson),
        );
        let mut programs = vec![
            Program {
                role: Role::Starter,
                path: starter,
            },
            Program {
                role: Role::Solution,
                path: solution,
            },
        ];
        programs.extend(wrong.into_iter().map(|wrong| {
            let path = found(
                &self.wrong,
                &wrong.name,
                &course.root.join("solutions/wrong"),
            );
            Program {
                role: Role::Wrong(wrong),
                path,
            }
        }));
        Ok(Subject {
            lesson,
            checks,
            judge,
            programs,
        })
    }
}
