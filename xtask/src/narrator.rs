//! Prints the news of a judgement as they come: a line for each check, and what
//! is going on in between.

use crate::build::Failure;
use crate::course::{Course, Lesson};
use crate::lore::Lore;
use crate::report::Teller;
use crate::screen::Screen;
use crate::session::News;
use crate::verdict::{Build, CheckVerdict, LessonVerdict, Status};

/// Tells the verdict on one lesson.
pub(crate) struct Narrator<'a> {
    screen: &'a Screen,
    lesson: &'a Lesson,
    /// Missing where the verdict is told at the end, in another form.
    teller: Option<Teller<'a>>,
    /// A lesson that is finished, and has not changed, is worth a line.
    brief: bool,
    begun: bool,
    /// A failure was told; the next ones are told in brief.
    failed: bool,
    /// Checks that have passed and were not told yet: there may be two in a row.
    passed: Vec<String>,
    /// Where to find what is worth telling once the lesson is finished.
    course: Option<&'a Course>,
}

impl<'a> Narrator<'a> {
    pub(crate) fn new(
        screen: &'a Screen,
        lesson: &'a Lesson,
        teller: Option<Teller<'a>>,
    ) -> Narrator<'a> {
        Narrator {
            screen,
            lesson,
            teller,
            brief: false,
            begun: false,
            failed: false,
            passed: Vec::new(),
            course: None,
        }
    }

    /// Has a verdict that is known already told in a line, if all passes.
    pub(crate) fn in_brief(self, brief: bool) -> Narrator<'a> {
        Narrator { brief, ..self }
    }

    /// Tells also what a pass was worth.
    pub(crate) fn with_lore(self, course: &'a Course) -> Narrator<'a> {
        let course = Some(course);
        Narrator { course, ..self }
    }

    /// Takes the next news.
    pub(crate) fn tell(&mut self, news: News<'_>) {
        match news {
            News::Building => {
                let text = format!("  building {}", self.lesson.name);
                self.screen.progress(&text);
            }
            News::DoesNotBuild(failure) => self.does_not_build(failure),
            News::Judging { first } => {
                self.begin();
                self.screen.progress(&format!("  judging {}", first.name));
            }
            News::Known {
                check,
                next,
                known,
                of,
            } => {
                self.begin();
                self.check(check);
                if let Some(next) = next {
                    let share = self.screen.look().share(known, of);
                    let text = format!("  {share} · judging {}", next.name);
                    self.screen.progress_goes_on(&text);
                }
            }
            News::Over(verdict) => self.end(verdict),
        }
    }

    /// That there is nothing to judge.
    pub(crate) fn does_not_build(&self, failure: &Failure) {
        self.print(|teller| teller.does_not_build(failure));
    }

    /// The heading, once.
    pub(crate) fn begin(&mut self) {
        if !std::mem::replace(&mut self.begun, true) {
            self.print(|teller| teller.heading());
        }
    }

    /// The next check.
    pub(crate) fn check(&mut self, check: &CheckVerdict) {
        if check.is_plain_pass() {
            self.passed.push(check.name.clone());
            return;
        }
        self.flush();
        let in_full = !self.failed;
        self.print(|teller| teller.check(check, in_full));
        self.failed |= matches!(check.status, Status::Failed(_));
    }

    /// What follows the checks.
    pub(crate) fn end(&mut self, verdict: &LessonVerdict) {
        if verdict.recalled.is_some() {
            if self.brief && verdict.passed() {
                self.print(|teller| teller.in_one_line(verdict));
                return;
            }
            self.begin();
            for check in &verdict.checks {
                self.check(check);
            }
        }
        self.flush();
        if let Build::Unfinished { why } = &verdict.build {
            self.print(|teller| teller.unfinished_build(why));
        } else if !verdict.checks.is_empty() {
            let lore = self.lore(verdict);
            self.print(|teller| teller.footer(verdict, lore.as_ref()));
        }
    }

    fn lore(&self, verdict: &LessonVerdict) -> Option<Lore> {
        let course = self.course.filter(|_| self.teller.is_some())?;
        Lore::of_news(course, self.lesson, verdict)
    }

    fn flush(&mut self) {
        let passed = std::mem::take(&mut self.passed);
        self.print(|teller| teller.passed(&passed));
    }

    fn print(&self, text: impl FnOnce(&Teller<'_>) -> String) {
        if let Some(teller) = &self.teller {
            self.screen.print(&text(teller));
        }
    }
}
