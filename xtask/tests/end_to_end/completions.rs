//! Completions, by the shells themselves.

use std::process::Command;

use rstest::rstest;

use crate::course::{Course, Ran};

/// Each session defines `cargo` so that the runner itself stands in the place of
/// `cargo xtask`, reads the script, and prints what is offered for a line.
const BASH: &str = r#"
    cargo() { shift; "$RUNNER" "$@"; }
    _before() { COMPREPLY=(from-before); }
    complete -F _before cargo
    source ./completion
    offer() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _on_the_wire; echo "${COMPREPLY[*]}"; }
    offer cargo xtask check se
    offer cargo xtask wat
    offer cargo xtask check --format = js
    offer cargo build --rel
"#;

const ZSH: &str = r#"
    cargo() { shift; "$RUNNER" "$@"; }
    compdef() { }
    compadd() { shift; echo "${(P)1}"; }
    _cargo() { echo from-before; }
    source ./completion
    offer() { words=("$@"); CURRENT=$#; _on_the_wire; }
    offer cargo xtask check se
    offer cargo xtask wat
    offer cargo xtask check --format=js
    offer cargo build --rel
"#;

const FISH: &str = r#"
    function cargo; $RUNNER $argv[2..-1]; end
    source ./completion
    complete -c cargo -n '__fish_seen_subcommand_from build' -f -a from-before
    complete -C 'cargo xtask check se'
    complete -C 'cargo xtask wat'
    complete -C 'cargo xtask check --format=js'
    complete -C 'cargo build from'
"#;

#[rstest]
#[case::bash("bash", &["--norc"], BASH)]
#[case::zsh("zsh", &["-f"], ZSH)]
#[case::fish("fish", &["--no-config"], FISH)]
fn a_shell_completes_and_leaves_the_rest_to_cargo(
    #[case] shell: &str,
    #[case] options: &[&str],
    #[case] session: &str,
) {
    if Command::new(shell).arg("--version").output().is_err() {
        eprintln!("skipped: there is no {shell} on this machine");
        return;
    }
    let course = Course::new(&[&format!("second-{shell}")]);
    let script = course.run(&["completions", shell]).ended_with(0).stdout;
    course.write("completion", &script);
    let mut command = Command::new(shell);
    for (name, value) in course.command(&[]).get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
        .args(options)
        .args(["-c", session])
        .env("RUNNER", env!("CARGO_BIN_EXE_xtask"))
        .current_dir(course.path(""));
    let ran = Ran::of(command.output().expect("the shell starts")).ended_with(0);
    let format = if shell == "bash" {
        "json"
    } else {
        "--format=json"
    };
    let expected = format!("second-{shell}\nwatch\n{format}\nfrom-before\n");
    assert_eq!(ran.stdout, expected, "{}", ran.stderr);
}

/// Rust's own installer brings a completion for zsh, but does not install it.
#[test]
fn zsh_does_without_a_completion_of_cargos_own() {
    if Command::new("zsh").arg("--version").output().is_err() {
        eprintln!("skipped: there is no zsh on this machine");
        return;
    }
    let course = Course::new(&["zsh-alone"]);
    let script = course.run(&["completions", "zsh"]).ended_with(0).stdout;
    course.write("completion", &script);
    let session = "compdef() { }; _default() { echo files; }; source ./completion
        words=(cargo build x); CURRENT=3; _on_the_wire";
    let output = Command::new("zsh")
        .args(["-f", "-c", session])
        .current_dir(course.path(""))
        .output();
    let ran = Ran::of(output.expect("zsh starts")).ended_with(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("files\n", ""));
}
