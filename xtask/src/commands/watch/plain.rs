//! The watch in plain lines: for a pipe, a log, a reader of screens, and for
//! terminals that cannot be drawn on.

use std::sync::mpsc::Receiver;

use anyhow::bail;

use super::keys::{KEYS, Key};
use super::saves::Noticed;
use super::{Event, Told, Watch, answers};
use crate::clock::Moment;
use crate::narrator::Narrator;
use crate::report::{Look, Teller};
use crate::screen::Screen;
use crate::verdict::Build;

/// Prints what happens until somebody quits, or nobody reads it any more.
pub(super) fn show<'w>(
    watch: &mut Watch<'w, '_>,
    events: &Receiver<Event>,
    screen: &'w Screen,
) -> anyhow::Result<()> {
    let look = Look::plain(screen.width()).with_keys(true);
    greet(watch, screen);
    let mut narrator = narrator(watch, look, screen);
    let mut looked = false;
    while !screen.reader_is_gone()
        && let Ok(event) = events.recv()
    {
        match event {
            Event::Saved(noticed) => {
                if noticed == Noticed::Looked && !std::mem::replace(&mut looked, true) {
                    screen.say(answers::NOT_TOLD);
                }
                watch.begin();
                screen.say(&format!("\nSaved. Judging {} …", watch.lesson.name));
                narrator = self::narrator(watch, look, screen);
            }
            Event::Key(Key::Quit) => return Ok(()),
            Event::Key(key) => {
                if answer(watch, key, look, screen) {
                    narrator = self::narrator(watch, look, screen);
                }
            }
            Event::Told(_) if watch.is_outdated() => {}
            Event::Told(Told::Known { check, .. }) => {
                narrator.begin();
                narrator.check(&check);
            }
            Event::Told(_) | Event::Redraw => {}
            Event::Panicked => bail!(answers::PANICKED),
            Event::Over(verdict) => {
                if watch.has_ended() {
                    match verdict {
                        Ok(verdict) => {
                            if let Build::Failed(failure) = &verdict.build {
                                narrator.does_not_build(failure);
                            }
                            narrator.end(&verdict);
                        }
                        Err(error) => screen.complain(&format!("{error:#}")),
                    }
                    screen.say("Waiting for the next save …");
                }
            }
        }
    }
    Ok(())
}

fn greet(watch: &Watch<'_, '_>, screen: &Screen) {
    let keys: Vec<String> = KEYS
        .iter()
        .map(|(letter, _, word)| format!("{letter} {word}"))
        .collect();
    screen.say(&format!(
        "Watching exercises/{}. A letter and Enter: {}.",
        watch.lesson.name,
        keys.join(", ")
    ));
}

fn narrator<'n>(watch: &Watch<'n, '_>, look: Look, screen: &'n Screen) -> Narrator<'n> {
    let teller = Teller {
        look,
        lesson: watch.lesson,
        next: watch.course.next(watch.lesson),
        program: None,
        now: Moment::now(),
    };
    Narrator::new(screen, watch.lesson, Some(teller)).with_lore(watch.course)
}

/// Does what `key` asks for; says whether a new judgement has begun.
fn answer(watch: &mut Watch<'_, '_>, key: Key, look: Look, screen: &Screen) -> bool {
    let before = watch.lesson;
    if let Some(text) = answers::to(watch, key, look) {
        screen.print(&format!("{}\n", text.trim_end()));
    }
    if watch.lesson != before {
        greet(watch, screen);
    }
    watch.lesson != before || key == Key::Run
}
