//! Packs a folder with the system's own `tar`, which Linux, macOS and Windows
//! have.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};

use crate::interrupt;

/// Packs the folder `name` of `place` and returns the archive, which is in
/// `place` as well.
pub(super) fn pack(place: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let archive = "packed.tar.gz";
    // Relative names: tar takes `C:\…` for a name on another machine.
    let ran = duct::cmd!("tar", "-czf", archive, name)
        .dir(place)
        .stdin_null()
        .stdout_null()
        .stderr_capture()
        .unchecked()
        // On macOS: no second file for each, with what only macOS knows.
        .env("COPYFILE_DISABLE", "1")
        .run();
    let output = ran.map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("`tar` is needed for this, and was not found"),
        _ => anyhow::Error::new(error).context("cannot start tar"),
    })?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let last = words.lines().next_back().unwrap_or("it did not say why");
        bail!("tar failed: {last}; no archive was made");
    }
    Ok(place.join(archive))
}

/// Moves the archive to where it was wanted: all of it, or nothing.
pub(super) fn put(archive: &Path, out: &Path) -> anyhow::Result<()> {
    let mut moved = Err(io::Error::other("this process is being ended"));
    interrupt::undivided(|| moved = fs::rename(archive, out).or_else(|_| copy(archive, out)));
    moved.with_context(|| format!("writing {}", out.display()))
}

/// To another disk there is no renaming.
fn copy(archive: &Path, out: &Path) -> io::Result<()> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let part = out.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let copied = fs::copy(archive, &part).and_then(|_| fs::rename(&part, out));
    if copied.is_err() {
        drop(fs::remove_file(&part));
    }
    copied
}
