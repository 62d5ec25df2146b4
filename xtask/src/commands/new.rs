//! `cargo xtask new`: the files of a new lesson, which `verify` can prove at
//! once.

mod lists;
mod name;
mod place;

use std::fs;

use anyhow::{Context as _, bail};
use clap::{Arg, ArgMatches, Command};

use crate::course::Course;
use crate::exit::{Exit, Usage};
use crate::screen::Screen;
use crate::starter;

use place::Change;

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("new")
        .about("Writes the files of a new lesson, for authors")
        .long_about(
            "Writes the files of a new lesson, with one check, its hints, a solution, and\n\
             a program that is wrong on purpose. `cargo xtask verify LESSON` holds at once.",
        )
        .args([
            Arg::new("lesson")
                .value_name("LESSON")
                .required(true)
                .help("Its name: lowercase letters, digits and hyphens"),
            Arg::new("title")
                .long("title")
                .value_name("TITLE")
                .help("Its title in the book [default: made of its name]"),
        ])
        .after_help("Example:\n  cargo xtask new tcp-proxy --title 'A proxy'")
}

/// The files of a lesson, and their texts.
const FILES: &[(&str, &str)] = &[
    (
        "book/src/LESSON.md",
        include_str!("new/skeleton/chapter.md"),
    ),
    (
        "book/quizzes/LESSON.toml",
        include_str!("new/skeleton/quiz.toml"),
    ),
    (
        "crates/LESSON/Cargo.toml",
        include_str!("new/skeleton/example.toml"),
    ),
    (
        "crates/LESSON/src/main.rs",
        include_str!("new/skeleton/example.rs"),
    ),
    (
        "crates/LESSON/tests/example.rs",
        include_str!("new/skeleton/example_test.rs"),
    ),
    (
        "exercises/LESSON/Cargo.toml",
        include_str!("new/skeleton/exercise.toml"),
    ),
    (
        "exercises/LESSON/README.md",
        include_str!("new/skeleton/readme.md"),
    ),
    (
        "exercises/LESSON/hints.md",
        include_str!("new/skeleton/hints.md"),
    ),
    (
        "exercises/LESSON/src/main.rs",
        include_str!("new/skeleton/starter.rs"),
    ),
    (
        "exercises/LESSON/tests/checks.rs",
        include_str!("new/skeleton/checks.rs"),
    ),
    (
        "solutions/LESSON/Cargo.toml",
        include_str!("new/skeleton/solution.toml"),
    ),
    (
        "solutions/LESSON/src/main.rs",
        include_str!("new/skeleton/solution.rs"),
    ),
    (
        "solutions/starters/LESSON/Cargo.toml",
        include_str!("new/skeleton/exercise.toml"),
    ),
    (
        "solutions/starters/LESSON/src/main.rs",
        include_str!("new/skeleton/starter.rs"),
    ),
    (WRONG, include_str!("new/skeleton/wrong.rs")),
];

const WRONG: &str = "solutions/wrong/src/bin/LESSON--announces-what-it-was-told.rs";

/// What comes into being in one step each.
const PLACES: &[&str] = &[
    "crates/LESSON",
    "exercises/LESSON",
    "solutions/LESSON",
    "solutions/starters/LESSON",
    "book/quizzes/LESSON.toml",
    "book/src/LESSON.md",
    WRONG,
];

/// What all its packages depend on.
const DEPENDENCIES: &[&str] = &["anyhow", "insta", "probe", "rstest"];

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let name = matches
        .get_one::<String>("lesson")
        .map_or("", String::as_str);
    let title = matches.get_one::<String>("title");
    let title = title.cloned().unwrap_or_else(|| name::title_of(name));
    if let Some(fault) = name::fault(name).or_else(|| name::fault_of_title(&title)) {
        bail!(Usage(fault));
    }
    if course.lessons.iter().any(|lesson| lesson.name == name) {
        bail!(Usage(format!(
            "there is a lesson `{name}` already: nothing was written"
        )));
    }
    let change = change(course, name, title.trim())?;
    if let Some(place) = change.taken(&course.root).first() {
        bail!(Usage(format!(
            "{place} is there already: nothing was written"
        )));
    }
    change
        .carry_out(&course.root)
        .context("nothing was written")?;
    screen.print(&told(name));
    Ok(Exit::Passed)
}

/// All that is to be written.
fn change(course: &Course, name: &str, title: &str) -> anyhow::Result<Change> {
    let filled = |text: &str| text.replace("LESSON", name).replace("TITLE", title);
    let read = |file: &str| {
        fs::read_to_string(course.root.join(file)).with_context(|| format!("reading {file}"))
    };
    let (lock, of_exercises) = (read("Cargo.lock")?, read("exercises/Cargo.lock")?);
    let [exercise, solution] = ["exercise", "solution"].map(|role| format!("{name}-{role}"));
    for package in [name, &exercise, &solution] {
        if lists::has_package(&lock, package) || lists::has_package(&of_exercises, package) {
            bail!(Usage(format!(
                "there is a package `{package}` already: choose another name"
            )));
        }
    }
    let summary = read("book/src/SUMMARY.md")?;
    let summary = lists::summary(&summary, course.lessons.last(), name, title)
        .context("book/src/SUMMARY.md has no part to put it in")?;
    let version = version(&read("Cargo.toml")?);
    let outer = lists::lock(&lock, &[name.to_string(), solution], &version, DEPENDENCIES);
    let inner = lists::lock(&of_exercises, &[exercise], &version, DEPENDENCIES);
    let files = FILES
        .iter()
        .map(|(path, text)| (filled(path), filled(text)));
    Ok(Change {
        new: files.collect(),
        // The summary is the last: what does not stand there is no lesson yet.
        replaced: vec![
            ("Cargo.lock".to_string(), outer),
            ("exercises/Cargo.lock".to_string(), inner),
            ("book/src/SUMMARY.md".to_string(), summary),
        ],
        places: PLACES.iter().map(|place| filled(place)).collect(),
    })
}

/// The version of all packages of the course.
fn version(manifest: &str) -> String {
    let (_, package) = manifest
        .split_once("[workspace.package]")
        .unwrap_or_default();
    let line = package
        .lines()
        .find_map(|line| line.strip_prefix("version = \""));
    let version = line.and_then(|line| line.split('"').next());
    version.unwrap_or("0.0.0").to_string()
}

fn told(name: &str) -> String {
    format!(
        "{name} is the last lesson of the book now. It holds: cargo xtask verify {name}\n\
         Make it yours:\n\
         - its place and its title in book/src/SUMMARY.md\n\
         - the chapter, book/src/{name}.md, and its example, crates/{name}\n\
         - its quiz, book/quizzes/{name}.toml\n\
         - the task, the checks and the hints, exercises/{name}\n\
         - our program, solutions/{name}\n\
         - a copy of the exercise's Cargo.toml and src, {starters}/{name}\n\
         - a wrong program for each check, solutions/wrong/src/bin/{name}--*.rs\n\
         - a line in the table of lessons in README.md\n",
        starters = starter::FOLDER
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_file_has_a_place_and_no_gap() {
        for (path, text) in FILES {
            let is_in = |place: &&str| Path::new(path).starts_with(place);
            assert_eq!(
                PLACES.iter().filter(|place| is_in(place)).count(),
                1,
                "{path}"
            );
            assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{path}");
        }
    }

    #[test]
    fn the_version_is_the_workspaces() {
        let manifest = "[workspace]\nversion = \"9\"\n[workspace.package]\nversion = \"0.1.0\"\n";
        assert_eq!(version(manifest), "0.1.0");
    }
}
