//! What is no file in the place of a program's: nobody waits for what will never
//! come, and one line says what is there and what to do.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;

use crate::course::{Course, Ran};

/// Far more than a build takes; nothing is built here.
const LONG_ENOUGH: Duration = Duration::from_secs(30);

/// Puts what the shell makes of `make` in the place of the file.
fn replace(course: &Course, file: &str, make: &str) {
    let place = course.path(file);
    drop(fs::remove_file(&place));
    let made = Command::new("sh")
        .args(["-c", make, "sh"])
        .arg(&place)
        .status();
    assert!(made.expect("sh").success());
}

#[track_caller]
fn run(course: &Course, arguments: &[&str]) -> Ran {
    run_to_its_end(&mut course.command(arguments))
}

/// Runs it to its end, for which nobody waits for ever.
#[track_caller]
pub(crate) fn run_to_its_end(command: &mut Command) -> Ran {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the runner starts");
    let end = Instant::now() + LONG_ENOUGH;
    while child.try_wait().expect("a child").is_none() {
        if Instant::now() > end {
            // As the session's end would: it takes Cargo with it.
            let pid = child.id().to_string();
            drop(Command::new("kill").args(["-TERM", &pid]).status());
            drop(child.wait());
            panic!("{command:?} waits for ever");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ran::of(child.wait_with_output().expect("an end"))
}

#[track_caller]
fn expect(ran: &Ran, text: &str) {
    let all = format!("{}\n{}", ran.stdout, ran.stderr);
    // Wherever the lines end.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_told = words(&all).contains(&words(text));
    assert!(is_told, "`{text}` is missing:\n{all}");
}

const PIPE: &str = "mkfifo \"$1\"";

#[rstest]
#[case::pipe("main-pipe", PIPE, "is a named pipe, not a file")]
#[case::device("main-device", "ln -s /dev/zero \"$1\"", "is a device, not a file")]
#[case::folder("main-folder", "mkdir \"$1\"", "is a folder, not a file")]
fn a_program_that_is_no_file_is_named(#[case] lesson: &str, #[case] make: &str, #[case] why: &str) {
    let course = Course::new(&[lesson]);
    let main = format!("exercises/{lesson}/src/main.rs");
    replace(&course, &main, make);
    let reset = format!("`cargo xtask reset {lesson}`");
    let told = run(&course, &["check", lesson]).ended_with(1);
    expect(&told, &format!("cannot be judged: {main} {why}. {reset}"));
    let told = run(&course, &["hint", lesson]).ended_with(3);
    expect(&told, &format!("{main}, {why}; {reset}"));
    for arguments in [
        ["list", lesson].as_slice(),
        &["solution", lesson, "--spoil"],
    ] {
        run(&course, arguments).ended_with(0);
    }
    let told = run(&course, &["diff", lesson, "--starter"]);
    // A folder has no lines: all of the starter's are gone.
    match told.code {
        Some(0) => expect(&told, "\n+++ /dev/null\n"),
        _ => expect(&told, &format!("{main} {why}")),
    }
    run(&course, &["reset", lesson, "--yes"]).ended_with(0);
}

/// Cargo reads the manifests of all lessons, and the compiler all modules.
#[rstest]
#[case::of_another_lesson(["pipe-here", "pipe-there"], "exercises/pipe-there/Cargo.toml", "`cargo xtask reset pipe-there`")]
#[case::a_module(["pipe-module", "pipe-else"], "exercises/pipe-module/src/deep.rs", "`cargo xtask reset pipe-module`")]
#[case::the_checks(["pipe-checks", "pipe-rest"], "exercises/pipe-checks/tests/checks.rs", "`git restore exercises/pipe-checks/tests/checks.rs`")]
fn a_pipe_among_what_is_built_is_named(
    #[case] lessons: [&str; 2],
    #[case] file: &str,
    #[case] cure: &str,
) {
    let course = Course::new(&lessons);
    replace(&course, file, PIPE);
    let told = run(&course, &["check", lessons[0]]).ended_with(1);
    expect(&told, &format!("{file} is a named pipe, not a file."));
    expect(&told, cure);
}

/// Nothing but a source is read by the compiler of its own accord.
#[test]
fn a_socket_that_a_program_has_left_is_in_nobodys_way() {
    let course = Course::new(&["left-socket"]);
    let path = course.path("exercises/left-socket/src/app.sock");
    // The names of sockets are short.
    let short = tempfile::tempdir().expect("a folder");
    let name = short.path().join("app");
    drop(std::os::unix::net::UnixListener::bind(&name).expect("a socket"));
    if fs::rename(&name, &path).is_ok() {
        course.run(&["check"]).ended_with(0);
    }
}
