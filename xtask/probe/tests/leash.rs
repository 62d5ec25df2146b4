//! Nothing of a program survives its check, however the check ends.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use probe::Program;

/// A check that starts a program which leaves a daemon behind, says the
/// daemon's process id, and then ends or waits, as it is told.
#[test]
#[ignore = "started by the other tests, in a process of its own"]
fn a_check_of_a_daemon() {
    let program = Program::under_judgement(env!("CARGO_BIN_EXE_probe-actor"))
        .args(["127.0.0.1:0", "daemonises"]);
    let running = program.start();
    println!("\n{}", running.expect_line_starting("daemon "));
    let announced = running.expect_line_starting("listening on ");
    if std::env::var_os("ENDS").is_none() {
        let silence = Duration::from_secs(60);
        running.expect_no_line(silence);
    }
    drop(announced);
}

fn start_check(ends: bool) -> (Child, PathBuf) {
    let mut command = Command::new(std::env::current_exe().expect("this test has a path"));
    command.args(["--exact", "a_check_of_a_daemon", "--ignored", "--nocapture"]);
    command
        .env("ON_THE_WIRE_LEASH", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if ends {
        command.env("ENDS", "1");
    }
    let mut check = command.spawn().expect("the check starts");
    let output = BufReader::new(check.stdout.take().expect("a pipe"));
    let mut lines = output.lines().map_while(Result::ok);
    let line = lines.find(|line| line.starts_with("daemon "));
    // Read on: a test that nobody listens to fails.
    std::thread::spawn(move || lines.count());
    let daemon = line
        .expect("the daemon's process id")
        .replace("daemon ", "/proc/");
    (check, daemon.into())
}

fn is_gone(process: &std::path::Path) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while process.exists() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    !process.exists()
}

#[test]
fn a_daemon_ends_with_its_check() {
    let (mut check, daemon) = start_check(true);
    // `wait` would close our end of its stdin first, and so let go.
    let _leash = check.stdin.take();
    let status = check.wait().expect("the check ends");
    assert!(status.success(), "{status}");
    assert!(is_gone(&daemon), "{daemon:?} is still there");
}

#[test]
fn a_daemon_ends_when_the_leash_is_let_go() {
    let (mut check, daemon) = start_check(false);
    assert!(daemon.exists());
    drop(check.stdin.take());
    let status = check.wait().expect("the check ends");
    assert_eq!(status.code(), Some(3));
    assert!(is_gone(&daemon), "{daemon:?} is still there");
}
