//! How far a learner has come: the course, and the checks of a lesson.

use wire::columns;

use super::layout;
use super::look::{Look, Tone};
use super::plural;
use crate::checks::Check;
use crate::course::Lesson;
use crate::progress::State;

/// A lesson, and what is known of it.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) lesson: &'a Lesson,
    pub(crate) minutes: Option<u32>,
    pub(crate) checks: Vec<Check>,
    pub(crate) state: State,
    /// Whether the learner is to go on with it.
    pub(crate) is_current: bool,
}

impl Row<'_> {
    fn is_finished(&self) -> bool {
        self.state.finished.is_some()
    }

    fn has_passed(&self, check: &Check) -> bool {
        self.state.passed.contains(&check.name)
    }

    fn has_failed(&self, check: &Check) -> bool {
        let failed = self.state.failed.as_ref();
        failed.is_some_and(|(name, _)| *name == check.name)
    }

    /// `5 of 14`.
    fn count(&self) -> String {
        let passed = self.checks.iter().filter(|check| self.has_passed(check));
        format!("{} of {}", passed.count(), self.checks.len())
    }

    /// In words: no colour has to be seen, and without signs no sign.
    fn standing(&self, look: &Look) -> String {
        let mut words = Vec::new();
        if self.is_current && look.ascii {
            words.push("current".to_string());
        }
        if let Some(date) = &self.state.finished {
            words.push(format!("finished {date}"));
        } else if let Some(minutes) = self.minutes {
            words.push(format!("{minutes} min"));
        }
        let hints: usize = self.state.hints.values().sum();
        if hints > 0 {
            words.push(plural(hints, "hint"));
        }
        words.join(", ")
    }
}

/// All lessons, part by part.
pub(crate) fn course(rows: &[Row<'_>], look: &Look) -> String {
    let mut text = String::new();
    let mut part = "";
    let widths = Widths::of(rows, look);
    for row in rows {
        if row.lesson.part != part {
            part = &row.lesson.part;
            let gap = if text.is_empty() { "" } else { "\n" };
            text += &format!("{gap}{}\n", look.paint(Tone::Title, part));
        }
        text += &widths.line(row, look);
    }
    text
}

/// The columns of the table.
struct Widths {
    name: usize,
    title: usize,
    count: usize,
}

impl Widths {
    fn of(rows: &[Row<'_>], look: &Look) -> Widths {
        let widest = |of: &dyn Fn(&Row<'_>) -> usize| rows.iter().map(of).max().unwrap_or(0);
        let name = widest(&|row| row.lesson.name.len());
        let count = widest(&|row| row.count().len());
        let title = widest(&|row| row.lesson.title.chars().count());
        let signs = if look.ascii { 2 } else { 4 };
        // There is a gap of two between columns.
        let rest = signs + name + 2 + 2 + count + 2;
        let room = |standing: usize| look.width.saturating_sub(rest + standing);
        let mut standings: Vec<usize> = rows.iter().map(|row| row.standing(look).len()).collect();
        standings.sort_unstable_by(|a, b| b.cmp(a));
        let widest = standings.first().map_or(0, |&standing| room(standing));
        // One that is longer than all others goes below its line, before it cuts
        // the titles of all.
        let room = match standings.get(1).map(|&standing| room(standing)) {
            Some(second) if second >= title => second,
            _ => widest,
        };
        // A title of a few letters says nothing.
        let title = if room < 8 { 0 } else { title.min(room) };
        Widths { name, title, count }
    }

    fn line(&self, row: &Row<'_>, look: &Look) -> String {
        let Widths { name, title, count } = *self;
        let sign = match (row.is_finished(), row.is_current) {
            // There the last column says it in words.
            _ if look.ascii => "",
            (_, true) => &look.paint(Tone::Title, "▸ "),
            (true, _) => &look.paint(Tone::Good, "✓ "),
            _ => "  ",
        };
        let lesson = &row.lesson.name;
        let padding = " ".repeat(name - lesson.len());
        let title = match title {
            0 => String::new(),
            title => format!("  {:<title$}", layout::cut(&row.lesson.title, title)),
        };
        let rest = format!("{padding}{title}  {:>count$}", row.count());
        let link = look.link(lesson, &format!("exercises/{lesson}/README.md"));
        let standing = row.standing(look);
        let signs = if look.ascii { 2 } else { 4 };
        let used = signs + lesson.len() + columns(&rest) + 2 + columns(&standing);
        // What has no room beside it stands below.
        let gap = match used > look.width {
            true => format!("\n{:name$}", "", name = signs + 2),
            false => "  ".to_string(),
        };
        let line = format!("  {sign}{link}{rest}{gap}{standing}");
        format!("{}\n", line.trim_end())
    }
}

/// The checks of a lesson; `in_full` with what each of them says.
pub(crate) fn lesson(row: &Row<'_>, in_full: bool, look: &Look) -> String {
    let between = look.between();
    let left = format!("{}{between}{}", row.lesson.name, row.lesson.title);
    let mut right = row.count();
    if in_full && !row.standing(look).is_empty() {
        right += &format!(", {}", row.standing(look));
    }
    let heading = layout::ends(&left, &right, look.width);
    let mut text = heading.replacen(&left, &look.paint(Tone::Title, &left), 1);
    let widest = match look.ascii {
        true => 0,
        false => row
            .checks
            .iter()
            .map(|check| check.name.len())
            .max()
            .unwrap_or(0),
    };
    for check in &row.checks {
        let sign = match (row.has_passed(check), row.has_failed(check)) {
            (_, true) => look.paint(Tone::Bad, look.failed),
            (true, _) => look.paint(Tone::Good, look.passed),
            _ if look.ascii => "waiting".to_string(),
            _ => look.paint(Tone::Aside, "·"),
        };
        let hints = match row.state.hints.get(&check.name) {
            Some(count) if *count > 0 => plural(count, "hint"),
            _ => String::new(),
        };
        let line = format!("  {sign} {:<widest$}  {hints}", check.name);
        text += &format!("{}\n", line.trim_end());
        if in_full {
            text += &layout::paragraph(&check.says, 4, look.width);
        }
    }
    text
}

/// Where to go on.
pub(crate) fn next(rows: &[Row<'_>], look: &Look) -> String {
    let finished = rows.iter().filter(|row| row.is_finished()).count();
    let left = rows.iter().filter(|row| !row.is_finished());
    let minutes: u32 = left.filter_map(|row| row.minutes).sum();
    let lessons = plural(rows.len(), "lesson");
    let to_come = match minutes {
        0 => String::new(),
        _ => format!(", about {} to come", duration(minutes)),
    };
    let go_on = match rows.iter().find(|row| row.is_current) {
        None => "That was the whole course. To judge it again: cargo xtask check --again".into(),
        Some(Row { state, lesson, .. }) if state.failed.is_some() => {
            let name = &lesson.name;
            let check = look.way('r', &format!("cargo xtask check {name}"));
            let hint = look.way('h', &format!("cargo xtask hint {name}"));
            format!("Go on: {check}   Stuck? {hint}")
        }
        Some(row) => {
            let check = format!("cargo xtask check {}", row.lesson.name);
            format!("Go on: {}", look.way('r', &check))
        }
    };
    let so_far = format!("{finished} of {lessons} finished{to_come}.");
    // A command is never broken in two.
    let go_on = match columns(&go_on) > look.width {
        true => go_on.replacen("   ", "\n", 1),
        false => go_on,
    };
    format!("{}{go_on}\n", layout::paragraph(&so_far, 0, look.width))
}

/// `40 min`, `3 h 35 min`.
fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests;
