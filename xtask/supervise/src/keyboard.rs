//! Single keys from the terminal that stdin is.

use std::io;
use std::time::Duration;

#[cfg(unix)]
mod saved {
    use std::sync::{Mutex, PoisonError};

    use rustix::termios::Termios;

    static SAVED: Mutex<Option<Termios>> = Mutex::new(None);

    /// How the terminal was before, while it is another way.
    pub(super) fn state() -> std::sync::MutexGuard<'static, Option<Termios>> {
        SAVED.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the terminal hand over each key at once and not show it. Ctrl-C and
/// Ctrl-Z keep their meaning. [`restore_keyboard`] takes it back.
///
/// # Errors
/// `Unsupported` where stdin is no terminal, or where this process is in the
/// background and the terminal is somebody else's; what the system says.
#[cfg(unix)]
pub fn take_keyboard() -> io::Result<()> {
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

    let stdin = io::stdin();
    if !is_in_the_foreground() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let mut saved = saved::state();
    let before = tcgetattr(&stdin)?;
    let mut now = before.clone();
    now.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
    now.special_codes[SpecialCodeIndex::VMIN] = 1;
    now.special_codes[SpecialCodeIndex::VTIME] = 0;
    tcsetattr(&stdin, OptionalActions::Now, &now)?;
    saved.get_or_insert(before);
    Ok(())
}

/// Whether this process is the one that the terminal on stdin listens to.
#[cfg(unix)]
fn is_in_the_foreground() -> bool {
    let foreground = rustix::termios::tcgetpgrp(io::stdin());
    foreground.is_ok_and(|group| group == rustix::process::getpgrp())
}

/// Makes the terminal as it was before [`take_keyboard`].
#[cfg(unix)]
pub fn restore_keyboard() {
    use rustix::termios::{OptionalActions, tcsetattr};

    if let Some(before) = saved::state().take() {
        // The terminal may be gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
    }
}

/// Waits until stdin has something to read or has ended, `patience` at most.
///
/// # Errors
/// What the operating system says.
#[cfg(unix)]
pub fn input_within(patience: Duration) -> io::Result<bool> {
    crate::sys::is_readable_within(io::stdin(), patience)
}

/// Single keys cannot be read here.
///
/// # Errors
/// `Unsupported`.
#[cfg(not(unix))]
pub fn take_keyboard() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// There is nothing to take back here.
#[cfg(not(unix))]
pub fn restore_keyboard() {}

/// It cannot be known here: the read has to wait.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn input_within(_patience: Duration) -> io::Result<bool> {
    Ok(true)
}
