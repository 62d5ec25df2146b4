//! A line about what is going on. It comes when that takes a second, counts the
//! seconds from then on, and goes with the next output.

use std::io::Write as _;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use super::{lock, width};
use crate::interrupt;
use crate::report::layout;

/// What is over sooner needs no line: it would only flicker.
const WORTH_A_LINE: Duration = Duration::from_secs(1);

/// How often the seconds are looked at.
const TICK: Duration = Duration::from_millis(250);

/// What is going on; whoever prints has it wiped away first.
#[derive(Default)]
pub(super) struct Progress {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Empty: nothing is to be shown.
    text: String,
    since: Option<Instant>,
    is_shown: bool,
    /// Somebody counts the seconds.
    ticks: bool,
}

impl Progress {
    /// Something else goes on from now on.
    pub(super) fn begin(&self, text: &str) {
        self.set(text, Some(Instant::now()));
    }

    /// The same goes on, and has come so far.
    pub(super) fn go_on(&self, text: &str) {
        self.set(text, None);
    }

    fn set(&self, text: &str, since: Option<Instant>) {
        let mut state = lock(&self.state);
        state.text = text.to_string();
        state.since = since.or(state.since).or_else(|| Some(Instant::now()));
        state.draw();
        if !std::mem::replace(&mut state.ticks, true) {
            let state = Arc::downgrade(&self.state);
            // Without it the seconds do not count up, and nothing else is lost.
            drop(std::thread::Builder::new().spawn(move || tick(&state)));
        }
    }

    /// Makes room for other output.
    pub(super) fn clear(&self) {
        let mut state = lock(&self.state);
        state.text.clear();
        if std::mem::take(&mut state.is_shown) {
            drop(write!(anstream::stderr().lock(), "\r\x1b[K"));
        }
    }
}

impl State {
    fn draw(&mut self) {
        let passed = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        if self.text.is_empty() || passed < WORTH_A_LINE {
            return;
        }
        self.is_shown = true;
        let line = line(&self.text, passed, width());
        drop(write!(anstream::stderr().lock(), "\r\x1b[K{line}"));
    }
}

/// Counts the seconds as long as there is a screen.
fn tick(state: &Weak<Mutex<State>>) {
    while let Some(state) = state.upgrade() {
        if !interrupt::is_ending() {
            lock(&state).draw();
        }
        drop(state);
        std::thread::sleep(TICK);
    }
}

/// The last column stays free: some terminals go to the next line after it.
fn line(text: &str, passed: Duration, width: usize) -> String {
    let seconds = format!("  {} s", passed.as_secs());
    format!("{}{seconds}", layout::cut(text, width - 1 - seconds.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_wraps_and_keeps_its_seconds() {
        let text = "  judging a_check_with_a_name_that_is_rather_long";
        let line = line(text, Duration::from_millis(12_300), 40);
        assert_eq!(line, "  judging a_check_with_a_name_th…  12 s");
    }

    #[test]
    fn what_is_over_at_once_is_never_shown() {
        let progress = Progress::default();
        progress.begin("a moment");
        progress.go_on("another");
        assert!(!lock(&progress.state).is_shown);
        progress.clear();
        assert_eq!(lock(&progress.state).text, "");
    }
}
