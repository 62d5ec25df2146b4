//! All crates that anything in the course needs, for all platforms.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::cargo::arguments;
use crate::screen::Screen;
use crate::tool::Tool;

/// For Cargo, in the folder above the course.
const SETTINGS: &str = "\
# All crates are in vendor/, so nothing here needs a network. Where there is one,
# and a program shall use other crates: remove this file.
[source.crates-io]
replace-with = \"vendored\"

[source.vendored]
directory = \"vendor\"
";

/// Puts the crates of all three workspaces into `top/vendor` and tells Cargo so;
/// returns how many there are.
pub(super) fn fetch(top: &Path, screen: &Screen) -> anyhow::Result<usize> {
    let vendor = Tool {
        arguments: arguments([
            &"vendor",
            &"--locked",
            // A newer archive's crates can be put beside these.
            &"--versioned-dirs",
            &"--respect-source-config",
            &"--sync",
            &"exercises/Cargo.toml",
            &"--sync",
            &"xtask/live/Cargo.toml",
            &"../vendor",
        ]),
        folder: &top.join("course"),
        environment: &[],
    };
    if !vendor.run(screen)?.success {
        bail!("the crates could not be had (see Cargo's words above); no archive was made");
    }
    let settings = top.join(".cargo");
    fs::create_dir_all(&settings)
        .and_then(|()| fs::write(settings.join("config.toml"), SETTINGS))
        .context("writing Cargo's settings")?;
    let crates = fs::read_dir(top.join("vendor")).context("counting the crates")?;
    Ok(crates.count())
}
