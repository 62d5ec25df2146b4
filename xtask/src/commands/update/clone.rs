//! The learner's clone: whether it can be updated now.

use std::fs::{File, TryLockError};

use anyhow::{Context as _, bail};

use crate::git::Git;

/// What git is in the middle of, by the file that says so.
const UNFINISHED: &[(&str, &str, &str)] = &[
    ("MERGE_HEAD", "a merge", "git merge --abort"),
    ("rebase-merge", "a rebase", "git rebase --abort"),
    ("rebase-apply", "a rebase", "git rebase --abort"),
    (
        "CHERRY_PICK_HEAD",
        "a cherry-pick",
        "git cherry-pick --abort",
    ),
    ("REVERT_HEAD", "a revert", "git revert --abort"),
    ("BISECT_LOG", "a bisection", "git bisect reset"),
];

/// Fails where an update could not end well, before anything is changed.
pub(super) fn examine(git: &Git) -> anyhow::Result<()> {
    let way_up = git.ask(&["rev-parse", "--show-cdup"])?;
    if way_up.is_none() && git.folder().join(".git").exists() {
        // Git has an opinion about this clone, and says it.
        git.call(&["rev-parse", "--show-cdup"])?;
    }
    if way_up.as_deref() != Some("") {
        bail!(
            "{} is no git clone of the course, so nothing can be brought into it; \
             docs/learners.md says how your work moves into a new copy",
            git.folder().display()
        );
    }
    if git.ask(&["rev-parse", "-q", "--verify", "HEAD"])?.is_none() {
        bail!("this clone has no commit yet: clone the course anew");
    }
    let names: Vec<&str> = UNFINISHED.iter().map(|(name, ..)| *name).collect();
    let files = git.own_files(&names)?;
    for ((_, what, abort), file) in UNFINISHED.iter().zip(&files) {
        if file.exists() {
            bail!(
                "{what} is not finished here: finish it, or `{abort}`, and update then; nothing was changed"
            );
        }
    }
    if !git.list(&["ls-files", "-z", "--unmerged"])?.is_empty() {
        bail!(
            "a conflict is not resolved here (see `git status`): resolve it, `git add` the file, and update then; nothing was changed"
        );
    }
    examine_lock(git)
}

/// Git's own lock, which a git that was killed leaves behind.
fn examine_lock(git: &Git) -> anyhow::Result<()> {
    let lock = git.own_file("index.lock")?;
    if lock.exists() {
        // An editor looks at the state of the clone now and then.
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
    if lock.exists() {
        bail!(
            "another git is at work here, or was killed: if none is, remove {} and update then; nothing was changed",
            lock.display()
        );
    }
    Ok(())
}

/// Held during an update: two at once would undo each other's work. The system
/// takes it back when this process ends, however it ends.
pub(super) fn lock(git: &Git) -> anyhow::Result<File> {
    let path = git.own_file("on-the-wire-update.lock")?;
    let file = File::create(&path).with_context(|| format!("making {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another `cargo xtask update` is at work here"),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("locking {}", path.display()))
        }
    }
}
