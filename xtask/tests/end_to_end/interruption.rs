//! Ctrl-C, and programs that never end: nothing is left running.
#![cfg(target_os = "linux")]

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;

use crate::course::{Course, Ran};
use crate::hangup;

const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// A program that appends its process id to a file, and that of a child that
/// leaves its session, and then does nothing.
const HANGS: &str = r#"//! Hangs.

use std::io::Write as _;
use std::process::Command;

fn main() -> std::io::Result<()> {
    let child = Command::new("setsid").args(["sleep", "1000"]).spawn()?;
    let mut pids = std::fs::OpenOptions::new().create(true).append(true).open("PIDS")?;
    pids.write_all(format!("{} {}\n", std::process::id(), child.id()).as_bytes())?;
    loop {
        std::thread::park();
    }
}
"#;

fn hanging_course(lesson: &str) -> Course {
    let course = Course::new(&[lesson]);
    let pids = course.path("pids").display().to_string();
    course.write(
        &format!("exercises/{lesson}/src/main.rs"),
        &HANGS.replace("PIDS", &pids),
    );
    course
}

#[test]
fn a_program_that_hangs_gets_a_verdict_and_an_end() {
    let course = hanging_course("hangs");
    let ran = course.run(&["check"]).ended_with(1);
    assert!(ran.stdout.contains("never announced"), "{}", ran.stdout);
    assert_all_end(&course.path("pids"));
}

#[rstest]
#[case::ctrl_c("interrupted", "-INT", true)]
#[case::end_of_the_session("hung-up", "-HUP", true)]
#[case::a_killer_that_allows_no_last_word("killed", "-KILL", false)]
fn a_signal_leaves_nothing_running(
    #[case] lesson: &str,
    #[case] signal: &str,
    #[case] cleans_up: bool,
) {
    let course = hanging_course(lesson);
    end_with(&course, &["check"], signal, cleans_up);
}

#[rstest]
#[case::ctrl_c("loaded-interrupted", "-INT", true)]
#[case::a_killer_that_allows_no_last_word("loaded-killed", "-KILL", false)]
fn a_load_ends_with_the_runner(
    #[case] lesson: &str,
    #[case] signal: &str,
    #[case] cleans_up: bool,
) {
    let course = hanging_course(lesson);
    let program = format!("{lesson}/src/main.rs");
    let hangs = std::fs::read_to_string(course.path(&format!("exercises/{program}")));
    course.write(&format!("solutions/{program}"), &hangs.expect("a program"));
    let repeat = ["verify", "--repeat", "1000", "--solutions", "--load"];
    end_with(&course, &repeat, signal, cleans_up);
}

/// Starts the runner, sends it `signal` while a program runs, and looks for
/// what is left.
fn end_with(course: &Course, arguments: &[&str], signal: &str, cleans_up: bool) {
    if hangup::is_ignored(signal) {
        return;
    }
    let mut command = course.command(arguments);
    let temp = tempfile::tempdir().expect("a folder");
    command
        .env("TMPDIR", temp.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut runner = command.spawn().expect("the runner starts");
    let started =
        || std::fs::read_to_string(course.path("pids")).is_ok_and(|pids| !pids.is_empty());
    wait_until("the program runs", started);
    send(signal, &runner);
    let status = runner.wait().expect("the runner ends");
    assert_eq!(status.code(), None, "it dies of the signal: {status}");
    assert_all_end(&course.path("pids"));
    let left = || std::fs::read_dir(temp.path()).expect("a folder").count();
    if !cleans_up {
        assert_ne!(left(), 0, "nobody could remove the scratch folder");
        let mut next = course.command(&["check"]);
        next.env("TMPDIR", temp.path());
        Ran::of(next.output().expect("the runner starts")).ended_with(1);
    }
    assert_eq!(left(), 0, "the scratch folders are gone");
}

#[rstest]
#[case("json")]
#[case("junit")]
fn a_document_that_is_interrupted_is_none(#[case] format: &str) {
    let course = hanging_course(&format!("no-{format}"));
    let mut command = course.command(&["check", "--format", format]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let runner = command.spawn().expect("the runner starts");
    let started =
        || std::fs::read_to_string(course.path("pids")).is_ok_and(|pids| !pids.is_empty());
    wait_until("the program runs", started);
    send("-INT", &runner);
    let output = runner.wait_with_output().expect("the runner ends");
    assert_eq!(output.status.code(), None, "it dies of the signal");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

#[test]
fn a_document_that_was_begun_is_finished() {
    let course = Course::new(&["wordy"]);
    // Far more than a pipe can hold.
    let says = "/// Says hello to each client.\n".repeat(10_000);
    course.replace(
        "exercises/wordy/tests/checks.rs",
        "/// Says hello to each client.\n",
        &says,
    );
    let mut command = course.command(&["check", "--format", "json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut runner = command.spawn().expect("the runner starts");
    let mut document = vec![0];
    let mut stdout = runner.stdout.take().expect("a pipe");
    stdout.read_exact(&mut document).expect("the first byte");
    send("-INT", &runner);
    // For the signal to do its work; less than that proves less.
    std::thread::sleep(Duration::from_millis(300));
    stdout.read_to_end(&mut document).expect("the rest");
    let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
    assert_eq!(document["lessons"][0]["passed"], true);
    runner.wait().expect("the runner ends");
}

fn send(signal: &str, runner: &Child) {
    let kill = Command::new("kill")
        .args([signal, &runner.id().to_string()])
        .status();
    assert!(kill.expect("kill").success());
}

/// Waits until none of the processes is left that the file names.
fn assert_all_end(pids: &Path) {
    let pids = std::fs::read_to_string(pids).expect("the program has run");
    assert!(!pids.is_empty());
    for pid in pids.split_whitespace() {
        wait_until(&format!("process {pid} ends"), || !is_running(pid));
    }
}

fn is_running(pid: &str) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !state.is_empty() && !state.contains(") Z ")
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + LONG_ENOUGH;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
