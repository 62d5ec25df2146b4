//! What is wrong with the machine or with the course's files: it is told, it is
//! not waited for, and it is no verdict on a program.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;

use crate::course::{Course, Ran};

/// Long enough for a build on a busy machine.
const LONG: Duration = Duration::from_secs(300);

#[rstest]
#[case::no_compiler("without-compiler", "RUSTC", "/nowhere/rustc")]
#[case::target_folder("target-is-a-file", "CARGO_TARGET_DIR", "/etc/passwd/target")]
#[case::crates("without-crates", "CARGO_HOME", "/proc/nowhere")]
#[case::options("odd-options", "RUSTFLAGS", "-Zno-such-option")]
fn a_machine_that_cannot_build_is_not_blamed_on_the_program(
    #[case] lesson: &str,
    #[case] name: &str,
    #[case] value: &str,
) {
    let course = Course::new(&[lesson]);
    let output = course.command(&["check"]).env(name, value).output();
    let ran = Ran::of(output.expect("the runner starts")).ended_with(3);
    let told = format!("{lesson} was not judged");
    assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    assert!(ran.stderr.contains("cargo xtask doctor"), "{}", ran.stderr);
    assert!(!ran.stdout.contains("Cargo.toml"), "{}", ran.stdout);
}

#[test]
fn a_merge_that_stopped_in_the_lock_file_is_told() {
    let course = Course::new(&["merged-lock"]);
    let lock = std::fs::read_to_string(course.path("exercises/Cargo.lock")).expect("a lock file");
    course.write("exercises/Cargo.lock", &format!("<<<<<<< HEAD\n{lock}"));
    let ran = course.run(&["check"]).ended_with(1);
    let told = "Cargo cannot use exercises/Cargo.lock (see above). \
                `git checkout HEAD -- exercises/Cargo.lock`";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let course = Course::new(&["piped-program"]);
    let program = course.path("exercises/piped-program/src/main.rs");
    std::fs::remove_file(&program).expect("removed");
    make_pipe(&program);
    let ran = Ran::of(in_time(course.command(&["check"]))).ended_with(1);
    let told = "src/main.rs is a named pipe, not a file. `cargo xtask reset piped-program`";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    let arguments = ["check", "piped-program", "--program"];
    let mut command = course.command(&arguments);
    command.arg(&program);
    let ran = Ran::of(in_time(command)).ended_with(2);
    assert!(ran.stderr.contains("is no file"), "{}", ran.stderr);
}

#[test]
fn a_folder_for_temporary_files_that_is_not_there_is_named() {
    let course = Course::new(&["nowhere-to-write"]);
    let mut command = course.command(&["check"]);
    let output = command.env("TMPDIR", "/nowhere").output();
    let ran = Ran::of(output.expect("the runner starts")).ended_with(3);
    assert!(
        ran.stderr.contains("in /nowhere, where TMPDIR"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_check_without_descriptors_says_so() {
    let course = Course::new(&["descriptors"]);
    course.replace(
        "exercises/descriptors/tests/checks.rs",
        "let client",
        "let all: Vec<_> = std::iter::from_fn(|| std::fs::File::open(\"/dev/null\").ok()).collect();
    let client",
    );
    let ran = course.run(&["check"]).ended_with(3);
    let told = "the check itself broke: it needs one more client, and got Too many open";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
}

#[rstest]
#[case::checks(&["check", "--locked-checks"])]
#[case::archive(&["offline", "--out", "x.tar.gz"])]
#[case::update(&["update"])]
fn a_clone_that_git_does_not_trust_is_not_called_none(#[case] arguments: &[&str]) {
    let lesson = format!("distrusted-{}", arguments[0]);
    let course = Course::new(&[&lesson]);
    let git = Command::new("git")
        .args(["init", "-q"])
        .arg(course.path(""))
        .status();
    assert!(git.expect("git").success());
    let mut command = course.command(arguments);
    let output = command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").output();
    let ran = Ran::of(output.expect("the runner starts")).ended_with(3);
    let cure = "if you do: git config --global --add safe.directory /";
    assert!(ran.stderr.contains(cure), "{}", ran.stderr);
}

#[test]
fn pictures_that_cannot_be_drawn_cost_no_verdict() {
    let course = Course::new(&["undrawn"]);
    let picture = "pictures/undrawn--announces_its_address.svg";
    course.write(&format!("{picture}/taken"), "");
    let arguments = ["check", "--format", "json", "--svg", "pictures"];
    let ran = course.run(&arguments).ended_with(3);
    assert!(ran.stderr.contains("writing pictures/"), "{}", ran.stderr);
    assert!(ran.stdout.contains("\"passed\""), "{}", ran.stdout);
}

#[rstest]
#[case::checks(
    "no-checks",
    "check",
    "tests/checks.rs",
    "has no checks; `git restore /"
)]
#[case::hints(
    "no-hints",
    "hint",
    "hints.md",
    "has no hints for announces_its_address; `git restore /"
)]
fn what_an_exercise_has_lost_is_told_with_its_cure(
    #[case] lesson: &str,
    #[case] command: &str,
    #[case] file: &str,
    #[case] told: &str,
) {
    let course = Course::new(&[lesson]);
    course.write(&format!("exercises/{lesson}/{file}"), "");
    let ran = course.run(&[command]).ended_with(3);
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
}

