//! What an update is going to do, file by file. Nothing is changed here.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};

use super::fate::{self, Disk, Fate, Upstream};
use crate::git::{Git, short};
use crate::interrupt::ScratchFolder;

/// The commits that an update is about.
#[derive(Debug, Clone)]
pub(super) struct Versions {
    /// Where the learner is: `base`, and perhaps commits of their own.
    pub(super) head: String,
    /// The version of the course that the learner has.
    pub(super) base: String,
    /// The version that comes.
    pub(super) new: String,
}

/// What becomes of the course.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) versions: Versions,
    /// The fate of each file that is not as it shall be.
    pub(super) fates: BTreeMap<String, Fate>,
    /// What upstream did to each file that it did anything to.
    pub(super) changes: BTreeMap<String, Upstream>,
    /// Programs of the learner's that upstream knows nothing of.
    pub(super) own: Vec<String>,
    /// Lessons that have gone upstream: a folder without a manifest would break
    /// the workspace of the exercises.
    pub(super) retired: Vec<String>,
    /// Files of the learner's own commits, which their branch goes on with.
    pub(super) committed: BTreeSet<String>,
}

impl Plan {
    /// Looks at everything; none where there is nothing new.
    pub(super) fn make(git: &Git, new: &str) -> anyhow::Result<Option<Plan>> {
        let head = git.line(&["rev-parse", "HEAD"])?;
        let Some(base) = git.ask(&["merge-base", &head, new])? else {
            bail!(
                "version {} has no history in common with yours; if one of the two is a shallow clone: \
                 `git fetch --unshallow` there; nothing was changed",
                short(new)
            );
        };
        if base == new {
            return Ok(None);
        }
        let versions = Versions {
            head,
            base,
            new: new.to_string(),
        };
        let changes = changes(git, &versions.base, &versions.new)?;
        let retired = lessons(&changes, Upstream::Removed);
        let mut committed = BTreeSet::new();
        if versions.head != versions.base {
            committed = own_commits(git, &versions, &changes)?;
        }
        committed.retain(|path| !is_in(&retired, path));
        let (fates, own) = fates(git, &versions, &changes)?;
        Ok(Some(Plan {
            versions,
            fates,
            changes,
            own,
            retired,
            committed,
        }))
    }

    /// The files with one of these fates, besides those of retired lessons
    /// that the learner has worked on: these go as a whole.
    pub(super) fn files(&self, fates: &[Fate]) -> Vec<&str> {
        let moved = self.moved();
        let chosen = self.fates.iter().filter(|(_, fate)| fates.contains(fate));
        chosen
            .map(|(path, _)| path.as_str())
            .filter(|path| !is_in(&moved, path))
            .collect()
    }

    /// What is to be copied before anything is changed.
    pub(super) fn to_save(&self) -> Vec<String> {
        let moved = self.moved();
        let files = self.files(&[Fate::Keep, Fate::Replace, Fate::Discard, Fate::Leave]);
        let own = self.own.iter().map(String::as_str);
        let paths = files
            .into_iter()
            .chain(own.filter(|path| !is_in(&moved, path)));
        paths.map(str::to_string).collect()
    }

    /// The retired lessons that the learner has worked on.
    pub(super) fn moved(&self) -> Vec<String> {
        let harmless = [Fate::Done, Fate::Remove, Fate::Bring];
        let touched = self
            .fates
            .iter()
            .filter(|(_, fate)| !harmless.contains(fate));
        let touched: Vec<&String> = touched.map(|(path, _)| path).chain(&self.own).collect();
        let lessons = self.retired.iter().filter(|lesson| {
            let lesson = std::slice::from_ref(*lesson);
            touched.iter().any(|path| is_in(lesson, path))
        });
        lessons.cloned().collect()
    }

    /// The lessons that are new.
    pub(super) fn new_lessons(&self) -> Vec<String> {
        lessons(&self.changes, Upstream::Added)
    }
}

/// Whether the file at `path` belongs to one of these lessons.
fn is_in(lessons: &[String], path: &str) -> bool {
    lesson_of(path).is_some_and(|lesson| lessons.iter().any(|other| other == lesson))
}

/// The lesson whose exercise the file at `path` belongs to.
pub(super) fn lesson_of(path: &str) -> Option<&str> {
    let (lesson, _) = path.strip_prefix("exercises/")?.split_once('/')?;
    Some(lesson)
}

