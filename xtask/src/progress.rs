//! How far a learner has come: `progress.txt` in the course's folder.
//!
//! ```text
//! tcp-server
//!   finished 2026-11-26
//!   passed announces_its_address answers_in_upper_case
//!   failed closes_when_the_client_does spins-at-end-of-stream
//!   hint closes_when_the_client_does 2
//! ```
//!
//! Lessons and checks have their names there, so that a new version of the
//! course, another order or another machine change nothing. What this version
//! does not know is kept as it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::clock::Moment;
use crate::course::{Course, Lesson};
use crate::safely;
use crate::verdict::{LessonVerdict, Status};

const FILE: &str = "progress.txt";

const HEAD: &str = "\
# Your progress in On the Wire, written by `cargo xtask check`.
# To go on at another machine, take this file and the folder exercises/ with you.
";

/// What is known of all lessons.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Progress {
    lessons: BTreeMap<String, State>,
    /// Lines that belong to no lesson.
    unknown: Vec<String>,
}

/// What is known of one lesson.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// The day on which all checks have passed for the first time.
    pub(crate) finished: Option<String>,
    /// The checks that passed when the program was last judged.
    pub(crate) passed: Vec<String>,
    /// The first check that did not, and the pitfall that was seen.
    pub(crate) failed: Option<(String, Option<String>)>,
    /// How many hints were read, by check.
    pub(crate) hints: BTreeMap<String, usize>,
    /// Lines that another version has written.
    unknown: Vec<String>,
}

impl Progress {
    /// Where it is kept.
    pub(crate) fn file(course: &Course) -> PathBuf {
        course.root.join(FILE)
    }

    /// Reads it. Nothing has been learnt yet where there is no file.
    ///
    /// # Errors
    ///
    /// When there is a file that cannot be read.
    pub(crate) fn read(course: &Course) -> anyhow::Result<Progress> {
        match std::fs::read(Progress::file(course)) {
            Ok(bytes) => Ok(Progress::parse(&decode(&bytes))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Progress::default()),
            Err(error) => Err(error).with_context(|| format!("reading {FILE}")),
        }
    }

    /// Reads, changes and writes it; another process that does the same waits.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written. What was there stays.
    pub(crate) fn update<R>(
        course: &Course,
        change: impl FnOnce(&mut Progress) -> R,
    ) -> anyhow::Result<R> {
        let _turn = turn(course);
        let old = Progress::read(course)?;
        let mut new = old.clone();
        let result = change(&mut new);
        if new != old {
            let file = Progress::file(course);
            // Where it is a link, into a folder that machines share, it stays one.
            let file = std::fs::canonicalize(&file).unwrap_or(file);
            safely::write(&file, new.text().as_bytes())
                .with_context(|| format!("keeping your progress in {}", file.display()))?;
        }
        Ok(result)
    }

    /// What is known of the lesson called `name`.
    pub(crate) fn of(&self, name: &str) -> State {
        self.lessons.get(name).cloned().unwrap_or_default()
    }

    /// What is known of the lesson called `name`, to be changed.
    pub(crate) fn of_mut(&mut self, name: &str) -> &mut State {
        self.lessons.entry(name.to_string()).or_default()
    }

    /// The lesson to go on with: the first one that is not finished, or whose
    /// program does not pass any more. `None` when there is nothing left to do.
    pub(crate) fn current<'c>(&self, course: &'c Course) -> Option<&'c Lesson> {
        let is_open = |lesson: &&Lesson| {
            let state = self.lessons.get(&lesson.name);
            state.is_none_or(|state| state.finished.is_none() || state.failed.is_some())
        };
        course.lessons.iter().find(is_open)
    }

    /// Takes note of a verdict on the learner's own program.
    pub(crate) fn learn(&mut self, verdict: &LessonVerdict, now: Moment) {
        let state = self.of_mut(&verdict.lesson);
        // What does not build says nothing about the checks.
        if verdict.checks.is_empty() {
            return;
        }
        let no_obstacle = verdict.checks.iter().filter(|check| check.is_no_obstacle());
        state.passed = no_obstacle.map(|check| check.name.clone()).collect();
        state.failed = verdict.checks.iter().find_map(|check| match &check.status {
            Status::Failed(evidence) => {
                let pitfall = evidence.pitfall.as_ref();
                Some((check.name.clone(), pitfall.map(|known| known.id.clone())))
            }
            _ => None,
        });
        if verdict.passed() {
            state.finished.get_or_insert_with(|| now.date());
        }
    }

    /// What to say of lines that are not understood, with the number of the
    /// first. They stay as they are.
    pub(crate) fn not_understood(course: &Course) -> Option<String> {
        let bytes = std::fs::read(Progress::file(course)).ok()?;
        let mut odd = Vec::new();
        let text = decode(&bytes);
        Progress::parse_telling(&text, &mut |number, line| odd.push((number, line)));
        let (number, line) = odd.first()?;
        let line = line.trim();
        let rest = match odd.len() {
            1 => "is not understood. It stays as it is.".to_string(),
            2 => "is not understood, nor is one more line. They stay as they are.".to_string(),
            all => format!(
                "is not understood, nor are {} more lines. They stay as they are.",
                all - 1
            ),
        };
        Some(format!("{FILE}, line {number}: {line:?} {rest}"))
    }

    fn parse(text: &str) -> Progress {
        Progress::parse_telling(text, &mut |_, _| {})
    }

    /// Reads it, and tells of each line that is not understood, and its number.
    fn parse_telling<'t>(text: &'t str, tell: &mut dyn FnMut(usize, &'t str)) -> Progress {
        let mut progress = Progress::default();
        let mut lesson = None;
        for (number, line) in text.lines().map(str::trim_end).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let understood = match line.strip_prefix("  ") {
                None if is_name(line) => {
                    lesson = Some(line.to_string());
                    true
                }
                // The marks of a merge, for instance.
                None => {
                    progress.unknown.push(line.to_string());
                    false
                }
                Some(fact) => {
                    let of_a_lesson = lesson.is_some();
                    let name = lesson.get_or_insert_default();
                    progress.of_mut(name).read(fact) && of_a_lesson
                }
            };
            if !understood {
                tell(number + 1, line);
            }
        }
        progress
    }

    fn text(&self) -> String {
        let mut text = HEAD.to_string();
        for (lesson, state) in &self.lessons {
            if *state != State::default() {
                let _ = writeln!(text, "\n{lesson}");
                state.write(&mut text);
            }
        }
        for line in &self.unknown {
            let _ = writeln!(text, "\n{line}");
        }
        text
    }
}

