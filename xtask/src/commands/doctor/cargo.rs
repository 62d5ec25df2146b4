//! Whether all crates are here: then the course works without a network.

use std::process::Command;

use super::locks::waits_for_crates;
use super::toolchain::{gist, host};
use super::{Asked, Place, SOON, ask_tool};
use crate::report::diagnosis::Finding;

/// The two workspaces, each with crates of its own.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "exercises/Cargo.toml"];

pub(super) fn downloaded(place: &Place) -> anyhow::Result<Finding> {
    if let Some(waits) = waits_for_crates(place) {
        return Ok(waits);
    }
    let host = host();
    for manifest in MANIFESTS {
        let mut cargo = Command::new(crate::cargo::program());
        cargo
            .args(["fetch", "--offline", "--locked", "--color=never"])
            .args(["--manifest-path", manifest])
            .current_dir(&place.root);
        // Crates of other systems are never downloaded by a build.
        if let Some(host) = &host {
            cargo.args(["--target", host]);
        }
        match ask_tool(cargo, SOON) {
            Asked::Said(_) => {}
            Asked::Failed(words) => return Ok(missing(&words, manifest)),
            Asked::Silent(_) => {
                return Ok(Finding::doubtful(
                    "Cargo does not answer: another cargo may be at work",
                    "let it finish, and run `cargo xtask doctor` again",
                ));
            }
            Asked::NotStarted(error) => return Err(error.into()),
        }
    }
    Ok(Finding::fine("all are here: no network is needed"))
}

fn missing(words: &str, manifest: &str) -> Finding {
    if words.contains("--locked") && words.contains("lock file") {
        let lock = manifest.replace(".toml", ".lock");
        return Finding::doubtful(
            format!("{lock} does not fit the manifests beside it"),
            format!("git checkout {lock}; a manifest of yours is told of by `cargo xtask check`"),
        );
    }
    if words.contains("failed to parse lock file") {
        let lock = manifest.replace(".toml", ".lock");
        return Finding::wrong(
            format!("{lock} cannot be read: {}", gist(words)),
            format!("git checkout HEAD -- {lock}"),
        );
    }
    let signs = [
        "failed to parse manifest",
        "failed to load manifest",
        "Cargo.toml:",
    ];
    if signs.iter().any(|sign| words.contains(sign)) {
        return Finding::wrong(
            format!("a manifest of {manifest} cannot be read: {}", gist(words)),
            "`cargo xtask check` says where it is",
        );
    }
    Finding::doubtful(
        "some are not here yet: the first build of a lesson needs a network",
        format!("with a network: cargo fetch --locked --manifest-path {manifest}"),
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::missing("error: failed to download `rstest v0.17.0`\n", "cargo fetch")]
    #[case::syntax(
        "error: unclosed table\n --> exercises/Cargo.toml:11:8\n",
        "cargo xtask check"
    )]
    #[case::not_known("error: no matching package named `x` found\n", "cargo fetch")]
    #[case::lock(
        "error: cannot update the lock file /c/exercises/Cargo.lock because --locked was passed to prevent this\n",
        "git checkout exercises/Cargo.lock"
    )]
    #[case::merged_lock(
        "error: failed to parse lock file at: /c/exercises/Cargo.lock\n",
        "git checkout HEAD -- exercises/Cargo.lock"
    )]
    #[case::manifest(
        "error: failed to parse manifest at `/c/exercises/udp/Cargo.toml`\n",
        "cargo xtask check"
    )]
    fn what_cargo_says_has_its_cure(#[case] words: &str, #[case] cure: &str) {
        let finding = missing(words, "exercises/Cargo.toml");
        let told = finding.cure.expect("a cure");
        assert!(told.contains(cure), "{told}");
    }
}
