//! The command line as a whole, and the arguments that several commands share.

use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal as _, Write as _};

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::commands::ALL;
use crate::report::flow;
use crate::screen;
use crate::session::Seed;

/// The whole command line.
pub(crate) fn command() -> Command {
    Command::new("cargo xtask")
        .bin_name("cargo xtask")
        .about("On the Wire: network programming with Rust, judged over real sockets")
        .after_help("Start here:\n  cargo xtask check")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("color")
                .long("color")
                .value_name("WHEN")
                .value_parser(["auto", "always", "never"])
                .global(true)
                .help("Colours: auto, always or never [default: auto]"),
        )
        .subcommands(ALL.iter().map(|command| (command.arguments)()))
}

/// Prints the help, or what is wrong with the command line: as wide as the
/// terminal, where there is one.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print(told: &clap::Error) -> std::io::Result<()> {
    let text = told.render().ansi().to_string();
    let is_for_people = match told.use_stderr() {
        true => std::io::stderr().is_terminal(),
        false => std::io::stdout().is_terminal(),
    };
    let text = match is_for_people {
        true => flow::help(&text, screen::width()),
        false => text,
    };
    match told.use_stderr() {
        true => anstream::stderr().write_all(text.as_bytes()),
        false => anstream::stdout().write_all(text.as_bytes()),
    }
}

/// Has the colours that `arguments` ask for, from now on and in all that is
/// written: also where clap is about to say that an argument is wrong.
pub(crate) fn choose_colours(arguments: impl IntoIterator<Item = OsString>) {
    use anstream::ColorChoice;

    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let value = match argument.to_str() {
            Some("--color") => arguments.next(),
            Some(argument) => argument.strip_prefix("--color=").map(OsString::from),
            None => None,
        };
        match value.as_deref().and_then(OsStr::to_str) {
            Some("always") => ColorChoice::Always.write_global(),
            Some("never") => ColorChoice::Never.write_global(),
            Some("auto") => ColorChoice::Auto.write_global(),
            _ => {}
        }
    }
}

/// Names of lessons: any number of them.
pub(crate) fn lessons(help: &'static str) -> Arg {
    Arg::new("lessons")
        .value_name("LESSON")
        .action(ArgAction::Append)
        .help(help)
}

/// The seed of all random bytes.
pub(crate) fn seed(help: &'static str) -> Arg {
    Arg::new("seed")
        .long("seed")
        .value_name("N")
        .value_parser(whole::<u64>(0..=u64::MAX))
        // So that -1 is told to be a wrong number, not an unknown option.
        .allow_negative_numbers(true)
        .help(help)
}

/// Reads a number of `range`, and says which numbers there are where it is none.
pub(crate) fn whole<N: TryFrom<u64>>(
    range: std::ops::RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<N, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let number = number.and_then(|number| N::try_from(number).ok());
        let (least, most) = (range.start(), range.end());
        number.ok_or_else(|| format!("it takes a whole number from {least} to {most}"))
    }
}

/// The lessons that were named, in the order in which they were typed.
pub(crate) fn named_lessons(matches: &ArgMatches) -> Vec<&str> {
    let names = matches.get_many::<String>("lessons");
    names.unwrap_or_default().map(String::as_str).collect()
}

/// The seed that was asked for, or a new one.
pub(crate) fn seed_of(matches: &ArgMatches) -> Seed {
    let chosen = matches.get_one("seed").copied();
    Seed {
        number: chosen.unwrap_or_else(fresh_seed),
        chosen: chosen.is_some(),
    }
}

/// A seed that nobody has chosen, short enough to type.
pub(crate) fn fresh_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanoseconds = now.map_or(0, |since| u64::from(since.subsec_nanos()));
    (nanoseconds / 64 + u64::from(std::process::id())) % 10_000
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
