//! `cargo xtask verify --repeat N`: judges the same programs again and again,
//! and tells of every verdict that changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use supervise::Spent;

use super::bench::{self, Program, Role, Subject, Which};
use super::claims;
use super::difference::Difference;
use super::ledger::{Ledger, Run};
use super::load::{self, Load};
use super::programs::{self, Terms};
use super::proof::{Proof, Tally};
use crate::course::{Course, Lesson};
use crate::exit::Exit;
use crate::parallel::{self, Line};
use crate::report::plural;
use crate::screen::Screen;
use crate::verdict::CheckVerdict;

/// What is to be repeated, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) times: usize,
    /// Keep all cores busy meanwhile.
    pub(super) load: bool,
    pub(super) which: Which,
}

/// Builds once, judges many times.
pub(super) fn run(
    course: &Course,
    lessons: &[&Lesson],
    terms: Terms,
    wish: Wish,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let subjects = bench::build(course, lessons, wish.which, screen)?;
    let programs = subjects.iter().flat_map(|subject| {
        let programs = subject.programs.iter();
        programs.map(move |program| (subject, program))
    });
    let programs: Vec<_> = programs.collect();
    let runs: Vec<Run> = (1..=wish.times)
        .zip(0..)
        .map(|(number, later)| Run {
            number,
            seed: terms.seed.wrapping_add(later),
        })
        .collect();
    screen.print(&heading(&programs, lessons, &runs, wish));
    let mut repetition = Repetition {
        course,
        screen,
        programs,
        start: Instant::now(),
        ledger: Ledger::default(),
        refuted: BTreeMap::new(),
    };
    let before = Spent::so_far();
    let load = wish.load.then(Load::start).transpose()?;
    repetition.judge(&runs, terms)?;
    drop(load);
    let spent = before
        .zip(Spent::so_far())
        .map(|(before, now)| now.since(before));
    Ok(repetition.conclude(lessons, wish, spent))
}

