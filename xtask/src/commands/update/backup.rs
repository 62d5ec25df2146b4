//! Dated copies of what a learner wrote, in `backups/`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::Moment;
use crate::safely;

/// Where the backups are, below the course's root. Git ignores it.
pub(super) const FOLDER: &str = "backups";

/// One backup: a folder with a date in its name.
#[derive(Debug)]
pub(super) struct Backup {
    root: PathBuf,
    /// Its path below the course's root, with `/` on all platforms.
    name: String,
}

impl Backup {
    /// A backup that is taken now, before `occasion`. Nothing is made yet.
    pub(super) fn new(root: &Path, occasion: &str) -> Backup {
        let first = format!("{FOLDER}/{}-{occasion}", Moment::now().stamp());
        let others = (2..).map(|number| format!("{first}-{number}"));
        let mut names = std::iter::once(first.clone()).chain(others);
        let name = names.find(|name| !root.join(name).exists());
        Backup {
            root: root.to_path_buf(),
            name: name.unwrap_or(first),
        }
    }

    /// Its path below the course's root.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its folder, which has been made now.
    pub(super) fn folder(&self) -> io::Result<PathBuf> {
        let folder = self.root.join(&self.name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Copies the files with these paths below the course's root; those that
    /// there are. Either all of them are in the backup, or there is none.
    pub(super) fn copy(&self, paths: &[String]) -> io::Result<()> {
        let backups = self.root.join(FOLDER);
        let stamp = self.name.rsplit('/').next().unwrap_or_default();
        let part = backups.join(format!(".{stamp}.{}.part", std::process::id()));
        for path in paths {
            copy_file(&self.root.join(path), &part.join(path))?;
        }
        if part.exists() {
            fs::rename(&part, self.root.join(&self.name))?;
            // The name, too, has to outlive a power cut.
            safely::sync_folder(&backups);
        }
        Ok(())
    }
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_file() {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to)?;
    // The original may be gone in a moment, and so may the power.
    File::options().append(true).open(to)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_has_the_files_that_there_are() {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir(root.path().join("a")).expect("a folder");
        fs::write(root.path().join("a/b"), "text").expect("a file");
        let paths = ["a/b", "a", "gone"].map(str::to_string);
        let backup = Backup::new(root.path(), "test");
        backup.copy(&paths).expect("copies");
        let folder = root.path().join(backup.name());
        let copied = fs::read_to_string(folder.join("a/b"));
        assert_eq!(copied.expect("a copy"), "text");
        let next = Backup::new(root.path(), "test");
        assert_ne!(next.name(), backup.name());
    }

    #[test]
    fn nothing_to_copy_makes_no_folder() {
        let root = tempfile::tempdir().expect("a folder");
        let backup = Backup::new(root.path(), "test");
        backup.copy(&["gone".to_string()]).expect("copies");
        assert!(!root.path().join(FOLDER).exists());
    }
}
