//! Opens the learner's browser.

use std::process::{Command, Stdio};

use crate::say;

/// Opens `url`. A browser that cannot be opened is said, and no failure: the
/// address stands in the terminal.
pub(crate) fn open(url: &str) {
    let opened = command(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    match opened {
        Ok(status) if status.success() => {}
        Ok(_) => say::wrong(format_args!("{FAILED}")),
        Err(error) => say::wrong(format_args!("{FAILED} ({error})")),
    }
}

const FAILED: &str = "No browser could be opened; open the address above yourself.";

#[cfg(target_os = "macos")]
fn command(url: &str) -> Command {
    let mut command = Command::new("open");
    command.arg(url);
    command
}

#[cfg(windows)]
fn command(url: &str) -> Command {
    let mut command = Command::new("cmd");
    // The first argument in quotes would be the title of a window.
    command.args(["/C", "start", "", url]);
    command
}

/// `xdg-open` may become the browser itself. Ctrl-C here ends all that came of
/// this process: the shell in between ends at once, so that the browser is
/// nobody's child any more.
#[cfg(all(unix, not(target_os = "macos")))]
fn command(url: &str) -> Command {
    const SCRIPT: &str = "command -v xdg-open >/dev/null || exit 1
        { xdg-open \"$1\" 2>/dev/null || echo \"$2\" >&2; } &";
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "sh", url, FAILED]);
    command
}
