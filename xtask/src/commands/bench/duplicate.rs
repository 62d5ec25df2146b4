//! Copies the course as a learner gets it: without what was built, and with the
//! starters in place of what somebody has written.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::course::Course;
use crate::exit::Usage;
use crate::starter;

/// What is nobody's source, at the root of the course.
const NOT_COPIED: [&str; 4] = ["target", ".git", "backups", "progress.txt"];

/// The folder for copies of this course. It is not below the course's own: Cargo
/// would add the settings that hold there to those of the copy.
pub(super) fn folder(course: &Course) -> anyhow::Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    course.root.hash(&mut hasher);
    let name = format!("on-the-wire-bench-{:016x}", hasher.finish());
    let folder = supervise::temporary_folder().join(name);
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// Held while somebody measures: two at once would measure each other.
pub(super) fn lock(course: &Course) -> anyhow::Result<File> {
    let path = folder(course)?.join("lock");
    let file = File::create(&path).with_context(|| format!("making {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!(Usage("somebody else measures just now".to_string()))
        }
        Err(TryLockError::Error(error)) => Err(error).context("locking the folder for copies"),
    }
}

/// Makes `to` a copy of the course. What is the same already keeps its time, so
/// that Cargo need not build it again.
pub(super) fn bring_up_to_date(course: &Course, to: &Path) -> anyhow::Result<()> {
    let mut files = BTreeMap::new();
    collect(&course.root, Path::new(""), &mut files).context("reading the course")?;
    for lesson in &course.lessons {
        let here = Path::new("exercises").join(&lesson.name);
        files.retain(|path, _| !path.starts_with(here.join("src")));
        for (path, content) in starter::required(course, lesson)? {
            files.insert(here.join(path), content);
        }
    }
    let mut old = BTreeMap::new();
    if to.is_dir() {
        collect(to, Path::new(""), &mut old).context("reading the last copy")?;
    }
    for path in old.keys().filter(|path| !files.contains_key(*path)) {
        fs::remove_file(to.join(path))?;
    }
    for (path, content) in &files {
        if old.get(path) != Some(content) {
            write(&to.join(path), content)?;
        }
    }
    Ok(())
}

/// Writes a file, and the folder that it is in.
pub(super) fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .with_context(|| format!("writing {}", path.display()))
}

/// All files below `root`, by their path from there.
fn collect(root: &Path, path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(path))? {
        let entry = entry?;
        let name = entry.file_name();
        let at_the_root = path.as_os_str().is_empty();
        if at_the_root && NOT_COPIED.iter().any(|not| name == *not) {
            continue;
        }
        let path = path.join(&name);
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(root, &path, files)?;
        } else if kind.is_file() {
            files.insert(path.clone(), fs::read(root.join(&path))?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Lesson;

    fn course(root: &Path) -> Course {
        for (path, text) in [
            ("Cargo.toml", "[workspace]"),
            ("progress.txt", "much"),
            ("target/debug/xtask", "a program"),
            ("exercises/tcp-server/README.md", "Write a server."),
            ("exercises/tcp-server/src/main.rs", "what somebody wrote"),
            ("exercises/tcp-server/src/more.rs", "and more of it"),
            ("solutions/starters/tcp-server/Cargo.toml", "[package]"),
            ("solutions/starters/tcp-server/src/main.rs", "the starter"),
        ] {
            write(&root.join(path), text.as_bytes()).expect("a file");
        }
        Course {
            root: root.to_path_buf(),
            lessons: vec![Lesson {
                name: "tcp-server".to_string(),
                title: String::new(),
                part: String::new(),
            }],
        }
    }

    #[test]
    fn a_copy_has_the_course_and_nothing_of_the_learner() {
        let folder = tempfile::tempdir().expect("a folder");
        let course = course(&folder.path().join("course"));
        let to = folder.path().join("copy");
        for old in ["crates/gone.rs", "exercises/tcp-server/src/more.rs"] {
            write(&to.join(old), b"of the last time").expect("a file");
        }
        write(&to.join("target/kept"), b"what was built").expect("a file");
        bring_up_to_date(&course, &to).expect("a copy");
        let mut files = BTreeMap::new();
        collect(&to, Path::new(""), &mut files).expect("a copy");
        let paths: Vec<_> = files.keys().map(|path| path.to_string_lossy()).collect();
        assert_eq!(
            paths,
            [
                "Cargo.toml",
                "exercises/tcp-server/Cargo.toml",
                "exercises/tcp-server/README.md",
                "exercises/tcp-server/src/main.rs",
                "solutions/starters/tcp-server/Cargo.toml",
                "solutions/starters/tcp-server/src/main.rs",
            ]
        );
        let main = &files[Path::new("exercises/tcp-server/src/main.rs")];
        assert_eq!(main, b"the starter");
        assert!(to.join("target/kept").is_file());
        let own = fs::read(course.root.join("exercises/tcp-server/src/main.rs"));
        assert_eq!(own.expect("a file"), b"what somebody wrote");
    }

    #[test]
    fn what_is_the_same_keeps_its_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let course = course(&folder.path().join("course"));
        let to = folder.path().join("copy");
        bring_up_to_date(&course, &to).expect("a copy");
        let old = std::time::SystemTime::UNIX_EPOCH;
        let file = File::options().append(true).open(to.join("Cargo.toml"));
        file.and_then(|file| file.set_modified(old))
            .expect("a time");
        bring_up_to_date(&course, &to).expect("a copy");
        let time = fs::metadata(to.join("Cargo.toml")).and_then(|it| it.modified());
        assert_eq!(time.expect("a time"), old);
    }

    #[test]
    fn two_do_not_measure_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let course = course(folder.path());
        let first = lock(&course).expect("nobody measures");
        assert!(lock(&course).expect_err("one does").is::<Usage>());
        drop(first);
        lock(&course).expect("nobody measures");
        fs::remove_dir_all(super::folder(&course).expect("a folder")).expect("it is there");
    }
}
