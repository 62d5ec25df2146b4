//! Documents, their schema, and a typed reader: what one of them says, the
//! others say as well.

use insta::assert_snapshot;
use serde_json::{Map, Value, json};

use super::reader::Document;
use super::schema::{schema, validate};
use super::*;
use crate::clock::Moment;
use crate::report::samples;

/// A document of each kind of verdict, by what is in it.
fn documents() -> Vec<(&'static str, Value)> {
    let one = |check| samples::judged(Build::Done, vec![check]);
    let conversation = Some(samples::conversation());
    let notes = vec!["its threads were not counted".to_string()];
    let broken = Status::Broken {
        why: "it was killed".to_string(),
    };
    let with_all = |status| CheckVerdict {
        conversation: conversation.clone(),
        notes: notes.clone(),
        ..samples::check("greets", status)
    };
    let timed_out = CheckVerdict {
        conversation: None,
        ..samples::hostile("greets")
    };
    let edited_and_broken = LessonVerdict {
        edited: samples::edited().edited,
        ..samples::does_not_build()
    };
    let recalled = LessonVerdict {
        recalled: Some(Moment::from_seconds(60)),
        ..one(samples::check("greets", Status::Passed))
    };
    let lessons = [
        ("recalled", recalled),
        ("passed", one(samples::check("greets", Status::Passed))),
        ("passed, drawn", one(with_all(Status::Passed))),
        ("failed", one(samples::failed("greets"))),
        ("failed, hostile", one(samples::hostile("greets"))),
        ("failed without a timeline", one(timed_out)),
        ("broken", one(with_all(broken))),
        ("a check of each kind", samples::mixed()),
        ("does not build", samples::does_not_build()),
        ("edited checks", samples::edited()),
        ("edited checks of what does not build", edited_and_broken),
        ("out of time", samples::out_of_time()),
        ("out of time for Cargo", samples::unfinished()),
        ("--program", samples::handed_in()),
    ];
    let read = |text: String| serde_json::from_str(&text).expect(&text);
    let mut documents: Vec<_> = lessons
        .into_iter()
        .map(|(name, lesson)| (name, read(document(&[lesson]))))
        .collect();
    documents.push(("nothing", read(document(&[]))));
    documents
}

#[test]
fn a_document_has_all_that_is_known() {
    let lesson = samples::judged(Build::Done, vec![samples::failed("greets")]);
    assert_snapshot!(document(&[lesson]));
}

#[test]
fn a_typed_reader_loses_nothing() {
    for (name, document) in documents() {
        let read = serde_json::from_value::<Document>(document.clone());
        let read = read.unwrap_or_else(|error| panic!("{name}: {error}\n{document:#}"));
        let again = serde_json::to_value(read).expect("it can be written");
        assert_eq!(again, document, "{name}");
    }
}

#[test]
fn each_document_keeps_to_the_schema() {
    for (name, document) in documents() {
        assert_eq!(validate(&schema(), &document), Ok(()), "{name}");
    }
}

/// Takes a field away, adds one, gives one another value: schema and reader
/// agree on whether it is still a document.
#[test]
fn the_schema_and_the_reader_name_the_same_fields() {
    let mut refused = 0;
    for (name, document) in documents() {
        for (change, changed) in changes(&document) {
            let valid = validate(&schema(), &changed).is_ok();
            let readable = serde_json::from_value::<Document>(changed);
            assert_eq!(
                valid,
                readable.is_ok(),
                "{name}: {change}, and the reader says {readable:?}"
            );
            refused += usize::from(!valid);
        }
    }
    assert!(refused > 500, "{refused} changes were refused");
}

