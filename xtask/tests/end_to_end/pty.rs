//! A terminal for the runner: a pseudo-terminal, and what would be seen on it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::pty::OpenptFlags;
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

const LONG_ENOUGH: Duration = Duration::from_secs(120);

/// A terminal with a program on it, which ends with it.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    /// Kept open, so that the terminal outlives the program.
    line: OwnedFd,
    seen: Arc<Mutex<vt100::Parser>>,
    /// All that was written to it.
    raw: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    /// Starts `command` on a terminal of 30 rows and 80 columns that is its own:
    /// its Ctrl-C reaches it.
    pub(crate) fn start(command: &Command) -> Terminal {
        let keyboard =
            rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        rustix::pty::grantpt(&keyboard).expect("granted");
        rustix::pty::unlockpt(&keyboard).expect("unlocked");
        let name = rustix::pty::ptsname(&keyboard, Vec::new()).expect("a name");
        let name = name.to_str().expect("a path");
        let line = File::options()
            .read(true)
            .write(true)
            .open(name)
            .expect("the line");
        let size = Winsize {
            ws_row: 30,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&line, size).expect("a size");
        let mut with_terminal = Command::new("setsid");
        with_terminal
            .args(["--ctty", "--wait"])
            .arg(command.get_program());
        with_terminal.args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => with_terminal.env(name, value),
                None => with_terminal.env_remove(name),
            };
        }
        let child = with_terminal
            .current_dir(command.get_current_dir().expect("a folder"))
            .env("TERM", "xterm-256color")
            .stdin(line.try_clone().expect("a descriptor"))
            .stdout(line.try_clone().expect("a descriptor"))
            .stderr(line.try_clone().expect("a descriptor"))
            .spawn()
            .expect("setsid of util-linux");
        let seen = Arc::new(Mutex::new(vt100::Parser::new(30, 80, 0)));
        let keyboard = File::from(keyboard);
        let raw = Arc::default();
        let output = keyboard.try_clone().expect("a descriptor");
        watch(output, Arc::clone(&seen), Arc::clone(&raw));
        Terminal {
            child,
            keyboard,
            line: line.into(),
            seen,
            raw,
        }
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("pressed");
    }

    /// What stands on the screen.
    pub(crate) fn text(&self) -> String {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.screen().contents()
    }

    /// All that was written to the screen, with what draws and colours it.
    pub(crate) fn raw(&self) -> String {
        let raw = self.raw.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&raw).into_owned()
    }

    /// Waits until `text` is on the screen.
    #[track_caller]
    pub(crate) fn expect(&self, text: &str) -> String {
        self.expect_that(text, |screen| screen.contains(text))
    }

    /// Waits until the screen is as it should be.
    #[track_caller]
    pub(crate) fn expect_that(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let begin = Instant::now();
        loop {
            let text = self.text();
            if is_so(&text) {
                return text;
            }
            assert!(begin.elapsed() < LONG_ENOUGH, "no `{what}` on\n{text}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub(crate) fn expect_end(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(
                begin.elapsed() < LONG_ENOUGH,
                "still running:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The process id of the program, which `setsid` has started.
    pub(crate) fn program(&self) -> u32 {
        let children = format!("/proc/{0}/task/{0}/children", self.child.id());
        let name = format!("/proc/{}/comm", self.child.id());
        let begin = Instant::now();
        loop {
            // It did not have to fork: the children are the program's own.
            let name = std::fs::read_to_string(&name).unwrap_or_default();
            if name.trim() == "xtask" {
                return self.child.id();
            }
            let text = std::fs::read_to_string(&children).unwrap_or_default();
            if let Some(pid) = text
                .split_whitespace()
                .next()
                .and_then(|pid| pid.parse().ok())
            {
                return pid;
            }
            assert!(begin.elapsed() < LONG_ENOUGH, "no program in {children}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Checks that the terminal is as a shell expects it: it shows what is
    /// typed, line by line, with a cursor, on its usual screen.
    #[track_caller]
    pub(crate) fn assert_is_as_before(&self) {
        let modes = tcgetattr(&self.line).expect("a terminal").local_modes;
        assert!(
            modes.contains(LocalModes::ICANON | LocalModes::ECHO),
            "{modes:?}"
        );
        self.expect_that("cursor", |_| {
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            !seen.screen().hide_cursor() && !seen.screen().alternate_screen()
        });
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn watch(mut output: File, seen: Arc<Mutex<vt100::Parser>>, raw: Arc<Mutex<Vec<u8>>>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        let mut waiting = Vec::new();
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            waiting.extend(&buffer[..count]);
            let whole = whole_frames(&waiting);
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.process(&waiting[..whole]);
            waiting.drain(..whole);
            let mut raw = raw.lock().unwrap_or_else(PoisonError::into_inner);
            raw.extend(&buffer[..count]);
        }
    });
}

/// How many of these bytes may be shown: a frame that is announced as one is
/// shown when it is whole, as terminals do that know what was announced.
fn whole_frames(bytes: &[u8]) -> usize {
    const BEGIN: &[u8] = b"\x1b[?2026h";
    const END: &[u8] = b"\x1b[?2026l";
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    match (last(BEGIN), last(END)) {
        (Some(begin), end) if end.is_none_or(|end| end < begin) => begin,
        // The announcement itself may have come in part.
        _ => {
            let mut parts = (1..BEGIN.len()).rev();
            let part = parts.find(|length| bytes.ends_with(&BEGIN[..*length]));
            bytes.len() - part.unwrap_or(0)
        }
    }
}
