//! Programs that are wrong on purpose, and what the first lines of each say.

use std::path::Path;

use anyhow::Context as _;

use crate::checks::Check;
use crate::course::{Course, Lesson};
use crate::pitfalls;

/// A wrong program: its name, and the checks that it must and may fail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongProgram {
    /// The name of its file and its binary: `tcp-server--spins`.
    pub(crate) name: String,
    pub(crate) caught_by: String,
    pub(crate) may_fail: Vec<String>,
    /// The id of the pitfall that its verdict must name; empty: none.
    pub(crate) pitfall: String,
    /// What is wrong with its first lines themselves.
    pub(crate) faults: Vec<String>,
}

/// The folder of all wrong programs, below the course's root.
const FOLDER: &str = "solutions/wrong/src/bin";

/// The wrong programs for `lesson`, by name, with what is wrong with their first
/// lines.
pub(crate) fn of(course: &Course, lesson: &Lesson) -> anyhow::Result<Vec<WrongProgram>> {
    let pitfalls = pitfalls::ids(&course.root);
    let mut programs = read(course, lesson)?;
    for program in &mut programs {
        if !program.pitfall.is_empty() && !pitfalls.contains(&program.pitfall) {
            let fault = format!("the book has no pitfall `{}`", program.pitfall);
            program.faults.push(fault);
        }
    }
    Ok(programs)
}

/// The same, whatever the book has: it takes a while to be read.
pub(crate) fn read(course: &Course, lesson: &Lesson) -> anyhow::Result<Vec<WrongProgram>> {
    let mut programs = Vec::new();
    for (name, path) in files(&course.root)? {
        if name
            .split_once("--")
            .is_some_and(|(owner, _)| owner == lesson.name)
        {
            let source = std::fs::read_to_string(&path)
                .with_context(|| format!("reading {}", path.display()))?;
            programs.push(parse(name, &source));
        }
    }
    Ok(programs)
}

/// Those whose names begin with no lesson's.
pub(crate) fn strays(course: &Course) -> anyhow::Result<Vec<String>> {
    let is_known = |name: &str| {
        let owner = name.split_once("--").map_or("", |(owner, _)| owner);
        course.lessons.iter().any(|lesson| lesson.name == owner)
    };
    let names = files(&course.root)?.into_iter().map(|(name, _)| name);
    Ok(names.filter(|name| !is_known(name)).collect())
}

fn files(root: &Path) -> anyhow::Result<Vec<(String, std::path::PathBuf)>> {
    let folder = root.join(FOLDER);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {FOLDER}"))? {
        let path = entry?.path();
        if let (Some(stem), Some("rs")) = (stem(&path), path.extension().and_then(|e| e.to_str())) {
            files.push((stem, path));
        }
    }
    files.sort();
    Ok(files)
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_str()?.to_string())
}

fn parse(name: String, source: &str) -> WrongProgram {
    let fields = fields(source);
    let field = |label: &str| {
        fields
            .iter()
            .find(|(found, _)| found == label)
            .map(|(_, text)| text.as_str())
    };
    let mut faults = Vec::new();
    for label in ["Caught by", "Because"] {
        if field(label).is_none_or(str::is_empty) {
            faults.push(format!("its first lines lack `//! {label}: …`"));
        }
    }
    WrongProgram {
        caught_by: field("Caught by").unwrap_or_default().to_string(),
        may_fail: field("May also fail").map(names).unwrap_or_default(),
        pitfall: field("Pitfall").unwrap_or_default().to_string(),
        name,
        faults,
    }
}

/// The `Label: text` lines of the module doc; a text may run over several lines.
fn fields(source: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
    {
        let label = ["Caught by", "Because", "Pitfall", "May also fail"]
            .into_iter()
            .find(|label| {
                line.strip_prefix(label)
                    .is_some_and(|rest| rest.starts_with(':'))
            });
        if let Some(label) = label {
            fields.push((
                label.to_string(),
                line[label.len() + 1..].trim().to_string(),
            ));
        } else if line.is_empty() {
            // An empty line ends a text, and what follows belongs to none.
            fields.push(Default::default());
        } else if let Some((_, text)) = fields.last_mut() {
            *text += " ";
            *text += line;
        }
    }
    fields
}

/// The names in `a (because of this), b (because of that)`.
fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let end = rest.find([',', '(']).unwrap_or(rest.len());
        names.push(rest[..end].trim().to_string());
        rest = match rest[end..].starts_with('(') {
            true => rest[end..].split_once(')').map_or("", |(_, rest)| rest),
            false => &rest[end..],
        };
        rest = rest.trim_start_matches([',', ' ', '.']);
    }
    names
}

impl WrongProgram {
    /// What is wrong with it before it is run: names that no check has.
    pub(crate) fn faults_among(&self, checks: &[Check]) -> Vec<String> {
        let mut faults = self.faults.clone();
        let named = self
            .may_fail
            .iter()
            .chain([&self.caught_by])
            .filter(|name| !name.is_empty());
        for name in named {
            if !checks.iter().any(|check| check.name == *name) {
                faults.push(format!("there is no check `{name}`"));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_say_what_must_happen() {
        let source = "\
//! Spins when the client leaves.
//!
//! Caught by: closes_when_the_client_does
//! Because: it takes `Ok(0)` for data,
//! so the loop never ends.
//! Pitfall: spins-at-end-of-stream
//! May also fail: returns_to_its_baseline (threads, and CPU), answers_at_once (load)

//! Caught by: nothing
fn main() {}
";
        let expected = WrongProgram {
            name: "x--spins".to_string(),
            caught_by: "closes_when_the_client_does".to_string(),
            may_fail: vec![
                "returns_to_its_baseline".to_string(),
                "answers_at_once".to_string(),
            ],
            pitfall: "spins-at-end-of-stream".to_string(),
            faults: Vec::new(),
        };
        assert_eq!(parse("x--spins".to_string(), source), expected);
    }

    #[test]
    fn a_program_that_does_not_say_is_at_fault() {
        let program = parse(
            "x--y".to_string(),
            "//! Wrong.\n//!\n//! Caught by: gone\nfn main() {}\n",
        );
        assert_eq!(program.faults, ["its first lines lack `//! Because: …`"]);
        assert_eq!(program.faults_among(&[]).len(), 2);
    }
}