impl State {
    /// Forgets what is known of a program that is no more. That the lesson was
    /// finished once stays.
    pub(crate) fn start_again(&mut self) {
        self.passed.clear();
        self.failed = None;
        self.hints.clear();
    }

    /// Takes note of a fact; says whether it is understood. Whatever it is, it is
    /// kept.
    fn read(&mut self, fact: &str) -> bool {
        let mut words = fact.split_whitespace();
        let verb = words.next().unwrap_or_default();
        let words: Vec<&str> = words.collect();
        match (verb, words.as_slice()) {
            ("finished", [date]) => {
                self.finished = Some(date.to_string());
                return is_date(date);
            }
            ("passed", checks) => self.passed = checks.iter().map(ToString::to_string).collect(),
            ("failed", [check]) => self.failed = Some((check.to_string(), None)),
            ("failed", [check, pitfall]) => {
                self.failed = Some((check.to_string(), Some(pitfall.to_string())));
            }
            ("hint", [check, level]) if level.parse::<usize>().is_ok() => {
                let level = level.parse().unwrap_or_default();
                self.hints.insert(check.to_string(), level);
            }
            _ => {
                self.unknown.push(fact.to_string());
                return false;
            }
        }
        true
    }

    fn write(&self, text: &mut String) {
        let mut fact = |fact: String| {
            let _ = writeln!(text, "  {}", fact.trim_end());
        };
        if let Some(date) = &self.finished {
            fact(format!("finished {date}"));
        }
        if !self.passed.is_empty() {
            fact(format!("passed {}", self.passed.join(" ")));
        }
        if let Some((check, pitfall)) = &self.failed {
            fact(format!(
                "failed {check} {}",
                pitfall.as_deref().unwrap_or("")
            ));
        }
        for (check, level) in &self.hints {
            fact(format!("hint {check} {level}"));
        }
        for line in &self.unknown {
            fact(line.clone());
        }
    }
}

/// Whether a lesson may be called so.
fn is_name(line: &str) -> bool {
    line.chars()
        .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// Whether it has the shape of a day: `2026-11-26`.
fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.iter().all(is_number) && parts.iter().map(|part| part.len()).eq([4, 2, 2])
}

/// An editor or a shell may have saved it in its own encoding: what PowerShell
/// writes is UTF-16.
fn decode(bytes: &[u8]) -> String {
    let units = |to_unit: fn([u8; 2]) -> u16| -> Vec<u16> {
        let (pairs, _) = bytes.as_chunks();
        pairs[1..].iter().map(|pair| to_unit(*pair)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => String::from_utf16_lossy(&units(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => String::from_utf16_lossy(&units(u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, text @ ..] => String::from_utf8_lossy(text).into_owned(),
        text => String::from_utf8_lossy(text).into_owned(),
    }
}

/// Held by whoever changes the progress. A file system that cannot lock makes
/// nobody wait: the file is whole all the same, and the last one wins.
fn turn(course: &Course) -> Option<std::fs::File> {
    let path = course.cache().join("progress.lock");
    std::fs::create_dir_all(path.parent()?).ok()?;
    let file = std::fs::File::create(path).ok()?;
    file.lock().ok()?;
    Some(file)
}

#[cfg(test)]
#[path = "progress/tests.rs"]
mod tests;
