//! One file for each command, and the list of them all.

pub(crate) mod bench;
pub(crate) mod book;
pub(crate) mod check;
pub(crate) mod ci;
pub(crate) mod complete;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod hint;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod offline;
pub(crate) mod reset;
pub(crate) mod solution;
pub(crate) mod update;
pub(crate) mod verify;
pub(crate) mod watch;

use clap::ArgMatches;

use crate::course::Course;
use crate::exit::Exit;
use crate::screen::Screen;

/// A command: what it takes, and what it does.
pub(crate) struct Entry {
    /// Its name, its options, and an example of its use.
    pub(crate) arguments: fn() -> clap::Command,
    pub(crate) run: Run,
}

type Run = fn(&Course, &ArgMatches, &Screen) -> anyhow::Result<Exit>;

/// All commands, in the order in which the help shows them.
pub(crate) const ALL: &[Entry] = &[
    entry(check::arguments, check::run),
    entry(watch::arguments, watch::run),
    entry(hint::arguments, hint::run),
    entry(list::arguments, list::run),
    entry(book::arguments, book::run),
    entry(solution::arguments, solution::run),
    entry(diff::arguments, diff::run),
    entry(reset::arguments, reset::run),
    entry(update::arguments, update::run),
    entry(doctor::arguments, doctor::run),
    entry(offline::arguments, offline::run),
    entry(new::arguments, new::run),
    entry(verify::arguments, verify::run),
    entry(ci::arguments, ci::run),
    entry(bench::arguments, bench::run),
    entry(completions::arguments, completions::run),
    entry(complete::arguments, complete::run),
];

const fn entry(arguments: fn() -> clap::Command, run: Run) -> Entry {
    Entry { arguments, run }
}

/// The command of this name.
pub(crate) fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter()
        .find(|entry| (entry.arguments)().get_name() == name)
}
