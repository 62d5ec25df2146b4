//! A copy of the course as git has it, beside the learner's own.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::course::Course;
use crate::exit::Usage;
use crate::git::Git;

/// The course as it is in `version`: a commit, a tag, a branch. And the folder
/// in which Cargo builds it.
///
/// The copy stays where it is for the next time, whatever the version: git puts
/// right what is not the same in it, and Cargo builds what that concerns.
pub(super) fn course(course: &Course, version: &str) -> anyhow::Result<(Course, PathBuf)> {
    let git = Git::at(&course.root);
    let is_clone = git.ask(&["rev-parse", "--git-dir"]);
    let is_clone = is_clone.context("--locked-checks takes the checks from git")?;
    if is_clone.is_none() {
        bail!(
            "{} is no git clone, so it does not know the course's own checks; \
             run the course's own copy with --work {0}",
            course.root.display()
        );
    }
    let object = format!("{version}^{{commit}}");
    let found = git.ask(&["rev-parse", "-q", "--verify", "--end-of-options", &object])?;
    let Some(commit) = found else {
        bail!(Usage(format!("git knows no version `{version}` here")));
    };
    let below = git.line(&["rev-parse", "--show-prefix"])?;
    let folder = course.cache().join("checks");
    let copy = folder.join("course");
    std::fs::create_dir_all(&copy).with_context(|| format!("making {}", copy.display()))?;
    let work_tree = format!("--work-tree={}", copy.display());
    git.with_index(&folder.join("index"))
        .call(&[&work_tree, "read-tree", "--reset", "-u", &commit])
        .with_context(|| format!("checking out {version} into {}", copy.display()))?;
    let pristine = Course::read(&copy.join(below));
    let pristine = pristine.with_context(|| format!("{version} has no course"))?;
    Ok((pristine, folder.join("target")))
}
