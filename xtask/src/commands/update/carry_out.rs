//! Carries a plan out. It may be interrupted at any point, by a power cut as
//! well: which version is on its way is written down first, all that is planned
//! is found out from the disk, and the branch moves only at the end. So the
//! next update finishes what this one began.
//!
//! A file of the learner's is never written to. A new version of a file is
//! made elsewhere and moved into its place, so that no file is ever half there.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::fate::Fate;
use super::plan::{Plan, Versions};
use crate::backup::{self, Backup};
use crate::git::Git;
use crate::interrupt::{self, ScratchFolder};

/// The version that is on its way.
pub(super) const UPDATING: &str = "refs/on-the-wire/updating";

/// How the names of folders begin in which new files wait.
const INCOMING: &str = ".incoming-";

/// Brings the new version in.
pub(super) fn carry_out(git: &Git, plan: &Plan, backup: &mut Backup) -> anyhow::Result<()> {
    let root = git.folder();
    copy_changed(root, plan, backup)
        .and_then(|()| copy_staged(git, backup))
        .with_context(|| {
            format!(
                "copying your work to {}; nothing was changed",
                backup.name()
            )
        })?;
    git.call(&["update-ref", UPDATING, &plan.versions.new])?;
    let scratch = ScratchFolder::new().context("making a folder for an index")?;
    let index = git.with_index(&scratch.path().join("index"));
    index.call(&["read-tree", &plan.versions.new])?;
    let incoming = Incoming::make(&index, &plan.files(&[Fate::Bring, Fate::Replace]))?;
    let mut swapped = Ok(());
    let mut begun = false;
    interrupt::undivided(|| {
        begun = true;
        swapped = swap(root, plan, &incoming, backup);
    });
    if !begun {
        bail!("interrupted; `cargo xtask update` goes on");
    }
    swapped.context("bringing the new files in; `cargo xtask update` goes on with it")?;
    let commit = match plan.versions.head == plan.versions.base {
        true => plan.versions.new.clone(),
        false => merge(git, &index, plan)?,
    };
    git.call(&["reset", "--mixed", "--quiet", &commit])?;
    finish(git)
}

/// Says that nothing is on its way any more.
pub(super) fn finish(git: &Git) -> anyhow::Result<()> {
    git.call(&["update-ref", "-d", UPDATING])?;
    Ok(())
}

/// Copies the files that the learner has changed: those of them that there are.
fn copy_changed(root: &Path, plan: &Plan, backup: &mut Backup) -> io::Result<()> {
    backup.fill(|part| {
        let to_save = plan.to_save();
        let mut there = to_save.iter().filter(|path| root.join(path).is_file());
        there.try_for_each(|path| part.copy(Path::new(path), &root.join(path)))
    })
}

/// What was staged and changed again since is only in the index, which gets
/// the new version's files.
fn copy_staged(git: &Git, backup: &Backup) -> io::Result<()> {
    let paths = |arguments: &[&str]| git.list(arguments).map_err(io::Error::other);
    let staged = paths(&["diff", "-z", "--cached", "--name-only", "--diff-filter=d"])?;
    let changed = paths(&["diff", "-z", "--name-only"])?;
    let only_there: Vec<&str> = staged
        .iter()
        .filter(|path| changed.contains(path))
        .map(String::as_str)
        .collect();
    if only_there.is_empty() {
        return Ok(());
    }
    let folder = backup.folder()?.join("staged");
    check_out(git, &folder, &only_there).map_err(io::Error::other)
}

/// Writes files of the index to `folder`.
fn check_out(git: &Git, folder: &Path, paths: &[&str]) -> anyhow::Result<()> {
    let prefix = format!("--prefix={}/", folder.display());
    let paths: String = paths.iter().map(|path| format!("{path}\0")).collect();
    git.feed(
        &["checkout-index", "-z", "--stdin", "--force", &prefix],
        &paths,
    )?;
    Ok(())
}

/// The new files, complete, in a folder on the same disk as the course.
struct Incoming(PathBuf);

