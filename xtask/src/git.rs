//! Calls git, which the learner has installed, in the course's own clone.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::{anyhow, bail};

/// The clone that a folder belongs to.
pub(crate) struct Git {
    folder: PathBuf,
    /// Another index than the clone's own.
    index: Option<PathBuf>,
}

impl Git {
    /// Git at work in `folder`.
    pub(crate) fn at(folder: &Path) -> Git {
        Git {
            folder: folder.to_path_buf(),
            index: None,
        }
    }

    /// The same clone, with the index in the file `index`.
    pub(crate) fn with_index(&self, index: &Path) -> Git {
        Git {
            folder: self.folder.clone(),
            index: Some(index.to_path_buf()),
        }
    }

    /// Where the clone is checked out.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What git prints.
    pub(crate) fn call<A: AsRef<OsStr>>(&self, arguments: &[A]) -> anyhow::Result<String> {
        self.feed(arguments, "")
    }

    /// What git prints when it reads `input`.
    pub(crate) fn feed<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: &str,
    ) -> anyhow::Result<String> {
        let output = self.run(arguments, input)?;
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        let command = arguments.first().map(AsRef::as_ref).unwrap_or_default();
        let command = command.to_string_lossy();
        Err(anyhow!(complaint(&text(&output.stderr))).context(format!("git {command}")))
    }

    /// The line that git prints; none where it says no.
    pub(crate) fn ask(&self, arguments: &[&str]) -> anyhow::Result<Option<String>> {
        let output = self.run(arguments, "")?;
        let answer = text(&output.stdout).trim_end().to_string();
        Ok(output.status.success().then_some(answer))
    }

    /// The one line that git prints.
    pub(crate) fn line(&self, arguments: &[&str]) -> anyhow::Result<String> {
        Ok(self.call(arguments)?.trim_end().to_string())
    }

    /// What git prints with `-z`: paths, or other words without a NUL.
    pub(crate) fn list(&self, arguments: &[&str]) -> anyhow::Result<Vec<String>> {
        let text = self.call(arguments)?;
        let items = text.split_terminator('\0');
        Ok(items.map(str::to_string).collect())
    }

    /// Where git keeps the files of its own with these names.
    pub(crate) fn own_files(&self, names: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
        let arguments = names.iter().flat_map(|name| ["--git-path", name]);
        let arguments: Vec<&str> = std::iter::once("rev-parse").chain(arguments).collect();
        let paths = self.call(&arguments)?;
        Ok(paths.lines().map(|path| self.folder.join(path)).collect())
    }

    /// Where git keeps the file of its own with this name.
    pub(crate) fn own_file(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.line(&["rev-parse", "--git-path", name])?;
        Ok(self.folder.join(path))
    }

    fn run<A: AsRef<OsStr>>(&self, arguments: &[A], input: &str) -> anyhow::Result<Output> {
        let arguments = arguments.iter().map(AsRef::as_ref);
        let mut expression = duct::cmd("git", arguments)
            .dir(&self.folder)
            .stdin_bytes(input)
            .stdout_capture()
            .stderr_capture()
            .unchecked()
            // What only looks must not get in the way of another git.
            .env("GIT_OPTIONAL_LOCKS", "0");
        // Whoever has started us (a hook, say) may mean another clone. In duct
        // what is said first counts.
        if let Some(index) = &self.index {
            expression = expression.env("GIT_INDEX_FILE", index);
        }
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            expression = expression.env_remove(variable);
        }
        let output = expression.run().map_err(|error| {
            let missing = error.kind() == ErrorKind::NotFound;
            anyhow::Error::new(error).context(if missing {
                "git is needed for this, and was not found; https://git-scm.com has it"
            } else {
                "cannot start git"
            })
        })?;
        match trust(&text(&output.stderr)) {
            Some(cure) if !output.status.success() => bail!(
                "git does not trust {}, which belongs to another user; if you do: {cure}",
                self.folder.display()
            ),
            _ => Ok(output),
        }
    }
}

/// Paths that are no Unicode are of no interest: the course has none.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What git advises where a clone belongs to somebody else, as it often does in a
/// container. Whatever was asked, it has not been answered.
fn trust(words: &str) -> Option<&str> {
    let mut lines = words.lines().map(str::trim);
    lines.find(|line| line.starts_with("git config") && line.contains("safe.directory"))
}

/// The line in which git says what is wrong; hints and remarks are left out.
fn complaint(words: &str) -> String {
    let lines = || words.lines().map(str::trim).filter(|line| !line.is_empty());
    let complaint = lines().find_map(|line| {
        let words = line.strip_prefix("fatal: ");
        words.or_else(|| line.strip_prefix("error: "))
    });
    complaint
        .or_else(|| lines().next_back())
        .unwrap_or("it failed and did not say why")
        .to_string()
}

/// A commit as people write it: enough of its name to find it.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..9).unwrap_or(commit)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::remark_first("warning: x\nfatal: no such remote\n", "no such remote")]
    #[case::more_than_one("error: cannot lock\nfatal: done for\nhint: try\n", "cannot lock")]
    #[case::other_words("ssh: connect: refused\n\n", "ssh: connect: refused")]
    #[case::silence("", "it failed and did not say why")]
    fn one_line_of_git_says_what_is_wrong(#[case] words: &str, #[case] line: &str) {
        assert_eq!(complaint(words), line);
    }

    #[test]
    fn another_index_is_used_and_no_other_is_touched() {
        let folder = tempfile::tempdir().expect("a folder");
        let git = Git::at(folder.path());
        git.call(&["init", "-q"]).expect("git");
        std::fs::write(folder.path().join("file"), "").expect("a file");
        let other = git.with_index(&folder.path().join("other"));
        other.call(&["add", "file"]).expect("git");
        let list = |git: &Git| git.list(&["ls-files", "-z"]).expect("git");
        assert_eq!(
            (list(&git), list(&other)),
            (vec![], vec!["file".to_string()])
        );
    }

    #[test]
    fn no_is_an_answer() {
        let folder = tempfile::tempdir().expect("a folder");
        let git = Git::at(folder.path());
        git.call(&["init", "-q"]).expect("git");
        assert_eq!(
            git.ask(&["rev-parse", "-q", "--verify", "HEAD"])
                .expect("git"),
            None
        );
        let error = git.call(&["rev-parse", "HEAD"]).expect_err("no commit");
        assert!(
            format!("{error:#}").starts_with("git rev-parse: "),
            "{error:#}"
        );
    }
}
