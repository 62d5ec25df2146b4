//! Commands that cannot be followed: one clear line each, and the right exit code.

use std::process::Stdio;
use std::sync::OnceLock;

use rstest::rstest;

use crate::course::{Course, Ran};

/// A course that nobody changes, for commands that build nothing.
fn course() -> &'static Course {
    static COURSE: OnceLock<Course> = OnceLock::new();
    COURSE.get_or_init(|| Course::new(&["typos"]))
}

#[rstest]
#[case::mistyped(&["check", "typso"], "there is no lesson `typso`; did you mean `typos`?")]
#[case::capitals(&["check", "TYPOS"], "did you mean `typos`?")]
#[case::no_such_program(&["check", "typos", "--program", "nowhere"], "there is no program at nowhere")]
#[case::program_without_lesson(&["check", "--program", "Cargo.toml"], "is not executable")]
#[case::folder_for_a_program(&["check", "typos", "--program", "."], ". is a folder")]
#[case::pictures_in_a_file(&["check", "--svg", "Cargo.lock"], "Cargo.lock is not a folder")]
#[case::path(&["check", "exercises/typos/"], "did you mean `typos`?")]
#[case::nothing(&["check", ""], "there is no lesson ``; `cargo xtask list` shows them all")]
#[case::seed(&["check", "--seed", "many"], "a whole number from 0 to 18446744073709551615")]
#[case::empty_seed(&["check", "--seed", ""], "a whole number from 0 to 18446744073709551615")]
#[case::negative_seed(&["check", "--seed", "-1"], "a whole number from 0 to 18446744073709551615")]
#[case::less_than_never(&["verify", "--repeat", "-1"], "a whole number from 1 to 1000000")]
#[case::negative_port(&["book", "--port", "-1"], "a whole number from 0 to 65535")]
#[case::no_budget(&["check", "--budget", "0"], "a whole number from 1 to 86400")]
#[case::budget(&["check", "--budget", "1h"], "a whole number from 1 to 86400")]
#[case::never(&["verify", "--repeat", "0"], "a whole number from 1 to 1000000")]
#[case::no_times(&["bench", "--times", "0"], "a whole number from 1 to 100")]
#[case::nothing_to_measure(&["bench", "typso"], "there is no lesson `typso`")]
#[case::no_page(&["book", "typso"], "there is no lesson `typso`; did you mean `typos`?")]
#[case::page_elsewhere(&["book", "../exercises/typos/README"], "there is no lesson")]
#[case::out_of_what(&["book", "--out", "x"], "--build")]
#[case::open_what(&["book", "--build", "--open"], "'--build' cannot be used with '--open'")]
#[case::no_port(&["book", "--port", "70000"], "a whole number from 0 to 65535")]
#[case::would_be_emptied(&["book", "--build", "--out", "exercises"], "exercises has other files than a book")]
#[case::load_without_repeat(&["verify", "--load"], "--repeat <N>")]
#[case::command(&["chekc"], "a similar subcommand exists: 'check'")]
fn wrong_usage_is_told(#[case] arguments: &[&str], #[case] told: &str) {
    let ran = course().run(arguments).ended_with(2);
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
}

#[test]
fn outside_the_course_nothing_is_guessed() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = course()
        .command(&["check"])
        .current_dir(folder.path())
        .output()
        .expect("the runner starts");
    let ran = Ran::of(output).ended_with(2);
    assert!(
        ran.stderr.contains("is not in the course"),
        "{}",
        ran.stderr
    );
}

#[test]
fn without_cargo_nothing_is_judged() {
    let output = course()
        .command(&["check"])
        .env("CARGO", "/nowhere/cargo")
        .output()
        .expect("the runner starts");
    let ran = Ran::of(output).ended_with(3);
    assert!(ran.stderr.contains("cannot find Cargo"), "{}", ran.stderr);
}

#[test]
fn a_reader_that_goes_away_changes_nothing() {
    let mut command = course().command(&["list"]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = command
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .expect("the runner starts");
    Ran::of(output).ended_with(0);
}

#[test]
fn each_command_has_help_with_an_example() {
    let help = course().run(&["--help"]).ended_with(0).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("a list of commands");
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.split_whitespace().next());
    let names: Vec<&str> = names.filter(|name| *name != "help").collect();
    assert!(names.len() >= 5, "{names:?}");
    for command in names {
        let ran = course().run(&[command, "--help"]).ended_with(0);
        let example = format!("\n  cargo xtask {command}");
        assert!(ran.stdout.contains(&example), "{}", ran.stdout);
    }
}

/// There the alias finds another workspace, which hands over to the runner.
#[rstest]
fn the_runner_is_found_from_an_exercise_too(
    #[values("exercises", "exercises/tcp-server/src", "crates/tcp-server")] folder: &str,
) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = std::process::Command::new(env!("CARGO"))
        .args(["xtask", "check", "typos"])
        .current_dir(root.join(folder))
        .env("CARGO_NET_OFFLINE", "true")
        .output();
    let ran = Ran::of(output.expect("Cargo starts")).ended_with(2);
    assert!(
        ran.stderr.contains("there is no lesson `typos`"),
        "{}",
        ran.stderr
    );
}
