//! `cargo xtask verify`: proves the course.

mod bench;
mod claims;
mod difference;
mod ledger;
mod lints;
mod load;
mod locks;
mod programs;
mod proof;
mod repeat;
mod starters;
mod texts;

use std::time::Instant;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::cli;
use crate::course::{Course, Lesson};
use crate::exit::Exit;
use crate::report::plural;
use crate::screen::Screen;

use bench::Which;
pub(crate) use programs::Terms;
use proof::Proof;
pub(crate) use proof::Tally;
use repeat::Wish;

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("verify")
        .about("Proves the course: starters, solutions, and programs that are wrong on purpose")
        .args([
            cli::lessons("The lessons to prove [default: all]"),
            cli::seed("The random bytes that the checks send [default: new ones each time]"),
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Run also the checks after the one that catches a wrong program"),
            Arg::new("repeat")
                .long("repeat")
                .value_name("N")
                .value_parser(cli::whole::<usize>(1..=1_000_000))
                .allow_negative_numbers(true)
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

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let lessons = course.select(&cli::named_lessons(matches))?;
    let terms = Terms {
        seed: cli::seed_of(matches).number,
        all: matches.get_flag("all"),
    };
    if let Some(times) = matches.get_one::<usize>("repeat") {
        let wish = Wish {
            times: *times,
            load: matches.get_flag("load"),
            which: match matches.get_flag("solutions") {
                true => Which::Solutions,
                false => Which::All,
            },
        };
        return repeat::run(course, &lessons, terms, wish, screen);
    }
    let tally = prove(course, &lessons, terms, screen)?;
    screen.print(&format!("\n{tally}\n"));
    Ok(tally.exit())
}

/// Proves `lessons`, and what holds for the whole course.
pub(crate) fn prove(
    course: &Course,
    lessons: &[&Lesson],
    terms: Terms,
    screen: &Screen,
) -> anyhow::Result<Tally> {
    let start = Instant::now();
    let look = screen.look();
    let mut tally = Tally::default();
    let mut tell = |proof: Proof| {
        screen.print(&proof.line(&look));
        tally.add(proof);
    };
    screen.print(&format!(
        "Proving {} with seed {}.\n\n",
        plural(lessons.len(), "lesson"),
        terms.seed
    ));
    // First: any call of Cargo may mend the lock files in passing.
    locks::prove(course, screen, &mut tell)?;
    starters::prove(course, lessons, &mut tell);
    lints::prove(course, lessons, screen, &mut tell)?;
    let subjects = bench::build(course, lessons, Which::All, screen)?;
    for subject in &subjects {
        texts::prove(course, subject, &mut tell);
    }
    programs::prove(course, &subjects, terms, screen, &mut tell)?;
    tally.took = start.elapsed();
    Ok(tally)
}
