//! A program that was started: what it prints, what it is told.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use supervise::Signal;
use wire::{Difference, What, amount, excerpt, grouped, harmless};

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::{end_of, fail, fail_with};
use crate::forwarding;
use crate::judged::Judged;
use crate::output::Nothing;
use crate::scene::Scene;
use crate::wait::{PATIENCE, readable, stand_still_when_let_go};

/// A started program. It is killed, with all that came from it, when this is
/// dropped.
#[derive(Debug)]
pub struct Running {
    judged: Arc<Judged>,
    scene: Arc<Scene>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Else the check might end, and with it the killing of everything.
        stand_still_when_let_go();
        self.judged.kill();
    }
}

impl Running {
    pub(crate) fn new(judged: Arc<Judged>, scene: Arc<Scene>) -> Running {
        scene.now_judging(&judged);
        Running { judged, scene }
    }

    pub(crate) fn scene(&self) -> &Arc<Scene> {
        &self.scene
    }

    pub(crate) fn judged(&self) -> &Judged {
        &self.judged
    }

    pub(crate) fn try_line(&self) -> Result<String, Nothing> {
        self.try_line_within(PATIENCE)
    }

    fn try_line_within(&self, limit: Duration) -> Result<String, Nothing> {
        let newline = |bytes: &[u8]| {
            bytes
                .iter()
                .position(|&byte| byte == b'\n')
                .map(|at| at + 1)
        };
        let line = self.judged.stdout.take(Instant::now() + limit, newline)?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\n');
        Ok(line
            .strip_suffix('\r')
            .filter(|_| cfg!(windows))
            .unwrap_or(line)
            .to_owned())
    }

    pub(crate) fn unfinished_line(&self) -> String {
        const LONGEST: usize = 60;
        let rest = self.judged.stdout.rest();
        let text = String::from_utf8_lossy(&rest[..rest.len().min(4 * LONGEST)]);
        let mut shown: String = text.chars().take(LONGEST).collect();
        if shown.len() < rest.len() {
            shown.push('…');
        }
        harmless(&shown)
    }

    /// The next line on stdout, addresses replaced by roles.
    ///
    /// # Panics
    /// When none comes.
    #[track_caller]
    pub fn next_line(&self) -> String {
        self.line_or("another line on stdout", || None)
    }

    /// The next line, where `due` stands at its beginning or is all of it.
    #[track_caller]
    fn line_or_fail(&self, expected: &str, due: &str) -> String {
        self.line_or(expected, || {
            let stderr = self.scene.with_roles(&self.stderr());
            stderr.contains(due).then_some("prints-events-on-stderr")
        })
    }

    #[track_caller]
    fn line_or(&self, expected: &str, why: impl FnOnce() -> Option<&'static str>) -> String {
        let nothing = match self.try_line() {
            Ok(line) => return self.scene.with_roles(&line),
            Err(nothing) => nothing,
        };
        let got = nothing.instead_of_a_line(&self.unfinished_line());
        let cause = match nothing {
            Nothing::Flooded => Cause::Flooding,
            _ => Cause::Silent,
        };
        let clue = why().map_or(Clue::None, Clue::Telltale);
        fail_with(&self.scene, cause, clue, expected, &got)
    }

    /// As [`Running::next_line`]. Where none comes, `why` may find out by which
    /// pitfall.
    ///
    /// # Panics
    /// When none comes.
    #[track_caller]
    pub fn next_line_or(&self, why: impl FnOnce() -> Option<&'static str>) -> String {
        self.line_or("another line on stdout", why)
    }

    /// The next line on stdout must be `line`; addresses are given as roles
    /// (`[client 1] connected`).
    ///
    /// # Panics
    /// When another line or none comes.
    #[track_caller]
    pub fn expect_line(&self, line: &str) {
        let expected = format!("{} on stdout{}", shortened(line), about_roles(line));
        let got = self.line_or_fail(&expected, line);
        if got != line {
            self.wrong_line(line, &got);
        }
    }

