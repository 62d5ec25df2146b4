//! What the open pages know: one state, and each change to it.
//!
//! The state is a JSON object, and a change is an object of the same shape with
//! the fields that differ. Whoever knows how to take a change knows how to take
//! the whole: a page begins with the state and goes on with the changes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};
use tokio::sync::broadcast;

/// How many changes a page may lag behind before it is told everything anew.
const MEMORY: usize = 64;

/// The fields that hold an entry for each lesson.
const BY_LESSON: &[&str] = &["lessons", "judging"];

/// The state, and who wants to know of its changes.
pub(crate) struct Hub {
    state: Mutex<Map<String, Value>>,
    changes: broadcast::Sender<String>,
}

impl Default for Hub {
    fn default() -> Hub {
        let state = json!({
            "build": null, "fault": null, "finished": [], "lessons": {}, "judging": {},
        });
        let state = state.as_object().cloned().unwrap_or_default();
        Hub {
            state: Mutex::new(state),
            changes: broadcast::channel(MEMORY).0,
        }
    }
}

impl Hub {
    /// Takes what is new in `change` and tells it. What is the same is not told.
    pub(crate) fn change(&self, change: Value) {
        let Value::Object(change) = change else {
            return;
        };
        let mut state = self.state();
        let news = take(&mut state, change);
        if !news.is_empty() {
            // Nobody may be there to be told.
            drop(self.changes.send(Value::Object(news).to_string()));
        }
    }

    /// The state, and the changes that come after it.
    pub(crate) fn listen(&self) -> (String, broadcast::Receiver<String>) {
        // The lock is held over both: no change falls in between.
        let state = self.state();
        let listener = self.changes.subscribe();
        (Value::Object(state.clone()).to_string(), listener)
    }

    fn state(&self) -> MutexGuard<'_, Map<String, Value>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts `change` into `state`, and gives what was new in it.
fn take(state: &mut Map<String, Value>, change: Map<String, Value>) -> Map<String, Value> {
    let mut news = Map::new();
    for (field, value) in change {
        match (state.get_mut(&field), value) {
            (Some(Value::Object(known)), Value::Object(entries))
                if BY_LESSON.contains(&field.as_str()) =>
            {
                let entries = take_entries(known, entries);
                if !entries.is_empty() {
                    news.insert(field, entries.into());
                }
            }
            (known, value) if known.as_deref() != Some(&value) => {
                state.insert(field.clone(), value.clone());
                news.insert(field, value);
            }
            _ => {}
        }
    }
    news
}

/// `null` takes an entry away.
fn take_entries(known: &mut Map<String, Value>, entries: Map<String, Value>) -> Map<String, Value> {
    let mut news = Map::new();
    for (name, entry) in entries {
        let is_known = match entry.is_null() {
            true => known.remove(&name).is_none(),
            false => known.insert(name.clone(), entry.clone()).as_ref() == Some(&entry),
        };
        if !is_known {
            news.insert(name, entry);
        }
    }
    news
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_and_kept_and_what_is_the_same_is_not() {
        let hub = Hub::default();
        let (_, mut told) = hub.listen();
        let change = json!({ "build": "1", "lessons": { "tcp-server": { "passed": true } } });
        hub.change(change.clone());
        hub.change(change.clone());
        hub.change(json!({ "fault": null, "lessons": { "udp-server": null } }));
        assert_eq!(told.try_recv().expect("a change"), change.to_string());
        told.try_recv().expect_err("nothing else is new");
        let (state, _) = hub.listen();
        let state: Value = serde_json::from_str(&state).expect("JSON");
        assert_eq!(state["lessons"], change["lessons"]);
        assert_eq!(state["build"], "1");
    }

    #[test]
    fn a_lesson_goes_with_null() {
        let hub = Hub::default();
        hub.change(json!({ "judging": { "a": { "check": "b" } } }));
        let (_, mut told) = hub.listen();
        hub.change(json!({ "judging": { "a": null } }));
        assert_eq!(
            told.try_recv().expect("a change"),
            r#"{"judging":{"a":null}}"#
        );
        assert!(hub.listen().0.contains(r#""judging":{}"#));
    }
}
