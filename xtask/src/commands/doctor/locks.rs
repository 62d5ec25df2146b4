//! Locks that somebody holds: Cargo waits for them without an end.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use supervise::Neighbour;

use super::Place;
use crate::report::diagnosis::Finding;

/// Cargo holds some locks for a moment; this is about those who keep them.
const A_MOMENT: Duration = Duration::from_secs(1);

/// Git holds its lock for as long as it writes one file.
const LONG_FOR_GIT: Duration = Duration::from_secs(10);

/// The lock of whoever builds in the target folder.
pub(super) fn build(place: &Place) -> anyhow::Result<Finding> {
    let files = lock_files(&place.target.join("debug"), |name| {
        name.starts_with(".cargo") && name.ends_with("lock")
    });
    Ok(match held(&files) {
        None => Finding::fine("free: nobody else builds here"),
        Some(held) => in_the_way(&held, "builds here"),
    })
}

/// The lock of whoever downloads and unpacks crates.
pub(super) fn crates(place: &Place) -> anyhow::Result<Finding> {
    Ok(match holder_of_crates(place) {
        None => Finding::fine("free: nobody else downloads crates"),
        Some(held) => in_the_way(&held, "has the crates of this user"),
    })
}

/// For questions that start a cargo, which would wait for it without an end.
pub(super) fn waits_for_crates(place: &Place) -> Option<Finding> {
    let says = "cannot be tried while somebody else has the crates of this user";
    let cure = "the crate lock has to be free; then ask again";
    holder_of_crates(place).map(|_| Finding::doubtful(says, cure))
}

fn holder_of_crates(place: &Place) -> Option<Held> {
    let home = place.cargo_home.as_ref()?;
    held(&lock_files(home, |name| name.starts_with(".package-cache")))
}

fn in_the_way(held: &Held, what: &str) -> Finding {
    match &held.by {
        Some(who) if who.is_stopped => Finding::wrong(
            format!("{who}, {what} and is suspended: all others wait for it"),
            format!("`fg` in its terminal, or: kill -KILL {}", who.pid),
        ),
        Some(who) => Finding::doubtful(
            format!("{who}, {what}: a check waits until it has finished"),
            format!("let it finish, or end it: kill {}", who.pid),
        ),
        None => Finding::doubtful(
            format!("somebody {what}: a check waits until that has finished"),
            "let it finish; it is another cargo, or the editor's",
        ),
    }
}

struct Held {
    by: Option<Neighbour>,
}

/// The first of `files` that stays locked.
fn held(files: &[PathBuf]) -> Option<Held> {
    let give_up = Instant::now() + A_MOMENT;
    let mut locked = files.iter().filter(|path| {
        while is_locked(path) {
            if Instant::now() > give_up {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    });
    locked.next().map(|path| Held {
        by: supervise::holder_of_lock(path),
    })
}

/// Asks for a share of it, and gives it back at once: nobody is kept waiting.
fn is_locked(path: &Path) -> bool {
    let file = File::open(path);
    file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn lock_files(folder: &Path, is_one: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_str().is_some_and(&is_one));
    ours.map(|entry| entry.path()).collect()
}

/// Git's lock is a file; a git that was killed leaves it behind.
pub(super) fn git(place: &Place) -> anyhow::Result<Finding> {
    let Some(folder) = git_folder(&place.root) else {
        return Ok(Finding::fine("this copy of the course is no clone"));
    };
    let lock = folder.join("index.lock");
    let age = fs::metadata(&lock).and_then(|metadata| metadata.modified());
    Ok(
        match age.map(|modified| SystemTime::now().duration_since(modified)) {
            // One from the future is left over, too.
            Ok(age) if age.as_ref().map_or(true, |age| *age > LONG_FOR_GIT) => Finding::doubtful(
                "a git that was killed has left its lock: `cargo xtask update` would fail",
                format!("rm '{}', if no git is running", lock.display()),
            ),
            _ => Finding::fine("free"),
        },
    )
}

/// Where the repository keeps its files: a worktree has them elsewhere.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let pointer = fs::read_to_string(git).ok()?;
    Some(root.join(pointer.strip_prefix("gitdir: ")?.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_held_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".cargo-lock");
        let file = File::create(&path).expect("a file");
        assert!(!is_locked(&path));
        file.lock().expect("locked");
        assert!(is_locked(&path));
        let files = lock_files(folder.path(), |name| name.starts_with(".cargo"));
        assert!(held(&files).is_some());
        drop(file);
        assert!(held(&files).is_none());
    }

    #[test]
    fn a_worktree_keeps_its_files_elsewhere() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(git_folder(folder.path()), None);
        fs::write(folder.path().join(".git"), "gitdir: /a/.git/worktrees/b\n").expect("a file");
        let expected = Path::new("/a/.git/worktrees/b");
        assert_eq!(git_folder(folder.path()).as_deref(), Some(expected));
    }
}
