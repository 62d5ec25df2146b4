//! `cargo xtask watch`: judges the exercise on each save.
//!
//! Three threads send their news to one loop: the saves, the keys, and the
//! judgement. A save cancels the judgement that is under way, and the next one
//! begins when that has ended; until then the wish for it is kept.

mod answers;
mod frame;
mod keys;
mod plain;
mod saves;
mod screen;
mod state;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{Scope, ScopedJoinHandle};

use anyhow::bail;
use clap::{ArgMatches, Command};

use crate::cli;
use crate::course::{Course, Lesson};
use crate::exit::{Exit, Usage};
use crate::progress::Progress;
use crate::screen::Screen;
use crate::session::{News, Seed, Session};
use crate::terminal::Terminal;
use crate::verdict::{CheckVerdict, LessonVerdict};

use keys::Key;
use saves::{Noticed, Saves};

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("watch")
        .about("Judges your program each time that you save it")
        .long_about(
            "Judges the exercise that you are at, or the one that you name, and judges\n\
             it again on each save. It never moves on by itself. Without a terminal it\n\
             prints plain lines, and takes its keys as lines from stdin.",
        )
        .arg(cli::lessons(
            "The lesson to watch [default: the first that is not finished]",
        ))
        .after_help("Example:\n  cargo xtask watch")
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let lesson = match cli::named_lessons(matches).as_slice() {
        [] => current_lesson(course)?,
        [name] => course.lesson(name)?,
        _ => bail!(Usage("one lesson is watched at a time".to_string())),
    };
    let terminal = Terminal::take();
    let kept = Screen::keeping();
    kept.link_to(&course.root);
    let words = if terminal.is_some() { &kept } else { screen };
    let (sender, events) = mpsc::channel();
    let saves = Saves::of(&course.exercise(lesson));
    std::thread::scope(|scope| {
        let mut watch = Watch {
            course,
            lesson,
            saves,
            words,
            scope,
            sender,
            judging: None,
            is_due: false,
            again: false,
        };
        watch.listen(terminal.is_some());
        watch.begin();
        let exit = match terminal {
            Some(terminal) => screen::show(&mut watch, &events, &terminal, screen),
            None => plain::show(&mut watch, &events, screen),
        };
        watch.stop();
        exit.map(|()| Exit::Passed)
    })
}

/// The lesson to go on with; the last where all are finished.
fn current_lesson(course: &Course) -> anyhow::Result<&Lesson> {
    let progress = Progress::read(course)?;
    let lesson = progress.current(course).or(course.lessons.last());
    lesson.ok_or_else(|| Usage("the course has no lessons".to_string()).into())
}

/// What happens while an exercise is watched.
enum Event {
    Saved(Noticed),
    Key(Key),
    /// The screen has to be drawn anew.
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "no signal tells of a new size there")
    )]
    Redraw,
    Told(Told),
    /// A judgement has ended; one that was cancelled has found out nothing.
    Over(anyhow::Result<Box<LessonVerdict>>),
    /// The runner itself has failed: the panic was told on the terminal.
    Panicked,
}

/// News of the judgement that is under way.
enum Told {
    Building,
    Judging(String),
    Known {
        check: Box<CheckVerdict>,
        next: Option<String>,
        known: usize,
        of: usize,
    },
}

/// The exercise that is watched, and its judgement.
struct Watch<'w, 'scope> {
    course: &'w Course,
    lesson: &'w Lesson,
    saves: Saves,
    /// Where Cargo's words go.
    words: &'w Screen,
    scope: &'scope Scope<'scope, 'w>,
    sender: Sender<Event>,
    judging: Option<Judging<'scope>>,
    /// Something was saved since the judgement under way has begun.
    is_due: bool,
    /// Judge also what has not changed.
    again: bool,
}

/// A judgement under way.
struct Judging<'scope> {
    cancelled: Arc<AtomicBool>,
    thread: ScopedJoinHandle<'scope, ()>,
}

