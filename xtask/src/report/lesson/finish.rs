//! What is told when all checks of a lesson pass.

use super::{Teller, seconds};
use crate::lore::Lore;
use crate::report::flow::flow;
use crate::report::look::Tone;
use crate::report::{layout, plural};
use crate::verdict::{LessonVerdict, Status};

impl Teller<'_> {
    pub(super) fn finished(&self, verdict: &LessonVerdict, lore: Option<&Lore>) -> String {
        let mut text = self.summary(verdict);
        if let Some(lore) = lore {
            text += &self.lore(lore);
        }
        if self.program.is_some() {
            return text;
        }
        let width = self.look.width;
        if lore.is_some() {
            let name = &self.lesson.name;
            let line = format!("Compare with ours: cargo xtask diff {name}");
            text += &flow(&line, 2, width);
        }
        match self.next {
            Some(next) => {
                let minutes = lore.and_then(|lore| lore.minutes_of_next);
                let minutes = minutes.map(|minutes| format!(" ({minutes} min)"));
                let way = format!("cargo xtask check {}", next.name);
                let line = format!(
                    "Next: {}{}{}{}: {}",
                    next.name,
                    self.look.between(),
                    next.title,
                    minutes.unwrap_or_default(),
                    self.look.way('n', &way)
                );
                text += &flow(&line, 2, width);
            }
            None => {
                text += "That was the last lesson of the course.\n";
                if let Some(page) = lore.and_then(|lore| lore.where_next.as_ref()) {
                    text += &format!("Where to go next: {page}\n");
                }
            }
        }
        text
    }

    fn summary(&self, verdict: &LessonVerdict) -> String {
        let name = &self.lesson.name;
        let skipped = verdict
            .checks
            .iter()
            .filter(|check| matches!(check.status, Status::Skipped { .. }))
            .count();
        let checks = plural(verdict.checks.len() - skipped, "check");
        let took = seconds(verdict.took);
        let word = if self.program.is_some() {
            "passes"
        } else {
            "is finished"
        };
        let mut text = format!(
            "{}: {checks} passed in {took}",
            self.look.paint(Tone::Good, &format!("{name} {word}"))
        );
        if skipped > 0 {
            text += &format!(", {skipped} could not be observed here");
        }
        flow(&(text + "."), 0, self.look.width)
    }

    /// What to remember, what was done well, and what there is to try.
    fn lore(&self, lore: &Lore) -> String {
        let width = self.look.width;
        let mut text = String::new();
        if let Some(to_remember) = &lore.parting.to_remember {
            text += &format!("\n{}\n", self.look.paint(Tone::Title, "To remember"));
            text += &layout::paragraph(to_remember, 2, width);
        }
        if !lore.avoided.is_empty() {
            let title = "Mistakes that others have shipped, and your program does not make";
            let title = self.look.paint(Tone::Title, title);
            text += &format!("\n{}", flow(&title, 0, width));
            let bullet = if self.look.ascii { "-" } else { "·" };
            for verb in &lore.avoided {
                text += &flow(&format!("  {bullet} {verb}"), 4, width);
            }
        }
        text += "\n";
        if let Some(to_try) = &lore.parting.to_try {
            text += &flow(&format!("{to_try}: {}", lore.chapter), 2, width);
        }
        text
    }
}
