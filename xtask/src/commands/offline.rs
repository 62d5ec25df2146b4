//! `cargo xtask offline`: one archive for laptops without a network.
//!
//! ```text
//! on-the-wire/START-HERE.txt
//! on-the-wire/.cargo/config.toml   says that crates come from vendor/
//! on-the-wire/vendor/              all crates, for all platforms
//! on-the-wire/course/              a clone of the course
//! ```
//!
//! Cargo reads the settings of the folders above as well, so that the clone is
//! as upstream has it: nothing in it differs, and `update` works.

mod crates;
mod duplicate;
mod pack;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::{Arg, ArgMatches, Command, value_parser};

use crate::course::Course;
use crate::exit::{Exit, Usage};
use crate::folder;
use crate::git::{Git, short};
use crate::interrupt::ScratchFolder;
use crate::report::offline::{self as report, Packed};
use crate::screen::Screen;

/// The folder that comes of the archive.
const NAME: &str = "on-the-wire";
const ARCHIVE: &str = "on-the-wire-offline.tar.gz";
/// Where `cargo xtask book` and mdBook put the built book.
const BOOK: &str = "book/book";

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("offline")
        .about("Packs the course and all crates into one archive, for laptops without a network")
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(format!(
                    "The archive [default: {ARCHIVE} in the course's folder]"
                )),
        )
        .after_help("Example:\n  cargo xtask offline --out /media/stick/on-the-wire.tar.gz")
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let start = Instant::now();
    let out = destination(course, matches.get_one::<PathBuf>("out"))?;
    let git = Git::at(&course.root);
    let commit = duplicate::examine(&git, screen)?;
    // In the course's folder, so that Cargo finds the settings that hold here:
    // an archive can be made of an archive.
    let place = course.root.join("target/on-the-wire");
    let scratch = ScratchFolder::below(&place)
        .with_context(|| format!("making a folder in {}", place.display()))?;
    let top = scratch.path().join(NAME);
    screen.progress("  Copying the course …");
    duplicate::make(&git, &top.join("course"))?;
    let crates = crates::fetch(&top, screen)?;
    fs::write(top.join("START-HERE.txt"), report::START_HERE)?;
    let has_book = copy_book(&course.root, &top.join("course"))?;
    screen.progress("  Packing …");
    let archive = pack::pack(scratch.path(), NAME)?;
    let bytes = fs::metadata(&archive)?.len();
    pack::put(&archive, &out)?;
    screen.print(&report::text(&Packed {
        archive: out.display().to_string(),
        name: file_name(&out),
        commit: short(&commit).to_string(),
        bytes,
        crates,
        has_book,
        took: start.elapsed(),
    }));
    Ok(Exit::Passed)
}

/// Where the archive goes.
fn destination(course: &Course, out: Option<&PathBuf>) -> anyhow::Result<PathBuf> {
    let Some(out) = out else {
        return Ok(course.root.join(ARCHIVE));
    };
    if out.is_dir() {
        return Ok(out.join(ARCHIVE));
    }
    // A device would be replaced by the archive.
    if out.exists() && !out.is_file() {
        bail!(Usage(format!("{} is no file", out.display())));
    }
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) || out.file_name().is_none() {
        bail!(Usage(format!(
            "the folder of {} does not exist",
            out.display()
        )));
    }
    Ok(out.clone())
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Takes the built book along, if somebody has built it.
fn copy_book(root: &Path, course: &Path) -> anyhow::Result<bool> {
    let book = root.join(BOOK);
    if !book.join("index.html").is_file() {
        return Ok(false);
    }
    folder::copy(&book, &course.join(BOOK), &[]).context("copying the built book")?;
    Ok(true)
}
