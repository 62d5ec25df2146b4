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
    replace(path, |new| whole(new, content))
}

/// The same for what can be found out again: nobody waits for the disk.
pub(crate) fn write_lightly(path: &Path, content: &[u8]) -> io::Result<()> {
    replace(path, |new| fs::write(new, content))
}

fn replace(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = beside(path);
    let mut written = Err(io::Error::other("this process is being ended"));
    interrupt::undivided(|| {
        written = write(&new).and_then(|()| fs::rename(&new, path));
        if written.is_err() {
            drop(fs::remove_file(&new));
        }
    });
    written
}

/// Removes what was left beside `path` by one of us who was killed in the
/// middle of writing it.
pub(crate) fn remove_leftovers(path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let start = format!(".{name}.");
    let entries = path.parent().map(fs::read_dir).into_iter().flatten();
    for entry in entries.flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let number = name
            .strip_prefix(&start)
            .and_then(|end| end.strip_suffix(".new"));
        if number.is_some_and(|number| number.parse::<u32>().is_ok()) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Has the names in a folder written to the disk, where the platform can.
pub(crate) fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(path) {
        drop(folder.sync_all());
    }
}

/// Writes a file that nobody knows yet: when this returns it is on the disk, and
/// not only on its way there. A rename must not overtake it.
pub(crate) fn whole(path: &Path, content: &[u8]) -> io::Result<()> {
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
    fn only_our_own_leftovers_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = [
            ".a.rs.12.new",
            ".a.rs.swp",
            "a.rs",
            ".b.rs.12.new",
            "a.rs.12.new",
        ];
        for name in names {
            fs::write(folder.path().join(name), "").expect("written");
        }
        remove_leftovers(&folder.path().join("a.rs"));
        let left = names.map(|name| folder.path().join(name).exists());
        assert_eq!(left, [false, true, true, true, true]);
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