impl Incoming {
    fn make(index: &Git, paths: &[&str]) -> anyhow::Result<Incoming> {
        let backups = index.folder().join(backup::FOLDER);
        remove_leftovers(&backups);
        // The name is new: the git of an update that was killed may be busy yet.
        let name = format!("{INCOMING}{}", std::process::id());
        let incoming = Incoming(backups.join(name));
        check_out(index, &incoming.0, paths)?;
        for path in paths {
            // A file that is empty after a power cut would pass for the learner's.
            let path = incoming.0.join(path);
            let file = File::options().append(true).open(&path);
            file.and_then(|file| file.sync_all())
                .with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(incoming)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
        if let Some(backups) = self.0.parent() {
            // Goes only if it is empty.
            drop(fs::remove_dir(backups));
        }
    }
}

/// Removes and replaces. The sources of the runner come last: without them
/// there is no `cargo xtask` that could go on.
fn swap(root: &Path, plan: &Plan, incoming: &Incoming, backup: &Backup) -> anyhow::Result<()> {
    for lesson in plan.moved() {
        retire(root, &lesson, backup)?;
    }
    for of_runner in [false, true] {
        // First what goes: where case makes no difference, a file may come
        // that has nearly the same name.
        for path in plan.files(&[Fate::Remove, Fate::Discard]) {
            if is_of_runner(path) == of_runner {
                remove(root, path)?;
            }
        }
        for path in plan.files(&[Fate::Bring, Fate::Replace]) {
            if is_of_runner(path) == of_runner {
                replace(&incoming.0.join(path), &root.join(path))?;
            }
        }
    }
    // What nobody has checked in may be left, as a folder without a manifest.
    for lesson in &plan.retired {
        retire(root, lesson, backup)?;
    }
    Ok(())
}

fn is_of_runner(path: &str) -> bool {
    let folders = ["xtask/", ".cargo/"];
    matches!(path, "Cargo.toml" | "Cargo.lock") || folders.iter().any(|it| path.starts_with(it))
}

fn replace(from: &Path, to: &Path) -> anyhow::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    fs::rename(from, to).with_context(|| format!("writing {}", to.display()))
}

/// Removes a file, and the folders that are empty then.
fn remove(root: &Path, path: &str) -> anyhow::Result<()> {
    let file = root.join(path);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing {}", file.display()));
        }
        _ => {}
    }
    let folders = file
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != root);
    for folder in folders {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Moves what is left of a lesson's exercise to the backup.
fn retire(root: &Path, lesson: &str, backup: &Backup) -> anyhow::Result<()> {
    let folder = root.join("exercises").join(lesson);
    if !folder.exists() {
        return Ok(());
    }
    let to = backup.folder()?.join("exercises");
    fs::create_dir_all(&to)?;
    fs::rename(&folder, to.join(lesson))
        .with_context(|| format!("moving {} to {}", folder.display(), backup.name()))
}

/// What updates that were killed have left, as far as it can be removed.
fn remove_leftovers(backups: &Path) {
    let entries = fs::read_dir(backups).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(INCOMING) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

/// A commit that joins the learner's commits and the new version: the course as
/// it is upstream, with the learner's files.
fn merge(git: &Git, index: &Git, plan: &Plan) -> anyhow::Result<String> {
    let Versions { head, new, .. } = &plan.versions;
    let nothing = "0".repeat(head.len());
    let mut entries: String = plan
        .committed
        .iter()
        .map(|path| format!("0 {nothing}\t{path}\0"))
        .collect();
    for entry in git.list(&["ls-tree", "-r", "-z", head])? {
        let path = entry.split_once('\t').map(|(_, path)| path);
        if path.is_some_and(|path| plan.committed.contains(path)) {
            entries += &format!("{entry}\0");
        }
    }
    index.feed(&["update-index", "-z", "--index-info"], &entries)?;
    let tree = index.line(&["write-tree"])?;
    let mut arguments = Vec::new();
    if git.ask(&["var", "GIT_COMMITTER_IDENT"])?.is_none() {
        arguments.extend([
            "-c",
            "user.name=learner",
            "-c",
            "user.email=learner@localhost",
        ]);
    }
    let message = "Bring in the new version of the course";
    arguments.extend(["commit-tree", "-p", head, "-p", new, "-m", message, &tree]);
    git.line(&arguments)
}
