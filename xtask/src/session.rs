//! The judgement of a lesson, from its sources to its verdict, and the news of
//! it on the way. `check` prints them, `watch` draws them.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::budget::Budget;
use crate::build::{self, Built, Failure};
use crate::checks::{self, Check};
use crate::clock::Moment;
use crate::course::{Course, Lesson};
use crate::handed_in;
use crate::judge::{self, Case, Pace};
use crate::live;
use crate::locked::Locked;
use crate::memory::{self, Circumstances, Ingredients};
use crate::progress::Progress;
use crate::screen::Screen;
use crate::verdict::{Build, CheckVerdict, LessonVerdict};

/// How lessons are to be judged.
pub(crate) struct Session<'a> {
    /// The course with the learner's programs.
    pub(crate) course: &'a Course,
    /// Where the words of Cargo go.
    pub(crate) screen: &'a Screen,
    /// Another program than the learner's.
    pub(crate) program: Option<&'a Path>,
    pub(crate) seed: Seed,
    /// Run all checks, also after one has failed.
    pub(crate) all: bool,
    /// Tell what happened on the wire also where a check passes.
    pub(crate) timelines: bool,
    /// Judge also what has not changed.
    pub(crate) again: bool,
    /// The checks that judge, where they are not those of `course`.
    pub(crate) locked: Option<&'a Locked>,
    /// When to stop.
    pub(crate) budget: Option<Budget>,
}

/// Where the random bytes come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) number: u64,
    /// Whether somebody wants this one and no other.
    pub(crate) chosen: bool,
}

