//! Colours, links and completions, as a terminal and its shell get them.

use std::process::Command;

use rstest::rstest;

use crate::course::{Course, Ran};

fn is_missing(shell: &str) -> bool {
    let missing = Command::new(shell).arg("--version").output().is_err();
    if missing {
        eprintln!("skipped: there is no {shell} on this machine");
    }
    missing
}

/// What bash offers for `cargo xtask check se`, with another completion of
/// cargo's that was there before.
#[test]
fn bash_completes_and_leaves_the_rest_to_cargo() {
    if is_missing("bash") {
        return;
    }
    let course = Course::new(&["second"]);
    let script = course.run(&["completions", "bash"]).ended_with(0).stdout;
    course.write("completion.sh", &script);
    // In the place of `cargo xtask` stands the runner itself.
    let session = r#"
        cargo() { shift; "$RUNNER" "$@"; }
        _before() { COMPREPLY=(from-before); }
        complete -F _before cargo
        source ./completion.sh
        offer() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _on_the_wire; echo "${COMPREPLY[*]}"; }
        offer cargo xtask check se
        offer cargo xtask wat
        offer cargo build --rel
    "#;
    let output = course
        .command(&[])
        .get_envs()
        .fold(
            &mut Command::new("bash"),
            |bash, (name, value)| match value {
                Some(value) => bash.env(name, value),
                None => bash.env_remove(name),
            },
        )
        .args(["--norc", "-c", session])
        .env("RUNNER", env!("CARGO_BIN_EXE_xtask"))
        .current_dir(course.path(""))
        .output();
    let ran = Ran::of(output.expect("bash starts")).ended_with(0);
    assert_eq!(ran.stdout, "second\nwatch\nfrom-before\n", "{}", ran.stderr);
}

#[rstest]
#[case::zsh("zsh")]
#[case::fish("fish")]
fn other_shells_understand_their_script(#[case] shell: &str) {
    if is_missing(shell) {
        return;
    }
    let course = Course::new(&[shell]);
    let script = course.run(&["completions", shell]).ended_with(0).stdout;
    course.write("completion", &script);
    let output = Command::new(shell)
        .args(["--no-execute", "completion"])
        .current_dir(course.path(""))
        .output();
    Ran::of(output.expect("it starts")).ended_with(0);
}

#[rstest]
#[case::always("always-coloured", &["list", "--color", "always"], true)]
#[case::never("never-coloured", &["list", "--color", "never"], false)]
#[case::pipe("not-coloured", &["list"], false)]
fn a_pipe_has_no_colours_unless_they_are_wanted(
    #[case] lesson: &str,
    #[case] arguments: &[&str],
    #[case] is_coloured: bool,
) {
    let course = Course::new(&[lesson]);
    let output = course.command(arguments).env_remove("NO_COLOR").output();
    let ran = Ran::of(output.expect("the runner starts")).ended_with(0);
    assert_eq!(ran.stdout.contains("\x1b["), is_coloured, "{}", ran.stdout);
    // A link in a pipe leads nowhere.
    assert!(!ran.stdout.contains("\x1b]8"), "{}", ran.stdout);
    let mut command = course.command(&["check", "nowhere"]);
    let output = command
        .args(&arguments[1..])
        .env_remove("NO_COLOR")
        .output();
    let ran = Ran::of(output.expect("the runner starts")).ended_with(2);
    assert_eq!(ran.stderr.contains("\x1b["), is_coloured, "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_understands_links_gets_them() {
    use crate::pty::Terminal;

    let course = Course::new(&["linked"]);
    course.replace("exercises/linked/src/main.rs", "hello", "hullo");
    let mut command = course.command(&["check"]);
    command.env("FORCE_HYPERLINK", "1").env_remove("NO_COLOR");
    let mut terminal = Terminal::start(&command);
    terminal.expect_end();
    terminal.expect("Next   open exercises/linked/src/main.rs");
    let address = format!(
        "\x1b]8;;file://{}",
        course.path("exercises/linked/src/main.rs").display()
    );
    let raw = terminal.raw();
    assert!(raw.contains(&address), "{raw}");
}