/// Without any of its fields the schema fits some document no more: it has none
/// that is never written.
#[test]
fn every_field_of_the_schema_is_written() {
    let schema = schema();
    let mut pointers = vec!["/properties".to_string()];
    let definitions = schema["$defs"].as_object().expect("definitions");
    let properties = definitions
        .keys()
        .map(|name| format!("/$defs/{name}/properties"));
    pointers.extend(properties.filter(|pointer| schema.pointer(pointer).is_some()));
    for pointer in pointers {
        let fields = schema.pointer(&pointer).and_then(Value::as_object);
        for field in fields.expect("fields").keys() {
            let mut without = schema.clone();
            let fields = without.pointer_mut(&pointer).and_then(Value::as_object_mut);
            fields.expect("fields").remove(field);
            let documents = documents();
            let mut valid = documents
                .iter()
                .map(|(_, document)| validate(&without, document).is_ok());
            assert!(
                !valid.all(|valid| valid),
                "{pointer}/{field} is never written"
            );
        }
    }
}

#[test]
fn the_page_explains_every_field_and_every_name() {
    let page = file("docs/verdicts.md");
    let mut names = Vec::new();
    find_names(&schema(), &mut names);
    assert!(names.len() > 50, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "`{name}` is missing");
    }
}

#[test]
fn the_page_explains_every_cause() {
    let page = file("docs/verdicts.md");
    let (_, causes) = page.split_once("### Causes").expect("a section");
    let (causes, _) = causes.split_once("\n## ").expect("its end");
    let rows = causes.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut explained: Vec<&str> = rows
        .filter_map(|row| Some(row.split_once('`')?.0))
        .collect();
    let probe = file("xtask/probe/src/cause.rs");
    let lines = probe.lines().filter_map(|line| line.split_once(" = \""));
    let names = lines.filter_map(|(_, name)| name.strip_suffix("\","));
    // A failure of the harness is told as a broken check; what becomes of a
    // check itself only the runner sees.
    let mut known: Vec<&str> = names.filter(|name| *name != "harness error").collect();
    known.extend(["killed its judge", "timed out"]);
    explained.sort_unstable();
    known.sort_unstable();
    assert_eq!(explained, known);
}

/// A file of the course.
fn file(name: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    std::fs::read_to_string(root.expect("the root").join(name)).expect(name)
}

/// The fields that a schema has, and the texts that these may be.
fn find_names(schema: &Value, found: &mut Vec<String>) {
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    found.extend(object(&schema["properties"]).keys().cloned());
    let texts = schema["enum"].as_array().into_iter().flatten();
    let texts = texts.chain([&schema["const"]]).filter_map(Value::as_str);
    found.extend(texts.map(str::to_string));
    for part in ["properties", "$defs"] {
        for schema in object(&schema[part]).values() {
            find_names(schema, found);
        }
    }
}

#[test]
fn a_terminal_has_nothing_to_obey() {
    let lesson = samples::judged(Build::Done, vec![samples::hostile("greets")]);
    let text = document(&[lesson]);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let stdout = &document["lessons"][0]["checks"][0]["stdout"];
    assert_eq!(*stdout, samples::HOSTILE);
}

/// The document with each of its fields changed, one at a time.
fn changes(document: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    find_objects(document, String::new(), &mut places);
    let mut changes = Vec::new();
    let mut change = |what: String, place: &str, apply: &dyn Fn(&mut Map<String, Value>)| {
        let mut changed = document.clone();
        let object = changed.pointer_mut(place).and_then(Value::as_object_mut);
        apply(object.expect("an object"));
        changes.push((what, changed));
    };
    for place in &places {
        let object = document.pointer(place).and_then(Value::as_object);
        change(format!("{place} has one more"), place, &|object| {
            object.insert("more_than_known".to_string(), json!(1));
        });
        for field in object.expect("an object").keys() {
            change(format!("{place} lacks {field}"), place, &|object| {
                object.remove(field);
            });
            for other in [json!("other"), json!(7.5)] {
                change(format!("{place}/{field} is {other}"), place, &|object| {
                    object.insert(field.clone(), other.clone());
                });
            }
        }
    }
    changes
}

/// The pointers of all objects in `value`.
fn find_objects(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                find_objects(field, format!("{here}/{name}"), found);
            }
            found.push(here);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_objects(item, format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}