/// What happens while a lesson is judged, in this order. Of a verdict that is
/// recalled there is no other news.
pub(crate) enum News<'n> {
    /// Cargo is at work.
    Building,
    /// There is nothing to judge.
    DoesNotBuild(&'n Failure),
    /// The checks begin with this one.
    Judging { first: &'n Check },
    /// A check was judged, in the order of the checks; `next` is the one that
    /// comes then.
    Known {
        check: &'n CheckVerdict,
        next: Option<&'n Check>,
        known: usize,
        of: usize,
    },
    /// All is known.
    Over(&'n LessonVerdict),
}

/// Takes the news. It is called on the thread that judges.
pub(crate) type Listener<'l> = &'l mut dyn FnMut(News<'_>);

/// Says whether nobody wants to know any more.
pub(crate) type Cancelled<'c> = &'c (dyn Fn() -> bool + Sync);

impl Session<'_> {
    /// Judges the program of `lesson`. A verdict that was cancelled has checks
    /// that were not run, and is neither remembered nor progress.
    ///
    /// # Errors
    ///
    /// When the harness or its surroundings fail: this says nothing about the
    /// program.
    pub(crate) fn judge(
        &self,
        lesson: &Lesson,
        cancelled: Cancelled<'_>,
        listen: Listener<'_>,
    ) -> anyhow::Result<LessonVerdict> {
        let is_own = self.program.is_none() && self.locked.is_none();
        let ingredients = self.ingredients(lesson);
        let known = ingredients
            .as_ref()
            .filter(|_| !self.again)
            .and_then(|ingredients| memory::recall(self.course, lesson, ingredients));
        let verdict = match known {
            Some(verdict) => verdict,
            None => {
                let mut now = is_own.then(|| live::Now::begin(self.course, lesson));
                self.judge_anew(lesson, ingredients, cancelled, &mut |news| {
                    if let Some(now) = &mut now {
                        now.tell(&news);
                    }
                    listen(news);
                })?
            }
        };
        let is_whole = !cancelled() && !verdict.is_out_of_time();
        if is_whole && is_own {
            self.take_note(&verdict);
        }
        listen(News::Over(&verdict));
        Ok(verdict)
    }

    fn judge_anew(
        &self,
        lesson: &Lesson,
        ingredients: Option<Ingredients>,
        cancelled: Cancelled<'_>,
        listen: Listener<'_>,
    ) -> anyhow::Result<LessonVerdict> {
        let is_late = || self.budget.is_some_and(|budget| budget.is_over());
        let stop = || cancelled() || is_late();
        let mut verdict = LessonVerdict {
            lesson: lesson.name.clone(),
            build: match self.program {
                Some(_) => Build::NotBuilt,
                None => Build::Done,
            },
            checks: Vec::new(),
            took: Duration::ZERO,
            recalled: None,
            edited: self.edited(lesson),
        };
        listen(News::Building);
        let built = match self.build(lesson, &stop)? {
            None => return Ok(self.unfinished(lesson, verdict)),
            Some(Err(failure)) => {
                listen(News::DoesNotBuild(&failure));
                verdict.build = Build::Failed(failure);
                return Ok(verdict);
            }
            Some(Ok(built)) => built,
        };
        let start = Instant::now();
        verdict.checks = self.judge_built(lesson, &built, &stop, listen)?;
        verdict.took = start.elapsed();
        if let Some(budget) = self.budget.filter(Budget::is_over) {
            budget.explain(&mut verdict.checks, self.all);
        }
        if let Some(before) = ingredients
            && !cancelled()
            // What was saved meanwhile may or may not have been judged.
            && self.ingredients(lesson).as_ref() == Some(&before)
            && let Some(inputs) = memory::inputs(&built, &self.course.root.join("exercises"))
        {
            memory::keep(self.course, lesson, &verdict, &before, &inputs);
        }
        Ok(verdict)
    }

    /// The course whose checks judge.
    pub(crate) fn judge_course(&self) -> &Course {
        self.locked.map_or(self.course, |locked| &locked.course)
    }

    fn edited(&self, lesson: &Lesson) -> Vec<String> {
        let locked = self.locked.iter();
        locked
            .flat_map(|locked| locked.differences(self.course, lesson))
            .collect()
    }

    /// What is known where Cargo was stopped: nothing.
    fn unfinished(&self, lesson: &Lesson, verdict: LessonVerdict) -> LessonVerdict {
        let file = self.judge_course().exercise(lesson).join("tests/checks.rs");
        let checks = checks::read(&file).unwrap_or_default();
        let mut checks: Vec<_> = checks
            .iter()
            .map(|check| CheckVerdict::not_run(&check.name, &check.says))
            .collect();
        let why = match self.budget.filter(Budget::is_over) {
            Some(budget) => {
                budget.explain(&mut checks, self.all);
                budget.why()
            }
            None => "it was cancelled".to_string(),
        };
        LessonVerdict {
            build: Build::Unfinished { why },
            checks,
            ..verdict
        }
    }

    /// All that the verdict will come from. `None` where it is not to be
    /// remembered, or cannot be.
    fn ingredients(&self, lesson: &Lesson) -> Option<Ingredients> {
        // A program that was handed in may be a script that starts others; and
        // whoever wants timelines wants them of what happens now.
        if self.program.is_some() || self.locked.is_some() || self.timelines {
            return None;
        }
        let seed = self.seed.chosen.then_some(self.seed.number);
        let options = format!("all {}, seed {seed:?}", self.all);
        let circumstances = Circumstances::of_this_process(options)?;
        Ingredients::collect(self.course, lesson, &circumstances).ok()
    }

    fn take_note(&self, verdict: &LessonVerdict) {
        let now = verdict.recalled.unwrap_or_else(Moment::now);
        let noted = Progress::update(self.course, |progress| progress.learn(verdict, now));
        if let Err(error) = noted {
            self.screen
                .say(&format!("Your progress was not kept: {error:#}"));
        }
        if let Err(error) = live::keep(self.course, verdict) {
            let what = "The book cannot show this verdict";
            self.screen.say(&format!("{what}: {error}"));
        }
    }

    /// `None`: it was cancelled.
    fn build(
        &self,
        lesson: &Lesson,
        cancelled: Cancelled<'_>,
    ) -> anyhow::Result<Option<Result<Built, Failure>>> {
        if cancelled() {
            return Ok(None);
        }
        let program = match (self.program, self.locked) {
            (Some(program), _) => std::path::absolute(program)?,
            (None, None) => {
                return build::exercise(self.course, lesson, self.screen, cancelled);
            }
            (None, Some(locked)) => {
                let target = locked.target_of_program();
                let one;
                // The settings of a copy that was handed in do not count.
                let (course, folder) = match target {
                    Some(_) => {
                        one = handed_in::lesson(self.course, &locked.course, lesson)?;
                        (&one, &locked.course.root)
                    }
                    None => (self.course, &self.course.root),
                };
                let place = (folder.as_path(), target);
                let built = build::program(course, lesson, place, self.screen, cancelled)?;
                match built {
                    None => return Ok(None),
                    Some(Err(failure)) => return Ok(Some(Err(failure))),
                    Some(Ok(program)) => program,
                }
            }
        };
        let target = self.locked.and_then(Locked::target_of_checks);
        let course = self.judge_course();
        let solution = build::solution(course, lesson, target, self.screen, cancelled)?;
        Ok(solution.map(|solution| {
            Ok(Built {
                program,
                ..solution
            })
        }))
    }

    fn judge_built(
        &self,
        lesson: &Lesson,
        built: &Built,
        cancelled: Cancelled<'_>,
        listen: Listener<'_>,
    ) -> anyhow::Result<Vec<CheckVerdict>> {
        let judge = self.judge_course();
        let folder = judge.exercise(lesson);
        let file = folder.join("tests/checks.rs");
        let checks = checks::read(&file)?;
        let Some(first) = checks.first() else {
            return Err(checks::none_in(&file));
        };
        // Where it is cancelled, no check runs either.
        let tests = judge::list_tests(&built.checks, cancelled)?.unwrap_or_default();
        let case = Case {
            root: &judge.root,
            sources: &self.course.root,
            folder,
            tests: &tests,
            binary: &built.checks,
            checks: &checks,
            program: &built.program,
            seed: self.seed.number,
            all: self.all,
            timelines: self.timelines,
            pace: Pace::Alone,
        };
        listen(News::Judging { first });
        let of = checks.len();
        let mut known = 0;
        judge::judge(&case, cancelled, |check| {
            known += 1;
            let next = checks.get(known);
            listen(News::Known {
                check,
                next,
                known,
                of,
            });
        })
    }
}
