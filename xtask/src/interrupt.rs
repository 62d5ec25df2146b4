//! Ctrl-C and its kin: nothing is left running, nothing left behind.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Set once a signal has come: from then on nothing that happens means anything.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Whether a signal is about to end this process.
pub(crate) fn is_ending() -> bool {
    ENDING.load(Ordering::Relaxed)
}

/// Leaves the end of this process to the signal, if one has come: it has to
/// finish its work, and an exit code would tell a story that is not true.
pub(crate) fn yield_to_signal() {
    while is_ending() {
        std::thread::park();
    }
}

/// Folders to remove when a signal ends this process.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn folders() -> MutexGuard<'static, Vec<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder that goes when this is dropped, and also when a signal ends us.
pub(crate) struct ScratchFolder(PathBuf);

impl ScratchFolder {
    /// Makes an empty folder that no other process uses.
    pub(crate) fn new() -> std::io::Result<ScratchFolder> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("on-the-wire-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        folders().push(path.clone());
        Ok(ScratchFolder(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
        folders().retain(|folder| *folder != self.0);
    }
}

/// From now on SIGINT, SIGTERM and SIGHUP kill every descendant and remove the
/// scratch folders before they end this process the way they always do.
#[cfg(unix)]
pub(crate) fn end_cleanly_on_signals() -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            ENDING.store(true, Ordering::Relaxed);
            supervise::kill_everything();
            for folder in folders().iter() {
                drop(std::fs::remove_dir_all(folder));
            }
            drop(signal_hook::low_level::emulate_default_handler(signal));
        }
    });
    Ok(())
}

/// Elsewhere the system's own default has to do.
#[cfg(not(unix))]
pub(crate) fn end_cleanly_on_signals() -> std::io::Result<()> {
    Ok(())
}
