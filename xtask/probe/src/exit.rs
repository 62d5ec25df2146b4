//! How a program ends.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::announce;
use crate::cause::Cause;
use crate::clue::Clue;
use crate::crash;
use crate::failure::{cause_of_end, describe_end, fail, fail_with, record_end, with_reason};
use crate::running::Running;
use crate::wait::{PATIENCE, readable};

/// A program that has ended.
#[derive(Debug)]
pub struct Ended {
    /// How long after its start.
    pub after: Duration,
    /// All that it printed on stdout.
    pub stdout: Vec<u8>,
    /// All that it printed on stderr.
    pub stderr: String,
}

impl Running {
    /// Must end within [`PATIENCE`], with exit code `code`.
    ///
    /// # Panics
    /// When it goes on, or ends otherwise.
    #[track_caller]
    pub fn expect_exit(&self, code: i32) -> Ended {
        self.expect_exit_instead_of(code, None)
    }

    /// As [`Running::expect_exit`], where it was told to listen on `taken`,
    /// which another program has.
    #[track_caller]
    fn expect_exit_instead_of(&self, code: i32, taken: Option<SocketAddr>) -> Ended {
        let expected = format!("the end of your program with exit code {code}");
        let (ended, got) = self.expect_any_exit(&expected, taken);
        if got != Some(code) {
            let Some(status) = self.judged().ended() else {
                return ended;
            };
            let cause = match cause_of_end(self.judged(), status) {
                Cause::Exited => Cause::WrongExitCode,
                other => other,
            };
            let said = ended
                .stderr
                .lines()
                // What Rust adds to every panic says nothing of this one.
                .rfind(|line| !line.starts_with("note: run with"))
                .map(|line| format!(", saying `{}`", line.trim()))
                .unwrap_or_default();
            let clue = match got {
                Some(got) => Clue::Exit { due: code, got },
                None => Clue::None,
            };
            let expected = format!("the end of your program with exit code {code}");
            let got = format!("{}{said}", describe_end(status));
            fail_with(self.scene(), cause, clue, &expected, &got);
        }
        ended
    }

    /// Must end within [`PATIENCE`], in whatever way but a panic; gives the
    /// exit code, where it was not a signal.
    ///
    /// # Panics
    /// When it goes on, or panics.
    #[track_caller]
    pub fn expect_end_without_panic(&self) -> (Ended, Option<i32>) {
        let (ended, code) = self.expect_any_exit("the end of your program", None);
        if code == Some(101) || ended.stderr.contains("panicked at") {
            fail(
                self.scene(),
                Cause::Panicked,
                "an end without a panic",
                &with_reason(self.judged(), "your program panicked".into()),
            );
        }
        (ended, code)
    }

    /// How long ago it was started.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.judged().started.elapsed()
    }

    /// Whether it ends by itself within `limit`; nothing is expected. An
    /// expectation of its end that follows waits for as much less.
    #[must_use]
    pub fn ends_within(&self, limit: Duration) -> bool {
        let ended = self.judged().wait_on(limit).is_some();
        if ended {
            let deadline = Instant::now() + Duration::from_secs(1);
            self.judged().stdout.wait_for_end(deadline);
            self.judged().stderr.wait_for_end(deadline);
        }
        ended
    }

    #[track_caller]
    fn expect_any_exit(&self, expected: &str, taken: Option<SocketAddr>) -> (Ended, Option<i32>) {
        let Some(status) = self.judged().wait_on(PATIENCE) else {
            let mut got = format!("your program still runs after {}", readable(PATIENCE));
            let stdout = self.judged().stdout.all();
            let announced = announce::address(&String::from_utf8_lossy(&stdout));
            let clue = match (announced, taken) {
                (Some(own), Some(taken)) if own == taken => Clue::ListensTwice,
                (Some(_), Some(_)) => Clue::ListensElsewhere,
                _ => Clue::None,
            };
            if let Some(own) = announced {
                got += &format!(", and listens on {own}");
            }
            fail_with(self.scene(), Cause::StillRunning, clue, expected, &got)
        };
        let after = self.judged().started.elapsed();
        record_end(self.scene(), status);
        // What it printed last may still be on its way through the pipe.
        let deadline = Instant::now() + Duration::from_secs(1);
        self.judged().stdout.wait_for_end(deadline);
        self.judged().stderr.wait_for_end(deadline);
        let ended = Ended {
            after,
            stdout: self.judged().stdout.all(),
            stderr: self.stderr(),
        };
        (ended, status.code())
    }

    /// Must end with exit code 1 and a message on stderr: a line that begins
    /// with `Error: ` and, from there on, each of `named` (in any case).
    ///
    /// # Panics
    /// When it goes on, ends otherwise, or says something else.
    #[track_caller]
    pub fn expect_error(&self, named: &[&str]) -> Ended {
        let taken = named.iter().find_map(|name| name.parse().ok());
        let ended = self.expect_exit_instead_of(1, taken);
        let message = error_message(&ended.stderr);
        let missing: Vec<&str> = named
            .iter()
            .copied()
            .filter(|name| !message.contains(&name.to_lowercase()))
            .collect();
        if message.is_empty() || !missing.is_empty() {
            let names: Vec<String> = named.iter().map(|name| format!("`{name}`")).collect();
            let mut expected = "a message on stderr that begins with `Error: `".to_owned();
            if !names.is_empty() {
                expected += &format!(" and names {}", names.join(" and "));
            }
            let got = match (ended.stderr.trim(), crash::message(&ended.stderr)) {
                ("", _) => "nothing on stderr".to_owned(),
                (_, Some(crash)) if !crash.is_empty() => {
                    format!("an error that your program does not handle: `{crash}`")
                }
                (said, _) => format!("after {}: {}", readable(ended.after), excerpt_of_text(said)),
            };
            let stdout = String::from_utf8_lossy(&ended.stdout);
            let clue = Clue::Message {
                stdout: &stdout,
                stderr: &ended.stderr,
                due: named,
            };
            fail_with(self.scene(), Cause::WrongError, clue, &expected, &got);
        }
        ended
    }
}

impl Ended {
    /// The message from its line `Error: …` on, in lower case; empty where
    /// there is none.
    #[must_use]
    pub fn error(&self) -> String {
        error_message(&self.stderr)
    }
}

/// `stderr` from the first line on that begins with `Error: `, in lower case.
fn error_message(stderr: &str) -> String {
    let start = if stderr.starts_with("Error: ") {
        Some(0)
    } else {
        stderr.find("\nError: ").map(|at| at + 1)
    };
    start
        .map(|at| stderr[at..].to_lowercase())
        .unwrap_or_default()
}

/// The first lines of `text`, and of a long line its beginning.
fn excerpt_of_text(text: &str) -> String {
    const LONGEST: usize = 200;
    let lines = text
        .lines()
        .take(4)
        .map(|line| match line.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}
