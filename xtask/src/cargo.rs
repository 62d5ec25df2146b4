//! Calls Cargo: passes its words on, hides its noise, finds what it made.

mod messages;

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::Path;
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, bail};
use supervise::{Group, Limits};

use crate::screen::Screen;

pub(crate) use messages::{Artifact, Executable, Kind, LocalPackages};

/// How often a cancellation is looked for.
const POLL: Duration = Duration::from_millis(50);

/// One call of Cargo.
pub(crate) struct Call<'a> {
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: &'a Path,
    /// What is being built, for the line that is shown when it takes a while.
    pub(crate) what: String,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) success: bool,
    /// All that Cargo said besides its status lines, without colours.
    pub(crate) words: String,
    pub(crate) executables: Vec<Executable>,
    /// The packages that do not come from a registry.
    pub(crate) local: LocalPackages,
}

/// The name of Cargo: the one that has started us, if one has.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Starts Cargo for `expression` and explains what is wrong if it cannot.
pub(crate) fn start(expression: &duct::Expression) -> anyhow::Result<duct::ReaderHandle> {
    expression.reader().map_err(not_started)
}

fn not_started(error: io::Error) -> anyhow::Error {
    let missing = error.kind() == ErrorKind::NotFound;
    let error = anyhow::Error::new(error);
    let cargo = program();
    let cargo = Path::new(&cargo).display();
    error.context(if missing {
        format!("cannot find Cargo (`{cargo}`); https://rustup.rs installs it")
    } else {
        format!("cannot start Cargo (`{cargo}`)")
    })
}

impl Call<'_> {
    /// Runs Cargo to its end.
    pub(crate) fn run_to_the_end(&self, screen: &Screen) -> anyhow::Result<Finished> {
        let finished = self.run(screen, &|| false)?;
        finished.context("Cargo was stopped")
    }

    /// Runs Cargo. A build that fails is no error of ours. `None`: it was
    /// cancelled, and nothing of it runs any more.
    pub(crate) fn run(
        &self,
        screen: &Screen,
        cancelled: &dyn Fn() -> bool,
    ) -> anyhow::Result<Option<Finished>> {
        let mut command = Command::new(program());
        command
            .args(&self.arguments)
            .arg("--message-format=json-render-diagnostics")
            .args(screen.relays_colour().then_some("--color=always"))
            .current_dir(self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // It is killed together with the compilers that it has started, also
        // when one of the lines below fails.
        let mut group = Group::spawn(&mut command, Limits::default()).map_err(not_started)?;
        let (_, stdout, stderr) = group.take_pipes();
        let (stdout, stderr) = stdout.zip(stderr).context("Cargo has no output")?;
        // What it says is passed on as it comes; the messages on stdout are
        // only needed at the end.
        let messages = collect(stdout);
        let Some(words) = relay(&lines_of(stderr), &self.what, screen, cancelled) else {
            return Ok(None);
        };
        let messages = messages.join().unwrap_or_else(|_| Ok(Vec::new()));
        let messages = messages.context("reading what Cargo says")?;
        let Some(status) = wait(&mut group, cancelled)? else {
            return Ok(None);
        };
        if status.code().is_none() {
            bail!("Cargo was killed ({status})");
        }
        Ok(Some(Finished {
            success: status.success(),
            words,
            executables: messages::executables(&messages),
            local: messages::local_packages(&messages),
        }))
    }
}

fn collect(mut stdout: ChildStdout) -> JoinHandle<io::Result<Vec<u8>>> {
    thread::spawn(move || {
        let mut messages = Vec::new();
        stdout.read_to_end(&mut messages)?;
        Ok(messages)
    })
}

