//! Verdicts that are still true: an unchanged program is not judged again.
//!
//! A verdict is kept beside everything that it came from ([`Ingredients`]), and
//! holds as long as all of that is the same, byte for byte. The contents are
//! compared and not their hashes: there is nothing that could collide, and to
//! compare is quicker.

mod ingredients;
mod stored;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use wire::{Value, json};

pub(crate) use ingredients::{Circumstances, Ingredients, head, is_an_editors};

use crate::build::Built;
use crate::clock::Moment;
use crate::course::{Course, Lesson};
use crate::report::json;
use crate::safely;
use crate::starter::Files;
use crate::verdict::{Build, LessonVerdict, Status};

/// The first line of a kept verdict; another one is another version's.
const HEAD: &[u8] = b"on-the-wire verdict 1\n";

/// The verdict on a program of `lesson` that was made of the same `ingredients`.
pub(crate) fn recall(
    course: &Course,
    lesson: &Lesson,
    ingredients: &Ingredients,
) -> Option<LessonVerdict> {
    let kept = std::fs::read(file(course, lesson)).ok()?;
    let (bytes, verdict) = split(&kept)?;
    if bytes != ingredients.bytes() {
        return None;
    }
    let kept = Value::parse(verdict).ok()?;
    let mut verdict = stored::lesson(&kept["verdict"], &course.root)?;
    verdict.recalled = Some(Moment::from_seconds(kept["at"].as_u64()?));
    Some(verdict)
}

/// Whether the kept verdict on `lesson` is about other files than the program's
/// `files` of now. Where none is kept, nothing is known.
pub(crate) fn is_of_another_program(course: &Course, lesson: &Lesson, files: &Files) -> bool {
    let Ok(kept) = std::fs::read(file(course, lesson)) else {
        return false;
    };
    let Some((bytes, _)) = split(&kept) else {
        return false;
    };
    let folder = course.exercise(lesson);
    let is_there = |name: &str| match Path::new(name).strip_prefix(&folder) {
        Ok(path) if path.starts_with("src") && is_source(path) => files.contains_key(path),
        _ => true,
    };
    if !ingredients::names(bytes).all(is_there) {
        return true;
    }
    let bytes = String::from_utf8_lossy(bytes);
    let is_known = |(path, content): (&PathBuf, &Vec<u8>)| {
        let name = folder.join(path);
        let head = ingredients::head(&name.to_string_lossy(), content.len());
        let content = String::from_utf8_lossy(content);
        !is_source(path) || bytes.contains(&format!("{head}{content}"))
    };
    !files.iter().all(is_known)
}

/// Editors and tools leave other files beside them.
fn is_source(path: &Path) -> bool {
    let is_hidden = |part: &OsStr| part.to_string_lossy().starts_with('.');
    let end = path.extension();
    end.is_some_and(|end| end == "rs" || end == "toml") && !path.iter().any(is_hidden)
}

/// Keeps `verdict` for [`recall`], unless it depends on more than its
/// ingredients. `inputs` are the files that the compiler has read.
///
/// That it cannot be kept is no failure: the program is judged again, then.
pub(crate) fn keep(
    course: &Course,
    lesson: &Lesson,
    verdict: &LessonVerdict,
    ingredients: &Ingredients,
    inputs: &[PathBuf],
) {
    if !depends_on_the_program_alone(verdict) || !ingredients.have_all(inputs) {
        return;
    }
    let kept = json!({ "at": Moment::now().seconds(), "verdict": json::lesson(verdict) });
    let content = join(ingredients.bytes(), kept.to_string().as_bytes());
    drop(safely::write(&file(course, lesson), &content));
}

/// What could not be observed depends on the machine, and what broke on its mood.
fn depends_on_the_program_alone(verdict: &LessonVerdict) -> bool {
    verdict.build == Build::Done
        && verdict.recalled.is_none()
        && verdict.checks.iter().all(|check| {
            let decided = matches!(
                check.status,
                Status::Passed | Status::Failed(_) | Status::NotRun
            );
            decided && check.notes.is_empty()
        })
}

fn file(course: &Course, lesson: &Lesson) -> PathBuf {
    course.cache().join(format!("{}.verdict", lesson.name))
}

/// Both in one file: two files could be of two runs.
fn join(ingredients: &[u8], verdict: &[u8]) -> Vec<u8> {
    let length = (ingredients.len() as u64).to_le_bytes();
    [HEAD, &length, ingredients, verdict].concat()
}

fn split(kept: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = kept.strip_prefix(HEAD)?;
    let (length, rest) = rest.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

/// The files of this machine that went into the program of `built`: the
/// manifests of its packages, and what the compiler has read of the program's
/// own. `None` where that is not certain.
pub(crate) fn inputs(built: &Built, workspace: &Path) -> Option<Vec<PathBuf>> {
    if built.local.ran_a_script {
        return None;
    }
    let artifacts = built.local.artifacts.iter();
    let mut inputs: Vec<PathBuf> = artifacts.map(|made| made.manifest.clone()).collect();
    let crate_name = built.program.file_stem()?.to_str()?.replace('-', "_");
    let rules = rules_of(&built.program.with_file_name("deps"), &crate_name);
    if rules.is_empty() {
        return None;
    }
    for rule in rules {
        let files = files_of(&std::fs::read_to_string(rule).ok()?)?;
        inputs.extend(files.iter().map(|file| workspace.join(file)));
    }
    Some(inputs)
}

/// Where the compiler writes down what it reads, as rules of `make`: one file
/// for each way in which a crate was built. Old ones name too much at worst.
fn rules_of(folder: &Path, crate_name: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_rule = |path: &PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let hash = stem.strip_prefix(crate_name);
        let hash = hash.and_then(|rest| rest.strip_prefix('-'));
        hash.is_some_and(|hash| !hash.contains('-'))
            && path.extension().is_some_and(|end| end == "d")
    };
    entries.map(|entry| entry.path()).filter(is_rule).collect()
}

/// The files behind the first colon.
fn files_of(rule: &str) -> Option<Vec<PathBuf>> {
    let (_, files) = rule.lines().next()?.split_once(": ")?;
    // A space in a name has a backslash in front of it.
    let files = files.replace("\\ ", "\0");
    let files = files.split(' ').filter(|file| !file.is_empty());
    Some(files.map(|file| file.replace('\0', " ").into()).collect())
}

#[cfg(test)]
#[path = "memory/tests.rs"]
mod tests;
