//! The terminal as a screen to draw on and a keyboard to read, and back as it
//! was: at the end, after a panic, when a signal comes.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::{Command, ExitStatus};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::interrupt;

/// A screen of its own, so that what stands in the terminal comes back; no cursor.
const ENTER: &str = "\x1b[?1049h\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";

/// Whether the terminal is ours to draw on.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The whole terminal; it is given back when this is dropped.
pub(crate) struct Terminal(());

impl Terminal {
    /// Takes the terminal. `None` where there is none that can be drawn on and
    /// read from key by key.
    pub(crate) fn take() -> Option<Terminal> {
        static HOOK: Once = Once::new();

        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty());
        if is_dumb || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return None;
        }
        HOOK.call_once(|| {
            interrupt::at_the_end(give_back);
            let told = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                give_back();
                told(panic);
            }));
        });
        enter().ok()?;
        Some(Terminal(()))
    }

    /// Draws `lines` over whatever is there.
    pub(crate) fn draw(&self, lines: &[String]) {
        let coloured = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        let mut frame = String::from("\x1b[?2026h\x1b[H");
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                frame += "\r\n";
            }
            match coloured {
                true => frame += line,
                false => frame += &anstream::adapter::strip_str(line).to_string(),
            }
            frame += "\x1b[K";
        }
        frame += "\x1b[J\x1b[?2026l";
        interrupt::undivided(|| {
            if TAKEN.load(Ordering::Relaxed) {
                write(&frame);
            }
        });
    }

    /// Gives the terminal to the program of `command`, and takes it again.
    pub(crate) fn lend(&self, command: &mut Command) -> io::Result<ExitStatus> {
        give_back();
        let ended = interrupt::lend_terminal(command);
        if !interrupt::is_ending() {
            // Where it cannot be had again, its end is about to be told.
            drop(enter());
        }
        ended
    }

    /// Whether keys are for us and not for a program that has the terminal.
    pub(crate) fn is_ours() -> bool {
        TAKEN.load(Ordering::Relaxed)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Draws from now on.
pub(crate) fn enter() -> io::Result<()> {
    supervise::take_keyboard()?;
    TAKEN.store(true, Ordering::Relaxed);
    write(ENTER);
    Ok(())
}

/// Makes the terminal as it was. Does nothing where that has been done.
pub(crate) fn give_back() {
    if TAKEN.swap(false, Ordering::Relaxed) {
        supervise::restore_keyboard();
        write(LEAVE);
    }
}

fn write(text: &str) {
    let mut stdout = io::stdout().lock();
    // A terminal that is gone has nothing to be drawn on.
    drop(
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush()),
    );
}
