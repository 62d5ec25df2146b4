//! Keeps every core busy, so that what depends on a quick machine shows.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Busy threads of our own, one for each core, until this is dropped.
///
/// Threads, not processes: whatever ends the runner ends them, too, and nobody
/// can take them for something that a check has left behind.
pub(super) struct Load {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins to keep the cores busy.
    pub(super) fn start() -> std::io::Result<Load> {
        let mut load = Load {
            over: Arc::default(),
            threads: Vec::new(),
        };
        for _ in 0..cores() {
            let over = Arc::clone(&load.over);
            let thread = std::thread::Builder::new().name("load".to_string());
            // Where one cannot be started, the others end with `load`.
            load.threads.push(thread.spawn(move || spin(&over))?);
        }
        Ok(load)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that only counts has no reason to panic.
            drop(thread.join());
        }
    }
}

/// How many cores there are to keep busy.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

fn spin(over: &AtomicBool) {
    let mut number = 1_u64;
    while !over.load(Ordering::Relaxed) {
        for _ in 0..100_000 {
            number = black_box(number.wrapping_mul(6_364_136_223_846_793_005));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_has_a_thread_for_each_core_and_an_end() {
        let load = Load::start().expect("threads");
        assert_eq!(load.threads.len(), cores());
        assert!(load.threads.iter().all(|thread| !thread.is_finished()));
        let over = Arc::clone(&load.over);
        drop(load);
        // Each thread held the flag as long as it ran.
        assert_eq!(Arc::strong_count(&over), 1);
    }
}
