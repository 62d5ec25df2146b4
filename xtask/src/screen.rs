//! Where text goes: verdicts to stdout, progress and complaints to stderr.
//!
//! A reader that goes away (`… | head -1`) changes nothing: the rest of the
//! text is dropped, the judgement runs to its end, and the exit code stays true.
//! Only a watch, which would go on for ever, asks whether anybody is left.

mod progress;

use std::borrow::Cow;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use anstyle::{AnsiColor, Style};

use self::progress::Progress;
use crate::interrupt;
use crate::report::{Look, github, links};

/// Wide enough for the longest check name; a longer line is hard to read.
const WIDEST: usize = 100;
const DEFAULT_WIDTH: usize = 80;

/// The terminal, or what stands in its place.
pub(crate) struct Screen {
    /// What was said, where it is not to be shown yet.
    kept: Option<Mutex<Kept>>,
    progress: Progress,
    /// The address of the course's folder, where links to it are understood.
    links: OnceLock<&'static str>,
    /// Why something was not printed.
    lost: Mutex<Option<std::io::Error>>,
    reader_is_gone: AtomicBool,
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
    /// GitHub Actions reads all that is printed and obeys some of it.
    is_obeyed: bool,
}

/// Words for somebody else to show.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) words: Vec<u8>,
    /// What is going on at this moment.
    pub(crate) progress: String,
}

impl Screen {
    pub(crate) fn new() -> Screen {
        Screen {
            kept: None,
            progress: Progress::default(),
            links: OnceLock::new(),
            lost: Mutex::default(),
            reader_is_gone: AtomicBool::default(),
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
            is_obeyed: std::env::var_os("GITHUB_ACTIONS").is_some(),
        }
    }

    /// One on which nothing is shown: what is said is kept.
    pub(crate) fn keeping() -> Screen {
        Screen {
            kept: Some(Mutex::default()),
            ..Screen::new()
        }
    }

    /// What was said since [`Screen::forget`].
    pub(crate) fn kept(&self) -> Kept {
        let kept = self.kept.as_ref().map(lock);
        kept.map(|kept| kept.clone()).unwrap_or_default()
    }

    /// Begins anew.
    pub(crate) fn forget(&self) {
        if let Some(kept) = &self.kept {
            *lock(kept) = Kept::default();
        }
    }

    /// Prints `text`, which ends its own lines, to stdout.
    pub(crate) fn print(&self, text: &str) {
        // A check that was killed along with us has no verdict.
        if interrupt::is_ending() {
            return;
        }
        self.progress.clear();
        let mut stdout = anstream::stdout().lock();
        let written = stdout
            .write_all(&self.harmless(text.as_bytes()))
            .and_then(|()| stdout.flush());
        self.take_note_of(written);
    }

    /// Prints a document for machines as it is: all of it or, where a signal
    /// comes first, nothing.
    pub(crate) fn print_whole(&self, document: &str) {
        interrupt::undivided(|| {
            self.progress.clear();
            let mut stdout = std::io::stdout().lock();
            let written = stdout
                .write_all(document.as_bytes())
                .and_then(|()| stdout.flush());
            self.take_note_of(written);
        });
    }

