//! Why there is nothing to judge, and whose fault that is.

use std::fmt;

use anyhow::bail;

use crate::cargo::Finished;
use crate::course::{Course, Lesson, WORKSPACE};
use crate::obstacle::Obstacle;

const LOCK: &str = "exercises/Cargo.lock";

/// What Cargo says of a manifest without naming it.
const NAMELESS: &[&str] = &[
    "no matching package",
    "failed to select a version",
    "package ID specification",
];

/// Why there is nothing to judge. All of these are verdicts on the exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    Obstacle(Obstacle),
    BrokenLock(String),
    BrokenManifest(String),
    DoesNotCompile,
    NoProgram(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Obstacle(obstacle) => obstacle.fmt(f),
            Failure::BrokenLock(file) => write!(
                f,
                "Cargo cannot use {file} (see above). `git checkout HEAD -- {file}` brings the \
                 course's own back."
            ),
            Failure::BrokenManifest(file) => write!(f, "Cargo cannot use {file} (see above)."),
            Failure::DoesNotCompile => f.write_str("The program does not build yet."),
            Failure::NoProgram(name) => {
                write!(
                    f,
                    "Cargo.toml has no program called `{name}`: its package must keep that name."
                )
            }
        }
    }
}

/// Tells whose fault a failed build is: the exercise's, which is a verdict, or
/// that of its surroundings, which is an error.
pub(super) fn of(finished: &Finished, course: &Course, lesson: &Lesson) -> anyhow::Result<Failure> {
    let words = &finished.words;
    let name = &lesson.name;
    let surroundings = [
        "linker `",
        "No space left on device",
        "failed to download",
        "Unable to update",
        "Could not resolve host",
        "could not execute process `",
        // What Cargo may not download may well exist.
        "offline mode (--offline)",
    ];
    if surroundings.iter().any(|sign| words.contains(sign)) {
        bail!(
            "{name} was not judged: what it takes to build it is missing (see above); \
             `cargo xtask doctor` looks for the cause"
        );
    }
    if words.contains(&format!("custom build command for `{name}-exercise v")) {
        return Ok(Failure::DoesNotCompile);
    }
    let Some((_, culprit)) = words.rsplit_once("could not compile `") else {
        let Some(failure) = unusable(words, course, lesson) else {
            bail!(
                "{name} was not judged: Cargo does not get as far as its program (see above); \
                 `cargo xtask doctor` looks for the cause"
            );
        };
        return Ok(failure);
    };
    if culprit.starts_with(&format!("{name}-exercise` (bin")) {
        return Ok(Failure::DoesNotCompile);
    }
    bail!(
        "the checks of {name} do not build (see above); `git status` shows whether they were changed"
    );
}

/// The file of the exercises that Cargo complains about, if it is one of them. It
/// may be another lesson's: all exercises are one workspace.
fn unusable(words: &str, course: &Course, lesson: &Lesson) -> Option<Failure> {
    if words.contains("failed to parse lock file") {
        return Some(Failure::BrokenLock(LOCK.to_string()));
    }
    let names = course.lessons.iter().map(|lesson| &lesson.name);
    let mentions = names.filter_map(|name| Some((mention(words, name)?, name)));
    let manifest = match mentions.min() {
        Some((_, name)) => format!("exercises/{name}/Cargo.toml"),
        None if words.contains(WORKSPACE) => WORKSPACE.to_string(),
        None if NAMELESS.iter().any(|sign| words.contains(sign)) => {
            format!("exercises/{}/Cargo.toml", lesson.name)
        }
        None => return None,
    };
    Some(Failure::BrokenManifest(manifest))
}

/// Where `words` first speak of the exercise called `name`.
fn mention(words: &str, name: &str) -> Option<usize> {
    let folder = format!("exercises/{name}");
    let mut found = words.match_indices(&folder);
    let place = found.find(|(at, _)| {
        let rest = &words[at + folder.len()..];
        !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
    });
    place.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use std::path::PathBuf;

    use super::*;
    use crate::cargo::LocalPackages;

    fn verdict(words: &str) -> Option<Failure> {
        let finished = Finished {
            success: false,
            words: words.to_string(),
            executables: Vec::new(),
            local: LocalPackages::default(),
        };
        let lessons = ["tcp-server", "udp-server", "udp"].map(|name| Lesson {
            name: name.to_string(),
            title: String::new(),
            part: String::new(),
        });
        let course = Course {
            root: PathBuf::from("/c"),
            lessons: lessons.to_vec(),
        };
        of(&finished, &course, &lessons[0]).ok()
    }

    #[rstest]
    #[case::type_error(
        "error: could not compile `tcp-server-exercise` (bin \"tcp-server-exercise\") due to 1 previous error\n",
        Some(Failure::DoesNotCompile)
    )]
    #[case::manifest(
        "error: failed to parse manifest at `/c/exercises/udp-server/Cargo.toml`\n",
        Some(Failure::BrokenManifest("exercises/udp-server/Cargo.toml".to_string()))
    )]
    #[case::syntax(
        "error: unclosed table\n --> exercises/udp/Cargo.toml:11:8\n\
         error: failed to load manifest for workspace member `/c/exercises/udp`\n\
         referenced via `[a-z]*` by workspace at `/c/exercises/Cargo.toml`\n",
        Some(Failure::BrokenManifest("exercises/udp/Cargo.toml".to_string()))
    )]
    #[case::workspace(
        "error: unclosed table\n --> exercises/Cargo.toml:11:8\n",
        Some(Failure::BrokenManifest("exercises/Cargo.toml".to_string()))
    )]
    #[case::unknown_dependency(
        "error: no matching package named `tokyo` found\n",
        Some(Failure::BrokenManifest("exercises/tcp-server/Cargo.toml".to_string()))
    )]
    #[case::checks(
        "error: could not compile `tcp-server-exercise` (test \"checks\") due to 1 previous error\n",
        None
    )]
    #[case::linker(
        "error: linker `cc` not found\nerror: could not compile `tcp-server-exercise` (bin \"x\")\n",
        None
    )]
    #[case::lock(
        "error: failed to parse lock file at: /c/exercises/Cargo.lock\n",
        Some(Failure::BrokenLock("exercises/Cargo.lock".to_string()))
    )]
    #[case::build_script(
        "error: failed to run custom build command for `tcp-server-exercise v0.1.0 \
         (/c/exercises/tcp-server)`\n",
        Some(Failure::DoesNotCompile)
    )]
    #[case::no_compiler(
        "error: could not execute process `/nowhere -vV` (never executed)\n",
        None
    )]
    #[case::no_toolchain("error: rustup could not choose a version of cargo to run\n", None)]
    #[case::target_folder("error: failed to create directory `/etc/passwd/debug`\n", None)]
    #[case::options(
        "error: failed to run `rustc` to learn about target-specific information\n",
        None
    )]
    #[case::offline(
        "error: no matching package named `insta` found\n\
         required by package `tcp-server-exercise v0.1.0 (/c/exercises/tcp-server)`\n\
         As a reminder, you're using offline mode (--offline)\n",
        None
    )]
    #[case::network("error: failed to download from `https://index.crates.io`\n", None)]
    fn a_failed_build_is_put_where_it_belongs(
        #[case] words: &str,
        #[case] expected: Option<Failure>,
    ) {
        assert_eq!(verdict(words), expected);
    }
}
