//! A clone of the course that can go anywhere: with all of its history, so
//! that `update` works there, and with nothing of whoever made it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::commands::update;
use crate::git::Git;
use crate::report::plural;
use crate::screen::Screen;

/// What is going to be in the archive: the commit that is checked out.
pub(super) fn examine(git: &Git, screen: &Screen) -> anyhow::Result<String> {
    if git.ask(&["rev-parse", "--show-cdup"])?.as_deref() != Some("") {
        bail!(
            "{} is no git clone of the course, and an archive is made of one",
            git.folder().display()
        );
    }
    let commit = git.ask(&["rev-parse", "-q", "--verify", "HEAD"])?;
    let commit = commit.context("this clone has no commit yet")?;
    let changed = git.list(&["status", "-z", "--porcelain", "--no-renames"])?;
    if !changed.is_empty() {
        screen.say(&format!(
            "Not in the archive: {} not committed here, see `git status`.",
            match changed.len() {
                1 => "1 file that is".to_string(),
                _ => format!("{} that are", plural(changed.len(), "file")),
            }
        ));
    }
    if git.line(&["rev-parse", "--is-shallow-repository"])? == "true" {
        screen.say(
            "This clone is shallow: `update --from` will not work with this archive. \
             `git fetch --unshallow` first, if you plan to.",
        );
    }
    Ok(commit)
}

/// Makes the clone in `folder`.
pub(super) fn make(git: &Git, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let copy = Git::at(folder);
    // Without a template: no hooks, and nothing of this machine.
    copy.call(&["init", "--quiet", "--template="])?;
    for (setting, value) in [
        // The same bytes on all systems, whoever packs and unpacks them.
        ("core.autocrlf", "false"),
        ("core.fileMode", "false"),
    ] {
        copy.call(&["config", setting, value])?;
    }
    let here = git.folder().to_string_lossy();
    copy.call(&["fetch", "--quiet", "--update-shallow", &here, "HEAD"])
        .context("copying the course")?;
    let upstream = update::upstream(git)?;
    let branch = upstream.branch.as_deref();
    let name = branch.unwrap_or("main");
    copy.call(&["checkout", "--quiet", "-B", name, "FETCH_HEAD"])?;
    if let Some(url) = &upstream.url {
        copy.call(&["remote", "add", "origin", url])?;
    }
    if upstream.url.is_some() && branch.is_some() {
        let merge = format!("refs/heads/{name}");
        copy.call(&["config", &format!("branch.{name}.remote"), "origin"])?;
        copy.call(&["config", &format!("branch.{name}.merge"), &merge])?;
    }
    // Who has made this, and where, is nobody's business.
    drop(fs::remove_file(folder.join(".git/FETCH_HEAD")));
    drop(fs::remove_dir_all(folder.join(".git/logs")));
    Ok(())
}
