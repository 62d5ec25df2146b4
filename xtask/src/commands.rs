//! One file for each command, and the list of them all.

pub(crate) mod check;
pub(crate) mod ci;
pub(crate) mod diff;
pub(crate) mod hint;
pub(crate) mod list;
pub(crate) mod reset;
pub(crate) mod solution;
pub(crate) mod verify;

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
    Entry {
        arguments: check::arguments,
        run: check::run,
    },
    Entry {
        arguments: hint::arguments,
        run: hint::run,
    },
    Entry {
        arguments: list::arguments,
        run: list::run,
    },
    Entry {
        arguments: solution::arguments,
        run: solution::run,
    },
    Entry {
        arguments: diff::arguments,
        run: diff::run,
    },
    Entry {
        arguments: reset::arguments,
        run: reset::run,
    },
    Entry {
        arguments: verify::arguments,
        run: verify::run,
    },
    Entry {
        arguments: ci::arguments,
        run: ci::run,
    },
];

/// The command of this name.
pub(crate) fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter()
        .find(|entry| (entry.arguments)().get_name() == name)
}