/// The lines of `stderr` as they come; the receiver is disconnected at the end.
fn lines_of(stderr: ChildStderr) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stderr);
        let mut line = Vec::new();
        while let Ok(1..) = reader.read_until(b'\n', &mut line) {
            if sender.send(std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Its output has ended, and so it is about to.
fn wait(group: &mut Group, cancelled: &dyn Fn() -> bool) -> io::Result<Option<ExitStatus>> {
    loop {
        match group.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None if cancelled() => return Ok(None),
            None => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Passes on what Cargo says until it has ended; returns it without colours.
fn relay(
    lines: &Receiver<Vec<u8>>,
    what: &str,
    screen: &Screen,
    cancelled: &dyn Fn() -> bool,
) -> Option<String> {
    let mut words = String::new();
    let mut built = 0;
    loop {
        if cancelled() {
            return None;
        }
        let line = match lines.recv_timeout(POLL) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return Some(words),
        };
        let text = anstream::adapter::strip_str(&String::from_utf8_lossy(&line)).to_string();
        match Status::of(&text) {
            Some(Status::Compiling(package)) => {
                built += 1;
                announce(built, what, package, screen);
            }
            Some(Status::Waiting) => screen.say("Waiting for another cargo to finish …"),
            // Downloads, for instance, may take a while.
            Some(Status::Other) => screen.progress(&format!("  {}", text.trim())),
            None => {
                screen.relay(&line);
                words.push_str(&text);
            }
        }
    }
}

/// One package is the learner's own and is built in a moment; more than that
/// means that the libraries are built too, which is worth a word.
fn announce(built: usize, what: &str, package: &str, screen: &Screen) {
    if built == 2 {
        screen.say(&format!(
            "Building {what} (the first time takes about 15 s) …"
        ));
    }
    screen.progress(&format!("  {built:>3}  {package}"));
}

/// A line in which Cargo says what it is doing.
#[derive(Debug, PartialEq, Eq)]
enum Status<'a> {
    Compiling(&'a str),
    Waiting,
    Other,
}

impl Status<'_> {
    /// Cargo aligns the verb of a status line to the right of 12 columns; no
    /// line of the compiler's begins like that.
    fn of(line: &str) -> Option<Status<'_>> {
        const VERB_WIDTH: usize = 12;
        let (verb, rest) = line.split_at_checked(VERB_WIDTH)?;
        let rest = rest.strip_prefix(' ')?.trim_end();
        let verb = verb.trim_start();
        if rest.starts_with("waiting for file lock") {
            return Some(Status::Waiting);
        }
        let is_verb = verb.starts_with(|c: char| c.is_ascii_uppercase())
            && verb.bytes().all(|byte| byte.is_ascii_alphabetic());
        match verb {
            "Compiling" | "Checking" | "Documenting" => {
                Some(Status::Compiling(rest.split(' ').next().unwrap_or(rest)))
            }
            _ if is_verb => Some(Status::Other),
            _ => None,
        }
    }
}

impl Finished {
    /// The one executable of `kind` whose target is called `target` and whose
    /// source is below `folder`.
    pub(crate) fn find(&self, kind: Kind, target: &str, folder: &Path) -> Option<&Path> {
        let found = self.executables.iter().find(|executable| {
            executable.kind == kind
                && executable.target == target
                && executable.source.starts_with(folder)
        });
        found.map(|executable| executable.path.as_path())
    }
}

/// `arguments` as Cargo takes them.
pub(crate) fn arguments<const N: usize>(arguments: [&dyn AsRef<OsStr>; N]) -> Vec<OsString> {
    arguments
        .iter()
        .map(|argument| argument.as_ref().to_os_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::compiling("   Compiling rstest v0.28.0\n", Some(Status::Compiling("rstest")))]
    #[case::finished(
        "    Finished `test` profile [unoptimized] target(s) in 0.10s\n",
        Some(Status::Other)
    )]
    #[case::executable(
        "  Executable tests/checks.rs (target/debug/deps/checks-1)\n",
        Some(Status::Other)
    )]
    #[case::lock(
        "    Blocking waiting for file lock on build directory\n",
        Some(Status::Waiting)
    )]
    #[case::error("error[E0308]: mismatched types\n", None)]
    #[case::place("   --> src/main.rs:31:5\n", None)]
    #[case::note("   = note: expected type `u8`\n", None)]
    #[case::source("  12 |     let Compiling = 1;\n", None)]
    #[case::empty("\n", None)]
    #[case::not_ascii("  ééééééé é é é\n", None)]
    fn status_lines_are_told_from_words(#[case] line: &str, #[case] expected: Option<Status<'_>>) {
        assert_eq!(Status::of(line), expected);
    }
}
