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
fn candidates(whole: &Command, lessons: &[&str], words: &[&str]) -> Vec<String> {
    let words = joined(words);
    let Some((last, before)) = words.split_last() else {
        return Vec::new();
    };
    let Some(line) = Line::of(whole, before) else {
        return Vec::new();
    };
    let begins_like = |start: &str, all: Vec<String>| {
        let fit = all.into_iter().filter(|word| word.starts_with(start));
        fit.collect::<Vec<_>>()
    };
    if let Some(option) = line.pending {
        return begins_like(&last.text, values(option));
    }
    if let Some((name, start)) = last.text.split_once('=') {
        let option = line.option(name).map(values).unwrap_or_default();
        // A shell that splits there replaces only what stands behind.
        let before = if last.was_split {
            ""
        } else {
            &last.text[..=name.len()]
        };
        let values = begins_like(start, option).into_iter();
        return values.map(|value| format!("{before}{value}")).collect();
    }
    let all = match line.chosen {
        _ if last.text.starts_with('-') => line.options(),
        None => {
            let shown = whole
                .get_subcommands()
                .filter(|command| !command.is_hide_set());
            shown
                .map(|command| command.get_name().to_string())
                .collect()
        }
        Some(chosen) => positionals(chosen, lessons, &line.given),
    };
    begins_like(&last.text, all)
}

/// A word, and whether the shell takes it for three.
struct Word {
    text: String,
    was_split: bool,
}

/// Bash splits `--format=json` in three words.
fn joined(words: &[&str]) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let is_sign = |word: Option<&&str>| word == Some(&"=");
        let follows = index > 1 && is_sign(words.get(index - 1));
        match all.last_mut() {
            Some(option) if option.text.starts_with("--") && (*word == "=" || follows) => {
                option.text += word;
                option.was_split = true;
            }
            _ => all.push(Word {
                text: (*word).to_string(),
                was_split: false,
            }),
        }
    }
    all
}

/// What stands on the line before the last word.
struct Line<'a> {
    whole: &'a Command,
    chosen: Option<&'a Command>,
    /// Words that are neither options nor their values.
    given: Vec<&'a str>,
    /// The option whose value is due.
    pending: Option<&'a Arg>,
}

impl<'a> Line<'a> {
    /// `None`: there is no such command.
    fn of(whole: &'a Command, words: &'a [Word]) -> Option<Line<'a>> {
        let mut line = Line {
            whole,
            chosen: None,
            given: Vec::new(),
            pending: None,
        };
        for Word { text, .. } in words {
            if line.pending.take().is_some() {
                continue;
            } else if text.starts_with("--") {
                line.pending = line.option(text);
            } else if line.chosen.is_none() && !text.starts_with('-') {
                let mut commands = whole.get_subcommands();
                line.chosen = Some(commands.find(|command| command.get_name() == text)?);
            } else {
                line.given.push(text);
            }
        }
        Some(line)
    }

    fn arguments(&self) -> impl Iterator<Item = &'a Arg> {
        let chosen = self.chosen.into_iter().flat_map(Command::get_arguments);
        chosen.chain(self.whole.get_arguments())
    }

    /// The option that is written like this, and takes a value.
    fn option(&self, written: &str) -> Option<&'a Arg> {
        let name = written.strip_prefix("--")?;
        let mut options = self.arguments();
        options.find(|option| option.get_long() == Some(name) && option.get_action().takes_values())
    }

    fn options(&self) -> Vec<String> {
        let shown = self.arguments().filter(|option| !option.is_hide_set());
        let longs = shown.filter_map(Arg::get_long);
        longs.map(|long| format!("--{long}")).collect()
    }
}

fn positionals(chosen: &Command, lessons: &[&str], given: &[&str]) -> Vec<String> {
    match chosen.get_positionals().next() {
        Some(argument) if argument.get_id().as_str().starts_with("lesson") => {
            let new = lessons.iter().filter(|lesson| !given.contains(lesson));
            new.map(|lesson| (*lesson).to_string()).collect()
        }
        Some(argument) if given.is_empty() => values(argument),
        _ => Vec::new(),
    }
}

fn values(argument: &Arg) -> Vec<String> {
    if argument.get_value_hint() != ValueHint::Unknown {
        return Vec::new();
    }
    let values = argument.get_possible_values();
    let names = values.iter().map(|value| value.get_name().to_string());
    names.collect()
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
    #[case::global_value_first(&["--color", "ne"], "never")]
    #[case::after_an_option(&["--color", "never", "che"], "check")]
    #[case::one_word(&["check", "--format=js"], "--format=json")]
    #[case::split_by_bash(&["check", "--format", "=", "js"], "json")]
    #[case::split_before_the_value(&["list", "--color", "="], "auto always never")]
    #[case::after_a_split_one(&["check", "--format", "=", "json", "udp"], "udp-server")]
    #[case::one_shell_is_enough(&["completions", "fish", ""], "")]
    #[case::nothing_at_all(&[], "")]
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