impl<'w> Watch<'w, '_> {
    /// Has saves and keys told from now on. Those who listen end with this
    /// process: they wait for what may never come.
    fn listen(&self, single_keys: bool) {
        let saves = self.saves.clone();
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            saves.watch(|noticed| sender.send(Event::Saved(noticed)).is_ok());
        });
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let tell = |key| sender.send(Event::Key(key)).is_ok();
            match single_keys {
                true => keys::read_keys(tell),
                false => keys::read_lines(tell),
            }
        });
    }

    /// Begins a judgement. One that is under way is cancelled and ends first.
    fn begin(&mut self) {
        if let Some(judging) = &self.judging {
            judging.cancelled.store(true, Ordering::Relaxed);
            self.is_due = true;
            return;
        }
        self.is_due = false;
        self.words.forget();
        let cancelled = Arc::new(AtomicBool::new(false));
        let job = Job {
            session: Session {
                course: self.course,
                screen: self.words,
                program: None,
                seed: Seed {
                    number: cli::fresh_seed(),
                    chosen: false,
                },
                all: false,
                timelines: false,
                again: std::mem::take(&mut self.again),
                locked: None,
                budget: None,
            },
            lesson: self.lesson,
            cancelled: Arc::clone(&cancelled),
            sender: self.sender.clone(),
        };
        let thread = self.scope.spawn(move || job.run());
        self.judging = Some(Judging { cancelled, thread });
    }

    /// Takes note that the judgement has ended, and begins the one that is due.
    /// Says whether the one that has ended still tells the truth.
    fn has_ended(&mut self) -> bool {
        if let Some(judging) = self.judging.take() {
            drop(judging.thread.join());
        }
        let is_true = !self.is_due;
        if self.is_due {
            self.begin();
        }
        is_true
    }

    /// Whether what is told now is of a program that there is no more.
    fn is_outdated(&self) -> bool {
        self.is_due
    }

    /// Watches `lesson` from now on.
    fn turn_to(&mut self, lesson: &'w Lesson) {
        self.lesson = lesson;
        self.saves.turn_to(&self.course.exercise(lesson));
        self.begin();
    }

    /// Cancels the judgement under way, if there is one, and waits for its end.
    fn stop(&mut self) {
        if let Some(judging) = self.judging.take() {
            judging.cancelled.store(true, Ordering::Relaxed);
            drop(judging.thread.join());
        }
    }

    fn previous(&self) -> Option<&'w Lesson> {
        let here = self
            .course
            .lessons
            .iter()
            .position(|lesson| lesson == self.lesson)?;
        self.course.lessons.get(here.checked_sub(1)?)
    }
}

/// One judgement, on a thread of its own.
struct Job<'j> {
    session: Session<'j>,
    lesson: &'j Lesson,
    cancelled: Arc<AtomicBool>,
    sender: Sender<Event>,
}

impl Job<'_> {
    fn run(&self) {
        // Whoever does not listen any more has quit.
        let tell = |event| drop(self.sender.send(event));
        let cancelled = || self.cancelled.load(Ordering::Relaxed);
        let judge = || {
            self.session.judge(self.lesson, &cancelled, &mut |news| {
                if let Some(told) = Told::of(news) {
                    tell(Event::Told(told));
                }
            })
        };
        // Nothing of this job is used again.
        match std::panic::catch_unwind(AssertUnwindSafe(judge)) {
            Ok(verdict) => tell(Event::Over(verdict.map(Box::new))),
            Err(_) => tell(Event::Panicked),
        }
    }
}

impl Told {
    fn of(news: News<'_>) -> Option<Told> {
        match news {
            News::Building => Some(Told::Building),
            News::Judging { first } => Some(Told::Judging(first.name.clone())),
            News::Known {
                check,
                next,
                known,
                of,
            } => Some(Told::Known {
                check: Box::new(check.clone()),
                next: next.map(|next| next.name.clone()),
                known,
                of,
            }),
            // The verdict as a whole says so.
            News::DoesNotBuild(_) | News::Over(_) => None,
        }
    }
}
