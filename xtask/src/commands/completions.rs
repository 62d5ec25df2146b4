//! `cargo xtask completions`: has a shell complete `cargo xtask …`.
//!
//! A shell completes what follows `cargo` by Cargo's own rules, which know
//! nothing of an alias. Each script puts itself in front of them, answers for
//! `cargo xtask`, and leaves all else to whoever was there.

use clap::{Arg, ArgMatches, Command};

use crate::course::Course;
use crate::exit::Exit;
use crate::screen::Screen;

/// The scripts, by shell.
const SCRIPTS: &[(&str, &str)] = &[
    ("bash", include_str!("completions/bash.sh")),
    ("zsh", include_str!("completions/zsh.zsh")),
    ("fish", include_str!("completions/fish.fish")),
    ("powershell", include_str!("completions/powershell.ps1")),
];

/// The command line.
pub(crate) fn arguments() -> Command {
    let shells = SCRIPTS.iter().map(|(shell, _)| *shell);
    Command::new("completions")
        .about("Prints a script with which a shell completes `cargo xtask`")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(shells.collect::<Vec<_>>())
                .help("The shell"),
        )
        .after_help(
            "Examples:\n  \
             cargo xtask completions bash >> ~/.bashrc\n  \
             cargo xtask completions zsh >> ~/.zshrc\n  \
             cargo xtask completions fish > ~/.config/fish/conf.d/on-the-wire.fish\n  \
             cargo xtask completions powershell >> $PROFILE",
        )
}

pub(crate) fn run(_course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let shell = matches.get_one::<String>("shell").map(String::as_str);
    let script = SCRIPTS.iter().find(|(name, _)| Some(*name) == shell);
    screen.print(script.map_or("", |(_, script)| script));
    Ok(Exit::Passed)
}
