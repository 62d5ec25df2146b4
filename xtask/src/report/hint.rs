//! A hint: about which check, with what the last verdict has seen, and where
//! there is more.

use super::flow::flow;
use super::layout;
use super::look::{Look, Tone};
use crate::checks::Check;
use crate::course::Lesson;
use crate::pitfalls::Pitfall;

/// What there is to say.
#[derive(Debug)]
pub(crate) struct HintPage<'a> {
    pub(crate) lesson: &'a Lesson,
    pub(crate) check: &'a Check,
    /// The mistake that the last verdict has named.
    pub(crate) pitfall: Option<Pitfall>,
    /// All hints for the check.
    pub(crate) hints: &'a [String],
    pub(crate) shown: Shown,
    pub(crate) basis: Basis,
    /// Where the lesson's chapter is.
    pub(crate) chapter: String,
}

/// Which of the hints are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The one with this number, for the first time or once more.
    One(usize),
    /// The last one once more, though the next was asked for.
    NoMore,
    All,
}

/// How it is known which check the hint should be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// The program was never judged.
    Nothing,
    /// It has changed since it was.
    Outdated,
    Verdict,
}

impl HintPage<'_> {
    /// All of it.
    pub(crate) fn text(&self, look: &Look) -> String {
        let mut text = self.heading(look);
        text += &layout::paragraph(&self.check.says, 4, look.width);
        text += "\n";
        if let Some(pitfall) = &self.pitfall {
            for (label, line) in [
                ("pitfall", &pitfall.title),
                ("", &pitfall.text),
                ("book", &pitfall.place()),
            ] {
                if !line.is_empty() {
                    text += &layout::labelled(label, line, look.width);
                }
            }
        }
        for (number, hint) in self.told() {
            text += &layout::labelled(&format!("hint {number}"), hint, look.width);
        }
        text += "\n";
        text + &flow(&self.footer(look), 0, look.width)
    }

    fn heading(&self, look: &Look) -> String {
        let between = look.between();
        let left = format!("{}{between}{}", self.lesson.name, self.check.name);
        let of = self.hints.len();
        let right = match self.shown {
            Shown::One(number) => format!("hint {number} of {of}"),
            Shown::NoMore => format!("hint {of} of {of}"),
            Shown::All => format!("{of} hints"),
        };
        let heading = layout::ends(&left, &right, look.width);
        heading.replacen(&left, &look.paint(Tone::Title, &left), 1)
    }

    fn told(&self) -> impl Iterator<Item = (usize, &String)> {
        let of = self.hints.len();
        let range = match self.shown {
            Shown::One(number) => number..number + 1,
            Shown::NoMore => of..of + 1,
            Shown::All => 1..of + 1,
        };
        let numbered = self.hints.iter().enumerate();
        let numbered = numbered.map(|(index, hint)| (index + 1, hint));
        numbered.filter(move |(number, _)| range.contains(number))
    }

    fn footer(&self, look: &Look) -> String {
        let name = &self.lesson.name;
        let judge = look.way('r', &format!("cargo xtask check {name}"));
        let mut text = match self.basis {
            Basis::Nothing => format!(
                "No check has run on your program yet, so this is about the first one.\n\
                 Judge it: {judge}\n"
            ),
            Basis::Outdated => format!(
                "Your program has changed since a check last ran; this may be solved already.\n\
                 Judge it: {judge}\n"
            ),
            Basis::Verdict => String::new(),
        };
        let number = match self.shown {
            Shown::One(number) => number,
            Shown::NoMore | Shown::All => self.hints.len(),
        };
        if number < self.hints.len() {
            let more = look.way('h', &format!("cargo xtask hint {name}"));
            return text + &format!("More:     {more}\n");
        }
        if self.shown == Shown::NoMore {
            text += "That was the last hint already.\n";
        } else if self.shown != Shown::All {
            text += "That was the last hint.\n";
        }
        text + &format!(
            "Chapter:  {}\nSolution: cargo xtask solution {name} --spoil\n",
            self.chapter
        )
    }
}

/// Where a hint would be about nothing: all checks of the lesson pass.
pub(crate) fn nothing_to_hint_at(lesson: &Lesson, basis: Basis, look: &Look) -> String {
    let name = &lesson.name;
    let text = match basis {
        // What is wrong by now, nobody has seen yet; or it does not build.
        Basis::Outdated => {
            let judge = look.way('r', &format!("cargo xtask check {name}"));
            format!(
                "All checks of {name} passed when a check last ran. Your program has \
                 changed since.\nJudge it: {judge}\n"
            )
        }
        Basis::Nothing | Basis::Verdict => format!(
            "All checks of {name} passed when it was last judged: nothing is left to hint at.\n\
             Compare with ours: cargo xtask diff {name}\n"
        ),
    };
    flow(&text, 0, look.width)
}

/// Where there is no lesson left.
pub(crate) fn all_is_finished(look: &Look) -> String {
    let text = "All lessons are finished: nothing is left to hint at.\n\
                For a lesson's hints all the same, name it: cargo xtask hint LESSON --all\n";
    flow(text, 0, look.width)
}

#[cfg(test)]
mod tests;
