//! What a page is told of a verdict: the fields that it shows, each of the kind
//! and the size that it expects.
//!
//! Most of the texts come from a program that nobody vouches for. They stay
//! texts to the end; here they lose the characters that change how others look,
//! and all that nobody would read.

use serde_json::{Map, Value, json};

/// No text is longer: the page shows the terminal's words, not its floods.
const LONGEST: usize = 4_000;

/// No drawing is larger.
const LARGEST: usize = 512 * 1024;

/// No lesson has as many checks, and no conversation as many events.
const MOST: usize = 500;

/// The verdict in a document of `check`. `None` where it has none.
pub(crate) fn of_verdict(document: &Value) -> Option<Value> {
    let lesson = document["lessons"].as_array()?.first()?;
    let checks = lesson["checks"].as_array()?;
    let mut view = json!({
        "passed": lesson["passed"] == true,
        "build": text(&lesson["build"]),
        "checks": checks.iter().take(MOST).map(check).collect::<Vec<_>>(),
    });
    add_texts(&mut view, lesson, &["why"]);
    if let Some(failed) = checks.iter().find(|check| check["status"] == "failed") {
        view["failure"] = failure(failed, document);
    }
    Some(view)
}

/// What is being judged.
pub(crate) fn of_judging(document: &Value) -> Value {
    let number = |key: &str| document[key].as_u64().unwrap_or_default();
    json!({
        "check": text(&document["check"]),
        "known": number("known"),
        "of": number("of"),
    })
}

fn check(check: &Value) -> Value {
    let mut view = json!({
        "name": text(&check["name"]),
        "says": text(&check["says"]),
        "status": text(&check["status"]),
    });
    add_texts(&mut view, check, &["why"]);
    view
}

/// The first check that failed, and what the runner has added about it.
fn failure(check: &Value, document: &Value) -> Value {
    let mut view = json!({ "check": text(&check["name"]), "says": text(&check["says"]) });
    add_texts(&mut view, check, &["cause", "expected", "got"]);
    let place = &check["place"];
    if let (Some(file), Some(line)) = (place["file"].as_str(), place["line"].as_u64()) {
        view["place"] = json!(tame(&format!("{file}:{line}")));
    }
    if let Value::Object(pitfall) = &document["pitfall"] {
        view["pitfall"] = self::pitfall(pitfall);
    }
    let drawing = document["drawing"].as_str();
    if let Some(drawing) = drawing.filter(|drawing| drawing.len() <= LARGEST) {
        view["drawing"] = json!(drawing);
    }
    if let Some(sentences) = document["sentences"].as_array() {
        view["sentences"] = sentences.iter().take(MOST).map(text).collect();
    }
    view
}

fn pitfall(pitfall: &Map<String, Value>) -> Value {
    let known = |key: &str| pitfall.get(key).map(text).unwrap_or_default();
    let (title, about, place) = (known("title"), known("text"), known("place"));
    let page = place.as_str().and_then(page);
    json!({ "id": known("id"), "title": title, "text": about, "page": page })
}

/// `book/src/pitfalls.md, spins` is `pitfalls.html#spins`.
fn page(place: &str) -> Option<String> {
    let (file, id) = place.strip_prefix("book/src/")?.split_once(".md, ")?;
    let is_fit = |text: &str, others: &[u8]| {
        let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || others.contains(&byte);
        !text.is_empty() && text.bytes().all(is_fit)
    };
    // Nothing but a page of this book can be meant.
    let is_ours = is_fit(file, b"-_/") && !file.starts_with('/') && is_fit(id, b"-_");
    is_ours.then(|| format!("{file}.html#{id}"))
}

fn add_texts(view: &mut Value, from: &Value, keys: &[&str]) {
    for key in keys {
        if from[key].is_string() {
            view[key] = text(&from[key]);
        }
    }
}

/// A text that may be shown; empty where there is none.
fn text(value: &Value) -> Value {
    json!(tame(value.as_str().unwrap_or_default()))
}

/// `text` as it may be shown.
pub(super) fn tame(text: &str) -> String {
    let mut letters = text.char_indices();
    match letters.nth(LONGEST) {
        Some((end, _)) => format!("{}…", wire::harmless(&text[..end])),
        None => wire::harmless(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_printed_is_short_and_shows_itself() {
        let got = format!("\u{1b}[2J\u{202e}\0</script>{}", "x".repeat(1 << 20));
        let document = json!({
            "lessons": [{
                "build": "ok",
                "checks": [{ "name": "a", "says": "b", "status": "failed", "got": got }],
            }],
        });
        let view = of_verdict(&document).expect("a verdict");
        let got = view["failure"]["got"].as_str().expect("a text");
        assert!(
            got.starts_with("\\x1b[2J\\u{202e}\\x00</script>xxx"),
            "{}",
            &got[..40]
        );
        assert!(got.len() < 5_000);
        assert_eq!(tame("a\u{1b}\u{2066}\n<b>"), "a\\x1b\\u{2066}\n<b>");
    }

    #[test]
    fn a_pitfall_leads_to_a_page_of_this_book_and_nowhere_else() {
        let found = page("book/src/pitfalls/tcp.md, spins-at-end");
        assert_eq!(found.as_deref(), Some("pitfalls/tcp.html#spins-at-end"));
        for place in [
            "javascript:alert(1)",
            "book/src//evil.example/a.md, b",
            "book/src/javascript:alert(1).md, b",
            "book/src/../../a.md, b",
            "book/src/a.md, \"onload=",
        ] {
            assert_eq!(page(place), None, "{place}");
        }
    }

    #[test]
    fn fields_of_another_kind_do_no_harm() {
        for document in [
            json!(null),
            json!({ "lessons": 3 }),
            json!({ "lessons": [{ "checks": {} }] }),
        ] {
            assert_eq!(of_verdict(&document), None, "{document}");
        }
        let strange =
            json!({ "lessons": [{ "build": [], "checks": [7, { "status": "failed" }] }] });
        let view = of_verdict(&strange).expect("a verdict");
        assert_eq!(view["checks"][0]["name"], "");
    }
}
