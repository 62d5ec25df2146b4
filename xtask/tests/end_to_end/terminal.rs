//! Colours and links, as a terminal and a pipe get them.

use rstest::rstest;

use crate::course::{Course, Ran};

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

/// Clap complains before anybody has looked at the arguments.
#[rstest]
#[case::in_two_words("usage-in-two", &["list", "--color", "never", "--nonsense"])]
#[case::in_one_word("usage-in-one", &["--color=never", "list", "--nonsense"])]
fn wrong_usage_has_the_colours_that_were_asked_for(
    #[case] lesson: &str,
    #[case] arguments: &[&str],
) {
    let course = Course::new(&[lesson]);
    let mut command = course.command(arguments);
    command.env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1");
    let ran = Ran::of(command.output().expect("the runner starts")).ended_with(2);
    assert!(!ran.stderr.contains('\x1b'), "{}", ran.stderr);
}
