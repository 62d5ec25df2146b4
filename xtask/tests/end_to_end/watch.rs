//! `cargo xtask watch`, on a terminal and without one.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rstest::rstest;

use crate::course::Course;
use crate::hangup;
use crate::pty::Terminal;

const MAIN: &str = "src/main.rs";

fn main_of(lesson: &str) -> String {
    format!("exercises/{lesson}/{MAIN}")
}

fn send(signal: &str, terminal: &Terminal) {
    let pid = terminal.program().to_string();
    let status = Command::new("kill").args([signal, &pid]).status();
    assert!(status.expect("kill").success());
}

#[test]
fn a_save_is_judged_and_the_failure_stays_in_sight() {
    let course = Course::new(&["saved", "saved-next"]);
    let mut terminal = Terminal::start(&course.command(&["watch"]));
    let screen = terminal.expect("3 of 3 pass");
    assert!(screen.contains("n next lesson"), "{screen}");
    course.replace(&main_of("saved"), "hello", "hullo");
    let screen = terminal.expect("1 of 3 pass");
    assert!(
        screen.contains("✗ greets") && screen.contains("cause"),
        "{screen}"
    );
    assert!(!screen.contains("n next lesson"), "{screen}");
    course.replace(&main_of("saved"), "hullo", "hello");
    terminal.expect("3 of 3 pass");
    terminal.press("q");
    assert!(terminal.expect_end().success());
    terminal.assert_is_as_before();
    assert!(
        terminal.text().contains("saved: 3 of 3 pass"),
        "{}",
        terminal.text()
    );
}

#[test]
fn a_compiler_error_is_shown_and_goes_with_the_next_save() {
    let course = Course::new(&["mistyped"]);
    let mut terminal = Terminal::start(&course.command(&["watch"]));
    terminal.expect("3 of 3 pass");
    course.replace(&main_of("mistyped"), "let listener", "let listner");
    let screen = terminal.expect("does not build");
    assert!(screen.contains("error[E0425]"), "{screen}");
    course.replace(&main_of("mistyped"), "let listner", "let listener");
    terminal.expect("3 of 3 pass");
    terminal.press("Q");
    terminal.expect_end();
}

/// The first program hangs, and its judgement takes seconds: the save in the
/// middle of it is judged, and its own end changes nothing.
#[test]
fn a_save_while_a_check_runs_is_not_lost() {
    let course = Course::new(&["impatient"]);
    let right = std::fs::read_to_string(course.path(&main_of("impatient"))).expect("a program");
    course.write(
        &main_of("impatient"),
        "fn main() { loop { std::thread::park(); } }",
    );
    let mut terminal = Terminal::start(&course.command(&["watch"]));
    terminal.expect("judging … announces_its_address");
    course.write(&main_of("impatient"), &right);
    let screen = terminal.expect_that("a verdict", |screen| screen.contains(" of 3 pass"));
    assert!(screen.contains("3 of 3 pass"), "{screen}");
    terminal.press("q");
    terminal.expect_end();
}

#[test]
fn keys_go_on_and_back_but_only_when_asked() {
    let course = Course::new(&["first-key", "second-key"]);
    let mut terminal = Terminal::start(&course.command(&["watch"]));
    let screen = terminal.expect("3 of 3 pass");
    assert!(screen.contains("A greeter (5 min): press n"), "{screen}");
    terminal.press("n");
    terminal.expect("exercises/second-key");
    terminal.expect("3 of 3 pass");
    terminal.press("n");
    terminal.expect("This was the last lesson");
    terminal.press("p");
    terminal.expect("exercises/first-key");
    terminal.press("p");
    terminal.expect("This is the first lesson.");
    course.replace(&main_of("first-key"), "hello", "hullo");
    terminal.expect("1 of 3 pass");
    terminal.press("h");
    terminal.expect("More:     press h");
    terminal.press("l");
    terminal.expect("second-key");
    terminal.press(" ");
    terminal.expect("✗ greets");
    terminal.press("r");
    terminal.expect("judging …");
    terminal.expect("1 of 3 pass");
    terminal.press("\x1b[A");
    terminal.press("q");
    terminal.expect_end();
}

#[rstest]
#[case::ctrl_c("ended-int", "-INT")]
#[case::killed("ended-term", "-TERM")]
#[case::closed("ended-hup", "-HUP")]
#[case::ctrl_backslash("ended-quit", "-QUIT")]
fn a_signal_gives_the_terminal_back(#[case] lesson: &str, #[case] signal: &str) {
    if hangup::is_ignored(signal) {
        return;
    }
    let course = Course::new(&[lesson]);
    course.write(
        &main_of(lesson),
        "fn main() { loop { std::thread::park(); } }",
    );
    let mut terminal = Terminal::start(&course.command(&["watch"]));
    terminal.expect("judging … announces_its_address");
    send(signal, &terminal);
    assert!(!terminal.expect_end().success());
    terminal.assert_is_as_before();
}

