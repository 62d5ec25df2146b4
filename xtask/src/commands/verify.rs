//! todo
use crate::course::Course;
use crate::exit::Exit;
use crate::screen::Screen;
use clap::ArgMatches;
pub(crate) fn run(_c: &Course, _m: &ArgMatches, _s: &Screen) -> anyhow::Result<Exit> {
    Ok(Exit::Passed)
}
