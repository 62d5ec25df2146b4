//! Builds the book, and builds it again when something that it is made of has
//! changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use serde_json::json;

use super::hub::Hub;
use super::site::{Shelf, Site};
use super::{Wish, page, view};
use crate::book::{self, Mode};
use crate::say;

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// How long nothing may change before a change is over: editors write in steps.
const SETTLE: Duration = Duration::from_millis(200);

/// What never settles is built as it is.
const SETTLE_AT_MOST: Duration = Duration::from_secs(3);

/// What the book is made of, below the course's root; `*` is any one folder.
const SOURCES: &[&str] = &[
    "book/book.toml",
    "book/css",
    "book/src",
    "book/theme",
    "book/quizzes",
    "book/recorded",
    "crates/*/src",
    "crates/*/tests",
    "exercises/*/README.md",
    "solutions/wrong/src",
];

/// The files that the server adds to the pages.
const OURS: &[(&str, &str)] = &[
    (page::SCRIPT, "book/theme/live.js"),
    (page::STYLES, "book/theme/live.css"),
];

/// What is known of a file without reading it.
type Files = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Builds, and tells what came of it.
pub(crate) struct Builder {
    root: PathBuf,
    scratch: PathBuf,
    shelf: Arc<Shelf>,
    hub: Arc<Hub>,
    /// The outputs that pages show, wherever they are.
    shown: Vec<PathBuf>,
    /// The sources of the last build.
    built: Files,
    /// The number of the next folder.
    count: u32,
}

impl Builder {
    pub(crate) fn new(wish: &Wish, shelf: Arc<Shelf>, hub: Arc<Hub>) -> Builder {
        Builder {
            root: wish.root.clone(),
            scratch: wish.scratch.clone(),
            shelf,
            hub,
            shown: Vec::new(),
            built: Files::new(),
            count: 0,
        }
    }

    /// Builds the book and puts it in the place of the one before. Where it has
    /// a fault, that one stays.
    pub(crate) fn build(&mut self) {
        // Looked at before: what changes while it is built is built again.
        self.shown = shown(&self.root);
        self.built = self.sources();
        match self.site() {
            Ok(site) => {
                let build = site.id.clone();
                if build != self.shelf.id() {
                    self.shelf.put(site);
                }
                self.hub.change(json!({ "build": build, "fault": null }));
            }
            Err(error) => {
                let fault = format!("{error:#}");
                say::wrong(format_args!("The book does not build: {fault}"));
                if self.shelf.id().is_empty() {
                    self.shelf.put(Site::of_fault(&fault, self.ours()));
                }
                self.hub.change(json!({ "fault": view::tame(&fault) }));
            }
        }
    }

    /// Builds the book again each time that something has changed, for ever.
    pub(crate) fn watch(&mut self) {
        loop {
            std::thread::sleep(LOOK_EVERY);
            let mut seen = self.sources();
            if seen == self.built {
                continue;
            }
            let begin = Instant::now();
            while begin.elapsed() < SETTLE_AT_MOST {
                std::thread::sleep(SETTLE);
                let now = self.sources();
                if now == std::mem::replace(&mut seen, now.clone()) {
                    break;
                }
            }
            let start = Instant::now();
            let before = self.shelf.id();
            self.build();
            if self.shelf.id() != before {
                let took = start.elapsed().as_secs_f64();
                say::line(format_args!("The book was built again ({took:.1} s)."));
            }
        }
    }

    /// All files that the book is made of.
    fn sources(&self) -> Files {
        let mut files = sources(&self.root);
        for path in &self.shown {
            collect(path, &mut files);
        }
        files
    }

    /// Each build has a folder of its own: nobody ever sees half a book.
    fn site(&mut self) -> anyhow::Result<Site> {
        // Without them the pages would show no verdict, and nobody would be told.
        for (_, file) in OURS {
            fs::metadata(self.root.join(file)).with_context(|| format!("reading {file}"))?;
        }
        self.count += 1;
        let folder = self.scratch.join(self.count.to_string());
        let site = book::build(&self.root, &folder, Mode::Static)
            .and_then(|()| Site::read(&folder, self.ours()).context("reading the built book"));
        drop(fs::remove_dir_all(&folder));
        site
    }

    fn ours(&self) -> Vec<(&'static str, Vec<u8>)> {
        let read = |file: &str| fs::read(self.root.join(file)).unwrap_or_default();
        OURS.iter()
            .map(|(name, file)| (*name, read(file)))
            .collect()
    }
}

/// The files that pages name in `{{#output PATH}}`.
fn shown(root: &Path) -> Vec<PathBuf> {
    let mut pages = Files::new();
    collect(&root.join("book/src"), &mut pages);
    let pages = pages
        .keys()
        .filter(|page| page.extension().is_some_and(|end| end == "md"));
    let texts = pages.filter_map(|page| fs::read_to_string(page).ok());
    let paths = texts.flat_map(|text| {
        let behind = text.split("{{#output ").skip(1);
        let paths = behind.filter_map(|rest| Some(root.join(rest.split_once("}}")?.0.trim())));
        paths.collect::<Vec<PathBuf>>()
    });
    paths.collect()
}

/// What lies in the folders that the book is made of.
fn sources(root: &Path) -> Files {
    let mut files = Files::new();
    for source in SOURCES {
        match source.split_once("/*/") {
            None => collect(&root.join(source), &mut files),
            Some((parent, rest)) => {
                for folder in entries(&root.join(parent)) {
                    collect(&folder.path().join(rest), &mut files);
                }
            }
        }
    }
    files
}

/// A file, or all files below a folder. What cannot be looked at is not there.
fn collect(path: &Path, files: &mut Files) {
    let Ok(metadata) = fs::metadata(path) else {
        return;
    };
    if metadata.is_file() {
        let known = (metadata.modified().ok(), metadata.len());
        files.insert(path.to_path_buf(), known);
        return;
    }
    for entry in entries(path) {
        // A link to a folder may lead round in a circle.
        if entry.file_type().is_ok_and(|kind| !kind.is_symlink()) {
            collect(&entry.path(), files);
        }
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = fs::DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}
