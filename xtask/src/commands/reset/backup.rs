//! A dated copy of what a learner wrote. It is whole and on the disk before it
//! gets its name.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::found::Found;
use crate::clock::Moment;
use crate::safely;

/// Where the backups are, below the course's root. Git ignores it.
const FOLDER: &str = "backups";

/// A backup that is there.
#[derive(Debug)]
pub(super) struct Backup {
    /// Its path below the course's root, with `/` on all platforms.
    pub(super) name: String,
    pub(super) folder: PathBuf,
}

/// Copies all files of `found`.
///
/// # Errors
///
/// Whatever the file system says. Then there is no backup, and no half of one.
pub(super) fn keep(root: &Path, lesson: &str, found: &Found, now: Moment) -> io::Result<Backup> {
    let backups = root.join(FOLDER);
    fs::create_dir_all(&backups)?;
    let stamp = format!("{}-{lesson}", now.stamp());
    let part = backups.join(format!(".{stamp}.{}.part", std::process::id()));
    let named = write(&part, found).and_then(|()| name(&part, &backups, &stamp));
    if named.is_err() {
        drop(fs::remove_dir_all(&part));
    }
    let name = named?;
    // The name, too, has to outlive a power cut.
    safely::sync_folder(&backups);
    safely::sync_folder(root);
    Ok(Backup {
        folder: backups.join(&name),
        name: format!("{FOLDER}/{name}"),
    })
}

fn write(part: &Path, found: &Found) -> io::Result<()> {
    fs::create_dir(part)?;
    for (path, content) in &found.files {
        let path = part.join(path);
        let folder = path.parent().unwrap_or(part);
        fs::create_dir_all(folder)?;
        let mut file = File::create_new(&path)?;
        file.write_all(content)?;
        file.sync_all()?;
        let folders = folder
            .ancestors()
            .take_while(|folder| folder.starts_with(part));
        folders.for_each(safely::sync_folder);
    }
    Ok(())
}

/// Gives it the first name that is free; somebody else may have been as quick.
fn name(part: &Path, backups: &Path, stamp: &str) -> io::Result<String> {
    for number in 1..1000 {
        let name = match number {
            1 => stamp.to_string(),
            _ => format!("{stamp}-{number}"),
        };
        // A folder cannot take the place of one that is not empty.
        if !backups.join(&name).exists() && fs::rename(part, backups.join(&name)).is_ok() {
            return Ok(name);
        }
    }
    fs::rename(part, backups.join(stamp))?;
    Ok(stamp.to_string())
}
