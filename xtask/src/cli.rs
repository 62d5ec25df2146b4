//! The command line: names, options, and an example for each.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

/// The whole command line.
pub(crate) fn command() -> Command {
    Command::new("cargo xtask")
        .bin_name("cargo xtask")
        .about("On the Wire: network programming with Rust, judged over real sockets")
        .after_help("Start here:\n  cargo xtask check")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([check(), list(), verify(), ci()])
}

fn check() -> Command {
    Command::new("check")
        .about("Judges your program, one lesson after the other")
        .long_about(
            "Builds the program of each lesson and judges it over real sockets.\n\
             Without a name it goes through the course in order and stops at the\n\
             first lesson that is not finished.",
        )
        .args([
            lessons("The lessons to judge"),
            Arg::new("program")
                .long("program")
                .value_name("PATH")
                .value_parser(value_parser!(PathBuf))
                .help("Judge this executable, in whatever language it was written"),
            seed("Repeat the random bytes of an earlier run"),
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Run every check, also after one has failed"),
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new([
                    "human", "plain", "json", "junit",
                ]))
                .help("How to tell the verdict [default: human; plain in a pipe]"),
            Arg::new("svg")
                .long("svg")
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .help("Draw the conversation of each check into this folder, as SVG"),
        ])
        .after_help(
            "Examples:\n  \
             cargo xtask check\n  \
             cargo xtask check tcp-server --seed 4182\n  \
             cargo xtask check tcp-server --program ./shout.py\n\n\
             Exit code: 0 passed, 1 failed or does not build, 2 wrong usage,\n\
             3 the harness or its surroundings failed",
        )
}

fn list() -> Command {
    Command::new("list")
        .about("Lists the lessons of the course in their order")
        .after_help("Example:\n  cargo xtask list")
}

fn verify() -> Command {
    Command::new("verify")
        .about("Proves the course: starters, solutions, and programs that are wrong on purpose")
        .args([
            lessons("The lessons to prove [default: all]"),
            seed("The random bytes that the checks send [default: new ones each time]"),
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Run also the checks after the one that catches a wrong program"),
            Arg::new("repeat")
                .long("repeat")
                .value_name("N")
                .value_parser(count)
                .help("Judge N times, each time with a new seed; tell what differs"),
            Arg::new("solutions")
                .long("solutions")
                .action(ArgAction::SetTrue)
                .requires("repeat")
                .help("Repeat the judgement of the solutions only"),
            Arg::new("load")
                .long("load")
                .action(ArgAction::SetTrue)
                .requires("repeat")
                .help("Keep all cores busy meanwhile"),
        ])
        .after_help(
            "Examples:\n  \
             cargo xtask verify tcp-server udp-server\n  \
             cargo xtask verify tcp-server --repeat 20 --load",
        )
}

/// How often something is done: at least once.
fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least 1".to_string()),
        Ok(count) => Ok(count),
        Err(error) => Err(format!("{error}")),
    }
}

fn ci() -> Command {
    Command::new("ci")
        .about("Runs everything that must hold before a change is shared")
        .after_help("Example:\n  cargo xtask ci")
}

fn lessons(help: &'static str) -> Arg {
    Arg::new("lessons")
        .value_name("LESSON")
        .action(ArgAction::Append)
        .help(help)
}

fn seed(help: &'static str) -> Arg {
    Arg::new("seed")
        .long("seed")
        .value_name("N")
        .value_parser(value_parser!(u64))
        .help(help)
}

/// The lessons that were named, in the order in which they were typed.
pub(crate) fn named_lessons(matches: &ArgMatches) -> Vec<&str> {
    let names = matches.get_many::<String>("lessons");
    names.unwrap_or_default().map(String::as_str).collect()
}

/// The seed that was asked for, or a new one.
pub(crate) fn seed_of(matches: &ArgMatches) -> u64 {
    matches.get_one("seed").copied().unwrap_or_else(fresh_seed)
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
