//! What is known of the exercise that is watched, and how it is put on screen.

use super::Told;
use super::frame::Parts;
use crate::clock::Moment;
use crate::course::{Course, Lesson};
use crate::lore::Lore;
use crate::report::{Look, Teller, Tone, plural};
use crate::verdict::{Build, CheckVerdict, LessonVerdict, Status};

/// What is known.
#[derive(Default)]
pub(super) struct State {
    phase: Phase,
    /// What the judgement under way has found so far.
    fresh: Vec<CheckVerdict>,
    /// What the last one has found that came to its end.
    last: Option<Result<LessonVerdict, String>>,
    /// What Cargo said then.
    words: String,
    /// What its pass was worth.
    lore: Option<Lore>,
    /// Stands in the place of the verdict until the next key or the next save.
    pub(super) aside: Option<Aside>,
    /// Stands above the keys.
    pub(super) note: Option<String>,
}

/// An answer that takes the verdict's place, and the command that gives all of it.
pub(super) struct Aside {
    pub(super) text: String,
    pub(super) whole: String,
}

/// What is going on.
#[derive(Debug, Default)]
enum Phase {
    #[default]
    Resting,
    Building(String),
    Judging {
        name: String,
        known: usize,
        of: usize,
    },
}

impl State {
    /// Takes the next news of the judgement under way.
    pub(super) fn tell(&mut self, told: Told) {
        match told {
            Told::Building => self.phase = Phase::Building(String::new()),
            Told::Judging(name) => {
                self.phase = Phase::Judging {
                    name,
                    known: 0,
                    of: 0,
                };
            }
            Told::Known {
                check,
                next,
                known,
                of,
            } => {
                self.fresh.push(*check);
                let name = next.unwrap_or_default();
                self.phase = Phase::Judging { name, known, of };
            }
        }
    }

    /// What Cargo is at, while it is at work.
    pub(super) fn is_building(&mut self, progress: String) {
        if let Phase::Building(shown) = &mut self.phase {
            *shown = progress;
        }
    }

    /// A judgement begins; what is known of the last one stays on the screen
    /// until this one has found something.
    pub(super) fn begin(&mut self) {
        self.fresh.clear();
        self.aside = None;
        self.note = None;
    }

    /// Nothing is known of another lesson.
    pub(super) fn forget(&mut self) {
        *self = State::default();
    }

    /// The judgement has come to its end.
    pub(super) fn end(
        &mut self,
        verdict: anyhow::Result<LessonVerdict>,
        words: String,
        lore: Option<Lore>,
    ) {
        self.phase = Phase::Resting;
        self.fresh.clear();
        self.words = words;
        self.lore = lore;
        self.last = Some(verdict.map_err(|error| format!("{error:#}")));
    }

    /// Whether the next lesson is offered.
    pub(super) fn may_go_on(&self) -> bool {
        matches!((&self.phase, &self.last), (Phase::Resting, Some(Ok(verdict))) if verdict.passed())
    }

    /// What the last words on the terminal are.
    pub(super) fn last_words(&self, course: &Course, lesson: &Lesson, look: Look) -> String {
        let status = self.status(&teller(course, lesson, look));
        format!("{}: {status}\n", lesson.name)
    }

