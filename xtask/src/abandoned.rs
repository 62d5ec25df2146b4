//! Folders that go with the run that made them, however it ended: what one that
//! was killed has left is removed by the next one.
//!
//! A folder is held by a lock on it, which the system takes back when its holder
//! ends. A process number would not do: another process may have it by now, and
//! in a container it means another one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How the name of a folder begins that is held; its holder's number and a count
/// follow. Nothing with another name is ever removed.
const START: &str = "on-the-wire-run-";

/// A folder that nobody removes as long as this is there.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) path: PathBuf,
    _lock: Option<File>,
}

/// Makes an empty folder in `among`, the one with this `count` of this process.
///
/// # Errors
///
/// What the file system says: `AlreadyExists` where another count may do.
pub(crate) fn make(among: &Path, count: usize) -> io::Result<Held> {
    let number = format!("{}-{count}", std::process::id());
    let path = among.join(format!("{START}{number}"));
    fs::create_dir(&path)?;
    match lock(&path) {
        Some(lock) if is_at(&lock, &path) => Ok(Held {
            path,
            _lock: Some(lock),
        }),
        // Before it was held, somebody has taken it for abandoned.
        _ if !path.exists() => Err(io::ErrorKind::AlreadyExists.into()),
        // It cannot be held here: under another name it is not looked for.
        _ => {
            let unheld = among.join(format!("on-the-wire-{number}"));
            fs::rename(&path, &unheld)?;
            Ok(Held {
                path: unheld,
                _lock: None,
            })
        }
    }
}

/// Removes the folders in `among` whose holders are gone. What cannot be removed
/// stays, and is in nobody's way.
pub(crate) fn remove(among: &Path) {
    for entry in fs::read_dir(among).into_iter().flatten().flatten() {
        let path = entry.path();
        if is_ours(&entry.file_name().to_string_lossy())
            && let Some(lock) = try_lock(&path)
            && is_at(&lock, &path)
        {
            drop(fs::remove_dir_all(&path));
        }
    }
}

fn is_ours(name: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = name.strip_prefix(START);
    let numbers = numbers.and_then(|numbers| numbers.split_once('-'));
    numbers.is_some_and(|(process, count)| number(process) && number(count))
}

fn lock(path: &Path) -> Option<File> {
    let folder = open(path)?;
    folder.lock().is_ok().then_some(folder)
}

/// None where somebody holds it.
fn try_lock(path: &Path) -> Option<File> {
    let folder = open(path)?;
    folder.try_lock().is_ok().then_some(folder)
}

/// Opens a folder of this user's; a link to one is none.
#[cfg(unix)]
fn open(path: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags};
    use std::os::unix::fs::MetadataExt as _;

    let how = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = File::from(rustix::fs::open(path, how, Mode::empty()).ok()?);
    let owner = folder.metadata().ok()?.uid();
    (owner == rustix::process::geteuid().as_raw()).then_some(folder)
}

/// Elsewhere a folder cannot be locked, and stays.
#[cfg(not(unix))]
fn open(_path: &Path) -> Option<File> {
    None
}

/// Whether `folder` is what is at `path` now: between opening and locking it, it
/// may have been removed, and another one made.
#[cfg(unix)]
fn is_at(folder: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let identity = |found: &fs::Metadata| (found.dev(), found.ino());
    let both = (folder.metadata(), fs::symlink_metadata(path));
    matches!(&both, (Ok(folder), Ok(there)) if identity(folder) == identity(there))
}

#[cfg(not(unix))]
fn is_at(_folder: &File, _path: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_stays_and_what_is_not_goes() {
        let temp = tempfile::tempdir().expect("a folder");
        let held = make(temp.path(), 1).expect("a folder");
        let left = temp.path().join("on-the-wire-run-2147483647-0");
        fs::create_dir(&left).expect("a folder");
        fs::write(left.join("report.json"), "{}").expect("a file");
        remove(temp.path());
        assert!(held.path.is_dir() && !left.exists());
        let path = held.path.clone();
        drop(held);
        remove(temp.path());
        assert!(!path.exists());
    }

    #[test]
    fn nothing_else_is_touched() {
        let temp = tempfile::tempdir().expect("a folder");
        let at = |name: &str| temp.path().join(name);
        for name in [
            "on-the-wire-1-0",
            "on-the-wire-bench-0",
            "on-the-wire-run-1",
            "on-the-wire-run-1-",
            "on-the-wire-run-1-0-copy",
            "on-the-wire-run--0",
            "precious",
        ] {
            fs::create_dir(at(name)).expect("a folder");
        }
        fs::write(at("precious/mine"), "").expect("a file");
        fs::write(at("on-the-wire-run-1-1"), "").expect("a file");
        std::os::unix::fs::symlink(at("precious"), at("on-the-wire-run-1-2")).expect("a link");
        let names = || fs::read_dir(temp.path()).expect("a folder").count();
        let before = names();
        remove(temp.path());
        assert_eq!(names(), before);
        assert!(at("precious/mine").exists());
    }

    /// A link in what was left leads nobody astray.
    #[test]
    fn a_link_is_not_followed() {
        let temp = tempfile::tempdir().expect("a folder");
        let precious = tempfile::tempdir().expect("a folder");
        fs::write(precious.path().join("mine"), "").expect("a file");
        let left = temp.path().join("on-the-wire-run-1-0");
        fs::create_dir(&left).expect("a folder");
        std::os::unix::fs::symlink(precious.path(), left.join("link")).expect("a link");
        remove(temp.path());
        assert!(!left.exists() && precious.path().join("mine").exists());
    }

    /// Many who make, hold and remove at once: nobody loses what is held.
    #[test]
    fn nobody_loses_what_is_held() {
        let temp = tempfile::tempdir().expect("a folder");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let among = temp.path();
                scope.spawn(move || {
                    for round in 0..250 {
                        let held = loop {
                            match make(among, thread * 1_000 + round) {
                                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                                made => break made.expect("a folder"),
                            }
                        };
                        fs::write(held.path.join("report.json"), "{}").expect("it is there");
                        remove(among);
                        assert!(held.path.join("report.json").exists());
                    }
                });
            }
        });
    }
}