    /// That a reader has gone is its own business; a disk that is full is not.
    pub(crate) fn take_note_of(&self, written: std::io::Result<()>) {
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                self.reader_is_gone.store(true, Ordering::Relaxed);
            }
            Err(error) => {
                lock(&self.lost).get_or_insert(error);
            }
        }
    }

    /// Whether it has turned out that nobody reads stdout any more.
    pub(crate) fn reader_is_gone(&self) -> bool {
        self.reader_is_gone.load(Ordering::Relaxed)
    }

    /// Why something could not be printed, if that has happened.
    pub(crate) fn lost(&self) -> Option<std::io::Error> {
        lock(&self.lost).take()
    }

    /// Prints one line about what goes on to stderr.
    pub(crate) fn say(&self, line: &str) {
        self.relay(format!("{line}\n").as_bytes());
    }

    /// The same of what is soon over: where words are kept, it is not among them.
    pub(crate) fn say_for_now(&self, line: &str) {
        match &self.kept {
            Some(kept) => lock(kept).progress = line.to_string(),
            None => self.say(line),
        }
    }

    /// Prints an error message to stderr.
    pub(crate) fn complain(&self, message: &str) {
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        self.say(&format!("{red}error:{red:#} {message}"));
    }

    /// Passes another tool's words on to stderr as they are.
    pub(crate) fn relay(&self, words: &[u8]) {
        if interrupt::is_ending() {
            return;
        }
        if let Some(kept) = &self.kept {
            let mut kept = lock(kept);
            // A screenful is shown of it, and a flood is none of ours to keep.
            if kept.words.len() < 1 << 20 {
                kept.words.extend(words);
            }
            return;
        }
        self.progress.clear();
        let words = self.harmless(words);
        drop(anstream::stderr().lock().write_all(&words));
    }

    /// `words` without commands to whoever obeys them: a program prints what it
    /// likes, and the compiler quotes it.
    fn harmless<'w>(&self, words: &'w [u8]) -> Cow<'w, [u8]> {
        match self.is_obeyed {
            true => github::harmless(&String::from_utf8_lossy(words))
                .into_bytes()
                .into(),
            false => words.into(),
        }
    }

    /// Shows what is going on from now on, if it takes a second, until the next
    /// output. Terminals only.
    pub(crate) fn progress(&self, text: &str) {
        self.show(text, Progress::begin);
    }

    /// Shows how far what is going on has come.
    pub(crate) fn progress_goes_on(&self, text: &str) {
        self.show(text, Progress::go_on);
    }

    fn show(&self, text: &str, how: impl FnOnce(&Progress, &str)) {
        if let Some(kept) = &self.kept {
            lock(kept).progress = text.trim().to_string();
        } else if self.stderr_is_terminal {
            how(&self.progress, text);
        }
    }

    /// Whether somebody sees what is going on.
    pub(crate) fn shows_progress(&self) -> bool {
        self.kept.is_some() || self.stderr_is_terminal
    }

    /// Whether stdout is a terminal: somebody watches, and sees the progress.
    pub(crate) fn is_watched(&self) -> bool {
        self.stdout_is_terminal && self.stderr_is_terminal
    }

    /// From now on the files of the course at `root` are links, where the
    /// terminal understands them.
    pub(crate) fn link_to(&self, root: &Path) {
        let variable = |name: &str| std::env::var(name).ok();
        if self.stdout_is_terminal && links::are_understood(variable) {
            // There is one course, and it stays to the end.
            let address: &'static str = links::address(root).leak();
            let _ = self.links.set(address);
        }
    }

    /// How to write for whoever reads stdout.
    pub(crate) fn look(&self) -> Look {
        match self.stdout_is_terminal || colours_are_forced() {
            true => self.human(self.width()),
            false => Look::plain(self.width()),
        }
    }

    /// How to write for a terminal of this width.
    pub(crate) fn human(&self, width: usize) -> Look {
        let look = Look::human(width);
        match self.links.get() {
            Some(address) => look.with_links(address),
            None => look,
        }
    }

    /// Whether a tool whose words are passed on may colour them.
    pub(crate) fn relays_colour(&self) -> bool {
        let choice = anstream::AutoStream::choice(&std::io::stderr());
        choice != anstream::ColorChoice::Never
    }

    /// How many columns a line may have.
    pub(crate) fn width(&self) -> usize {
        width()
    }
}

/// Whether somebody wants colours wherever they go: `--color always | less -R`.
fn colours_are_forced() -> bool {
    use anstream::{AutoStream, ColorChoice};

    let stdout = std::io::stdout();
    !stdout.is_terminal() && AutoStream::choice(&stdout) != ColorChoice::Never
}

/// How many columns a line may have.
pub(crate) fn width() -> usize {
    let columns = terminal_size().map_or(DEFAULT_WIDTH, |(_, columns)| columns);
    columns.clamp(40, WIDEST)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Rows and columns of the terminal.
#[cfg(unix)]
pub(crate) fn terminal_size() -> Option<(usize, usize)> {
    let stdout = std::io::stdout();
    let stderr = std::io::stderr();
    let size =
        rustix::termios::tcgetwinsize(stdout).or_else(|_| rustix::termios::tcgetwinsize(stderr));
    let size = size.ok()?;
    // A terminal that does not know its size says 0.
    (size.ws_row > 0 && size.ws_col > 0).then(|| (size.ws_row.into(), size.ws_col.into()))
}

#[cfg(not(unix))]
pub(crate) fn terminal_size() -> Option<(usize, usize)> {
    let variable = |name: &str| std::env::var(name).ok()?.parse().ok();
    Some((variable("LINES").unwrap_or(24), variable("COLUMNS")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_soon_over_is_not_kept() {
        let screen = Screen::keeping();
        screen.say_for_now("Waiting …");
        assert_eq!(screen.kept().progress, "Waiting …");
        assert!(screen.kept().words.is_empty());
    }
}