    /// All of it, to be put on the screen.
    pub(super) fn parts(&self, course: &Course, lesson: &Lesson, look: Look) -> Parts<'_> {
        let teller = teller(course, lesson, look);
        let mut parts = Parts {
            heading: teller.heading(),
            status: self.status(&teller),
            whole: format!("cargo xtask check {}", lesson.name),
            note: self.note.as_deref(),
            may_go_on: self.may_go_on(),
            ..Parts::default()
        };
        if let Some(aside) = &self.aside {
            parts.body.clone_from(&aside.text);
            parts.whole.clone_from(&aside.whole);
        } else if self.fresh.iter().any(is_worth_a_word) || self.last.is_none() {
            fill(&mut parts, &self.fresh, &teller);
        } else {
            self.fill_with_last(&mut parts, &teller);
        }
        parts
    }

    fn fill_with_last(&self, parts: &mut Parts<'_>, teller: &Teller<'_>) {
        match &self.last {
            Some(Ok(verdict)) => {
                fill(parts, &verdict.checks, teller);
                match &verdict.build {
                    Build::Failed(failure) => {
                        parts.body = format!("{}\n{}", self.words, teller.does_not_build(failure));
                    }
                    _ => {
                        parts.body += &teller.footer_in_short(verdict, self.lore.as_ref());
                        parts.extra.clone_from(&self.words);
                        if verdict.passed() {
                            // What a pass was worth is told once.
                            parts.whole.clear();
                        }
                    }
                }
            }
            Some(Err(error)) => {
                let title = teller.look.paint(Tone::Bad, "error:");
                parts.body = format!("{}\n{title} {error}\n", self.words);
            }
            None => {}
        }
    }

    fn status(&self, teller: &Teller<'_>) -> String {
        let look = &teller.look;
        match &self.phase {
            Phase::Building(progress) if progress.is_empty() => "building …".to_string(),
            Phase::Building(progress) => format!("building … {progress}"),
            Phase::Judging { name, of: 0, .. } => format!("judging … {name}"),
            Phase::Judging { name, known, of } => format!("judging … {known} of {of} · {name}"),
            Phase::Resting => match &self.last {
                None => "waiting …".to_string(),
                Some(Err(_)) => look.paint(Tone::Bad, "could not be judged"),
                Some(Ok(verdict)) => outcome(verdict, look),
            },
        }
    }
}

fn teller<'t>(course: &'t Course, lesson: &'t Lesson, look: Look) -> Teller<'t> {
    Teller {
        look,
        lesson,
        next: course.next(lesson),
        program: None,
        now: Moment::now(),
    }
}

fn outcome(verdict: &LessonVerdict, look: &Look) -> String {
    let (passed, of) = (verdict.passing(), verdict.checks.len());
    let count = format!("{passed} of {of} pass");
    match &verdict.build {
        Build::Failed(_) => look.paint(Tone::Bad, "does not build"),
        _ if verdict.passed() => look.paint(Tone::Good, &format!("{count} · finished")),
        _ => look.paint(Tone::Bad, &count),
    }
}

fn is_worth_a_word(check: &CheckVerdict) -> bool {
    !check.is_plain_pass() && !matches!(check.status, Status::NotRun)
}

fn fill(parts: &mut Parts<'_>, checks: &[CheckVerdict], teller: &Teller<'_>) {
    let (passed, others): (Vec<_>, Vec<_>) = checks.iter().partition(|check| check.is_plain_pass());
    let names: Vec<String> = passed.iter().map(|check| check.name.clone()).collect();
    parts.passed = teller.passed(&names);
    let sign = teller.look.paint(Tone::Good, teller.look.passed);
    parts.passed_in_short = format!("  {sign} {} passed\n", plural(names.len(), "check"));
    let mut failed = false;
    for check in others {
        parts.body += &teller.check(check, !failed);
        failed |= matches!(check.status, Status::Failed(_));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    /// What is shown of `verdict`, and with which command one sees the rest of it.
    fn whole(verdict: LessonVerdict, aside: Option<Aside>) -> String {
        let lessons = vec![samples::lesson()];
        let root = std::path::PathBuf::new();
        let course = Course { root, lessons };
        let mut state = State::default();
        state.end(Ok(verdict), String::new(), None);
        state.aside = aside;
        state
            .parts(&course, &course.lessons[0], Look::plain(80))
            .whole
    }

    #[test]
    fn the_command_that_is_named_shows_what_was_on_the_screen() {
        assert_eq!(
            whole(samples::mixed(), None),
            "cargo xtask check tcp-server"
        );
        assert_eq!(whole(samples::handed_in(), None), "", "a pass is told once");
        let list = Aside {
            text: "Sockets".to_string(),
            whole: "cargo xtask list".to_string(),
        };
        assert_eq!(whole(samples::mixed(), Some(list)), "cargo xtask list");
    }
}
