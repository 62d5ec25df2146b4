//! Writes files so that a crash, a full disk or a signal in the middle leaves
//! either the old content or the new one, never a half.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::interrupt;

/// Puts `content` into the file at `path`; its folder is made if it is missing.
///
/// # Errors
///
/// Whatever the file system says. What was there before is then still there.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = beside(path);
    let mut written = Err(io::Error::other("this process is being ended"));
    interrupt::undivided(|| {
        written = whole(&new, content).and_then(|()| fs::rename(&new, path));
        if written.is_err() {
            drop(fs::remove_file(&new));
        }
    });
    written
}

/// Has the names in a folder written to the disk, where the platform can.
pub(crate) fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(path) {
        drop(folder.sync_all());
    }
}

/// On the disk, not only on its way there: a rename must not overtake it.
fn whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A name in the same folder, so that renaming is one step, and with our
/// number in it, so that two of us do not write the same file.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/progress.txt");
        write(&path, b"old").expect("written");
        write(&path, b"new").expect("written");
        assert_eq!(fs::read(&path).expect("a file"), b"new");
        let files = fs::read_dir(folder.path().join("deep")).expect("a folder");
        assert_eq!(files.count(), 1);
    }

    #[test]
    fn what_cannot_be_written_leaves_the_old() {
        let folder = tempfile::tempdir().expect("a folder");
        // A folder in its place cannot be replaced by a file.
        fs::create_dir_all(folder.path().join("taken/inside")).expect("a folder");
        write(&folder.path().join("taken"), b"new").expect_err("a folder is there");
        assert!(folder.path().join("taken/inside").is_dir());
        let files = fs::read_dir(folder.path()).expect("a folder");
        assert_eq!(files.count(), 1);
    }
}
