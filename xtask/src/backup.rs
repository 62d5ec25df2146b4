//! Dated copies of what a learner wrote, in `backups/`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the backups are, below the course's root. Git ignores it.
pub(crate) const FOLDER: &str = "backups";

/// One backup: a folder with a date in its name.
#[derive(Debug)]
pub(crate) struct Backup {
    root: PathBuf,
    /// Its path below the course's root, with `/` on all platforms.
    name: String,
}

impl Backup {
    /// A backup that is taken now, before `occasion`. Nothing is made yet.
    pub(crate) fn new(root: &Path, occasion: &str) -> Backup {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |since| since.as_secs());
        let first = format!("{FOLDER}/{}-{occasion}", stamp(seconds));
        let others = (2..).map(|number| format!("{first}-{number}"));
        let mut names = std::iter::once(first.clone()).chain(others);
        let name = names.find(|name| !root.join(name).exists());
        Backup {
            root: root.to_path_buf(),
            name: name.unwrap_or(first),
        }
    }

    /// Its path below the course's root.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its folder, which has been made now.
    pub(crate) fn folder(&self) -> io::Result<PathBuf> {
        let folder = self.root.join(&self.name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Copies the files with these paths below the course's root; those that
    /// there are. Either all of them are in the backup, or there is none.
    pub(crate) fn copy(&self, paths: &[String]) -> io::Result<()> {
        let part = self.root.join(format!("{}.part", self.name));
        for path in paths {
            copy_file(&self.root.join(path), &part.join(path))?;
        }
        match part.exists() {
            true => fs::rename(&part, self.root.join(&self.name)),
            false => Ok(()),
        }
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

/// A moment as a name that sorts by time: `2026-11-26-013648`, in UTC, since
/// the standard library knows no other time.
fn stamp(seconds: u64) -> String {
    let (year, month, day) = date(seconds / 86_400);
    let second = seconds % 86_400;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{day:02}-{hour:02}{minute:02}{second:02}")
}

/// The date that is this many days after the first of January 1970.
fn date(mut days: u64) -> (u64, u64, u64) {
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "1970-01-01-000000")]
    #[case(951_825_599, "2000-02-29-115959")]
    #[case(1_735_689_599, "2024-12-31-235959")]
    #[case(1_795_657_008, "2026-11-26-013648")]
    #[case(4_107_542_400, "2100-03-01-000000")]
    fn a_moment_has_a_date(#[case] seconds: u64, #[case] name: &str) {
        assert_eq!(stamp(seconds), name);
    }

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
