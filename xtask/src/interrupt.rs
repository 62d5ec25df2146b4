//! Ctrl-C and its kin: nothing is left running, nothing left behind.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
#[cfg(unix)]
use std::{
    sync::{Arc, TryLockError},
    time::{Duration, Instant},
};

use crate::abandoned::{self, Held};

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

/// Held while something is written of which one half is worse than nothing.
static WHOLE: Mutex<()> = Mutex::new(());

/// How long a signal waits for such a thing: its reader may be stuck.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(5);

/// Writes all, or nothing where a signal came first: a signal that comes later
/// ends this process when all is written.
pub(crate) fn undivided(write: impl FnOnce()) {
    let whole = WHOLE.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_ending() {
        write();
    }
    drop(whole);
}

/// Waits until nothing is half-written, but not for ever.
#[cfg(unix)]
fn wait_for_the_whole() {
    let give_up = Instant::now() + PATIENCE;
    while matches!(WHOLE.try_lock(), Err(TryLockError::WouldBlock)) && Instant::now() < give_up {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Folders to remove when a signal ends this process.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn folders() -> MutexGuard<'static, Vec<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder that goes when this is dropped, and also when a signal ends us.
pub(crate) struct ScratchFolder {
    path: PathBuf,
    /// What the next run knows by that we are still there.
    _held: Option<Held>,
}

impl ScratchFolder {
    /// Makes an empty folder that no other process uses.
    pub(crate) fn new() -> std::io::Result<ScratchFolder> {
        let folder = supervise::temporary_folder();
        // A check does not run in our folder.
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        ScratchFolder::among(&folder).map_err(|error| {
            let shown = folder.display();
            let what = format!("in {shown}, where TMPDIR or the system has temporary files");
            std::io::Error::new(error.kind(), format!("{what}: {error}"))
        })
    }

    /// The same in this folder, where there is more room. It is made if it is
    /// missing, and stays.
    pub(crate) fn below(folder: &Path) -> std::io::Result<ScratchFolder> {
        std::fs::create_dir_all(folder)?;
        ScratchFolder::among(folder)
    }

    fn among(folder: &Path) -> std::io::Result<ScratchFolder> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        static LOOK: Once = Once::new();
        LOOK.call_once(|| abandoned::remove(folder));
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let made = ScratchFolder::make(|| {
                let held = abandoned::make(folder, count)?;
                Ok((held.path.clone(), Some(held)))
            });
            match made {
                // One with the same number was killed.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => return made,
            }
        }
    }

    /// Makes an empty folder in this one.
    pub(crate) fn inside(&self, name: &str) -> std::io::Result<ScratchFolder> {
        ScratchFolder::at(self.path.join(name))
    }

    /// Makes an empty folder at `path`.
    pub(crate) fn at(path: PathBuf) -> std::io::Result<ScratchFolder> {
        ScratchFolder::make(|| {
            std::fs::create_dir(&path)?;
            Ok((path, None))
        })
    }

    fn make(
        make: impl FnOnce() -> std::io::Result<(PathBuf, Option<Held>)>,
    ) -> std::io::Result<ScratchFolder> {
        // The lock is held over it all: what is made while the folders are
        // removed would stay.
        let mut folders = folders();
        if is_ending() {
            return Err(std::io::Error::other("this process is being ended"));
        }
        let (path, _held) = make()?;
        folders.push(path.clone());
        Ok(ScratchFolder { path, _held })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        let mut folders = folders();
        // A program may have removed the one that it was given.
        drop(std::fs::remove_dir_all(&self.path));
        folders.retain(|folder| *folder != self.path);
    }
}

/// What has to be put back before this process ends, whatever ends it.
static AT_THE_END: Mutex<Option<fn()>> = Mutex::new(None);

/// Has a signal do this before it ends this process: `restore` must be safe to
/// call at any time, and more than once.
pub(crate) fn at_the_end(restore: fn()) {
    *AT_THE_END.lock().unwrap_or_else(PoisonError::into_inner) = Some(restore);
}

