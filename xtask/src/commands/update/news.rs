//! What an update has brought, as data for the report.

use std::collections::BTreeSet;

use super::fate::{Fate, Upstream};
use super::plan::{Plan, lesson_of};
use crate::git::{Git, short};
use crate::report::update::News;

/// What `plan` is about to do, or has done.
pub(super) fn of(git: &Git, plan: &Plan, backup: Option<String>) -> anyhow::Result<News> {
    let versions = &plan.versions;
    let owned = |paths: Vec<&str>| paths.into_iter().map(str::to_string).collect();
    let mut left = plan.files(&[Fate::Leave]);
    left.retain(|path| git.folder().join(path).exists());
    let mut kept = plan.files(&[Fate::Keep]);
    kept.extend(plan.own.iter().map(String::as_str));
    kept.retain(|path| plan.retired.iter().all(|old| lesson_of(path) != Some(old)));
    Ok(News {
        from: short(&versions.base).to_string(),
        to: short(&versions.new).to_string(),
        files: plan.changes.len(),
        lessons: plan.new_lessons(),
        changelog: changelog(git, &versions.base, &versions.new)?,
        kept: owned(kept),
        new_starters: new_starters(plan),
        replaced: owned(plan.files(&[Fate::Replace, Fate::Discard])),
        left: owned(left),
        retired: plan.moved(),
        merged: versions.head != versions.base,
        backup,
    })
}

/// The lessons whose starter is another one now, though the learner goes on
/// with what they made of the old one.
fn new_starters(plan: &Plan) -> Vec<String> {
    let outdated = plan.files(&[Fate::Keep]).into_iter().filter(|path| {
        let upstream = plan.changes.get(*path);
        upstream.is_some_and(|upstream| *upstream != Upstream::Same)
    });
    let lessons: BTreeSet<&str> = outdated.filter_map(lesson_of).collect();
    lessons.into_iter().map(str::to_string).collect()
}

/// The lines of the changelog that are new.
fn changelog(git: &Git, base: &str, new: &str) -> anyhow::Result<Vec<String>> {
    let at = |commit: &str| git.ask(&["show", &format!("{commit}:CHANGELOG.md")]);
    let (before, after) = (at(base)?.unwrap_or_default(), at(new)?.unwrap_or_default());
    Ok(added(&before, &after))
}

fn added(before: &str, after: &str) -> Vec<String> {
    let before: BTreeSet<&str> = before.lines().map(str::trim_end).collect();
    let lines = after.lines().map(str::trim_end);
    lines
        .filter(|line| !line.is_empty() && !before.contains(line))
        .map(str::to_string)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_lines_of_a_changelog_are_told() {
        let before = "# Changelog\n\n## Unreleased\n\n- One.\n";
        let after = "# Changelog\n\n## 2\n\n- Two,\n  and more.\n\n## Unreleased\n\n- One.\n";
        assert_eq!(added(before, after), ["## 2", "- Two,", "  and more."]);
    }
}
