//! The book: builds it, checks it, and serves it with the learner's verdicts.
//!
//! `cargo xtask book` starts this program; it is a package of its own so that
//! `cargo xtask check` pays for none of it.

mod book;
mod exit;
mod say;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::exit::Exit;

fn main() -> ExitCode {
    let matches = arguments().get_matches();
    let done = match matches.subcommand() {
        Some(("serve", matches)) => serve::run(&serve_wish(matches)),
        Some((_, matches)) => build(matches),
        None => Ok(()),
    };
    match done {
        Ok(()) => Exit::Passed.into(),
        Err(error) => {
            say::wrong(format_args!("error: {error:#}"));
            Exit::of(&error).into()
        }
    }
}

/// Builds the book for whoever reads it without a server.
fn build(matches: &ArgMatches) -> anyhow::Result<()> {
    let out = path(matches, "out");
    let mode = match matches.get_flag("draft") {
        true => book::Mode::Draft,
        false => book::Mode::Static,
    };
    let scratch = matches.get_one::<PathBuf>("scratch").map(PathBuf::as_path);
    book::build_in(scratch, &path(matches, "root"), &out, mode).context(exit::Faulty)?;
    say::line(format_args!("The book is in {}", out.display()));
    Ok(())
}

/// The command line, as `cargo xtask book` writes it.
fn arguments() -> Command {
    Command::new("live")
        .about("Builds the book, and shows it with the learner's own verdicts")
        .subcommand_required(true)
        .subcommand(
            Command::new("build")
                .about("Puts the pages into a folder")
                .arg(path_argument("root").help("The course's folder"))
                .arg(path_argument("out").help("The folder that the book is put into"))
                .arg(
                    path_argument("scratch")
                        .required(false)
                        .help("A folder to build in, on the disk of that one"),
                )
                .arg(
                    Arg::new("draft")
                        .long("draft")
                        .action(ArgAction::SetTrue)
                        .help("Build in spite of faults, and tell them"),
                ),
        )
        .subcommand(
            Command::new("serve")
                .about("Shows the pages, and builds them again when something changes")
                .arg(path_argument("root").help("The course's folder"))
                .arg(path_argument("scratch").help("A folder of our own, to build in"))
                .arg(
                    Arg::new("port")
                        .long("port")
                        .value_parser(value_parser!(u16))
                        .help("This port and no other"),
                )
                .arg(
                    Arg::new("page")
                        .long("page")
                        .default_value("")
                        .help("The page to name and to open"),
                )
                .arg(
                    Arg::new("open")
                        .long("open")
                        .action(ArgAction::SetTrue)
                        .help("Open it in a browser"),
                ),
        )
}

fn path_argument(name: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .required(true)
        .value_parser(value_parser!(PathBuf))
}

fn path(matches: &ArgMatches, name: &str) -> PathBuf {
    matches
        .get_one::<PathBuf>(name)
        .cloned()
        .unwrap_or_default()
}

fn serve_wish(matches: &ArgMatches) -> serve::Wish {
    serve::Wish {
        root: path(matches, "root"),
        scratch: path(matches, "scratch"),
        port: matches.get_one("port").copied(),
        page: matches.get_one("page").cloned().unwrap_or_default(),
        open: matches.get_flag("open"),
    }
}