fn heading(
    programs: &[(&Subject<'_>, &Program)],
    lessons: &[&Lesson],
    runs: &[Run],
    wish: Wish,
) -> String {
    let load = match wish.load {
        true => format!(", with {} kept busy", plural(load::cores(), "core")),
        false => String::new(),
    };
    let seed = |run: Option<&Run>| run.map_or(0, |run| run.seed);
    format!(
        "Judging {} of {} {}{load}; seeds {} to {}.\n\n",
        plural(programs.len(), "program"),
        plural(lessons.len(), "lesson"),
        plural(runs.len(), "time"),
        seed(runs.first()),
        seed(runs.last())
    )
}

struct Repetition<'a> {
    course: &'a Course,
    screen: &'a Screen,
    programs: Vec<(&'a Subject<'a>, &'a Program)>,
    start: Instant,
    ledger: Ledger,
    /// The programs that did not do what is claimed of them.
    refuted: BTreeMap<usize, Refuted>,
}

/// In how many runs a claim did not hold, and why not in the first of them.
struct Refuted {
    times: usize,
    why: String,
}

impl Repetition<'_> {
    /// Judges all programs in each of `runs`; one run may begin before the one
    /// before it has ended, so that no core waits for its last check.
    fn judge(&mut self, runs: &[Run], terms: Terms) -> anyhow::Result<()> {
        let jobs: Vec<(Run, usize)> = runs
            .iter()
            .flat_map(|run| (0..self.programs.len()).map(move |program| (*run, program)))
            .collect();
        let (course, programs) = (self.course, self.programs.clone());
        let work = |(run, program): &(Run, usize)| {
            let seed = run.seed;
            let (subject, judged) = programs[*program];
            programs::judge(course, subject, judged, Terms { seed, ..terms })
        };
        let mut failed = Ok(());
        let line = Line::of_all(jobs.len(), programs::at_once());
        parallel::in_order(&jobs, &[line], work, |(run, program), verdicts| {
            match verdicts {
                Ok(verdicts) => self.enter(*run, *program, verdicts),
                Err(error) => failed = Err(error),
            }
            self.tell_progress(*run, *program, runs.len());
        });
        failed
    }

    fn enter(&mut self, run: Run, program: usize, verdicts: Option<Vec<CheckVerdict>>) {
        let (subject, judged) = self.programs[program];
        let problems = match &verdicts {
            Some(verdicts) => claims::judge(&judged.role, verdicts, &subject.checks).0,
            None => vec![programs::NOT_BUILT.to_string()],
        };
        if let Some(first) = problems.first() {
            let refuted = self.refuted.entry(program).or_insert_with(|| Refuted {
                times: 0,
                why: first.clone(),
            });
            refuted.times += 1;
        }
        for check in verdicts.iter().flatten() {
            if let Some(usual) = self.ledger.enter(program, check, run) {
                let difference = Difference {
                    lesson: subject.lesson,
                    program: &self.name(judged),
                    run,
                    now: check,
                    usual: &usual,
                };
                self.screen.print(&difference.text(self.screen.look()));
            }
        }
    }

    /// The program as it can be named in the course's folder.
    fn name(&self, program: &Program) -> String {
        let path = program.path.clone().unwrap_or_default();
        let short = path.strip_prefix(&self.course.root).unwrap_or(&path);
        short.display().to_string()
    }

    fn tell_progress(&self, run: Run, program: usize, runs: usize) {
        let left = self.programs.len() - program - 1;
        let Run { number, seed } = run;
        if self.screen.is_watched() || left > 0 {
            let left = plural(left, "more program");
            let progress = format!("  run {number} of {runs}, seed {seed}: {left} to judge");
            self.screen.progress_goes_on(&progress);
        } else {
            let counts = self.ledger.counts(|_| true);
            self.screen.print(&format!(
                "run {number:>width$} of {runs}  seed {seed:<6} after {:6.1} s: {} so far, {} differed\n",
                self.start.elapsed().as_secs_f64(),
                plural(counts.run, "check"),
                counts.differed,
                width = runs.to_string().len(),
            ));
        }
    }

    /// Prints the counts and what does not hold.
    fn conclude(&self, lessons: &[&Lesson], wish: Wish, spent: Option<Spent>) -> Exit {
        let took = self.start.elapsed();
        let mut tally = Tally::default();
        for (index, (subject, program)) in self.programs.iter().enumerate() {
            let claim = claims::claim(subject.lesson, &program.role, &subject.checks);
            let problem = self.refuted.get(&index).map(|Refuted { times, why }| {
                format!("not in {times} of {} runs: {why}", wish.times)
            });
            tally.add(Proof::new(claim, problem.as_slice()));
        }
        tally.took = took;
        let differed = self.ledger.counts(|_| true).differed;
        let times = self.times(took, wish, spent);
        self.screen.print(&format!(
            "\n{}\n{tally}\n{times}",
            self.table(lessons, wish)
        ));
        match differed {
            0 => tally.exit(),
            _ => Exit::Failed,
        }
    }

    /// One line for each lesson.
    fn table(&self, lessons: &[&Lesson], wish: Wish) -> String {
        let mut table = format!(
            "{:<16} {:>9} {:>9} {:>9} {:>9}\n",
            "lesson", "programs", "checks", "differed", "skipped"
        );
        let mut line = |name: &str, counted: &dyn Fn(usize) -> bool| {
            let programs = (0..self.programs.len()).filter(|program| counted(*program));
            let counts = self.ledger.counts(counted);
            // Writing into a text cannot fail.
            let _ = writeln!(
                table,
                "{name:<16} {:>9} {:>9} {:>9} {:>9}",
                programs.count(),
                counts.run,
                counts.differed,
                counts.skipped
            );
        };
        for lesson in lessons {
            let is_its = |program: usize| self.programs[program].0.lesson == *lesson;
            line(&lesson.name, &is_its);
        }
        if wish.which == Which::All {
            let is_solution =
                |program: usize| matches!(self.programs[program].1.role, Role::Solution);
            line("all solutions", &is_solution);
        }
        if lessons.len() > 1 {
            line("all", &|_| true);
        }
        table
    }

    fn times(&self, took: Duration, wish: Wish, spent: Option<Spent>) -> String {
        let seconds = Duration::as_secs_f64;
        let Some(Spent { own, children }) = spent else {
            return String::new();
        };
        let mut text = format!(
            "{:.1} s; the checks and their programs used {:.1} s of CPU",
            seconds(&took),
            seconds(&children)
        );
        if wish.load {
            text += &format!(", and the load {:.1} s", seconds(&own));
        }
        text + ".\n"
    }
}
