//! The process that is judged, as all who watch it share it.

use std::io::{self, BufRead as _};
use std::net::SocketAddr;
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use supervise::{Burden, Group, Limits, Signal, Usage};
use wire::What;

use crate::output::Output;
use crate::scene::Scene;
use crate::wait::until;
use crate::warden::{self, Excess};

/// A started program.
#[derive(Debug)]
pub(crate) struct Judged {
    group: Mutex<Group>,
    stdin: Mutex<Option<ChildStdin>>,
    pub(crate) stdout: Arc<Output>,
    pub(crate) stderr: Arc<Output>,
    pub(crate) started: Instant,
    pub(crate) limits: Limits,
    /// As long as this the check has waited for its end already.
    waited: Mutex<Duration>,
    /// What it was started with.
    pub(crate) arguments: Vec<String>,
    /// Why it was ended before its check was over, if it was.
    pub(crate) excess: OnceLock<Excess>,
}

impl Judged {
    /// Starts `command` and follows what it prints.
    pub(crate) fn start(
        command: &mut Command,
        limits: Limits,
        stdout_cap: usize,
        scene: &Arc<Scene>,
    ) -> io::Result<Arc<Judged>> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let limits = warden::bounded(limits);
        // Before it can do anything: on a busy machine it may be well on its way
        // when `spawn` returns, and nothing that it does may seem too early.
        let started = Instant::now();
        let mut group = Group::spawn(command, limits)?;
        let (stdin, stdout, stderr) = group.take_pipes();
        let judged = Arc::new(Judged {
            group: Mutex::new(group),
            stdin: Mutex::new(stdin),
            stdout: Output::new(stdout_cap),
            stderr: Output::new(1024 * 1024),
            started,
            limits,
            waited: Mutex::default(),
            arguments: command
                .get_args()
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect(),
            excess: OnceLock::new(),
        });
        warden::watch(&judged)?;
        if let Some(pipe) = stdout {
            judged
                .stdout
                .follow(pipe, record_lines(Arc::downgrade(scene)))?;
        }
        if let Some(pipe) = stderr {
            judged.stderr.follow(pipe, |_| {})?;
        }
        Ok(judged)
    }

    fn group(&self) -> MutexGuard<'_, Group> {
        self.group.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        // An error says that somebody else has collected it: it is gone, and
        // nothing can be said about how.
        self.group().try_wait().ok().flatten()
    }

    /// Waits for its end until `limit` is over.
    pub(crate) fn wait(&self, limit: Duration) -> Option<ExitStatus> {
        until(limit, || self.ended().is_some());
        self.ended()
    }

    /// Waits for its end for as long as is left of `patience`, which is one for
    /// all who wait for it.
    pub(crate) fn wait_on(&self, patience: Duration) -> Option<ExitStatus> {
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = Instant::now();
        let status = self.wait(patience.saturating_sub(*waited));
        *waited += begun.elapsed();
        status
    }

    pub(crate) fn usage(&self) -> Option<Usage> {
        self.group().usage()
    }

    /// Where it listens, for connections or for datagrams from anybody.
    pub(crate) fn listening(&self) -> Option<Vec<SocketAddr>> {
        self.group().listening()
    }

    /// What it and all that came from it take of the machine.
    pub(crate) fn burden(&self, enough: usize) -> Option<Burden> {
        self.group().burden(enough)
    }

    pub(crate) fn memory_without_repeats(&self) -> Option<u64> {
        self.group().memory_without_repeats()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.group().is_stopped().unwrap_or(false)
    }

    /// Whether one of the sockets on which it is seen to listen has this port.
    pub(crate) fn listens_on(&self, addr: SocketAddr) -> bool {
        let listening = self.listening().unwrap_or_default();
        listening.iter().any(|own| own.port() == addr.port())
    }

    /// Whether the socket at `addr` is its own; `None` where nobody can tell.
    pub(crate) fn owns(&self, addr: SocketAddr) -> Option<bool> {
        self.group().owns(addr)
    }

    /// Whether it has read all that its server at `server` got from `client`.
    pub(crate) fn has_read_all(&self, server: SocketAddr, client: SocketAddr) -> Option<bool> {
        self.group().has_read_all(server, client)
    }

    pub(crate) fn blocks_its_event_loop(&self) -> Option<bool> {
        self.group().blocks_its_event_loop()
    }

    pub(crate) fn longest_wait(&self, most: Duration) -> Option<Duration> {
        self.group().longest_wait(most)
    }

    pub(crate) fn time_limit(&self) -> Option<Duration> {
        self.group().time_limit()
    }

    pub(crate) fn signal(&self, signal: Signal) -> io::Result<()> {
        self.group().signal(signal)
    }

    pub(crate) fn kill(&self) {
        self.group().kill();
    }

    /// Writes to its stdin; `TimedOut` where nobody reads for `patience`.
    pub(crate) fn write_stdin(&self, bytes: &[u8], patience: Duration) -> io::Result<()> {
        let mut stdin = self.stdin.lock().unwrap_or_else(PoisonError::into_inner);
        match stdin.as_mut() {
            Some(pipe) => supervise::write_stdin(pipe, bytes, patience),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// As [`Judged::write_stdin`], where nobody else writes there now; says
    /// whether all of `bytes` were taken.
    pub(crate) fn try_write_stdin(&self, bytes: &[u8], patience: Duration) -> bool {
        let Ok(mut stdin) = self.stdin.try_lock() else {
            return false;
        };
        let pipe = stdin.as_mut();
        pipe.is_some_and(|pipe| supervise::write_stdin(pipe, bytes, patience).is_ok())
    }

    /// Ends its stdin, where that is open and nobody writes there now; says
    /// whether that was so.
    pub(crate) fn try_close_stdin(&self) -> bool {
        let stdin = self.stdin.try_lock();
        stdin.is_ok_and(|mut stdin| stdin.take().is_some())
    }

    pub(crate) fn close_stdin(&self) {
        *self.stdin.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Puts each line of text that the program prints into the timeline. What is
/// not text is not the program's account of events, and stays out.
fn record_lines(scene: Weak<Scene>) -> impl FnMut(&[u8]) + Send + 'static {
    const LONGEST: usize = 400;
    let mut line: Vec<u8> = Vec::new();
    move |mut piece| {
        // Memory can always be read.
        while let Ok(1..) = piece.read_until(b'\n', &mut line) {
            if !line.ends_with(b"\n") {
                line.truncate(LONGEST + 1);
                return;
            }
            let whole = std::mem::take(&mut line);
            if whole.len() > LONGEST {
                continue;
            }
            let Ok(text) = String::from_utf8(whole) else {
                continue;
            };
            if let Some(scene) = scene.upgrade() {
                scene.record(
                    scene.program_name(),
                    "",
                    What::Printed(text.trim_end().to_owned()),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_recorded_whole_however_they_come() {
        let long = "x".repeat(400);
        let printed = format!("one\n\n  two \n{long}\n{long}{long}\nthree\n\u{fc}\nunended");
        let mut printed = printed.into_bytes();
        printed.splice(0..0, *b"\xff no text\n");
        for size in [1, 7, 64, 401, printed.len()] {
            let scene = Scene::new();
            let mut record = record_lines(Arc::downgrade(&scene));
            printed.chunks(size).for_each(&mut record);
            let timeline = scene.timeline();
            let (events, _) = timeline.events();
            let lines = events.iter().map(|event| match &event.what {
                What::Printed(line) => line.as_str(),
                other => other.name(),
            });
            assert_eq!(
                lines.collect::<Vec<_>>(),
                ["one", "", "  two", "three", "\u{fc}"],
                "in pieces of {size}"
            );
        }
    }
}
