//! Recordings: what really happened between an example and its peers, kept for
//! the diagrams of the book.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use wire::{Conversation, Value};

use crate::report::conversation;
use crate::running::Running;

/// Compares what has happened so far with the recording `name`; see
/// [`crate::expect_recording!`].
///
/// # Panics
///
/// Where they differ in more than what a clock and a network are free to
/// decide, or where the recording cannot be read or written.
#[doc(hidden)]
#[track_caller]
pub fn judge_recording(running: &Running, name: &str, package: &Path) {
    running.scene().end_the_story();
    let got = conversation(running.scene()).to_json();
    let path = file_of(package, name);
    if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
        if kept(&path).is_none_or(|known| essence(&known) != essence(&got)) {
            write(&path, &got);
        }
        return;
    }
    let known = kept(&path).unwrap_or_else(|| {
        panic!(
            "there is no recording {}; INSTA_UPDATE=always writes it",
            path.display()
        )
    });
    if essence(&known) == essence(&got) {
        return;
    }
    panic!(
        "the conversation is not the one in {}; INSTA_UPDATE=always records it again\n\
         recorded:\n{}\nnow:\n{}",
        path.display(),
        told(&known),
        told(&got)
    );
}

/// `book/recorded/NAME.json` in the course that the package belongs to.
fn file_of(package: &Path, name: &str) -> PathBuf {
    let root = package
        .ancestors()
        .find(|folder| folder.join("book/book.toml").is_file());
    let folder = root.unwrap_or(package).join("book/recorded");
    folder.join(name).with_extension("json")
}

fn kept(path: &Path) -> Option<Value> {
    Value::parse(fs::read(path).ok()?).ok()
}

#[track_caller]
fn write(path: &Path, recording: &Value) {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written =
        fs::create_dir_all(folder).and_then(|()| fs::write(path, format!("{recording:#}\n")));
    if let Err(error) = written {
        panic!(
            "the recording {} cannot be written: {error}",
            path.display()
        );
    }
}

/// What must be the same in each run: what each did to each other, in order. Free
/// are when it happened, how long a silence was to the millisecond, in how many
/// pieces bytes came, and which of two things that do not wait for each other
/// was seen first. A program's end and its last line are such two: a thread reads
/// what it prints.
fn essence(recording: &Value) -> BTreeMap<String, Vec<Value>> {
    let mut essence: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for event in recording["timeline"].as_array().into_iter().flatten() {
        let mut event = event.clone();
        if let Some(fields) = event.as_object_mut() {
            for free in ["at", "seconds", "pieces"] {
                fields.remove(free);
            }
        }
        let strand = match event["to"].as_str() {
            Some("") => format!("{}: {}", event["from"], event["what"]),
            _ => format!("{} > {}", event["from"], event["to"]),
        };
        essence.entry(strand).or_default().push(event);
    }
    essence
}

fn told(recording: &Value) -> String {
    let mut conversation = Conversation::from_json(recording).unwrap_or_default();
    conversation.example = true;
    wire::sentences(&conversation).join("\n")
}

#[cfg(test)]
mod tests {
    use wire::json;

    use super::*;

    #[test]
    fn times_and_pieces_are_free_and_bytes_are_not() {
        let recording = |at: f64, bytes: usize| {
            let event = json!({
                "at": at, "from": "client 1", "to": "server", "what": "data",
                "pieces": bytes, "bytes": bytes, "text": "x", "more": false,
            });
            json!({ "program": "server", "timeline": [event] })
        };
        assert_eq!(essence(&recording(0.1, 1)), essence(&recording(0.2, 1)));
        assert_ne!(essence(&recording(0.1, 1)), essence(&recording(0.1, 2)));
    }

    #[test]
    fn what_does_not_wait_for_each_other_comes_in_any_order() {
        let ends = |who: &str, to: &str| json!({ "from": who, "to": to, "what": "end of stream" });
        let (one, other) = (ends("client 1", "server"), ends("server", "client 1"));
        let recording = |timeline: [&Value; 2]| json!({ "timeline": timeline });
        assert_eq!(
            essence(&recording([&one, &other])),
            essence(&recording([&other, &one]))
        );
        assert_ne!(
            essence(&recording([&one, &other])),
            essence(&recording([&one, &one]))
        );
    }

    #[test]
    fn a_last_line_may_be_read_after_the_end() {
        let does = |what: &str| json!({ "from": "client 1", "to": "", "what": what });
        let (line, end) = (does("printed"), does("exited"));
        let recording = |timeline: [&Value; 2]| json!({ "timeline": timeline });
        assert_eq!(
            essence(&recording([&line, &end])),
            essence(&recording([&end, &line]))
        );
    }

    #[test]
    fn a_recording_is_in_the_course_of_its_package() {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = file_of(package, "tcp-server/half-close");
        assert!(file.ends_with("book/recorded/tcp-server/half-close.json"));
        assert!(
            file.parent()
                .is_some_and(|folder| !folder.starts_with(package))
        );
    }
}
