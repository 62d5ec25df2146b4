//! All that a verdict depends on: the program, its checks, what both are built
//! with, and under which circumstances they run.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::course::{Course, LIBRARIES, Lesson};

/// More than any exercise needs; a program with more is judged each time.
const LARGEST: usize = 16 << 20;

/// Variables that say where and on what a terminal runs: no program's behaviour
/// depends on them. All others count.
const IRRELEVANT: &[&str] = &[
    "_",
    "COLORTERM",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "OLDPWD",
    "PWD",
    "SHLVL",
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "TERM",
    "TERM_SESSION_ID",
    "TMUX",
    "TMUX_PANE",
    "WINDOWID",
    "XDG_SESSION_ID",
];

/// Beside files: how the judgement was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Circumstances {
    /// The options that change a verdict.
    pub(crate) options: String,
    pub(crate) environment: Vec<(OsString, OsString)>,
    /// Cargo; the compiler is beside it.
    pub(crate) cargo: PathBuf,
    /// This program.
    pub(crate) runner: PathBuf,
}

impl Circumstances {
    /// Those of this process. `None` where it is not certain which compiler
    /// would be used: without Cargo's word, rustup decides that anew each time.
    pub(crate) fn of_this_process(options: String) -> Option<Circumstances> {
        Some(Circumstances {
            options,
            environment: std::env::vars_os().collect(),
            cargo: std::env::var_os("CARGO")?.into(),
            runner: std::env::current_exe().ok()?,
        })
    }
}

/// Everything that a verdict on a lesson's program comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ingredients {
    bytes: Vec<u8>,
    files: Vec<(PathBuf, Stamp)>,
}

/// What tells that a file was written, though it may read as before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    length: u64,
}

impl Ingredients {
    /// Collects them. An error means that they cannot be known for certain.
    pub(crate) fn collect(
        course: &Course,
        lesson: &Lesson,
        circumstances: &Circumstances,
    ) -> io::Result<Ingredients> {
        let mut all = Ingredients {
            bytes: Vec::new(),
            files: Vec::new(),
        };
        all.add_circumstances(circumstances)?;
        for config in configurations(&course.root, circumstances) {
            all.add_file_if_there(&config)?;
        }
        let exercises = course.root.join("exercises");
        // Who has asked Clippy for advice finds its settings among what was read.
        for name in ["Cargo.toml", "Cargo.lock", "clippy.toml", ".clippy.toml"] {
            all.add_file_if_there(&course.root.join(name))?;
            all.add_file_if_there(&exercises.join(name))?;
        }
        all.add_folder(&exercises.join(&lesson.name))?;
        // Lessons share parts of their checks.
        for other in course.lessons.iter().filter(|other| *other != lesson) {
            all.add_folder_if_there(&course.exercise(other).join("tests"))?;
        }
        for library in LIBRARIES {
            all.add_folder_if_there(&course.root.join(library))?;
        }
        Ok(all)
    }

    /// All of it, in an order of its own.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether all files at `paths` are a part of them, by whatever name.
    pub(crate) fn have_all(&self, paths: &[PathBuf]) -> bool {
        let ours = self.files.iter().filter_map(|(file, _)| real(file));
        let ours: BTreeSet<PathBuf> = ours.collect();
        let mut theirs = paths.iter().map(|path| real(path));
        theirs.all(|path| path.is_some_and(|path| ours.contains(&path)))
    }

    fn add_circumstances(&mut self, circumstances: &Circumstances) -> io::Result<()> {
        let Circumstances {
            options,
            environment,
            cargo,
            runner,
        } = circumstances;
        self.add("options", options.as_bytes())?;
        self.add("limits", supervise::limits_of_this_process().as_bytes())?;
        let compiler = cargo.with_file_name(format!("rustc{}", std::env::consts::EXE_SUFFIX));
        // Nobody edits a program: its length and its time tell one from another.
        for program in [cargo, &compiler, runner] {
            let Stamp { modified, length } = Stamp::of(&fs::metadata(program)?)?;
            self.add(
                &program.to_string_lossy(),
                format!("{length} {modified:?}").as_bytes(),
            )?;
        }
        let relevant = |name: &OsStr| !IRRELEVANT.iter().any(|known| name == *known);
        let mut variables: Vec<_> = environment
            .iter()
            .filter(|(name, _)| relevant(name))
            .collect();
        variables.sort();
        for (name, value) in variables {
            self.add(&name.to_string_lossy(), value.as_encoded_bytes())?;
        }
        Ok(())
    }

