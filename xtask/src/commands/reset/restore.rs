//! Puts a starter back. Nothing is touched that is not in the backup.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::found::Found;
use crate::backup::Backup;
use crate::safely;
use crate::starter::{self, Files};

/// Makes the exercise in `folder`, where `found` was found, its `starter` again.
/// There is no `backup` where there was nothing to keep.
pub(super) fn restore(
    folder: &Path,
    starter: &Files,
    found: &Found,
    backup: Option<&Backup>,
) -> anyhow::Result<()> {
    for path in &found.others {
        let Some(backup) = backup else {
            bail!("{} is in the way", folder.join(path).display());
        };
        let place = folder.join(path);
        put_aside(&place, &backup.path().join(path))
            .with_context(|| format!("moving {} to {}", place.display(), backup.name()))?;
    }
    let changed = starter::differences(starter, &found.files);
    let is_extra = |path: &&&Path| !starter.contains_key(**path);
    for path in changed.iter().filter(is_extra) {
        let place = folder.join(path);
        is_as_found(&place, found.files.get(*path))?;
        fs::remove_file(&place).with_context(|| format!("removing {}", place.display()))?;
        remove_empty_folders(&place, folder);
    }
    for path in changed {
        let Some(content) = starter.get(path) else {
            continue;
        };
        let place = folder.join(path);
        is_as_found(&place, found.files.get(path))?;
        safely::remove_leftovers(&place);
        safely::write(&place, content)
            .with_context(|| format!("putting {} back", place.display()))?;
    }
    Ok(())
}

/// An editor may have saved since the backup was made.
fn is_as_found(place: &Path, content: Option<&Vec<u8>>) -> anyhow::Result<()> {
    let now = match fs::read(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        now => Some(now.with_context(|| format!("reading {}", place.display()))?),
    };
    if now.as_ref() != content {
        bail!(
            "{} has changed just now and was left as it is: try again",
            place.display()
        );
    }
    Ok(())
}

fn put_aside(place: &Path, aside: &Path) -> io::Result<()> {
    if let Some(folder) = aside.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(place, aside)
}

/// Removes the folders that have become empty, up to `folder`.
fn remove_empty_folders(place: &Path, folder: &Path) {
    let emptied = place.ancestors().skip(1);
    for ancestor in emptied.take_while(|ancestor| *ancestor != folder) {
        if fs::remove_dir(ancestor).is_err() {
            break;
        }
    }
}
