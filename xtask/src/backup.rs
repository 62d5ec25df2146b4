//! Dated copies of what a learner wrote, in `backups/`. A copy is whole and on
//! the disk before it gets its name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::Moment;
use crate::safely;

/// Where the backups are, below the course's root. Git ignores it.
pub(crate) const FOLDER: &str = "backups";

/// One backup: a folder with a date in its name.
#[derive(Debug)]
pub(crate) struct Backup {
    root: PathBuf,
    /// The name without what tells it from another of the same second.
    stamp: String,
    /// Its folder's name in `backups/`.
    name: String,
}

impl Backup {
    /// The backup that is taken `now` of, or because of, `subject`. Nothing is made
    /// yet.
    pub(crate) fn new(root: &Path, subject: &str, now: Moment) -> Backup {
        let stamp = format!("{}-{subject}", now.stamp());
        let mut backup = Backup {
            root: root.to_path_buf(),
            name: stamp.clone(),
            stamp,
        };
        backup.take_a_free_name();
        backup
    }

    /// Its path below the course's root, with `/` on all platforms.
    pub(crate) fn name(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }

    /// Its folder, which may not be there yet.
    pub(crate) fn path(&self) -> PathBuf {
        self.root.join(FOLDER).join(&self.name)
    }

    /// Its folder, which is there now.
    pub(crate) fn folder(&self) -> io::Result<PathBuf> {
        let folder = self.path();
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Puts in it what `fill` writes. Where that is nothing, there is no folder.
    ///
    /// # Errors
    ///
    /// Whatever `fill` and the file system say. Then there is no backup, and no half
    /// of one.
    pub(crate) fn fill(&mut self, fill: impl FnOnce(&Part) -> io::Result<()>) -> io::Result<()> {
        let part = format!(".{}.{}.part", self.stamp, std::process::id());
        let part = Part(self.root.join(FOLDER).join(part));
        let done = fill(&part).and_then(|()| self.take_in(&part));
        if done.is_err() {
            drop(fs::remove_dir_all(&part.0));
        }
        done
    }

    fn take_in(&mut self, part: &Part) -> io::Result<()> {
        if !part.0.exists() {
            return Ok(());
        }
        sync_folders(&part.0)?;
        while let Err(error) = fs::rename(&part.0, self.path()) {
            // Somebody else may have been as quick: a folder cannot take the place of
            // one that is not empty.
            if !self.path().exists() {
                return Err(error);
            }
            self.take_a_free_name();
        }
        // The name, too, has to outlive a power cut.
        safely::sync_folder(&self.root.join(FOLDER));
        safely::sync_folder(&self.root);
        Ok(())
    }

    fn take_a_free_name(&mut self) {
        let mut number = 1;
        while self.path().exists() {
            number += 1;
            self.name = format!("{}-{number}", self.stamp);
        }
    }
}

/// A backup that is being made.
#[derive(Debug)]
pub(crate) struct Part(PathBuf);

impl Part {
    /// Writes a file with this path in it.
    pub(crate) fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        safely::whole(&self.place(path)?, content)
    }

    /// Copies the file `from`, with what may be done with it, to this path in it.
    pub(crate) fn copy(&self, path: &Path, from: &Path) -> io::Result<()> {
        let place = self.place(path)?;
        let mut copy = File::create(&place)?;
        io::copy(&mut File::open(from)?, &mut copy)?;
        // The original may be gone in a moment, and so may the power. A copy that
        // nobody may write to could not be opened for that any more.
        copy.sync_all()?;
        fs::set_permissions(&place, fs::metadata(from)?.permissions())
    }

    fn place(&self, path: &Path) -> io::Result<PathBuf> {
        let place = self.0.join(path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(place)
    }
}

fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    safely::sync_folder(folder);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_one_second_have_two_names() {
        let root = tempfile::tempdir().expect("a folder");
        let now = Moment::now();
        let take = |mut backup: Backup| {
            let filled = backup.fill(|part| part.write(Path::new("a/b"), b"text"));
            filled.expect("written");
            let copied = fs::read_to_string(backup.path().join("a/b"));
            assert_eq!(copied.expect("a copy"), "text");
            backup.name()
        };
        // The last has chosen its name before the one before it took it.
        let first = take(Backup::new(root.path(), "test", now));
        let third = Backup::new(root.path(), "test", now);
        let second = take(Backup::new(root.path(), "test", now));
        assert_eq!(second, format!("{first}-2"));
        assert_eq!(take(third), format!("{first}-3"));
    }

    #[test]
    fn nothing_to_keep_makes_no_folder() {
        let root = tempfile::tempdir().expect("a folder");
        let mut backup = Backup::new(root.path(), "test", Moment::now());
        backup.fill(|_| Ok(())).expect("nothing to do");
        assert!(!root.path().join(FOLDER).exists());
    }

    #[test]
    fn half_a_backup_does_not_stay() {
        let root = tempfile::tempdir().expect("a folder");
        let mut backup = Backup::new(root.path(), "test", Moment::now());
        let filled = backup.fill(|part| {
            part.write(Path::new("a"), b"text")?;
            part.copy(Path::new("b"), &root.path().join("gone"))
        });
        filled.expect_err("there is no such file");
        let left = fs::read_dir(root.path().join(FOLDER)).expect("a folder");
        assert_eq!(left.count(), 0);
    }

    #[test]
    fn what_nobody_may_write_to_is_copied_as_such() {
        let root = tempfile::tempdir().expect("a folder");
        let original = root.path().join("original");
        fs::write(&original, "text").expect("a file");
        let mut read_only = fs::metadata(&original).expect("a file").permissions();
        read_only.set_readonly(true);
        fs::set_permissions(&original, read_only).expect("changed");
        let mut backup = Backup::new(root.path(), "test", Moment::now());
        backup
            .fill(|part| part.copy(Path::new("copy"), &original))
            .expect("copied");
        let copy = fs::metadata(backup.path().join("copy")).expect("a copy");
        assert!(copy.permissions().readonly());
    }
}