    /// Everything in the folder at `path`; what an editor keeps for itself and
    /// what was built there do not count.
    fn add_folder(&mut self, path: &Path) -> io::Result<()> {
        let entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        let mut entries: Vec<_> = entries.iter().map(|entry| entry.file_name()).collect();
        entries.sort();
        for name in entries {
            let path = path.join(&name);
            let kind = fs::symlink_metadata(&path)?.file_type();
            if kind.is_dir() && name != "target" {
                self.add_folder(&path)?;
            } else if !kind.is_dir() && !is_an_editors(&name.to_string_lossy()) {
                self.add_file(&path)?;
            }
        }
        Ok(())
    }

    fn add_folder_if_there(&mut self, path: &Path) -> io::Result<()> {
        match path.is_dir() {
            true => self.add_folder(path),
            false => Ok(()),
        }
    }

    fn add_file_if_there(&mut self, path: &Path) -> io::Result<()> {
        match path.exists() {
            true => self.add_file(path),
            false => Ok(()),
        }
    }

    fn add_file(&mut self, path: &Path) -> io::Result<()> {
        // What a program does while it is built may depend on anything.
        if path.file_name() == Some(OsStr::new("build.rs")) {
            return Err(io::Error::other("a build script"));
        }
        let metadata = fs::metadata(path)?;
        // A pipe, for instance, would be waited for.
        if !metadata.is_file() {
            return Err(io::Error::other("not a file"));
        }
        let stamp = Stamp::of(&metadata)?;
        self.add(&path.to_string_lossy(), &fs::read(path)?)?;
        self.files.push((path.to_path_buf(), stamp));
        Ok(())
    }

    /// Names and contents have their lengths in front of them, so that no two
    /// lists of them make the same bytes.
    fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.bytes.extend(head(name, content.len()).bytes());
        self.bytes.extend(content);
        match self.bytes.len() {
            0..=LARGEST => Ok(()),
            _ => Err(io::Error::other("too large to be kept")),
        }
    }
}

/// The one name of a file that has no link in it. A file that is gone has none.
fn real(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// What stands in front of a content of `length` bytes.
pub(crate) fn head(name: &str, length: usize) -> String {
    format!("{} {length} {name} ", name.len())
}

/// The names in the bytes of ingredients, up to what is damaged.
pub(super) fn names(mut bytes: &[u8]) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (of_name, length) = (number(&mut bytes)?, number(&mut bytes)?);
        let (name, rest) = bytes.split_at_checked(of_name)?;
        // A space comes before the content.
        bytes = rest.get(length.checked_add(1)?..)?;
        std::str::from_utf8(name).ok()
    })
}

/// The number at the beginning of `bytes`; it is taken away with the space behind
/// it.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let end = bytes.iter().position(|byte| *byte == b' ')?;
    let (number, rest) = bytes.split_at(end);
    *bytes = &rest[1..];
    std::str::from_utf8(number).ok()?.parse().ok()
}

impl Stamp {
    fn of(metadata: &Metadata) -> io::Result<Stamp> {
        Ok(Stamp {
            modified: metadata.modified()?,
            length: metadata.len(),
        })
    }
}

/// All files that may tell Cargo and rustup how to build.
fn configurations(root: &Path, circumstances: &Circumstances) -> Vec<PathBuf> {
    let exercises = root.join("exercises");
    let folders = exercises.ancestors();
    let mut files: Vec<PathBuf> = folders
        .flat_map(|folder| {
            [
                ".cargo/config",
                ".cargo/config.toml",
                "rust-toolchain",
                "rust-toolchain.toml",
            ]
            .map(|name| folder.join(name))
        })
        .collect();
    let variable = |wanted: &str| {
        let mut all = circumstances.environment.iter();
        all.find(|(name, _)| name == wanted)
            .map(|(_, value)| PathBuf::from(value))
    };
    let home = variable("CARGO_HOME").or_else(|| Some(variable("HOME")?.join(".cargo")));
    if let Some(home) = home {
        files.extend([home.join("config"), home.join("config.toml")]);
    }
    files
}

/// Swap files, backups and locks of vim, Emacs and their kin.
pub(crate) fn is_an_editors(name: &str) -> bool {
    let is_swap = name.starts_with('.')
        && name
            .rsplit_once(".sw")
            .is_some_and(|(_, end)| end.len() == 1);
    is_swap
        || name.ends_with('~')
        || name.starts_with(".#")
        || name.starts_with('#')
        || name == "4913"
}
