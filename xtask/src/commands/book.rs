//! `cargo xtask book`: builds the book and shows it.
//!
//! What does so is a program of its own (`xtask/live`), with more libraries than
//! all the rest: only who opens the book builds it.

use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::cargo::{self, Call, Kind};
use crate::cli;
use crate::course::Course;
use crate::exit::{Exit, Usage};
use crate::interrupt::ScratchFolder;
use crate::screen::Screen;

/// The program that builds and serves, below the course's root.
const LIVE: &str = "xtask/live";

/// Where `--build` puts the pages.
const OUT: &str = "book/book";

/// A file that each built book has.
const MARK: &str = ".on-the-wire-book";

/// The command line.
pub(crate) fn arguments() -> clap::Command {
    clap::Command::new("book")
        .about("Shows the book in your browser, with your own verdicts beside the text")
        .long_about(
            "Builds the book and serves it to your own browser, on this machine alone. Each\n\
             chapter shows how far your program for it is, as `check` and `watch` find out,\n\
             and changes by itself. The first time takes about a minute: what builds the\n\
             book has to be built.",
        )
        .args([
            Arg::new("lesson")
                .value_name("PAGE|LESSON")
                .help("The page to begin with [default: the first]"),
            Arg::new("build")
                .long("build")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["lesson", "open", "port"])
                .help("Only build the pages; they are complete without a server"),
            Arg::new("out")
                .long("out")
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .requires("build")
                .help("Where --build puts them [default: book/book]"),
            Arg::new("open")
                .long("open")
                .action(ArgAction::SetTrue)
                .help("Open it in the browser"),
            Arg::new("port")
                .long("port")
                .value_name("N")
                .value_parser(cli::whole::<u16>(0..=65_535))
                .allow_negative_numbers(true)
                .help("Serve on this port [default: 3000, or the next that is free]"),
        ])
        .after_help(
            "Examples:\n  \
             cargo xtask book --open\n  \
             cargo xtask book tcp-server --port 8080\n  \
             cargo xtask book --build --out /tmp/book\n\n\
             Exit code: 0 built, 1 the book has a fault, 2 wrong usage,\n\
             3 its surroundings failed",
        )
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let root = course.root.as_os_str().to_os_string();
    if matches.get_flag("build") {
        let out = matches.get_one::<PathBuf>("out");
        let out = out.cloned().unwrap_or_else(|| course.root.join(OUT));
        refuse_others(&out)?;
        refuse_the_pages(&course.root, &out)?;
        let program = built(course, screen)?;
        let scratch = scratch_beside(&out)?;
        let scratch = scratch.path();
        let mut arguments = cargo::arguments([&"build", &"--root", &root, &"--out", &out]);
        arguments.extend(cargo::arguments([&"--scratch", &scratch]));
        return start(&program, &arguments);
    }
    let page = matches.get_one::<String>("lesson");
    let page = page.map(|page| page_of(course, page)).transpose()?;
    let program = built(course, screen)?;
    // It goes when we go, whatever becomes of the server.
    let scratch = scratch_in(&course.cache())?;
    let scratch = scratch.path();
    let mut arguments = cargo::arguments([&"serve", &"--root", &root, &"--scratch", &scratch]);
    if let Some(port) = matches.get_one::<u16>("port") {
        arguments.push(format!("--port={port}").into());
    }
    if let Some(page) = page {
        arguments.push(format!("--page={page}").into());
    }
    if matches.get_flag("open") {
        arguments.push("--open".into());
    }
    start(&program, &arguments)
}

/// The page of a lesson or of any other chapter: `pitfalls.html`.
fn page_of(course: &Course, name: &str) -> anyhow::Result<String> {
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let stem = stem.strip_suffix(".html").unwrap_or(stem);
    let mut parts = Path::new(stem).components();
    let is_inside = parts.all(|part| matches!(part, Component::Normal(_)));
    let chapters = course.root.join("book/src");
    if is_inside && chapters.join(format!("{stem}.md")).is_file() {
        return Ok(format!("{}.html", stem.replace('\\', "/")));
    }
    match course.lesson(name) {
        Ok(lesson) => Ok(format!("{}.html", lesson.name)),
        Err(error) => bail!(Usage(format!("the book has no page `{name}`; {error}"))),
    }
}

/// What an earlier book had is taken away: a folder with anything else in it is
/// not meant.
fn refuse_others(out: &Path) -> anyhow::Result<()> {
    let shown = out.display();
    let entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        // A link that leads nowhere is there, too.
        Err(_) if out.is_symlink() || out.exists() => {
            bail!(Usage(format!("{shown} is not a folder")))
        }
        Err(_) => return Ok(()),
    };
    if entries.count() > 0 && !out.join(MARK).is_file() {
        bail!(Usage(format!(
            "{shown} has other files than a book: name a new folder, or an empty one"
        )));
    }
    Ok(())
}

