//! A copy of the course as git has it, beside the learner's own.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::course::Course;
use crate::exit::Usage;

/// The course as it is in `version`: a commit, a tag, a branch. And the folder
/// in which Cargo builds it.
///
/// The copy stays where it is for the next time, whatever the version: git puts
/// right what is not the same in it, and Cargo builds what that concerns.
pub(super) fn course(course: &Course, version: &str) -> anyhow::Result<(Course, PathBuf)> {
    let git = Git {
        course: &course.root,
        index: None,
        copy: None,
    };
    if git.ask(&["rev-parse", "--git-dir"])?.is_err() {
        bail!(
            "{} is no git clone, so it does not know the course's own checks; \
             run the course's own copy with --work {0}",
            course.root.display()
        );
    }
    let object = format!("{version}^{{commit}}");
    let Ok(commit) = git.ask(&[
        "rev-parse",
        "--quiet",
        "--verify",
        "--end-of-options",
        &object,
    ])?
    else {
        bail!(Usage(format!("git knows no version `{version}` here")));
    };
    let below = git.line(&["rev-parse", "--show-prefix"])?;
    let folder = course.cache().join("checks");
    let copy = folder.join("course");
    std::fs::create_dir_all(&copy).with_context(|| format!("making {}", copy.display()))?;
    let git = Git {
        course: &course.root,
        index: Some(&folder.join("index")),
        copy: Some(&copy),
    };
    git.line(&["read-tree", "--reset", "-u", &commit])?;
    let pristine = Course::read(&copy.join(below));
    let pristine = pristine.with_context(|| format!("{version} has no course"))?;
    Ok((pristine, folder.join("target")))
}

/// Git, at work in the learner's clone or in the copy.
struct Git<'a> {
    course: &'a Path,
    index: Option<&'a Path>,
    copy: Option<&'a Path>,
}

impl Git<'_> {
    /// The one line that git prints.
    fn line(&self, arguments: &[&str]) -> anyhow::Result<String> {
        match self.ask(arguments)? {
            Ok(line) => Ok(line),
            Err(words) => bail!("git {}: {}", arguments[0], words.trim()),
        }
    }

    /// The line that git prints, or why it says no.
    fn ask(&self, arguments: &[&str]) -> anyhow::Result<Result<String, String>> {
        let mut all = Vec::new();
        if let Some(copy) = self.copy {
            all.push(format!("--work-tree={}", copy.display()));
        }
        all.extend(arguments.iter().map(ToString::to_string));
        let mut call = duct::cmd("git", all)
            .dir(self.course)
            .stdin_null()
            .stdout_capture()
            .stderr_capture()
            .unchecked();
        // In duct what is said first counts. Whoever has started us (a hook,
        // say) may mean another clone.
        if let Some(index) = self.index {
            call = call.env("GIT_INDEX_FILE", index);
        }
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            call = call.env_remove(variable);
        }
        let output = call.run().map_err(|error| {
            let missing = error.kind() == ErrorKind::NotFound;
            anyhow::Error::new(error).context(if missing {
                "--locked-checks needs git, which was not found; without it, see --work"
            } else {
                "cannot start git"
            })
        })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_string();
        Ok(match output.status.success() {
            true => Ok(text(&output.stdout)),
            false => Err(text(&output.stderr)),
        })
    }
}