/// The terminal may be stuck: the end does not wait for it for long.
#[cfg(unix)]
fn put_back() {
    let restore = *AT_THE_END.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(restore) = restore {
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        std::thread::spawn(move || {
            restore();
            drop(sender);
        });
        let _ = receiver.recv_timeout(PATIENCE);
    }
}

/// Set while the keyboard belongs to another program: its Ctrl-C is not ours.
static LENT: AtomicBool = AtomicBool::new(false);

/// Whether another program has the terminal.
#[cfg(unix)]
pub(crate) fn is_lent() -> bool {
    LENT.load(Ordering::Relaxed)
}

/// The process id of the program that has the terminal; 0 where none has it.
static BORROWER: AtomicU32 = AtomicU32::new(0);

/// Lets the program of `command` have the terminal until it ends.
pub(crate) fn lend_terminal(command: &mut Command) -> std::io::Result<ExitStatus> {
    LENT.store(true, Ordering::Relaxed);
    let ended = command.spawn().and_then(|mut borrower| {
        BORROWER.store(borrower.id(), Ordering::Relaxed);
        borrower.wait()
    });
    BORROWER.store(0, Ordering::Relaxed);
    LENT.store(false, Ordering::Relaxed);
    ended
}

/// An editor gets the time to keep what was typed into it, but not for ever: it
/// may ask somebody who is not there any more.
#[cfg(unix)]
fn wait_for_the_borrower(signal: i32) {
    use rustix::process::{Pid, Signal, kill_process};

    // Who closes the terminal tells the editor as well, and to be told twice would
    // disturb it.
    let alone = match signal == signal_hook::consts::SIGTERM {
        true => Duration::ZERO,
        false => PATIENCE / 5,
    };
    let begin = Instant::now();
    let mut told = false;
    while LENT.load(Ordering::Relaxed) && begin.elapsed() < PATIENCE {
        if !told && begin.elapsed() >= alone {
            told = true;
            let id = i32::try_from(BORROWER.load(Ordering::Relaxed));
            if let Some(borrower) = id.ok().and_then(Pid::from_raw) {
                let _ = kill_process(borrower, Signal::TERM);
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT kill every descendant and
/// remove the scratch folders before they end this process the way they always do;
/// where `nohup` has started it, SIGHUP does nothing.
#[cfg(unix)]
pub(crate) fn end_cleanly_on_signals() -> std::io::Result<()> {
    use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};

    // Without this, a file that may not grow any more (`ulimit -f`) ends us in the
    // middle of whatever it is; now the write fails, and that is told. What we
    // start does not inherit it.
    let grown = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(rustix::process::Signal::XFSZ.as_raw(), grown)?;
    // Whoever has started us may ignore the ends of children, and then nobody can
    // tell how one has ended: a signal that is caught is not ignored.
    signal_hook::flag::register(SIGCHLD, Arc::default())?;
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGQUIT])?;
    if !supervise::ignores_hangups() {
        signals.add_signal(SIGHUP)?;
    }
    let listener = std::thread::Builder::new().name("signals".into());
    listener.spawn(move || {
        for signal in signals.forever() {
            if signal == SIGINT && LENT.load(Ordering::Relaxed) {
                continue;
            }
            ENDING.store(true, Ordering::Relaxed);
            wait_for_the_borrower(signal);
            supervise::kill_everything();
            for folder in folders().iter() {
                drop(std::fs::remove_dir_all(folder));
            }
            wait_for_the_whole();
            put_back();
            drop(signal_hook::low_level::emulate_default_handler(signal));
        }
    })?;
    Ok(())
}

/// Elsewhere the system's own default has to do.
#[cfg(not(unix))]
pub(crate) fn end_cleanly_on_signals() -> std::io::Result<()> {
    Ok(())
}
