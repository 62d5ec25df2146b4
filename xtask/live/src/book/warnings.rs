//! What mdBook warns of while it renders, such as HTML tags that are not closed:
//! it goes on, and the page is broken.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::course::Course;
use super::fault::{Fault, Problem};

/// Runs `render`, and returns with its result what it has warned of.
pub(crate) fn collect<T>(render: impl FnOnce() -> T) -> (T, Vec<String>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let ear = Ear(Arc::clone(&told));
    let result = tracing::subscriber::with_default(ear, render);
    let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
    (result, told)
}

/// A warning as a fault of the page that it names in backticks.
pub(crate) fn fault(course: &Course, warning: &str) -> Fault {
    let words: Vec<&str> = warning.split('`').collect();
    let page = course
        .pages
        .iter()
        .find(|page| words.contains(&page.path.as_str()));
    // The tag that is not closed is most likely the last of its name.
    let tag = words
        .iter()
        .find_map(|word| word.strip_prefix('<')?.strip_suffix('>'));
    let line = page.zip(tag).and_then(|(page, tag)| {
        last(&page.text, &format!("<{tag}"))
            .or_else(|| last(&page.text, &format!("<{}", tag.trim_start_matches('/'))))
    });
    // A footnote that nothing refers to.
    let note = words.get(1).map(|name| format!("[^{name}]:"));
    let line = line.or_else(|| last(&page?.text, &note?));
    let file = page.map_or_else(|| "book/book.toml".to_string(), super::course::Page::file);
    let what = warning.lines().next().unwrap_or_default();
    Problem::new(what, "mend it: mdBook only warns, and the page is broken")
        .at(file, line.unwrap_or(1))
}

/// The number of the last line with `mark`.
fn last(text: &str, mark: &str) -> Option<usize> {
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| line.contains(mark));
    Some(lines.last()?.0 + 1)
}

/// Hears what is at least a warning.
struct Ear(Arc<Mutex<Vec<String>>>);

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(message.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
