//! Cargo's word that something is up to date, and whether it is true.
//!
//! Cargo goes by the times of files. A source that was put back with an old
//! time, a disk with another clock, or two courses that share a target folder
//! make it take an older program for this one, and that would be judged. So the
//! sources of everything that was built are kept beside it, and compared.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::bail;

use crate::cargo::{Artifact, Call, Finished};
use crate::memory::{head, is_an_editors};
use crate::safely;
use crate::screen::Screen;

/// Calls Cargo, and once more where it was wrong. `None`: it was cancelled.
pub(crate) fn build(
    call: &Call<'_>,
    screen: &Screen,
    cancelled: &dyn Fn() -> bool,
) -> anyhow::Result<Option<Finished>> {
    let Some(finished) = call.run(screen, cancelled)? else {
        return Ok(None);
    };
    if !finished.success {
        return Ok(Some(finished));
    }
    let made = Made::of(&finished);
    let outdated: Vec<&Made> = made.iter().filter(|made| made.is_outdated()).collect();
    if outdated.is_empty() {
        made.iter().for_each(Made::keep);
        return Ok(Some(finished));
    }
    for made in outdated {
        made.forget();
    }
    let again = call.run(screen, cancelled)?;
    let Some(finished) = again.as_ref().filter(|finished| finished.success) else {
        return Ok(again);
    };
    let made = Made::of(finished);
    if let Some(made) = made.iter().find(|made| made.is_outdated()) {
        bail!(
            "Cargo takes an older build for that of {}; `cargo clean` mends it",
            made.package()
        );
    }
    made.iter().for_each(Made::keep);
    Ok(again)
}

/// Something that Cargo has made or found, and its sources.
struct Made {
    artifact: Artifact,
    sources: Sources,
    /// The sources of the last build, behind the name of the package's folder.
    last: Vec<u8>,
    /// Where they are kept.
    kept: PathBuf,
}

/// The manifest of a package, and all that is beside and below a crate root.
#[derive(Default)]
struct Sources {
    content: Vec<u8>,
    /// When the last of them came into its place, where that is known. A time
    /// that is given to a file does not change this one.
    placed: Option<SystemTime>,
}

impl Made {
    /// Everything of this machine among what was made. What cannot be read, or
    /// be kept beside a program, is left to Cargo.
    fn of(finished: &Finished) -> Vec<Made> {
        let folders = finished
            .executables
            .iter()
            .filter_map(|made| made.path.parent());
        // The shortest is the one with the programs; tests are below it.
        let folder = folders.min_by_key(|folder| folder.as_os_str().len());
        let Some(folder) = folder.map(|folder| folder.join("on-the-wire")) else {
            return Vec::new();
        };
        let artifacts = finished.local.artifacts.iter();
        artifacts
            .filter_map(|artifact| Made::of_artifact(artifact, &folder))
            .collect()
    }

    fn of_artifact(artifact: &Artifact, folder: &Path) -> Option<Made> {
        let package = artifact.manifest.parent()?;
        let mut sources = Sources::default();
        let metadata = fs::metadata(&artifact.manifest).ok()?;
        sources
            .add_file(&artifact.manifest, package, &metadata)
            .ok()?;
        // What a program and its tests are made of is not in the same folder.
        let beside = artifact.source.parent()?;
        sources.add_folder(beside, beside).ok()?;
        let kept = folder.join(name(artifact, package));
        Some(Made {
            artifact: artifact.clone(),
            sources,
            last: fs::read(&kept).unwrap_or_default(),
            kept,
        })
    }

    /// Whether Cargo takes what was made of other sources for this.
    fn is_outdated(&self) -> bool {
        if !self.artifact.fresh {
            return false;
        }
        let (package, content) = split(&self.last);
        if content == self.sources.content {
            return false;
        }
        // Somebody else may have built it since, for instance with `cargo run`:
        // then it is newer than what it was made of.
        let is_elsewhere = !package.is_empty() && package != self.package().as_bytes();
        let built = fs::metadata(&self.artifact.file).and_then(|file| file.modified());
        match (built.ok(), self.sources.placed) {
            (Some(built), Some(placed)) => is_elsewhere || placed > built,
            _ => true,
        }
    }

