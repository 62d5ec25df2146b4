//! The crates beside the course, in a folder that was unpacked from an archive
//! for a day without a network: a new version may need more of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::folder;

/// The folder of crates that Cargo uses for the course at `root`, if it uses one.
fn of_course(root: &Path) -> Option<PathBuf> {
    let top = root.parent()?;
    let vendor = top.join("vendor");
    (vendor.is_dir() && top.join(".cargo/config.toml").is_file()).then_some(vendor)
}

/// Takes over the crates that the course at `from` has and this one lacks.
pub(super) fn bring(root: &Path, from: &Path) -> anyhow::Result<()> {
    let (Some(vendor), Some(others)) = (of_course(root), of_course(from)) else {
        return Ok(());
    };
    // Cargo takes a folder with a dot for no crate.
    let incoming = vendor.join(format!(".incoming-{}", std::process::id()));
    let entries = fs::read_dir(&others).with_context(|| format!("reading {}", others.display()))?;
    for entry in entries {
        let name = entry?.file_name();
        let place = vendor.join(&name);
        let is_litter = name.to_string_lossy().starts_with('.');
        if is_litter || place.exists() {
            continue;
        }
        folder::copy(&others.join(&name), &incoming, &[])
            .and_then(|()| fs::rename(&incoming, &place))
            .with_context(|| format!("copying {}", place.display()))?;
    }
    Ok(())
}

/// The crates of the lock file that Cargo will not find.
pub(super) fn missing(root: &Path) -> Vec<String> {
    let Some(vendor) = of_course(root) else {
        return Vec::new();
    };
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
    let mut crates = locked(&lock);
    crates.retain(|name| !vendor.join(name).is_dir());
    crates
}

/// The names of all crates of a lock file that are not the course's own, as
/// their folders are called: `libc-0.2.191`.
fn locked(lock: &str) -> Vec<String> {
    let packages = lock.split("[[package]]").skip(1);
    let foreign = packages.filter(|package| package.contains("\nsource = "));
    foreign
        .filter_map(|package| {
            Some(format!(
                "{}-{}",
                value(package, "name")?,
                value(package, "version")?
            ))
        })
        .collect()
}

fn value<'a>(package: &'a str, key: &str) -> Option<&'a str> {
    let start = format!("{key} = \"");
    let line = package
        .lines()
        .find_map(|line| line.strip_prefix(start.as_str()))?;
    line.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
version = 4

[[package]]
name = \"anyhow\"
version = \"1.0.1\"
source = \"registry+x\"

[[package]]
name = \"book-fences\"
version = \"0.1.0\"

[[package]]
name = \"zmij\"
version = \"1.0.23\"
source = \"registry+x\"
";

    /// An unpacked archive with these crates.
    fn unpacked(folder: &Path, crates: &[&str]) -> PathBuf {
        let course = folder.join("course");
        for path in ["course", ".cargo"] {
            fs::create_dir_all(folder.join(path)).expect("a folder");
        }
        fs::write(folder.join(".cargo/config.toml"), "").expect("a file");
        fs::write(course.join("Cargo.lock"), LOCK).expect("a file");
        for name in crates {
            let source = folder.join("vendor").join(name).join("src");
            fs::create_dir_all(&source).expect("a folder");
            fs::write(source.join("lib.rs"), *name).expect("a file");
        }
        course
    }

    #[test]
    fn crates_that_are_missing_are_taken_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = unpacked(&folder.path().join("old"), &["anyhow-1.0.1"]);
        let new = unpacked(&folder.path().join("new"), &["anyhow-1.0.1", "zmij-1.0.23"]);
        assert_eq!(missing(&old), ["zmij-1.0.23"]);
        bring(&old, &new).expect("copied");
        assert_eq!(missing(&old), [""; 0]);
        let source = folder.path().join("old/vendor/zmij-1.0.23/src/lib.rs");
        assert_eq!(fs::read_to_string(source).expect("a file"), "zmij-1.0.23");
        let crates = fs::read_dir(folder.path().join("old/vendor")).expect("a folder");
        assert_eq!(crates.count(), 2);
    }

    #[test]
    fn where_cargo_downloads_nothing_is_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let course = unpacked(folder.path(), &["anyhow-1.0.1"]);
        fs::remove_dir_all(folder.path().join(".cargo")).expect("a folder");
        assert_eq!(missing(&course), [""; 0]);
    }
}
