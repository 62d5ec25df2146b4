//! What a program prints: read as it comes, kept in bounded memory.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use supervise::{Interrupt, OutputPipe};

use crate::wait::{PATIENCE, readable};

/// How much of the last output is kept for the evidence.
const TAIL: usize = 4096;

/// One stream of a program's output.
#[derive(Debug)]
pub(crate) struct Output {
    state: Mutex<State>,
    changed: Condvar,
    cap: usize,
}

#[derive(Debug, Default)]
struct State {
    /// All that came, up to the cap.
    bytes: Vec<u8>,
    /// The last that came, also beyond the cap.
    tail: Vec<u8>,
    /// How much of `bytes` the check has taken.
    taken: usize,
    total: u64,
    ended: bool,
    /// The harness has closed its end.
    closed: bool,
    interrupt: Option<Interrupt>,
}

impl Output {
    /// An output that keeps at most `cap` bytes.
    pub(crate) fn new(cap: usize) -> Arc<Output> {
        Arc::new(Output {
            state: Mutex::default(),
            changed: Condvar::new(),
            cap,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads `pipe` on a thread of its own until its end; `seen` is told of
    /// each piece.
    pub(crate) fn follow<P>(
        self: &Arc<Self>,
        pipe: P,
        mut seen: impl FnMut(&[u8]) + Send + 'static,
    ) -> std::io::Result<()>
    where
        P: Readable,
    {
        let (mut pipe, interrupt) = OutputPipe::new(pipe)?;
        self.state().interrupt = Some(interrupt);
        let output = Arc::clone(self);
        std::thread::Builder::new()
            .name("output".into())
            .spawn(move || {
                let mut buffer = vec![0; 64 * 1024];
                while let Ok(Some(count @ 1..)) = pipe.read(&mut buffer) {
                    output.take_in(&buffer[..count]);
                    seen(&buffer[..count]);
                }
                drop(pipe);
                output.state().ended = true;
                output.changed.notify_all();
            })?;
        Ok(())
    }

    fn take_in(&self, piece: &[u8]) {
        let mut state = self.state();
        state.total += piece.len() as u64;
        let room = self.cap.saturating_sub(state.bytes.len()).min(piece.len());
        state.bytes.extend_from_slice(&piece[..room]);
        let last = &piece[piece.len().saturating_sub(TAIL)..];
        state.tail.extend_from_slice(last);
        let surplus = state.tail.len().saturating_sub(TAIL);
        state.tail.drain(..surplus);
        drop(state);
        self.changed.notify_all();
    }

    /// Stops reading: the program's next write finds nobody there.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.interrupt = None;
        state.closed = true;
        while !state.ended {
            // `ended` comes from the reader as soon as it was called off.
            let (next, timeout) = self
                .changed
                .wait_timeout(state, Duration::from_secs(1))
                .unwrap_or_else(PoisonError::into_inner);
            state = next;
            if timeout.timed_out() {
                return;
            }
        }
    }

    /// Waits until `find` finds something in what has not been taken yet, takes
    /// as many bytes as it says and returns them. `None` when the output has
    /// ended without it, or at the deadline, or when `alive` says no.
    pub(crate) fn take(
        &self,
        deadline: Instant,
        mut find: impl FnMut(&[u8]) -> Option<usize>,
    ) -> Result<Vec<u8>, Nothing> {
        let mut state = self.state();
        loop {
            if let Some(count) = find(&state.bytes[state.taken..]) {
                let from = state.taken;
                state.taken += count;
                return Ok(state.bytes[from..from + count].to_vec());
            }
            if state.bytes.len() >= self.cap {
                return Err(Nothing::Flooded);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if state.ended {
                return Err(Nothing::Ended);
            }
            if left.is_zero() {
                return Err(Nothing::InTime);
            }
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits for the end of the output.
    pub(crate) fn wait_for_end(&self, deadline: Instant) -> bool {
        !matches!(self.take(deadline, |_| None), Err(Nothing::InTime))
    }

    /// Whether the harness has closed its end.
    pub(crate) fn closed(&self) -> bool {
        self.state().closed
    }

    /// All that was kept.
    pub(crate) fn all(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    /// What has come and was not taken.
    pub(crate) fn rest(&self) -> Vec<u8> {
        let state = self.state();
        state.bytes[state.taken..].to_vec()
    }

    /// The last of it.
    pub(crate) fn tail(&self) -> Vec<u8> {
        self.state().tail.clone()
    }

    /// How many bytes came in all, kept or not.
    pub(crate) fn total(&self) -> u64 {
        self.state().total
    }

    /// More came than is kept.
    pub(crate) fn flooded(&self) -> bool {
        self.state().total > self.cap as u64
    }
}

/// Why an output did not yield what was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// It did not come in time.
    InTime,
    /// The output has ended.
    Ended,
    /// More came than is kept.
    Flooded,
}

impl Nothing {
    /// What came instead of a line: `rest` is what there was of it.
    pub(crate) fn instead_of_a_line(self, rest: &str) -> String {
        let begun = match rest {
            "" if self == Nothing::Ended => return "nothing on stdout".into(),
            "" => String::new(),
            rest if self == Nothing::InTime => {
                return format!("`{rest}`, and no end of line in {}", readable(PATIENCE));
            }
            rest => format!("`{rest}` without an end of line, then "),
        };
        begun + &self.in_words()
    }

    pub(crate) fn in_words(self) -> String {
        match self {
            Nothing::InTime => format!("nothing for {}", readable(PATIENCE)),
            Nothing::Ended => "nothing more".into(),
            Nothing::Flooded => "output without end".into(),
        }
    }
}

/// A pipe that a thread can read.
#[cfg(unix)]
pub(crate) trait Readable: Read + std::os::fd::AsFd + Send + 'static {}
#[cfg(unix)]
impl<T: Read + std::os::fd::AsFd + Send + 'static> Readable for T {}
/// A pipe that a thread can read.
#[cfg(not(unix))]
pub(crate) trait Readable: Read + Send + 'static {}
#[cfg(not(unix))]
impl<T: Read + Send + 'static> Readable for T {}
