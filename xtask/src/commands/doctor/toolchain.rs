//! Rust itself: new enough, of one piece, and the one that was meant.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::{Asked, Place, SOON, ask_tool};
use crate::report::diagnosis::Finding;

/// Whether the compiler has what the code uses.
pub(super) fn rustc(place: &Place) -> anyhow::Result<Finding> {
    let manifest = std::fs::read_to_string(place.root.join("Cargo.toml"));
    let needed = needed(&manifest.context("reading Cargo.toml")?);
    let rustc = rustc_program();
    let said = match ask_tool(version_of(&rustc), SOON) {
        Asked::Said(said) => said,
        Asked::NotStarted(_) => {
            return Ok(Finding::wrong(
                format!("there is no `{}` on the PATH", rustc.display()),
                "install Rust from https://rustup.rs, and open a new terminal",
            ));
        }
        Asked::Failed(words) | Asked::Silent(words) => {
            return Ok(Finding::wrong(
                format!("`{} --version` fails: {}", rustc.display(), gist(&words)),
                "rustup toolchain install stable",
            ));
        }
    };
    let release = field(&said, "release").unwrap_or_default();
    Ok(match needed {
        Some(needed) if numbers(release) < numbers(&needed) => Finding::wrong(
            format!("{release}; the course needs {needed} or newer"),
            match chosen_by(place) {
                Some(Choice { cure, .. }) => cure,
                None => "rustup update stable".to_string(),
            },
        ),
        Some(needed) => Finding::fine(format!("{release}; the course needs {needed} or newer")),
        None => Finding::fine(release),
    })
}

/// Whether Cargo and the compiler are from one toolchain.
pub(super) fn cargo(_place: &Place) -> anyhow::Result<Finding> {
    let release = |program: &Path| match ask_tool(version_of(program), SOON) {
        Asked::Said(said) => field(&said, "release").map(str::to_string),
        _ => None,
    };
    let ours = PathBuf::from(crate::cargo::program());
    let Some(cargo) = release(&ours) else {
        return Ok(Finding::wrong(
            format!("`{} --version` fails", ours.display()),
            "install Rust from https://rustup.rs, and open a new terminal",
        ));
    };
    let rustc = release(&rustc_program());
    Ok(match rustc {
        Some(rustc) if rustc != cargo => Finding::doubtful(
            format!("{cargo}, but rustc is {rustc}: they are from two installations"),
            "keep one of them; `which -a cargo rustc` shows where they are",
        ),
        _ => Finding::fine(format!("{cargo}, as rustc")),
    })
}

/// Whether something asks for another toolchain in this folder.
pub(super) fn chosen(place: &Place) -> anyhow::Result<Finding> {
    Ok(match chosen_by(place) {
        Some(Choice { by, cure }) => Finding::doubtful(by, cure),
        None => Finding::fine("no other toolchain is asked for here"),
    })
}

/// Git is only needed to get a new version of the course.
pub(super) fn git(place: &Place) -> anyhow::Result<Finding> {
    let mut git = Command::new("git");
    git.arg("--version").current_dir(&place.root);
    Ok(match ask_tool(git, SOON) {
        Asked::Said(said) => Finding::fine(said.trim().trim_start_matches("git version ")),
        _ => Finding::doubtful(
            "not there; only `cargo xtask update` and `offline` need it",
            "https://git-scm.com has it; all else works without",
        ),
    })
}

/// The triple of this machine, as rustc says.
pub(super) fn host() -> Option<String> {
    match ask_tool(version_of(rustc_program()), SOON) {
        Asked::Said(said) => field(&said, "host").map(str::to_string),
        _ => None,
    }
}

/// Somebody's wish for another toolchain.
struct Choice {
    by: String,
    cure: String,
}

fn chosen_by(place: &Place) -> Option<Choice> {
    let home = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".rustup")));
    let settings = home.and_then(|home| std::fs::read_to_string(home.join("settings.toml")).ok());
    for folder in place.root.ancestors() {
        for name in ["rust-toolchain.toml", "rust-toolchain"] {
            let file = folder.join(name);
            if file.is_file() {
                return Some(Choice {
                    by: format!("{} asks for a toolchain", file.display()),
                    cure: format!("rm '{}', if it is not meant", file.display()),
                });
            }
        }
        let toolchain = settings
            .as_deref()
            .and_then(|settings| overridden(settings, folder));
        if let Some(toolchain) = toolchain {
            let folder = folder.display();
            return Some(Choice {
                by: format!("rustup uses {toolchain} in {folder}"),
                cure: format!("rustup override unset --path '{folder}'"),
            });
        }
    }
    None
}

/// The toolchain that rustup's settings name for `folder`.
fn overridden<'s>(settings: &'s str, folder: &Path) -> Option<&'s str> {
    let (_, overrides) = settings.split_once("[overrides]")?;
    let lines = overrides
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let mut pairs = lines.filter_map(|line| line.split_once('='));
    let quotes = ['"', '\'', ' '];
    let (_, toolchain) = pairs.find(|(path, _)| Path::new(path.trim_matches(quotes)) == folder)?;
    Some(toolchain.trim_matches(quotes))
}

fn rustc_program() -> PathBuf {
    std::env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from)
}

fn version_of(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.arg("-vV");
    command
}

/// What follows `name: ` in the long version of Cargo or rustc.
fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut pairs = text.lines().filter_map(|line| line.split_once(": "));
    Some(pairs.find(|(key, _)| *key == name)?.1.trim())
}

fn needed(manifest: &str) -> Option<String> {
    let mut lines = manifest.lines();
    let value = lines.find_map(|line| line.strip_prefix("rust-version = \""))?;
    Some(value.split('"').next()?.to_string())
}

/// `1.89.0-nightly` as numbers, to be compared.
fn numbers(version: &str) -> Vec<u32> {
    let plain = version.split('-').next().unwrap_or_default();
    plain
        .split('.')
        .map_while(|number| number.parse().ok())
        .collect()
}

/// The line of a tool's words that says what is wrong.
pub(super) fn gist(words: &str) -> String {
    let lines = || words.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines().find(|line| line.starts_with("error"));
    error
        .or_else(|| lines().next_back())
        .unwrap_or("it says nothing")
        .to_string()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1.89.0", "1.89", false)]
    #[case("1.88.1", "1.89", true)]
    #[case("1.100.0", "1.89", false)]
    #[case("1.90.0-nightly", "1.89", false)]
    #[case("2.0.0", "1.89", false)]
    fn versions_are_numbers(#[case] have: &str, #[case] need: &str, #[case] older: bool) {
        assert_eq!(numbers(have) < numbers(need), older);
    }

    #[test]
    fn an_override_is_for_its_folder_alone() {
        let settings = "version = \"12\"\n\n[overrides]\n\"/a/b\" = \"1.80-x86_64\"\n\n[other]\n\"/c\" = \"x\"\n";
        assert_eq!(overridden(settings, Path::new("/a/b")), Some("1.80-x86_64"));
        assert_eq!(overridden(settings, Path::new("/a")), None);
        assert_eq!(overridden(settings, Path::new("/c")), None);
        assert_eq!(overridden("version = \"12\"\n", Path::new("/a/b")), None);
    }

    #[test]
    fn the_course_itself_says_what_it_needs() {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).expect("a manifest");
        assert!(needed(&manifest).is_some_and(|version| version.starts_with("1.")));
    }
}
