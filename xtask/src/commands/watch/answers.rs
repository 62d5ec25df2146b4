//! What the keys do, apart from drawing.

use super::Watch;
use super::keys::Key;
use crate::commands::hint::{self, Wish};
use crate::commands::list;
use crate::live;
use crate::progress::Progress;
use crate::report::Look;
use crate::texts;

/// Said once where saves have to be looked for.
pub(super) const NOT_TOLD: &str =
    "This disk does not tell of changes, so I look for them four times a second.";

/// Said where the runner itself has failed.
pub(super) const PANICKED: &str =
    "the runner has failed while it judged (see above); this says nothing about your program";

/// Does what `key` asks for, and gives what there is to say.
pub(super) fn to(watch: &mut Watch<'_, '_>, key: Key, look: Look) -> Option<String> {
    // A hint that cannot be had is no reason to stop watching.
    answer(watch, key, look).unwrap_or_else(|error| Some(format!("{error:#}")))
}

fn answer(watch: &mut Watch<'_, '_>, key: Key, look: Look) -> anyhow::Result<Option<String>> {
    let exercise = format!("exercises/{}", watch.lesson.name);
    Ok(match key {
        Key::Run => {
            watch.again = true;
            watch.begin();
            None
        }
        Key::Next => next(watch)?,
        Key::Previous => match watch.previous() {
            Some(lesson) => {
                watch.turn_to(lesson);
                None
            }
            None => Some("This is the first lesson.".to_string()),
        },
        Key::Open => {
            let file = format!("{exercise}/src/main.rs");
            let file = look.link(&file, &file);
            Some(format!(
                "Open {file} in your editor. (With EDITOR set, o opens it.)"
            ))
        }
        Key::Chapter => Some(match live::server(watch.course) {
            Some(address) => format!("Read {address}{}.html", watch.lesson.name),
            None => {
                let chapter = texts::chapter(watch.lesson);
                let chapter = look.link(&chapter, &chapter);
                format!("Read {chapter}, or have `cargo xtask book` show it.")
            }
        }),
        Key::Hint => {
            let progress = Progress::read(watch.course)?;
            let (course, lesson, words) = (watch.course, watch.lesson, watch.words);
            Some(hint::tell(
                course,
                lesson,
                &progress,
                Wish::Next,
                &look,
                words,
            )?)
        }
        Key::List => {
            // The keys are for the lesson that is watched, and the page goes on
            // with the current one.
            let current = Progress::read(watch.course)?.current(watch.course);
            let look = look.with_keys(current == Some(watch.lesson));
            Some(list::page(watch.course, &look)?)
        }
        Key::Quit | Key::Other => None,
    })
}

/// It never moves on by itself, and not before everything passes.
fn next(watch: &mut Watch<'_, '_>) -> anyhow::Result<Option<String>> {
    let state = Progress::read(watch.course)?.of(&watch.lesson.name);
    if state.finished.is_none() {
        return Ok(Some(
            "The next lesson is offered once all checks of this one pass.".to_string(),
        ));
    }
    let Some(lesson) = watch.course.next(watch.lesson) else {
        return Ok(Some("This was the last lesson of the course.".to_string()));
    };
    watch.turn_to(lesson);
    Ok(None)
}
