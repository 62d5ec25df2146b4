//! The watch on a terminal of its own.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::bail;

use super::frame::{Size, frame};
use super::keys::Key;
use super::saves::Noticed;
use super::state::{Aside, State};
use super::{Event, Watch, answers};
use crate::lore::Lore;
use crate::screen::{self, Screen};
use crate::terminal::Terminal;

/// How often it is looked what Cargo is at.
const TICK: Duration = Duration::from_millis(200);

/// Draws what happens until somebody quits.
pub(super) fn show(
    watch: &mut Watch<'_, '_>,
    events: &Receiver<Event>,
    terminal: &Terminal,
    screen: &Screen,
) -> anyhow::Result<()> {
    follow_the_terminal(watch);
    let mut state = State::default();
    let mut looked = false;
    loop {
        draw(watch, &state, terminal);
        let event = match events.recv_timeout(TICK) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => {
                state.is_building(watch.words.kept().progress);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        };
        match event {
            Event::Saved(noticed) => {
                watch.begin();
                state.begin();
                if noticed == Noticed::Looked && !std::mem::replace(&mut looked, true) {
                    state.note = Some(answers::NOT_TOLD.to_string());
                }
            }
            Event::Key(Key::Quit) => break,
            Event::Key(key) => answer(watch, &mut state, key, terminal),
            Event::Redraw => {}
            Event::Told(told) if !watch.is_outdated() => state.tell(told),
            Event::Told(_) => {}
            Event::Panicked => bail!(answers::PANICKED),
            Event::Over(verdict) => {
                let words = String::from_utf8_lossy(&watch.words.kept().words).into_owned();
                if watch.has_ended() {
                    let lore = verdict
                        .as_ref()
                        .ok()
                        .and_then(|verdict| Lore::of_news(watch.course, watch.lesson, verdict));
                    state.end(verdict.map(|verdict| *verdict), words, lore);
                }
            }
        }
    }
    crate::terminal::give_back();
    let look = screen.human(screen.width());
    screen.print(&state.last_words(watch.course, watch.lesson, look));
    Ok(())
}

fn draw(watch: &Watch<'_, '_>, state: &State, terminal: &Terminal) {
    let (rows, columns) = screen::terminal_size().unwrap_or((24, 80));
    let look = watch.words.human(columns.clamp(40, 100)).with_keys(true);
    let parts = state.parts(watch.course, watch.lesson, look);
    terminal.draw(&frame(&parts, &look, Size { rows, columns }));
}

fn answer(watch: &mut Watch<'_, '_>, state: &mut State, key: Key, terminal: &Terminal) {
    let before = watch.lesson;
    let look = watch.words.human(watch.words.width()).with_keys(true);
    state.aside = None;
    state.note = None;
    match key {
        Key::Open => match editor() {
            Some(editor) => state.note = Some(open(watch, &editor, terminal)),
            None => state.note = answers::to(watch, key, look),
        },
        Key::Hint | Key::List => {
            let whole = match key {
                Key::List => "cargo xtask list".to_string(),
                _ => format!("cargo xtask hint {} --all", watch.lesson.name),
            };
            let text = answers::to(watch, key, look);
            state.aside = text.map(|text| Aside { text, whole });
        }
        _ => state.note = answers::to(watch, key, look),
    }
    if watch.lesson != before {
        state.forget();
    } else if key == Key::Run {
        state.begin();
    }
}

/// The learner's editor, where one is known.
fn editor() -> Option<String> {
    let known = ["VISUAL", "EDITOR"].iter().filter_map(std::env::var_os);
    let editor = known.into_iter().find(|editor| !editor.is_empty())?;
    Some(editor.to_string_lossy().into_owned())
}

/// Opens the exercise in `editor`.
fn open(watch: &mut Watch<'_, '_>, editor: &str, terminal: &Terminal) -> String {
    let file = format!("exercises/{}/src/main.rs", watch.lesson.name);
    // What the editor leaves running is nothing that a check has left behind.
    let was_judging = watch.judging.is_some();
    watch.stop();
    supervise::adopt_no_more();
    let status = terminal.lend(&mut command(editor, &watch.course.root.join(&file)));
    if was_judging {
        watch.begin();
    }
    match status {
        // So says the shell.
        Ok(status) if cfg!(unix) && status.code() == Some(127) => {
            format!("`{editor}` was not found. The file is {file}")
        }
        Ok(status) if status.success() => format!("{file} was opened with `{editor}`."),
        Ok(status) => format!("`{editor}` ended with {status}. The file is {file}"),
        Err(error) => format!("`{editor}` cannot be started: {error}. The file is {file}"),
    }
}

/// `EDITOR` may have arguments of its own.
fn command(editor: &str, file: &Path) -> Command {
    if cfg!(unix) {
        // A signal is for the editor, not for a shell that waits for it; but only
        // a plain command can take the shell's place.
        let is_plain = !editor.contains(|letter| "=;&|<>()`\n".contains(letter));
        let exec = if is_plain { "exec " } else { "" };
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{exec}{editor} \"$1\""), "sh"])
            .arg(file);
        return command;
    }
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg(file);
    command
}

/// Ctrl-Z gives the terminal back, and its end takes it again; another size
/// asks for another picture.
#[cfg(unix)]
fn follow_the_terminal(watch: &Watch<'_, '_>) {
    use signal_hook::consts::{SIGCONT, SIGTSTP, SIGWINCH};

    // Without them it looks a little less well.
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGTSTP, SIGCONT, SIGWINCH]) else {
        return;
    };
    let sender = watch.sender.clone();
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if signal == SIGTSTP {
                crate::terminal::give_back();
                drop(signal_hook::low_level::emulate_default_handler(signal));
            }
            if signal != SIGWINCH && !Terminal::is_ours() && !crate::interrupt::is_lent() {
                // In the background there is nothing to take.
                drop(crate::terminal::enter());
            }
            if sender.send(Event::Redraw).is_err() {
                return;
            }
        }
    });
}

#[cfg(not(unix))]
fn follow_the_terminal(_watch: &Watch<'_, '_>) {}
