//! The book: builds it, checks it, and serves it with the learner's verdicts.
//!
//! `cargo xtask book` starts this program; it is a package of its own so that
//! `cargo xtask check` pays for none of it.

mod book;

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

fn main() -> anyhow::Result<()> {
    let matches = arguments().get_matches();
    let path = |name: &str| {
        matches
            .get_one::<PathBuf>(name)
            .cloned()
            .unwrap_or_default()
    };
    let mode = match matches.get_flag("draft") {
        true => book::Mode::Draft,
        false => book::Mode::Static,
    };
    book::build(&path("root"), &path("out"), mode)
}

/// The command line, as `cargo xtask book` writes it.
fn arguments() -> Command {
    Command::new("live")
        .about("Builds the book")
        .arg(path_argument("root").help("The course's folder"))
        .arg(path_argument("out").help("The folder that the book is put into"))
        .arg(
            Arg::new("draft")
                .long("draft")
                .action(ArgAction::SetTrue)
                .help("Builds in spite of faults, and tells them"),
        )
}

fn path_argument(name: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .required(true)
        .value_parser(value_parser!(PathBuf))
}
