//! Nothing that a program prints, or writes to the terminal itself, can move
//! the cursor, change a colour or hide what is there.

use std::process::Command;

use rstest::rstest;

use crate::judgement::Case;
use crate::leftovers::assert_none;

#[rstest]
fn controls_become_text(
    #[values("announces-in-controls", "fails-in-controls", "tells-in-controls")] behaviour: &str,
    #[values("human", "plain", "json")] format: &str,
) {
    let case = Case::new(behaviour);
    let mut command = case.command(format);
    // As on a terminal, whose colours are the harness's own.
    command.args(["--all"]).env("CLICOLOR_FORCE", "1");
    let judged = case.judge_by(command);
    assert_none(&case.mark);
    assert_eq!(judged.code, Some(1), "{judged:?}");
    let shown = without_colours(&(judged.stdout + &judged.stderr));
    let obeyed: Vec<char> = shown.chars().filter(|c| is_obeyed(*c)).collect();
    assert!(obeyed.is_empty(), "{obeyed:?} in {shown:?}");
    // It is told all the same.
    assert!(shown.contains(r"\x1b"), "{shown}");
}

/// `text` without what the harness itself uses: colours, and nothing else.
fn without_colours(text: &str) -> String {
    let ours = ["", "1", "2", "31", "32", "33", "0"].map(|code| format!("\x1b[{code}m"));
    ours.iter()
        .fold(text.to_owned(), |text, ours| text.replace(ours, ""))
}

/// Whether a terminal, or the eye, may take `c` for something else than a
/// letter: controls, and what turns the direction or cannot be seen.
fn is_obeyed(c: char) -> bool {
    let unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    unseen || (c.is_control() && c != '\n')
}

#[test]
fn the_terminal_itself_is_out_of_reach() {
    let case = Case::new("takes-the-terminal");
    let inner = case.command("json");
    let arguments = inner.get_args().map(|word| format!("'{}'", word.display()));
    let call = std::iter::once(format!("'{}'", inner.get_program().display()))
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ");
    // `script` runs it on a terminal of its own, and passes on what it shows.
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &call, "/dev/null"]);
    command.current_dir(inner.get_current_dir().expect("the course"));
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("skipped: there is no `script` that lends us a terminal");
        return;
    }
    let judged = case.judge_by(command);
    assert_none(&case.mark);
    assert_eq!(judged.code, Some(1), "{judged:?}");
    assert!(!judged.stdout.contains("HERE I AM"), "{judged:?}");
    assert!(judged.stdout.contains("never announced"), "{judged:?}");
}
