//! Where the new version comes from: upstream, or another folder of the course
//! (or a git bundle) where there is no network.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::exit::Usage;
use crate::git::Git;

/// What was fetched last. Git's own FETCH_HEAD is everybody's: editors fetch, too.
const FETCHED: &str = "refs/on-the-wire/fetched";

/// A place that has the course, and which of its branches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// The name of a remote, or a path.
    place: String,
    branch: String,
}

impl Source {
    /// The folder or bundle at `path`.
    pub(super) fn at(path: &Path) -> anyhow::Result<Source> {
        let shown = path.display();
        if !path.exists() {
            bail!(Usage(format!("there is nothing at {shown}")));
        }
        let name = path.to_string_lossy();
        if [".tar.gz", ".tgz", ".zip"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            bail!(Usage(format!(
                "{shown} is an archive: unpack it (tar -xzf) and name the folder that comes of it"
            )));
        }
        // The archive for a day without a network has the course inside.
        let inside = path.join("course");
        let place = match path.is_dir() && !path.join(".git").exists() && inside.is_dir() {
            true => inside,
            false => path.to_path_buf(),
        };
        if place.is_dir() && !place.join(".git").exists() {
            bail!(Usage(format!("{shown} is no git clone of the course")));
        }
        Ok(Source {
            place: absolute(&place)?.to_string_lossy().into_owned(),
            branch: "HEAD".to_string(),
        })
    }

    /// Where this clone gets its versions from. Somebody who works in a fork
    /// calls the course `upstream`, as everybody does.
    pub(super) fn upstream(git: &Git) -> anyhow::Result<Source> {
        let remotes = git.call(&["remote"])?;
        let remotes: Vec<&str> = remotes.lines().collect();
        let main_branch = |place: &str| Source {
            place: place.to_string(),
            branch: "HEAD".to_string(),
        };
        if remotes.contains(&"upstream") {
            return Ok(main_branch("upstream"));
        }
        if let Some(tracked) = tracked(git)?
            && remotes.contains(&tracked.place.as_str())
        {
            return Ok(tracked);
        }
        match remotes.as_slice() {
            [only] => Ok(main_branch(only)),
            several if several.contains(&"origin") => Ok(main_branch("origin")),
            _ => bail!(
                "this clone does not know where the course comes from: `git remote add upstream URL`, \
                 or `cargo xtask update --from FOLDER`"
            ),
        }
    }

    /// Gets the newest version and returns its commit.
    pub(super) fn fetch(&self, git: &Git) -> anyhow::Result<String> {
        let refspec = format!("+{}:{FETCHED}", self.branch);
        git.call(&["fetch", "--quiet", "--no-tags", &self.place, &refspec])
            .with_context(|| format!("no new version came from {self}; nothing was changed"))?;
        let new = git.line(&["rev-parse", &format!("{FETCHED}^{{commit}}")])?;
        let summary = format!("{new}:book/src/SUMMARY.md");
        if git.ask(&["cat-file", "-e", &summary])?.is_none() {
            bail!("what came from {self} is not the course; nothing was changed");
        }
        Ok(new)
    }
}

impl Source {
    /// The folder that it is, if it is one.
    pub(super) fn folder(&self) -> Option<&Path> {
        let path = Path::new(&self.place);
        (path.is_absolute() && path.is_dir()).then_some(path)
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place)
    }
}

/// Where a clone gets its versions from, in a way that others can use, too.
#[derive(Debug, Default)]
pub(crate) struct Upstream {
    pub(crate) url: Option<String>,
    /// The branch; none where it is the main one, whatever that is called.
    pub(crate) branch: Option<String>,
}

/// Where this clone gets its versions from, if it does.
pub(crate) fn upstream(git: &Git) -> anyhow::Result<Upstream> {
    let Ok(Source { place, branch }) = Source::upstream(git) else {
        return Ok(Upstream::default());
    };
    let url = git.ask(&["remote", "get-url", &place])?;
    Ok(Upstream {
        url: url.and_then(|url| for_everybody(&url)),
        branch: branch.strip_prefix("refs/heads/").map(str::to_string),
    })
}

/// The address without a name or a password; none where it is a folder of
/// this machine.
fn for_everybody(url: &str) -> Option<String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        let is_ssh = url.split('/').next().is_some_and(|host| host.contains('@'));
        return is_ssh.then(|| url.to_string());
    };
    let (host, path) = rest.split_once('/')?;
    match scheme {
        "http" | "https" => {
            let host = host.rsplit('@').next().unwrap_or(host);
            Some(format!("{scheme}://{host}/{path}"))
        }
        "file" => None,
        _ => Some(url.to_string()),
    }
}

/// The branch that the current one follows.
fn tracked(git: &Git) -> anyhow::Result<Option<Source>> {
    let Some(branch) = git.ask(&["symbolic-ref", "-q", "--short", "HEAD"])? else {
        return Ok(None);
    };
    let setting = |name: &str| git.ask(&["config", &format!("branch.{branch}.{name}")]);
    let source = setting("remote")?.zip(setting("merge")?);
    Ok(source.map(|(place, branch)| Source { place, branch }))
}

/// Git works in the course's root, wherever the command was typed.
fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("finding {}", path.display()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://example.org/a/b.git", Some("https://example.org/a/b.git"))]
    #[case("https://me:secret@example.org/a", Some("https://example.org/a"))]
    #[case("git@example.org:a/b.git", Some("git@example.org:a/b.git"))]
    #[case("ssh://git@example.org/a", Some("ssh://git@example.org/a"))]
    #[case("file:///home/me/course", None)]
    #[case("/home/me@work/course", None)]
    #[case("../course", None)]
    fn what_is_given_away_is_for_everybody(#[case] url: &str, #[case] expected: Option<&str>) {
        assert_eq!(for_everybody(url).as_deref(), expected);
    }
}