/// All that is among the pages becomes a part of the book.
fn refuse_the_pages(root: &Path, out: &Path) -> anyhow::Result<()> {
    let pages = root.join("book/src");
    let pages = pages.canonicalize().unwrap_or(pages);
    // Of a new folder, the part that is there says where it will be.
    let whole = std::path::absolute(out)?;
    let known = whole.ancestors().find_map(|part| part.canonicalize().ok());
    if known.is_some_and(|known| known.starts_with(&pages)) {
        let shown = out.display();
        bail!(Usage(format!(
            "{shown} is among the pages that the book is made of: name another folder"
        )));
    }
    Ok(())
}

/// A folder on the file system of `out`, to build in; Ctrl-C takes it away.
fn scratch_beside(out: &Path) -> anyhow::Result<ScratchFolder> {
    let out = std::path::absolute(out)?;
    scratch_in(out.parent().unwrap_or(&out))
}

fn scratch_in(folder: &Path) -> anyhow::Result<ScratchFolder> {
    ScratchFolder::below(folder).with_context(|| format!("making a folder in {}", folder.display()))
}

/// The program that builds and serves, up to date.
fn built(course: &Course, screen: &Screen) -> anyhow::Result<PathBuf> {
    let folder = course.root.join(LIVE);
    let manifest = folder.join("Cargo.toml");
    let call = Call {
        arguments: cargo::arguments([&"build", &"--locked", &"--manifest-path", &manifest]),
        folder: &course.root,
        what: "what shows the book".to_string(),
        takes: "about a minute",
        limit: None,
    };
    let finished = call.run_to_the_end(screen)?;
    if !finished.success {
        bail!(
            "what shows the book cannot be built (see above); the chapters are to be read in book/src, too"
        );
    }
    // Cargo names the sources by their real place.
    let folder = folder.canonicalize().unwrap_or(folder);
    let program = finished.find(Kind::Program, "live", &folder);
    let program = program.context("Cargo does not say where it has put what shows the book")?;
    Ok(program.to_path_buf())
}

/// Runs the program to its end. Its stdin is its leash: it ends when we end,
/// however that happens.
fn start(program: &Path, arguments: &[OsString]) -> anyhow::Result<Exit> {
    let mut live = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", program.display()))?;
    let leash = live.stdin.take();
    let status = live.wait().context("waiting for the book to end")?;
    drop(leash);
    Ok(match status.code() {
        Some(0) => Exit::Passed,
        Some(1) => Exit::Failed,
        Some(2) => Exit::Usage,
        Some(_) => Exit::Harness,
        None => bail!("what shows the book was ended from outside ({status})"),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn course() -> Course {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        Course::read(here.parent().expect("the root")).expect("the course")
    }

    #[rstest]
    #[case::lesson("tcp-server", "tcp-server.html")]
    #[case::file("tcp-server.md", "tcp-server.html")]
    #[case::other_page("pitfalls", "pitfalls.html")]
    fn a_page_has_its_name(#[case] name: &str, #[case] page: &str) {
        assert_eq!(page_of(&course(), name).expect("a page"), page);
    }

    #[rstest]
    #[case::mistyped("tcp-sever", "did you mean `tcp-server`?")]
    #[case::outside("../src/tcp-server", "there is no lesson")]
    fn another_name_is_wrong_usage(#[case] name: &str, #[case] told: &str) {
        let error = page_of(&course(), name).expect_err("no page");
        assert!(
            error.is::<Usage>() && error.to_string().contains(told),
            "{error}"
        );
    }

    #[test]
    fn the_book_is_not_put_among_its_pages() {
        let course = course();
        for out in [
            "book/src/new",
            "book/src/pitfalls/a/b",
            "docs/../book/src/new",
        ] {
            let refused = refuse_the_pages(&course.root, &course.root.join(out));
            let error = refused.expect_err(out);
            assert!(error.is::<Usage>(), "{error}");
        }
        refuse_the_pages(&course.root, &course.root.join("book/book")).expect("a place");
    }

    #[test]
    fn a_folder_with_other_files_is_not_emptied() {
        let folder = tempfile::tempdir().expect("a folder");
        refuse_others(folder.path()).expect("an empty one");
        refuse_others(&folder.path().join("new")).expect("a new one");
        let file = folder.path().join("thesis.txt");
        fs::write(&file, "").expect("a file");
        let error = refuse_others(folder.path()).expect_err("other files");
        assert!(error.is::<Usage>(), "{error}");
        refuse_others(&file).expect_err("a file");
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink("nowhere", &link).expect("a link");
            refuse_others(&link).expect_err("a link that leads nowhere");
        }
        fs::write(folder.path().join(MARK), "").expect("a file");
        refuse_others(folder.path()).expect("a book");
    }
}