/// The lessons that have come or gone.
fn lessons(changes: &BTreeMap<String, Upstream>, change: Upstream) -> Vec<String> {
    let changed = changes.iter().filter(|(_, upstream)| **upstream == change);
    let manifests = changed.filter_map(|(path, _)| {
        let lesson = lesson_of(path)?;
        (path == &format!("exercises/{lesson}/Cargo.toml")).then(|| lesson.to_string())
    });
    manifests.collect()
}

/// What happened to each file from one commit to another.
fn changes(git: &Git, from: &str, to: &str) -> anyhow::Result<BTreeMap<String, Upstream>> {
    let words = git.list(&[
        "diff-tree",
        "-r",
        "-z",
        "--no-renames",
        "--name-status",
        from,
        to,
    ])?;
    let pairs = words.chunks_exact(2).map(|pair| {
        let upstream = match pair[0].as_str() {
            "A" => Upstream::Added,
            "D" => Upstream::Removed,
            _ => Upstream::Changed,
        };
        (pair[1].clone(), upstream)
    });
    Ok(pairs.collect())
}

/// The files that the learner has committed. An update cannot tell what is to
/// become of commits that change the course itself.
fn own_commits(
    git: &Git,
    versions: &Versions,
    changes: &BTreeMap<String, Upstream>,
) -> anyhow::Result<BTreeSet<String>> {
    let ours = self::changes(git, &versions.base, &versions.head)?;
    let differs = self::changes(git, &versions.head, &versions.new)?;
    let mut committed = BTreeSet::new();
    let mut foreign = Vec::new();
    for (path, change) in ours {
        let is_new_to_the_course = change == Upstream::Added && !changes.contains_key(&path);
        let is_ours = fate::is_learners(&path) || is_new_to_the_course;
        if is_ours || (fate::is_lock(&path) && !changes.contains_key(&path)) {
            committed.insert(path);
        } else if !fate::is_lock(&path) && differs.contains_key(&path) {
            foreign.push(path);
        }
    }
    match foreign.as_slice() {
        [] => Ok(committed),
        [first, rest @ ..] => {
            let others = match rest.len() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            bail!(
                "your commits change the course itself ({first}{others}): \
                 that is a job for `git merge {}`; nothing was changed",
                short(&versions.new)
            )
        }
    }
}

type Fates = BTreeMap<String, Fate>;

/// Compares the disk with both versions.
fn fates(
    git: &Git,
    versions: &Versions,
    changes: &BTreeMap<String, Upstream>,
) -> anyhow::Result<(Fates, Vec<String>)> {
    let scratch = ScratchFolder::new().context("making a folder for an index")?;
    let with_index = |name: &str, commit: &str| {
        let git = git.with_index(&scratch.path().join(name));
        git.call(&["read-tree", commit]).map(|_| git)
    };
    let before = with_index("before", &versions.base)?;
    let unlike_before = unlike(&before)?;
    let unlike_after = unlike(&with_index("after", &versions.new)?)?;
    let mut fates = Fates::new();
    let paths: BTreeSet<&String> = changes.keys().chain(&unlike_before).collect();
    for path in paths {
        let upstream = changes.get(path).copied().unwrap_or(Upstream::Same);
        let was_there = upstream != Upstream::Added;
        let will_be_there = upstream != Upstream::Removed;
        let disk = if was_there && !unlike_before.contains(path) {
            Disk::Before
        } else if will_be_there && !unlike_after.contains(path) {
            Disk::After
        } else if git.folder().join(path).symlink_metadata().is_ok() {
            Disk::Own
        } else {
            Disk::Missing
        };
        let fate = fate::decide(fate::is_learners(path), upstream, disk);
        fates.insert(path.clone(), fate);
    }
    let others = [
        "ls-files",
        "-z",
        "--others",
        "--exclude-standard",
        "--",
        "exercises",
    ];
    let mut own = before.list(&others)?;
    own.retain(|path| fate::is_learners(path) && !fates.contains_key(path));
    Ok((fates, own))
}

/// The files that are not on the disk as they are in the index.
fn unlike(git: &Git) -> anyhow::Result<BTreeSet<String>> {
    let paths = git.list(&["diff", "--no-ext-diff", "--no-renames", "--name-only", "-z"])?;
    Ok(paths.into_iter().collect())
}
