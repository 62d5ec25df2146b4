//! One lesson, taken out of a copy of the course that was handed in.
//!
//! Cargo loads a workspace whole: one broken manifest among a student's other
//! lessons, or a folder that was not handed in, and nothing builds. So the lesson
//! is put into a workspace of its own, in which all else is ours. It also keeps
//! Cargo from writing to what was handed in.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::course::{Course, LIBRARIES, Lesson};
use crate::starter::Files;

/// What the manifest of the exercises names besides the lessons.
const SHIM: &str = "xtask/shim";

/// More than any program of the course has; a link may lead anywhere.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
const MOST_FILES: usize = 2_000;
const DEEPEST: usize = 16;

/// A course that has the `lesson` of `work` and nothing else of it but the
/// manifest and the lock file of its exercises. It stays for the next time: a file
/// that is the same is not written again, and Cargo builds nothing for it.
///
/// # Errors
///
/// Where a file cannot be read or written, or the lesson is no program's size.
pub(crate) fn lesson(work: &Course, ours: &Course, lesson: &Lesson) -> anyhow::Result<Course> {
    let mut files = Files::new();
    for name in LIBRARIES.iter().chain(&[SHIM]) {
        add_folder(&ours.root, Path::new(name), &mut files)?;
    }
    let name = Path::new("exercises").join(&lesson.name);
    add_folder(&work.root, &name, &mut files)?;
    files.retain(|path, _| !path.starts_with(name.join("tests")));
    // Cargo wants each target that a manifest names, whether it builds it or not.
    add_folder(&ours.root, &name.join("tests"), &mut files)?;
    for (course, file) in [
        (ours, "Cargo.toml"),
        (ours, "exercises/Cargo.lock"),
        (work, "exercises/Cargo.toml"),
        (work, "exercises/Cargo.lock"),
    ] {
        // The later one counts, if there is one.
        let path = course.root.join(file);
        if path.is_file() {
            files.insert(file.into(), read(&path)?);
        }
    }
    let root = ours.cache().join("handed-in");
    make(&root, &files)?;
    Ok(Course {
        root,
        lessons: work.lessons.clone(),
    })
}

/// Adds the files of the folder `name` below `root`, but not what tools and
/// editors leave in it. Links are followed: a program may be put together of them.
fn add_folder(root: &Path, name: &Path, files: &mut Files) -> anyhow::Result<()> {
    let mut bytes = 0;
    let mut folders = vec![name.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(root.join(&folder)) {
            Ok(entries) => entries,
            // What is missing is told by who needs it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| reading(&root.join(&folder))),
        };
        for entry in entries {
            let entry = entry.with_context(|| reading(&root.join(&folder)))?;
            let name_of_entry = entry.file_name();
            if name_of_entry.to_string_lossy().starts_with('.') || name_of_entry == "target" {
                continue;
            }
            let path = folder.join(&name_of_entry);
            // A link to nowhere is no file.
            let Ok(found) = fs::metadata(entry.path()) else {
                continue;
            };
            if found.is_dir() {
                folders.push(path);
            } else if found.is_file() {
                bytes += found.len();
                // Looked at before it is read, and before it is too late.
                if bytes <= MOST_BYTES {
                    files.insert(path, read(&entry.path())?);
                }
            }
            let depth = folders.last().map_or(0, |path| path.components().count());
            if bytes > MOST_BYTES || files.len() > MOST_FILES || depth > DEEPEST {
                bail!(
                    "{} has more in it than a program of the course (at most {} MiB, {MOST_FILES} \
                     files, {DEEPEST} folders deep): remove what does not belong there",
                    root.join(name).display(),
                    MOST_BYTES / 1024 / 1024,
                );
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| reading(path))
}

fn reading(path: &Path) -> String {
    format!("reading {}", path.display())
}

/// Has the folder `root` hold these files and no others.
fn make(root: &Path, files: &Files) -> anyhow::Result<()> {
    remove_others(root, Path::new(""), files)?;
    for (name, content) in files {
        let path = root.join(name);
        if fs::read(&path).is_ok_and(|known| known == *content) {
            continue;
        }
        let folder = path.parent().unwrap_or(root);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, content));
        written.with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn remove_others(root: &Path, below: &Path, files: &Files) -> anyhow::Result<()> {
    let folder = root.join(below);
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let name = below.join(entry.file_name());
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let wanted = files.keys().any(|file| file.starts_with(&name));
        let removed = match (is_folder, wanted) {
            (true, true) if !files.contains_key(&name) => {
                remove_others(root, &name, files)?;
                Ok(())
            }
            (true, _) => fs::remove_dir_all(&path),
            (false, _) if files.contains_key(&name) => Ok(()),
            (false, _) => fs::remove_file(&path),
        };
        removed.with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn course(root: &Path) -> Course {
        let lesson = |name: &str| Lesson {
            name: name.to_string(),
            title: String::new(),
            part: String::new(),
        };
        Course {
            root: root.to_path_buf(),
            lessons: vec![lesson("alpha"), lesson("beta")],
        }
    }

    fn found(root: &Path) -> Vec<(String, String)> {
        let mut files = Files::new();
        add_folder(root, Path::new(""), &mut files).expect("files");
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        files
            .iter()
            .map(|(path, bytes)| (path.to_string_lossy().into_owned(), shown(bytes)))
            .collect()
    }

    #[test]
    fn of_what_was_handed_in_there_is_one_lesson_and_the_manifest() {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let [ours, work] = folders.each_ref().map(|folder| course(folder.path()));
        for file in [
            "Cargo.toml",
            "xtask/shim/Cargo.toml",
            "xtask/live/Cargo.toml",
        ] {
            write(&ours.root, file, "ours");
        }
        write(&ours.root, "exercises/Cargo.lock", "ours");
        for lesson in ["alpha", "beta"] {
            write(
                &ours.root,
                &format!("exercises/{lesson}/tests/checks.rs"),
                "ours",
            );
            write(
                &ours.root,
                &format!("exercises/{lesson}/src/main.rs"),
                "ours",
            );
            for file in ["src/main.rs", "tests/mine.rs", "target/debug/x", ".swp"] {
                write(&work.root, &format!("exercises/{lesson}/{file}"), lesson);
            }
        }
        write(&work.root, "exercises/Cargo.toml", "theirs");
        write(&work.root, "xtask/shim/Cargo.toml", "theirs");

        let alpha = lesson(&work, &ours, &work.lessons[0]).expect("a course");
        let beta = lesson(&work, &ours, &work.lessons[1]).expect("a course");
        assert_eq!(alpha.root, beta.root);
        let expected = [
            ("Cargo.toml", "ours"),
            ("exercises/Cargo.lock", "ours"),
            ("exercises/Cargo.toml", "theirs"),
            ("exercises/beta/src/main.rs", "beta"),
            ("exercises/beta/tests/checks.rs", "ours"),
            ("xtask/shim/Cargo.toml", "ours"),
        ];
        let expected = expected.map(|(path, text)| (path.to_string(), text.to_string()));
        assert_eq!(found(&beta.root), expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_without_an_end_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        write(root, "alpha/main.rs", "");
        std::os::unix::fs::symlink(root.join("alpha"), root.join("alpha/again")).expect("a link");
        let refused = add_folder(root, Path::new("alpha"), &mut Files::new());
        let told = refused.expect_err("a refusal").to_string();
        assert!(told.contains("more in it than a program"), "{told}");
    }
}
