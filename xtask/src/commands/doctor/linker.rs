//! Builds a tiny program the way the course's are built, and runs it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::locks::waits_for_crates;
use super::toolchain::gist;
use super::{Asked, Place, SOON, ask_tool};
use crate::interrupt::ScratchFolder;
use crate::report::diagnosis::Finding;

const MANIFEST: &str = "\
[package]
name = \"on-the-wire-doctor\"
version = \"0.0.0\"
edition = \"2024\"

[workspace]
";
const PROGRAM: &str = "fn main() { println!(\"it runs\"); }\n";

/// A good machine takes less than a second. One that takes as long as this
/// looks into each new program before it may run.
const SLOW: Duration = Duration::from_secs(10);

pub(super) fn links_and_runs(place: &Place) -> anyhow::Result<Finding> {
    if let Some(waits) = waits_for_crates(place) {
        return Ok(waits);
    }
    // Where the course's own programs are built and run.
    let cache = place.target.join("on-the-wire");
    let scratch = ScratchFolder::below(&cache).or_else(|_| ScratchFolder::new());
    let scratch = scratch.context("making a folder to build in")?;
    let folder = scratch.path();
    fs::create_dir(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    fs::write(folder.join("src/main.rs"), PROGRAM)?;
    let mut cargo = Command::new(crate::cargo::program());
    cargo
        .args(["run", "--offline", "--color=never"])
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(folder.join("target"))
        // The settings that hold for the course hold here, too.
        .current_dir(&place.root);
    let begin = Instant::now();
    let asked = ask_tool(cargo, 2 * SOON);
    Ok(judge(asked, begin.elapsed(), &place.target))
}

fn judge(asked: Asked, took: Duration, target: &Path) -> Finding {
    let seconds = took.as_secs_f64();
    match asked {
        Asked::Said(said) if !said.contains("it runs") => Finding::wrong(
            format!(
                "a program was built and run, but it printed: {}",
                gist(&said)
            ),
            "look for a `runner` in the settings of Cargo: ~/.cargo/config.toml",
        ),
        Asked::Said(_) if took > SLOW => Finding::doubtful(
            format!("a tiny program took {seconds:.0} s to be built and run"),
            format!("have the antivirus leave {} alone", target.display()),
        ),
        Asked::Said(_) => Finding::fine(format!(
            "a tiny program was built and ran, in {seconds:.1} s"
        )),
        Asked::Failed(words) => failed(&words, target),
        Asked::Silent(words) if words.contains("waiting for file lock") => Finding::doubtful(
            "another cargo is at work, and ours waits for it",
            "let it finish, and run `cargo xtask doctor` again",
        ),
        Asked::Silent(_) => Finding::wrong(
            format!("a tiny program was not built and run within {seconds:.0} s"),
            format!("have the antivirus leave {} alone", target.display()),
        ),
        Asked::NotStarted(error) => Finding::wrong(
            format!("Cargo cannot be started: {error}"),
            "install Rust from https://rustup.rs, and open a new terminal",
        ),
    }
}

fn failed(words: &str, target: &Path) -> Finding {
    if let Some(linker) = between(words, "linker `", "` not found") {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        return Finding::wrong(
            format!("rustc finds no linker: `{linker}` is not there"),
            compiler(&release),
        );
    }
    let process = between(words, "could not execute process `", "(never executed)");
    if let Some(process) = process {
        // What may not be run is there.
        if words.contains("No such file") {
            return Finding::wrong(
                format!(
                    "Cargo does not find what it compiles with: `{}",
                    process.trim()
                ),
                "unset RUSTC and RUSTC_WRAPPER, and look for `rustc` in ~/.cargo/config.toml",
            );
        }
        return Finding::wrong(
            format!("programs cannot be run from {}", target.display()),
            "its disk is mounted `noexec`, or a guard forbids it: put the course elsewhere",
        );
    }
    Finding::wrong(
        format!("a tiny program does not build: {}", gist(words)),
        "https://rustup.rs says what your system needs besides Rust; `cc --version` has to work",
    )
}

/// How to get a linker on this system; `release` is its `/etc/os-release`.
fn compiler(release: &str) -> &'static str {
    if cfg!(target_os = "macos") {
        return "xcode-select --install";
    }
    if cfg!(windows) {
        return "install the Build Tools for Visual Studio, with `Desktop development with C++`";
    }
    let is = |names: &[&str]| {
        let lines = release
            .lines()
            .filter(|line| line.starts_with("ID=") || line.starts_with("ID_LIKE="));
        let mut words = lines.flat_map(|line| line.split(['=', '"', ' ']));
        words.any(|word| names.contains(&word))
    };
    match () {
        () if is(&["debian", "ubuntu"]) => "sudo apt install gcc libc6-dev",
        () if is(&["fedora", "rhel"]) => "sudo dnf install gcc",
        () if is(&["arch"]) => "sudo pacman -S gcc",
        () if is(&["suse", "opensuse"]) => "sudo zypper install gcc",
        () if is(&["alpine"]) => "sudo apk add gcc musl-dev",
        () => "install gcc or clang with your system's package manager",
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::diagnosis::State;

    #[rstest]
    #[case::fine(Asked::Said("it runs\n".into()), 1, State::Fine)]
    #[case::slow(Asked::Said("it runs\n".into()), 30, State::Doubtful)]
    #[case::another_runner(Asked::Said("emulated\n".into()), 1, State::Wrong)]
    #[case::waits(Asked::Silent("    Blocking waiting for file lock on package cache\n".into()), 40, State::Doubtful)]
    #[case::hangs(Asked::Silent(String::new()), 40, State::Wrong)]
    #[case::no_linker(Asked::Failed("error: linker `cc` not found\n".into()), 1, State::Wrong)]
    fn what_came_of_it_is_judged(
        #[case] asked: Asked,
        #[case] seconds: u64,
        #[case] expected: State,
    ) {
        let finding = judge(asked, Duration::from_secs(seconds), Path::new("target"));
        assert_eq!(finding.state, expected, "{finding:?}");
    }

    #[rstest]
    #[case::lost(
        "`/lost/rustc -vV`",
        "No such file or directory (os error 2)",
        "unset RUSTC"
    )]
    #[case::forbidden("`/c/target/x`", "Permission denied (os error 13)", "noexec")]
    fn what_cannot_be_started_is_lost_or_forbidden(
        #[case] process: &str,
        #[case] why: &str,
        #[case] cure: &str,
    ) {
        let words = format!(
            "error: could not execute process {process} (never executed)\n\nCaused by:\n  {why}\n"
        );
        let finding = failed(&words, Path::new("target"));
        assert!(
            finding
                .cure
                .as_ref()
                .is_some_and(|told| told.contains(cure)),
            "{finding:?}"
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn each_system_has_its_own_command() {
        assert_eq!(
            compiler("NAME=\"x\"\nID=debian\n"),
            "sudo apt install gcc libc6-dev"
        );
        assert_eq!(
            compiler("ID=mint\nID_LIKE=\"ubuntu debian\"\n"),
            "sudo apt install gcc libc6-dev"
        );
        assert_eq!(compiler("ID=\"rhel\"\n"), "sudo dnf install gcc");
        assert!(compiler("ID=plan9\n").starts_with("install gcc or clang"));
    }
}