    /// The next line on stdout that does not begin with `passing` must be
    /// `line`; spaces at its end do not count.
    ///
    /// # Panics
    /// When another line or none comes.
    #[track_caller]
    pub fn expect_line_past(&self, passing: &str, line: &str) {
        let expected = format!("{} on stdout{}", shortened(line), about_roles(line));
        let mut got = self.line_or_fail(&expected, line);
        while got.starts_with(passing) {
            got = self.line_or_fail(&expected, line);
        }
        if got.trim_end() != line.trim_end() {
            self.wrong_line(line, &got);
        }
    }

    #[track_caller]
    fn wrong_line(&self, due: &str, got: &str) -> ! {
        let expected = format!("{} on stdout{}", shortened(due), about_roles(due));
        let clue = Clue::Line { due, got };
        fail_with(
            &self.scene,
            Cause::WrongOutput,
            clue,
            &expected,
            &shortened(got),
        )
    }

    /// The next line on stdout must begin with `start`; gives the whole line.
    ///
    /// # Panics
    /// When another line or none comes.
    #[track_caller]
    pub fn expect_line_starting(&self, start: &str) -> String {
        let expected = format!(
            "a line on stdout that begins with `{start}`{}",
            about_roles(start)
        );
        let got = self.line_or_fail(&expected, start);
        if !got.starts_with(start) {
            fail(
                &self.scene,
                Cause::WrongOutput,
                &expected,
                &format!("`{got}`"),
            );
        }
        got
    }

    /// No line must come on stdout for `duration`.
    ///
    /// # Panics
    /// When one comes.
    #[track_caller]
    pub fn expect_no_line(&self, duration: Duration) {
        if let Ok(line) = self.try_line_within(duration) {
            fail(
                &self.scene,
                Cause::WrongOutput,
                "nothing more on stdout",
                &format!("`{line}`"),
            );
        }
    }

    /// The next bytes on stdout must be `bytes`.
    ///
    /// # Panics
    /// When others come, or not enough.
    #[track_caller]
    pub fn expect_stdout(&self, bytes: &[u8]) {
        let expected = format!("{} on stdout ({})", excerpt(bytes), amount(bytes.len()));
        let got = self.judged.stdout.take(Instant::now() + PATIENCE, |new| {
            (new.len() >= bytes.len()).then_some(bytes.len())
        });
        match got {
            Ok(got) if got == bytes => {}
            Ok(got) => {
                self.scene.set_difference(Difference::of(bytes, &got));
                let at = got.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(0);
                let clue = Clue::Stream {
                    due: bytes,
                    got: &got,
                };
                let got = match at {
                    0 => format!("other bytes: {}", excerpt(&got)),
                    at => format!("other bytes from byte {} on", grouped(at)),
                };
                fail_with(&self.scene, Cause::WrongOutput, clue, &expected, &got);
            }
            Err(nothing) => {
                let rest = self.judged.stdout.rest();
                let cause = if rest.is_empty() {
                    Cause::Silent
                } else {
                    Cause::Partial
                };
                let came = match rest.len() {
                    0 => String::new(),
                    count => format!(
                        "{} of {}, {}, then ",
                        grouped(count),
                        amount(bytes.len()),
                        excerpt(&rest)
                    ),
                };
                let pending = bytes.len() - rest.len();
                let (clue, more) = forwarding::why_unprinted(&self.scene, pending);
                let got = format!("{came}{}{more}", nothing.in_words());
                fail_with(&self.scene, cause, clue, &expected, &got);
            }
        }
    }

