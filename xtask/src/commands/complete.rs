//! `cargo xtask complete`: what may come next on the command line. Shells ask
//! it; `cargo xtask completions` makes them do so.

use clap::builder::ValueHint;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::cli;
use crate::course::Course;
use crate::exit::Exit;
use crate::screen::Screen;

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("complete")
        .about("Lists what may come next on a command line, for shells")
        .hide(true)
        .arg(
            Arg::new("words")
                .value_name("WORD")
                .action(ArgAction::Append)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .help("The words so far, the last of them unfinished"),
        )
        .after_help("Example:\n  cargo xtask complete -- check tcp-")
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let words = matches.get_many::<String>("words").unwrap_or_default();
    let words: Vec<&str> = words.map(String::as_str).collect();
    let lessons = course.lessons.iter().map(|lesson| lesson.name.as_str());
    let candidates = candidates(&cli::command(), &lessons.collect::<Vec<_>>(), &words);
    let lines: String = candidates.iter().map(|word| format!("{word}\n")).collect();
    screen.print(&lines);
    Ok(Exit::Passed)
}

/// All that may stand in the place of the last word and begins like it. Nothing
/// where a file or something of the learner's own is due: shells know those.
fn candidates(command: &Command, lessons: &[&str], words: &[&str]) -> Vec<String> {
    let (last, before) = words.split_last().unwrap_or((&"", &[]));
    let mut subcommands = command.get_subcommands();
    let chosen = before.iter().find(|word| !word.starts_with('-'));
    let all = match chosen {
        None if last.starts_with('-') => options(command),
        None => {
            let shown = subcommands.filter(|command| !command.is_hide_set());
            shown
                .map(|command| command.get_name().to_string())
                .collect()
        }
        Some(name) => match subcommands.find(|command| command.get_name() == *name) {
            Some(chosen) => of_subcommand(command, chosen, lessons, before, last),
            None => Vec::new(),
        },
    };
    all.into_iter()
        .filter(|word| word.starts_with(last))
        .collect()
}

fn of_subcommand(
    whole: &Command,
    chosen: &Command,
    lessons: &[&str],
    before: &[&str],
    last: &str,
) -> Vec<String> {
    let takes = |previous: &str| {
        let name = previous.strip_prefix("--")?;
        let mut arguments = chosen.get_arguments().chain(whole.get_arguments());
        arguments.find(|argument| {
            argument.get_long() == Some(name) && argument.get_action().takes_values()
        })
    };
    if let Some(option) = before.last().and_then(|previous| takes(previous)) {
        return values(option);
    }
    if last.starts_with('-') {
        return [options(chosen), options(whole)].concat();
    }
    let mut positionals = chosen.get_positionals();
    match positionals.next() {
        Some(argument) if argument.get_id().as_str().starts_with("lesson") => {
            let is_new = |lesson: &&str| !before.contains(lesson);
            lessons
                .iter()
                .copied()
                .filter(is_new)
                .map(str::to_string)
                .collect()
        }
        Some(argument) => values(argument),
        None => Vec::new(),
    }
}

fn values(argument: &Arg) -> Vec<String> {
    if argument.get_value_hint() != ValueHint::Unknown {
        return Vec::new();
    }
    let values = argument.get_possible_values();
    values
        .iter()
        .map(|value| value.get_name().to_string())
        .collect()
}

fn options(command: &Command) -> Vec<String> {
    let arguments = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set());
    let longs = arguments.filter_map(Arg::get_long);
    longs.map(|long| format!("--{long}")).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::command(&["ch"], "check")]
    #[case::lesson(&["check", "udp"], "udp-server")]
    #[case::not_twice(&["check", "udp-server", ""], "tcp-server")]
    #[case::option(&["check", "--se"], "--seed")]
    #[case::global_option(&["list", "--co"], "--color")]
    #[case::value(&["check", "--format", "js"], "json")]
    #[case::global_value(&["check", "--color", "al"], "always")]
    #[case::a_number_is_not_known(&["check", "--seed", ""], "")]
    #[case::unknown_command(&["nonsense", ""], "")]
    #[case::after_an_option(&["--color", "never", "che"], "")]
    fn what_may_come_next(#[case] words: &[&str], #[case] expected: &str) {
        let lessons = ["tcp-server", "udp-server"];
        let found = candidates(&cli::command(), &lessons, words);
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn hidden_commands_stay_hidden() {
        let found = candidates(&cli::command(), &[], &["comp"]);
        assert_eq!(found, ["completions"]);
    }
}