    /// Takes away what Cargo knows of the package, so that it is built. To give
    /// its sources a new time would mostly do, were they not a learner's.
    fn forget(&self) {
        let Some(profile) = self.kept.parent().and_then(Path::parent) else {
            return;
        };
        let name = package_name(&self.artifact.package);
        let known = fs::read_dir(profile.join(".fingerprint"));
        for entry in known.into_iter().flatten().flatten() {
            let file = entry.file_name();
            let hash = file.to_str().and_then(|file| file.strip_prefix(name));
            let hash = hash.and_then(|rest| rest.strip_prefix('-'));
            if hash.is_some_and(|hash| hash.bytes().all(|byte| byte.is_ascii_hexdigit())) {
                // What stays there is found to be outdated once more, and told.
                drop(fs::remove_dir_all(entry.path()));
            }
        }
    }

    /// That it cannot be kept costs a second build at worst.
    fn keep(&self) {
        let new = [self.package().as_bytes(), b"\n", &self.sources.content].concat();
        if self.last != new {
            drop(safely::write(&self.kept, &new));
        }
    }

    fn package(&self) -> String {
        let package = self.artifact.manifest.parent().unwrap_or(Path::new(""));
        package.to_string_lossy().into_owned()
    }
}

/// The name in Cargo's identifier of a package: `path+file:///c/a#0.1.0`, or
/// `path+file:///c/a#name@0.1.0` where the folder has another name.
fn package_name(id: &str) -> &str {
    let (path, version) = id.split_once('#').unwrap_or((id, ""));
    match version.split_once('@') {
        Some((name, _)) => name,
        None => path.rsplit('/').next().unwrap_or(path),
    }
}

fn split(kept: &[u8]) -> (&[u8], &[u8]) {
    let end = kept.iter().position(|byte| *byte == b'\n');
    end.map_or((b"", b""), |end| (&kept[..end], &kept[end + 1..]))
}

/// The same wherever the course is, as Cargo's own names are.
fn name(artifact: &Artifact, package: &Path) -> String {
    let last = |path: Option<&Path>| {
        let name = path.and_then(Path::file_name).unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let (parent, package) = (last(package.parent()), last(Some(package)));
    let root = last(Some(&artifact.source));
    format!("{parent}-{package}-{}-{root}", artifact.target)
}

impl Sources {
    /// Adds the files below `folder` by their names below `base`. What was built
    /// there is none of them.
    fn add_folder(&mut self, folder: &Path, base: &Path) -> io::Result<()> {
        let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
        paths.sort();
        for path in paths {
            let metadata = fs::metadata(&path)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if metadata.is_dir() && name != "target" {
                self.add_folder(&path, base)?;
            } else if metadata.is_file() && is_a_source(&name) {
                self.add_file(&path, base, &metadata)?;
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path, base: &Path, metadata: &fs::Metadata) -> io::Result<()> {
        let name = path.strip_prefix(base).unwrap_or(path).to_string_lossy();
        let bytes = fs::read(path)?;
        self.content.extend(head(&name, bytes.len()).bytes());
        self.content.extend(bytes);
        self.placed = self.placed.max(placed(metadata));
        Ok(())
    }
}

/// Texts for people go into no program, nor does what an editor keeps for itself.
fn is_a_source(name: &str) -> bool {
    !name.ends_with(".md") && !name.ends_with(".snap") && !is_an_editors(name)
}

/// When a file was last changed in any way, its time included.
#[cfg(unix)]
fn placed(metadata: &fs::Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt as _;

    let seconds = u64::try_from(metadata.ctime()).ok()?;
    let nanoseconds = u32::try_from(metadata.ctime_nsec()).ok()?;
    Some(SystemTime::UNIX_EPOCH + std::time::Duration::new(seconds, nanoseconds))
}

#[cfg(not(unix))]
fn placed(_metadata: &fs::Metadata) -> Option<SystemTime> {
    None
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "path+file:///c/exercises/tcp-server#tcp-server-exercise@0.1.0",
        "tcp-server-exercise"
    )]
    #[case("path+file:///c/xtask/probe#0.1.0", "probe")]
    fn a_package_has_a_name(#[case] id: &str, #[case] name: &str) {
        assert_eq!(package_name(id), name);
    }
}