    /// All of stdout so far, addresses replaced by roles.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.scene
            .with_roles(&String::from_utf8_lossy(&self.judged.stdout.all()))
    }

    /// All of stdout so far, as bytes.
    #[must_use]
    pub fn stdout(&self) -> Vec<u8> {
        self.judged.stdout.all()
    }

    /// All of stderr so far (its first MiB).
    #[must_use]
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.judged.stderr.all()).into_owned()
    }

    /// All of stderr, where it has ended or is about to.
    pub(crate) fn last_words(&self) -> String {
        if self.judged.wait(Duration::from_millis(100)).is_some() {
            let deadline = Instant::now() + Duration::from_secs(1);
            self.judged.stderr.wait_for_end(deadline);
        }
        self.stderr()
    }

    /// How many bytes it has printed on stdout and stderr together.
    #[must_use]
    pub fn printed(&self) -> u64 {
        self.judged.stdout.total() + self.judged.stderr.total()
    }

    /// Writes to its stdin.
    ///
    /// # Panics
    /// When nobody reads there any more, or for [`PATIENCE`].
    #[track_caller]
    pub fn write_stdin(&self, bytes: &[u8]) {
        let Err(error) = self.judged.write_stdin(bytes, PATIENCE) else {
            return;
        };
        let got = match error.kind() {
            ErrorKind::TimedOut => format!("it read nothing for {}", readable(PATIENCE)),
            ErrorKind::BrokenPipe => "it has closed its stdin".to_owned(),
            _ => format!("{error}"),
        };
        let expected = format!(
            "your program reads the {} on its stdin",
            amount(bytes.len())
        );
        fail(&self.scene, Cause::NotReading, &expected, &got);
    }

    /// Writes to its stdin until everything is written or nobody reads there
    /// any more; for programs that may end before their input does, or whose
    /// other work keeps them from reading for longer than [`PATIENCE`].
    pub fn offer_stdin(&self, bytes: &[u8]) {
        if let Err(error) = self.judged.write_stdin(bytes, 6 * PATIENCE)
            && error.kind() != ErrorKind::BrokenPipe
        {
            self.scene
                .note(&format!("its stdin was not read to the end: {error}"));
        }
    }

    /// Ends its stdin.
    pub fn close_stdin(&self) {
        self.judged.close_stdin();
    }

    /// Closes the reading end of its stdout, as `| head -1` does.
    pub fn close_stdout(&self) {
        self.judged.stdout.close();
    }

    /// Must still be running, and no part of it may have panicked.
    ///
    /// # Panics
    /// When it is not, or has.
    #[track_caller]
    pub fn expect_alive(&self) {
        let expected = "your program goes on running";
        if let Some(status) = self.judged.ended() {
            let (cause, end) = end_of(&self.judged, status);
            fail(&self.scene, cause, expected, &end);
        }
        if self.stderr().contains("panicked at") {
            fail(
                &self.scene,
                Cause::Panicked,
                expected,
                "a part of it panicked",
            );
        }
    }

    /// Stops it (`SIGSTOP`). Says whether the platform can.
    pub fn pause(&self) -> bool {
        self.tell(Signal::Stop, What::Stopped)
    }

    /// Continues it (`SIGCONT`). Says whether the platform can.
    pub fn resume(&self) -> bool {
        self.tell(Signal::Continue, What::Continued)
    }

    fn tell(&self, signal: Signal, what: What) -> bool {
        let told = self.judged.signal(signal);
        match &told {
            Ok(()) => self
                .scene
                .record("harness", self.scene.program_name(), what),
            Err(error) => self.scene.note(&format!(
                "the program was not stopped and continued: {error}"
            )),
        }
        told.is_ok()
    }
}

/// `line` in backquotes, its beginning only where it is long.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 200;
    let count = line.chars().count();
    if count <= LONGEST {
        return format!("`{line}`");
    }
    let start: String = line.chars().take(60).collect();
    format!("`{start}…` ({count} characters)")
}

/// What `[client 1]` means, where that stands in `line`.
fn about_roles(line: &str) -> &'static str {
    let has_role = ["[client ", "[server]"]
        .iter()
        .any(|role| line.contains(role));
    if has_role {
        " ([…] stands for an IP:PORT)"
    } else {
        ""
    }
}
