//! What a learner wants while the exercise is watched: one key each, or one line
//! each where single keys cannot be read.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::time::Duration;

use crate::terminal::Terminal;

/// How soon it is noticed that the keyboard is ours again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Hint,
    Next,
    Previous,
    List,
    Run,
    Open,
    Chapter,
    Quit,
    /// Any other: back to the verdict.
    Other,
}

/// The keys, and what the last line of the screen says of them.
pub(super) const KEYS: &[(char, Key, &str)] = &[
    ('h', Key::Hint, "hint"),
    ('n', Key::Next, "next lesson"),
    ('p', Key::Previous, "previous"),
    ('l', Key::List, "list"),
    ('r', Key::Run, "again"),
    ('o', Key::Open, "open"),
    ('b', Key::Chapter, "chapter"),
    ('q', Key::Quit, "quit"),
];

impl Key {
    fn of(letter: char) -> Key {
        // Ctrl-D ends what is read from a terminal.
        if letter == '\u{4}' {
            return Key::Quit;
        }
        let found = KEYS
            .iter()
            .find(|(known, ..)| letter.eq_ignore_ascii_case(known));
        found.map_or(Key::Other, |(_, key, _)| *key)
    }
}

/// Reads single keys from the terminal until it is gone, and while it is ours.
pub(super) fn read_keys(mut tell: impl FnMut(Key) -> bool) {
    // As large as the buffer of stdin: nothing stays in there unseen.
    let mut bytes = [0; 8 * 1024];
    loop {
        // Keys that are pressed in an editor are its own.
        if !Terminal::is_ours() {
            std::thread::sleep(LOOK_EVERY);
            continue;
        }
        if !supervise::input_within(LOOK_EVERY).unwrap_or(true) || !Terminal::is_ours() {
            continue;
        }
        match io::stdin().lock().read(&mut bytes) {
            Ok(0) => break,
            Ok(count) => {
                if !keys(&bytes[..count]).into_iter().all(&mut tell) {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    tell(Key::Quit);
}

/// More letters than anybody types in a moment: they were pasted, by mistake.
const PASTED: usize = 8;

/// What a piece of input asks for. An arrow or a function key is an escape with
/// letters behind it, which mean nothing here.
fn keys(input: &[u8]) -> Vec<Key> {
    let input = String::from_utf8_lossy(input);
    let mut letters = input.chars();
    let mut keys = Vec::new();
    while let Some(letter) = letters.next() {
        keys.push(Key::of(letter));
        if letter == '\x1b' && matches!(letters.next(), Some('[' | 'O')) {
            letters.by_ref().find(|letter| ('@'..='~').contains(letter));
        }
    }
    match keys.len() {
        0..=PASTED => keys,
        _ => vec![Key::Other],
    }
}

/// Reads lines, of which the first letter counts, to the end of stdin. That it
/// has ended says nothing: the exercise is watched all the same.
pub(super) fn read_lines(mut tell: impl FnMut(Key) -> bool) {
    // A terminal that listens to another process stops whoever reads from it.
    if cfg!(unix) && io::stdin().is_terminal() && supervise::take_keyboard().is_err() {
        return;
    }
    supervise::restore_keyboard();
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        if let Some(letter) = line.trim().chars().next()
            && !tell(Key::of(letter))
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::letter("h", &[Key::Hint])]
    #[case::capital("Q", &[Key::Quit])]
    #[case::quick("rq", &[Key::Run, Key::Quit])]
    #[case::arrow("\x1b[Aq", &[Key::Other, Key::Quit])]
    #[case::function_key("\x1b[15~\x1bOPl", &[Key::Other, Key::Other, Key::List])]
    #[case::end_of_input("\x04", &[Key::Quit])]
    #[case::umlaut("ä", &[Key::Other])]
    #[case::pasted("fn main() { quit }", &[Key::Other])]
    #[case::nothing("", &[])]
    fn a_key_is_a_wish(#[case] input: &str, #[case] expected: &[Key]) {
        assert_eq!(keys(input.as_bytes()), expected);
    }
}
