//! Calls Cargo: passes its words on, hides its noise, finds what it made.

mod messages;
mod place;
mod reminder;
mod status;

use std::ffi::{OsStr, OsString};
use std::io::{self, BufReader, ErrorKind, Read as _};
use std::path::Path;
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, bail};
use supervise::{Group, Limits};

use self::reminder::Reminder;
use self::status::Status;
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
    /// How long that takes where its libraries are built, too.
    pub(crate) takes: &'static str,
    /// What limits its time, where something does.
    pub(crate) limit: Option<&'static str>,
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
            // It says so how far it is, though nobody sees what it draws.
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "100")
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
        let messages = collect(stdout).context("starting a thread")?;
        let pieces = pieces_of(stderr).context("starting a thread")?;
        let Some(words) = self.relay(&pieces, screen, cancelled) else {
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

    /// Passes on what Cargo says until it has ended; returns it without colours.
    fn relay(
        &self,
        pieces: &Receiver<Vec<u8>>,
        screen: &Screen,
        cancelled: &dyn Fn() -> bool,
    ) -> Option<String> {
        let mut words = String::new();
        let mut built = 0;
        let mut reminder = Reminder::new();
        loop {
            if cancelled() {
                return None;
            }
            if !screen.shows_progress()
                && let Some(line) = reminder.line(&self.what, self.limit)
            {
                screen.say(&line);
            }
            let piece = match pieces.recv_timeout(POLL) {
                Ok(piece) => piece,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Some(words),
            };
            let text = anstream::adapter::strip_str(&String::from_utf8_lossy(&piece)).to_string();
            match Status::of(&text) {
                Some(Status::Compiling(package)) => {
                    built += 1;
                    reminder.builds(package);
                    self.announce(built, package, screen);
                }
                Some(Status::Building { done, of, now }) => {
                    reminder.builds(now);
                    let share = screen.look().share(done, of);
                    screen.progress_goes_on(&format!("  {share} · building {now}"));
                }
                Some(Status::Waiting) => {
                    reminder.waits();
                    screen.say_for_now("Waiting for another cargo to finish …");
                }
                // Downloads, for instance, may take a while.
                Some(Status::Other) => screen.progress_goes_on(&format!("  {}", text.trim())),
                None => {
                    let named = place::from_root(&piece, &text, self.folder);
                    screen.relay(named.as_deref().unwrap_or(&piece));
                    words.push_str(&text);
                }
            }
        }
    }

    /// One package is the learner's own and is built in a moment; more than that
    /// means that the libraries are built too, which is worth a word.
    fn announce(&self, built: usize, package: &str, screen: &Screen) {
        if built == 2 {
            let Call { what, takes, .. } = self;
            screen.say_for_now(&format!("Building {what} (the first time takes {takes}) …"));
        }
        screen.progress_goes_on(&format!("  building {package}"));
    }
}

fn collect(mut stdout: ChildStdout) -> io::Result<JoinHandle<io::Result<Vec<u8>>>> {
    thread::Builder::new().spawn(move || {
        let mut messages = Vec::new();
        stdout.read_to_end(&mut messages)?;
        Ok(messages)
    })
}

/// The lines of `stderr` as they come, and what is drawn over and over again in
/// between; the receiver is disconnected at the end.
fn pieces_of(stderr: ChildStderr) -> io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        let mut reader = BufReader::new(stderr);
        while let Ok(piece) = status::next_piece(&mut reader) {
            if piece.is_empty() || sender.send(piece).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
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