#[test]
fn an_editor_gets_the_terminal() {
    let course = Course::new(&["edited"]);
    course.write(
        "editor.sh",
        "#!/bin/sh\necho \"editing $2\"; read line; echo \"$line\" > \"$(dirname \"$0\")/typed\"\n",
    );
    let editor = format!("sh {} --wait", course.path("editor.sh").display());
    let mut command = course.command(&["watch"]);
    command.env("EDITOR", editor).env_remove("VISUAL");
    let mut terminal = Terminal::start(&command);
    terminal.expect("3 of 3 pass");
    terminal.press("o");
    terminal.expect("editing ");
    terminal.press("quit\r");
    terminal.expect("was opened with");
    let typed = std::fs::read_to_string(course.path("typed")).expect("a line");
    assert_eq!(typed, "quit\n");
    terminal.press("q");
    terminal.expect_end();
}

#[test]
fn an_editor_that_is_not_there_is_told() {
    let course = Course::new(&["no-editor"]);
    let mut command = course.command(&["watch"]);
    command.env("EDITOR", "nowhere-ed").env_remove("VISUAL");
    let mut terminal = Terminal::start(&command);
    terminal.expect("3 of 3 pass");
    terminal.press("o");
    terminal.expect("`nowhere-ed` was not found. The file is");
    terminal.press("q");
    terminal.expect_end();
}

/// The terminal is closed, or somebody ends the watch: what was typed into the
/// editor is not in the file yet.
#[rstest]
#[case::terminal_closed("-HUP", "edited-hup")]
#[case::terminated("-TERM", "edited-term")]
fn an_editor_may_keep_what_was_typed(#[case] signal: &str, #[case] lesson: &str) {
    if hangup::is_ignored(signal) {
        return;
    }
    let course = Course::new(&[lesson]);
    course.write(
        "editor.sh",
        "#!/bin/sh\ntrap 'sleep 0.3; echo text > \"$(dirname \"$0\")/kept\"; exit' HUP TERM\n\
         echo \"editing $1\"; while :; do sleep 0.1; done\n",
    );
    let editor = format!("sh {}", course.path("editor.sh").display());
    let mut command = course.command(&["watch"]);
    command.env("EDITOR", editor).env_remove("VISUAL");
    let mut terminal = Terminal::start(&command);
    terminal.expect("3 of 3 pass");
    terminal.press("o");
    terminal.expect("editing ");
    send(signal, &terminal);
    assert!(!terminal.expect_end().success());
    let kept = std::fs::read_to_string(course.path("kept"));
    assert_eq!(kept.expect("what was typed"), "text\n");
    terminal.assert_is_as_before();
}

#[test]
fn without_a_terminal_there_are_plain_lines() {
    let course = Course::new(&["piped"]);
    let mut child = course
        .command(&["watch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the runner starts");
    let (sender, lines) = mpsc::channel();
    let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            drop(sender.send(line));
        }
    });
    let expect = |text: &str| loop {
        let line = lines.recv_timeout(Duration::from_secs(120)).expect(text);
        assert!(!line.contains('\x1b'), "{line:?}");
        if line.contains(text) {
            return;
        }
    };
    expect("piped is finished");
    course.replace(&main_of("piped"), "hello", "hullo");
    expect("failed greets");
    expect("1 of 3 checks pass");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"p\n").expect("written");
    expect("This is the first lesson.");
    stdin.write_all(b"b\n").expect("written");
    expect("Read book/src/piped.md, or have `cargo xtask book` show it.");
    // As the server does it.
    course.write(
        "target/on-the-wire/live/server.address",
        "http://127.0.0.1:3000/",
    );
    let lock = std::fs::File::create(course.path("target/on-the-wire/live/server.lock"));
    let lock = lock.expect("a file");
    lock.lock().expect("a lock");
    stdin.write_all(b"b\n").expect("written");
    expect("Read http://127.0.0.1:3000/piped.html");
    stdin.write_all(b"quit\n").expect("written");
    assert!(child.wait().expect("an end").success());
}

#[test]
fn a_watch_that_nobody_reads_ends() {
    let course = Course::new(&["unread"]);
    let mut child = course
        .command(&["watch"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the runner starts");
    drop(child.stdout.take());
    for _ in 0..1_200 {
        if let Some(status) = child.try_wait().expect("a child") {
            assert!(status.success(), "{status}");
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("an end");
    panic!("it goes on for nobody");
}

#[test]
fn one_lesson_is_watched_at_a_time() {
    let course = Course::new(&["one-watched", "two-watched"]);
    let ran = course
        .run(&["watch", "one-watched", "two-watched"])
        .ended_with(2);
    assert!(ran.stderr.contains("one lesson"), "{}", ran.stderr);
}
