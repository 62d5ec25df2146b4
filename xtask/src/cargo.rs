//! Calls Cargo: passes its words on, hides its noise, finds what it made.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use supervise::{Group, Limits};

use crate::screen::Screen;

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

/// The packages of this machine that went into a build.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct LocalPackages {
    pub(crate) manifests: Vec<PathBuf>,
    /// One of them has done something of its own to be built.
    pub(crate) ran_a_script: bool,
}

/// A program that Cargo has made, or found up to date.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Executable {
    pub(crate) target: String,
    pub(crate) kind: Kind,
    /// The source file of its crate root.
    pub(crate) source: PathBuf,
    pub(crate) path: PathBuf,
}

/// What an executable is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Program,
    IntegrationTest,
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
    pub(crate) fn run_to_the_end(self, screen: &Screen) -> anyhow::Result<Finished> {
        let finished = self.run(screen, &|| false)?;
        finished.context("Cargo was stopped")
    }

    /// Runs Cargo. A build that fails is no error of ours. `None`: it was
    /// cancelled, and nothing of it runs any more.
    pub(crate) fn run(
        mut self,
        screen: &Screen,
        cancelled: &dyn Fn() -> bool,
    ) -> anyhow::Result<Option<Finished>> {
        self.arguments
            .push("--message-format=json-render-diagnostics".into());
        if screen.relays_colour() {
            self.arguments.push("--color=always".into());
        }
        let mut command = Command::new(program());
        command
            .args(&self.arguments)
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
            executables: executables(&messages),
            local: local_packages(&messages),
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

/// The executables among Cargo's JSON messages. Their paths are never guessed:
/// `CARGO_TARGET_DIR`, a profile or a target triple would prove us wrong.
fn executables(messages: &[u8]) -> Vec<Executable> {
    parsed(messages)
        .filter_map(|message| executable(&message))
        .collect()
}

fn local_packages(messages: &[u8]) -> LocalPackages {
    let mut local = LocalPackages::default();
    let is_local = |message: &Value| {
        let id = message["package_id"].as_str();
        id.is_some_and(|id| id.starts_with("path+"))
    };
    for message in parsed(messages).filter(is_local) {
        local.ran_a_script |= message["reason"] == "build-script-executed";
        if let Some(manifest) = message["manifest_path"].as_str() {
            local.manifests.push(manifest.into());
        }
    }
    local
}

fn parsed(messages: &[u8]) -> impl Iterator<Item = Value> {
    let lines = messages.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok())
}

fn executable(message: &Value) -> Option<Executable> {
    let target = &message["target"];
    let kind = match target["kind"][0].as_str()? {
        "bin" if message["profile"]["test"] == false => Kind::Program,
        "test" => Kind::IntegrationTest,
        _ => return None,
    };
    Some(Executable {
        target: target["name"].as_str()?.to_string(),
        kind,
        source: target["src_path"].as_str()?.into(),
        path: message["executable"].as_str()?.into(),
    })
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

    #[test]
    fn the_unit_tests_of_a_program_are_not_the_program() {
        let message = |test: &str, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"kind":["bin"],"name":"a","src_path":"/c/a/src/main.rs"}},"profile":{{"test":{test}}},"executable":"{executable}"}}"#
            )
        };
        let messages = format!(
            "{}\nnoise\n{}\n",
            message("true", "/t/unit"),
            message("false", "/t/a")
        );
        let finished = Finished {
            success: true,
            words: String::new(),
            executables: executables(messages.as_bytes()),
            local: LocalPackages::default(),
        };
        assert_eq!(finished.executables.len(), 1);
        assert_eq!(
            finished.find(Kind::Program, "a", Path::new("/c/a")),
            Some(Path::new("/t/a"))
        );
        assert_eq!(finished.find(Kind::Program, "a", Path::new("/c/b")), None);
    }

    #[test]
    fn packages_of_this_machine_are_told_from_a_registrys() {
        let messages = r#"{"reason":"compiler-artifact","package_id":"path+file:///c/a#0.1.0","manifest_path":"/c/a/Cargo.toml"}
{"reason":"compiler-artifact","package_id":"registry+https://index#b@1.0.0","manifest_path":"/r/b/Cargo.toml"}
{"reason":"build-script-executed","package_id":"registry+https://index#b@1.0.0"}
"#;
        let local = local_packages(messages.as_bytes());
        assert_eq!(local.manifests, [Path::new("/c/a/Cargo.toml")]);
        assert!(!local.ran_a_script);
        let script = r#"{"reason":"build-script-executed","package_id":"path+file:///c/a#0.1.0"}"#;
        assert!(local_packages(script.as_bytes()).ran_a_script);
    }
}
