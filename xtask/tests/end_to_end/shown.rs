//! What the README and the first pages of the book show of the runner: it is what
//! the runner really says about a lesson of the real course.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use insta::internals::SnapshotContents;
use insta::{Comparator, Settings, Snapshot};

use crate::course::{Course, Ran};

const LESSON: &str = "tcp-server";
const PROGRAM: &str = "exercises/tcp-server/src/main.rs";

/// Both tests have a program of the same name, and all have one target folder: the
/// one would be judged by the program of the other.
static TURN: Mutex<()> = Mutex::new(());

#[test]
fn the_first_verdict_is_the_one_in_the_book() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let course = as_on_the_first_day("first-day");
    compare("first_verdict", &course.run(&check(&["check"])));
}

#[test]
fn the_verdict_that_stands_for_all_is_real() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let course = as_on_the_first_day("second-day");
    let wrong = here("solutions/wrong/src/bin/tcp-server--spins-at-end-of-stream.rs");
    let wrong = fs::read_to_string(wrong).expect("a wrong program");
    course.write(PROGRAM, &wrong);
    let ran = course.run(&check(&["check", LESSON]));
    compare("verdict", &ran);
    // The first page that anybody reads has it word for word.
    let readme = fs::read_to_string(here("README.md")).expect("the README");
    let shown = kept("verdict");
    let shown = shown.trim_end();
    assert!(
        readme.contains(&format!("```text\n{shown}\n```")),
        "README.md shows another verdict than this one:\n{shown}"
    );
}

fn check<'a>(command: &[&'a str]) -> Vec<&'a str> {
    let options = ["--format", "human", "--color", "never", "--seed", "4182"];
    [command, &options].concat()
}

fn here(file: &str) -> PathBuf {
    let runner = Path::new(env!("CARGO_MANIFEST_DIR"));
    runner.with_file_name(file)
}

/// A copy of the course with nothing but its first lesson, which nobody has begun.
fn as_on_the_first_day(folder: &str) -> Course {
    let course = Course::in_place(&[], folder);
    for part in ["Cargo.toml", "Cargo.lock"] {
        let manifest = format!("exercises/{part}");
        fs::copy(here(&manifest), course.path(&manifest)).expect("copied");
    }
    copy(&here("book/src"), &course.path("book/src"));
    let lesson = format!("exercises/{LESSON}");
    copy(&here(&lesson), &course.path(&lesson));
    let starter = format!("solutions/starters/{LESSON}");
    copy(&here(&starter), &course.path(&lesson));
    copy(&here(&starter), &course.path(&starter));
    course
}

/// Copies a file, or a folder with all that is in it; nothing, where there is
/// nothing.
fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(from, to).expect("copied");
    }
    let entries = fs::read_dir(from).into_iter().flatten();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// Compares what was told with the snapshot `name`, which the book shows. What a
/// clock decides is free.
#[track_caller]
fn compare(name: &str, ran: &Ran) {
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.stdout, ran.stderr);
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_comparator(Box::new(ButForTheClock));
    settings.bind(|| insta::assert_snapshot!(name, ran.stdout));
}

fn kept(name: &str) -> String {
    let file = here(&format!("xtask/tests/end_to_end/snapshots/{name}.snap"));
    let snapshot = Snapshot::from_file(&file).expect("a snapshot");
    timed(snapshot.contents())
}

fn timed(contents: &SnapshotContents) -> String {
    contents.as_text().expect("a text").to_string()
}

#[derive(Clone)]
struct ButForTheClock;

impl Comparator for ButForTheClock {
    fn matches(&self, reference: &Snapshot, test: &Snapshot) -> bool {
        let [old, new] = [reference, test].map(|snapshot| timed(snapshot.contents()));
        timeless(&old) == timeless(&new)
    }

    fn dyn_clone(&self) -> Box<dyn Comparator> {
        Box::new(self.clone())
    }
}

/// What was told without what differs each time: seconds, how busy a core was,
/// hence where a line breaks, and which of two neighbours in a timeline was first.
fn timeless(told: &str) -> (String, Vec<String>) {
    let (mut timeline, prose): (Vec<&str>, Vec<&str>) =
        told.lines().partition(|line| line.contains('│'));
    timeline.sort_by_key(|line| line.split_once('│').map(|(_, event)| event));
    let timeline = timeline.into_iter().map(without_times).collect();
    (without_times(&prose.join("\n")), timeline)
}

fn without_times(told: &str) -> String {
    let words = told.split_whitespace();
    let mut words: Vec<String> = words.map(str::to_string).collect();
    for at in 1..words.len() {
        let unit = words[at].trim_end_matches([')', '.', ':', ',']);
        let number = words[at - 1].trim_start_matches('(');
        if ["s", "%"].contains(&unit) && number.parse::<f64>().is_ok() {
            words[at - 1] = words[at - 1].replace(number, "N");
        }
    }
    words.join(" ")
}

#[test]
fn a_clock_may_differ_and_a_word_may_not() {
    let told = without_times("nothing for 5.0 s, busy for 94 %\n of the (7.3 s).");
    assert_eq!(told, "nothing for N s, busy for N % of the (N s).");
    assert_ne!(timeless("4 of 14 checks"), timeless("5 of 14 checks"));
    let [one, other] = ["0.1 s │ a\n0.2 s │ b\n", "0.1 s │ b\n0.3 s │ a\n"];
    assert_eq!(timeless(one), timeless(other));
}
