//! Hands `cargo xtask …` over to the runner, from wherever in `exercises/` it
//! was typed. The current folder stays, so that relative paths mean the same.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--package", "xtask", "--manifest-path"])
        .arg(root)
        .arg("--")
        .args(std::env::args_os().skip(1));
    match hand_over(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: cannot start Cargo: {error}; https://rustup.rs installs it");
            ExitCode::from(3)
        }
    }
}

/// Becomes the command, so that signals reach it and nobody else.
#[cfg(unix)]
fn hand_over(mut command: Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;

    Err(command.exec())
}

#[cfg(not(unix))]
fn hand_over(mut command: Command) -> io::Result<ExitCode> {
    let code = command.status()?.code();
    let code = code.and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(3)))
}
