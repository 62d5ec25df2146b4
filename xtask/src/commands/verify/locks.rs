//! The two lock files: the exercises' must be what Cargo prunes from the
//! course's own, so that both workspaces build the same versions, once.

use std::path::Path;

use anyhow::Context as _;

use super::proof::Proof;
use crate::cargo::arguments;
use crate::course::Course;
use crate::folder;
use crate::interrupt::ScratchFolder;
use crate::screen::Screen;
use crate::tool::Tool;

const CURE: &str = "Cure: cp Cargo.lock exercises/Cargo.lock && \
    cargo update --workspace --manifest-path exercises/Cargo.toml";

/// Proves that the lock files agree.
pub(super) fn prove(
    course: &Course,
    screen: &Screen,
    tell: &mut dyn FnMut(Proof),
) -> anyhow::Result<()> {
    let scratch = ScratchFolder::new().context("making a folder for a copy of the exercises")?;
    copy_workspaces(&course.root, scratch.path()).context("copying the exercises")?;
    let copy = scratch.path().join("exercises");
    std::fs::copy(course.root.join("Cargo.lock"), copy.join("Cargo.lock"))
        .context("copying Cargo.lock")?;
    let prune = Tool {
        arguments: arguments([
            &"update",
            &"--workspace",
            &"--offline",
            &"--manifest-path",
            &copy.join("Cargo.toml"),
        ]),
        // Cargo's settings are those of the course: its crates may be vendored.
        folder: &course.root,
        environment: &[],
    };
    let done = prune.run(screen)?;
    let mut problems = Vec::new();
    if done.success {
        let wanted = std::fs::read_to_string(copy.join("Cargo.lock"))?;
        let found =
            std::fs::read_to_string(course.root.join("exercises/Cargo.lock")).unwrap_or_default();
        problems.extend(difference(&wanted, &found));
    } else {
        problems.push(
            "Cargo cannot resolve the exercises with the course's versions (see above)".to_string(),
        );
    }
    tell(
        Proof::new(
            "exercises/Cargo.lock is what Cargo prunes from Cargo.lock",
            &problems,
        )
        .took(done.took),
    );
    Ok(())
}

/// Where two lock files differ first, and what to do about it.
fn difference(wanted: &str, found: &str) -> Option<String> {
    let lines = |text: &str| {
        text.lines()
            .map(|line| line.trim_end().to_string())
            .collect::<Vec<_>>()
    };
    let (wanted, found) = (lines(wanted), lines(found));
    if wanted == found {
        return None;
    }
    let at = wanted
        .iter()
        .zip(&found)
        .take_while(|(wanted, found)| wanted == found)
        .count();
    let line = |lines: &[String]| {
        lines
            .get(at)
            .cloned()
            .unwrap_or_else(|| "the end".to_string())
    };
    Some(format!(
        "line {}: `{}` instead of `{}`\n{CURE}",
        at + 1,
        line(&found),
        line(&wanted)
    ))
}

/// Copies all that Cargo looks at when it resolves the exercises: manifests,
/// and sources because it looks for targets.
fn copy_workspaces(root: &Path, copy: &Path) -> std::io::Result<()> {
    std::fs::copy(root.join("Cargo.toml"), copy.join("Cargo.toml"))?;
    // The probe is a package of the course's own workspace.
    let folders = ["xtask", "exercises"]
        .into_iter()
        .filter(|folder| root.join(folder).is_dir());
    for name in folders {
        folder::copy(&root.join(name), &copy.join(name), &["target"])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_files_do_not_differ() {
        assert_eq!(difference("a\r\nb\r\n", "a\nb\n"), None);
    }

    #[test]
    fn a_difference_is_shown_with_its_cure() {
        let expected = format!("line 2: `the end` instead of `b`\n{CURE}");
        assert_eq!(difference("a\nb\n", "a\n"), Some(expected));
    }
}
