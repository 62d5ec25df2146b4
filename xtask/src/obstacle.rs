//! What Cargo and the compiler would miss, or wait for without an end, among the
//! files of a lesson: found before they are called, and told in words that their
//! own lack. A pipe in the place of a file holds up whoever opens it, until
//! somebody writes into it.

use std::fmt;
use std::fs::{self, FileType};
use std::path::Path;

use crate::course::{Course, Lesson, WORKSPACE};

/// A file that there has to be, and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// Its path below the course's root.
    file: String,
    /// What is wrong with it: `is missing`.
    why: &'static str,
    /// What mends it: a sentence.
    cure: String,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Obstacle { file, why, cure } = self;
        write!(f, "{file} {why}. {cure}")
    }
}

/// The first obstacle to a build of `lesson`.
pub(crate) fn find(course: &Course, lesson: &Lesson) -> Option<Obstacle> {
    let folder = format!("exercises/{}", lesson.name);
    let [manifest, main, checks] =
        ["Cargo.toml", "src/main.rs", "tests/checks.rs"].map(|file| format!("{folder}/{file}"));
    let workspace = WORKSPACE.to_string();
    let needed = [&folder, &workspace, &manifest, &main, &checks];
    if let Some(file) = needed.into_iter().find(|file| is_missing(course, file)) {
        return Some(Obstacle {
            file: file.clone(),
            why: MISSING,
            cure: format!("`git restore {file}` brings it back."),
        });
    }
    let is_folder = |file: &String| course.root.join(file).is_dir();
    let odd = [workspace, main, checks].into_iter().find(is_folder);
    let odd = odd.or_else(|| {
        let mut folders = ["src", "tests"]
            .map(|name| format!("{folder}/{name}"))
            .into_iter();
        folders.find_map(|folder| endless_source(course, &folder))
    });
    // Cargo reads the manifests of all exercises, whichever it is to build.
    let odd = odd.or_else(|| {
        let lessons = course.lessons.iter();
        let manifests = lessons.map(|lesson| format!("exercises/{}/Cargo.toml", lesson.name));
        let mut manifests = std::iter::once(WORKSPACE.to_string()).chain(manifests);
        manifests.find(|file| is_endless(&course.root.join(file)))
    });
    odd.and_then(|file| {
        Some(Obstacle {
            why: no_file(&course.root.join(&file))?,
            cure: cure(&file),
            file,
        })
    })
}

const MISSING: &str = "is missing";

fn is_missing(course: &Course, file: &str) -> bool {
    !course.root.join(file).exists()
}

/// What is wrong with the file at `path`, where it is none: `is a folder, not a
/// file`.
pub(crate) fn no_file(path: &Path) -> Option<&'static str> {
    match fs::metadata(path) {
        Ok(found) => kind(found.file_type()),
        Err(_) if path.is_symlink() => Some("is a link that leads to no file"),
        Err(_) => Some(MISSING),
    }
}

fn kind(kind: FileType) -> Option<&'static str> {
    if kind.is_file() {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;

        if kind.is_fifo() {
            return Some("is a named pipe, not a file");
        } else if kind.is_socket() {
            return Some("is a socket, not a file");
        } else if kind.is_char_device() || kind.is_block_device() {
            return Some("is a device, not a file");
        }
    }
    Some(match kind.is_dir() {
        true => "is a folder, not a file",
        false => "is no file",
    })
}

/// Whether there is something that is neither file nor folder.
fn is_endless(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The first thing below `folder` that the compiler would take for a source, and
/// that it could not read to its end.
fn endless_source(course: &Course, folder: &str) -> Option<String> {
    let entries = fs::read_dir(course.root.join(folder)).into_iter().flatten();
    entries.flatten().find_map(|entry| {
        let name = entry.file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        // Links to folders are not followed: they may lead in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            return endless_source(course, &path);
        }
        let is_source = path.ends_with(".rs") && !name.to_string_lossy().starts_with('.');
        (is_source && is_endless(&entry.path())).then_some(path)
    })
}

/// What puts a file in the place of what is at the path `file`.
fn cure(file: &str) -> String {
    let mut parts = file.split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some(lesson), Some("src" | "Cargo.toml")) => format!(
            "`cargo xtask reset {lesson}` moves it to backups/, and puts the starter in its place."
        ),
        _ => format!("Move it away, and `git restore {file}` brings the file back."),
    }
}