#[rstest]
#[case::lost("lost-list", None, "cannot be read")]
#[case::empty("empty-list", Some(""), "names no lesson")]
#[case::merged(
    "merged-list",
    Some("<<<<<<< HEAD\n- [A](merged-list.md)\n"),
    "has marks of a merge"
)]
#[case::bytes("list-of-bytes", Some("\u{80}"), "cannot be read")]
fn a_broken_list_of_lessons_is_told(
    #[case] lesson: &str,
    #[case] text: Option<&str>,
    #[case] told: &str,
    #[values("check", "list", "hint")] command: &str,
) {
    let name = format!("{lesson}-{command}");
    let course = Course::new(&[&name]);
    let summary = course.path("book/src/SUMMARY.md");
    match text {
        None => std::fs::remove_file(&summary),
        // The first half of a letter.
        Some("\u{80}") => std::fs::write(&summary, [0xc3]),
        Some(text) => std::fs::write(&summary, text.replace(lesson, &name)),
    }
    .expect("changed");
    let ran = course.run(&[command]).ended_with(3);
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    let cure = "`git checkout HEAD -- book/src/SUMMARY.md`";
    assert!(ran.stderr.contains(cure), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[rstest]
#[case::may_not_grow("full-file", "ulimit -f 0; exec \"$0\" list >told")]
#[case::disk("full-disk", "exec \"$0\" list >/dev/full")]
#[case::help("full-help", "exec \"$0\" --help >/dev/full")]
fn what_cannot_be_printed_is_told(#[case] lesson: &str, #[case] script: &str) {
    let course = Course::new(&[lesson]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script, env!("CARGO_BIN_EXE_xtask")])
        .current_dir(course.path(""));
    let ran = Ran::of(shell.output().expect("a shell")).ended_with(3);
    let told = "not all of the output could be written";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
}

/// A shell script that ends as the runner, called with `check`.
fn in_a_shell(course: &Course, wrapper: &[&str], script: &str) -> Ran {
    let mut shell = Command::new(wrapper.first().unwrap_or(&"sh"));
    shell.args(wrapper.iter().skip(1));
    if !wrapper.is_empty() {
        shell.arg("sh");
    }
    let runner = course.command(&["check"]);
    let variables = runner.get_envs();
    shell
        .args(["-c", script, env!("CARGO_BIN_EXE_xtask")])
        .envs(variables.filter_map(|(name, value)| Some((name, value?))))
        .current_dir(course.path(""));
    Ran::of(shell.output().expect("a shell"))
}

#[test]
fn without_loopback_no_program_is_blamed() {
    let alone = ["unshare", "-rn"];
    let trial = Command::new(alone[0]).args([alone[1], "true"]).status();
    if !trial.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this machine lets nobody make a network namespace");
        return;
    }
    let course = Course::new(&["unlinked"]);
    let ran = in_a_shell(&course, &alone, "exec \"$0\" check").ended_with(3);
    let told = "the check itself broke: it needs a connection over 127.0.0.1";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    assert!(ran.stdout.contains("cargo xtask doctor"), "{}", ran.stdout);
}

#[test]
fn what_has_run_out_is_told_with_its_cure() {
    let course = Course::new(&["fileless"]);
    let ran = in_a_shell(&course, &[], "ulimit -n 8; exec \"$0\" check").ended_with(3);
    let last = ran.stderr.lines().last().unwrap_or_default();
    let told = ["Too many open files", "`ulimit -n 1024`"];
    assert!(
        told.iter().all(|told| last.contains(told)),
        "{}",
        ran.stderr
    );
}

/// Whoever ignores the ends of children has his own children ignore them, too.
#[rstest]
#[case::ends_of_children("childless", "exec env --ignore-signal=CHLD \"$0\" check")]
#[case::empty_temporary_folder("no-tmpdir", "TMPDIR= exec \"$0\" check")]
fn odd_surroundings_change_nothing(#[case] lesson: &str, #[case] script: &str) {
    in_a_shell(&Course::new(&[lesson]), &[], script).ended_with(0);
}

/// By the time of the signal Cargo is at work; where it is not, nothing is lost.
#[test]
fn who_is_to_outlive_the_session_does() {
    let course = Course::new(&["outlives"]);
    let script =
        "trap '' HUP; \"$0\" check & runner=$!; sleep 0.3; kill -HUP $runner; wait $runner";
    in_a_shell(&course, &[], script).ended_with(0);
}

fn make_pipe(path: &std::path::Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo").success());
}

/// The output of a runner that ends by itself.
fn in_time(mut command: Command) -> Output {
    let spawned = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut runner = spawned.expect("the runner starts");
    let begun = Instant::now();
    while runner.try_wait().expect("a state").is_none() {
        if begun.elapsed() > LONG {
            runner.kill().expect("killed");
            panic!("it waits for ever");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    runner.wait_with_output().expect("its output")
}
