//! Wire diagrams: what an example and its peers really said to each other.

use std::collections::HashMap;

use wire::{Conversation, Value, escape};

use super::course::{self, Course};
use super::fault::{Fault, Problem};
use super::html::inline;

/// The folder of the recordings, below the course's root.
const RECORDED: &str = "book/recorded";

/// How often each recording has been drawn: an id is there once in the book.
#[derive(Debug, Default)]
pub(crate) struct Drawn(HashMap<String, usize>);

/// The recordings that no page shows.
pub(crate) fn unused(course: &Course, drawn: &Drawn) -> impl Iterator<Item = Fault> {
    let files = course::files(&course.root.join(RECORDED), "json").unwrap_or_default();
    let unused = files.into_iter().filter(|file| {
        let name = file.strip_suffix(".json").unwrap_or(file);
        !drawn.0.contains_key(name)
    });
    unused.map(|file| {
        let cure = "draw it with `{{#wire NAME CAPTION}}`, or delete it";
        Problem::new("no page shows this recording", cure).at(format!("{RECORDED}/{file}"), 1)
    })
}

/// The figure for `{{#wire name caption}}`, as HTML without a blank line.
pub(crate) fn figure(
    course: &Course,
    argument: &str,
    drawn: &mut Drawn,
) -> Result<String, Problem> {
    let (name, caption) = argument.split_once(' ').unwrap_or((argument, ""));
    let caption = caption.trim();
    if caption.is_empty() {
        let what = format!("the diagram of `{name}` has no caption");
        let cure = "say behind the name what there is to see";
        return Err(Problem::new(what, cure));
    }
    let conversation = recording(course, name)?;
    let count = drawn.0.entry(name.to_string()).or_default();
    *count += 1;
    let id = format!("wire-{}-{count}", name.replace('/', "-"));
    let plain = caption.replace('`', "");
    let svg = wire::svg_of_page(&conversation, &plain, &id).ok_or_else(|| {
        let what = format!("nothing happens in the recording `{name}`");
        Problem::new(what, "record a conversation")
    })?;
    let sentences = wire::sentences(&conversation).into_iter();
    let items: String = sentences
        .map(|text| format!("<li>{}</li>\n", escape(&text)))
        .collect();
    Ok(format!(
        "<figure class=\"wire\">\n<div class=\"drawing\">\n{svg}</div>\n\
         <figcaption>{}</figcaption>\n<details>\n\
         <summary>The same in words</summary>\n<ul>\n{items}</ul>\n</details>\n</figure>",
        inline(caption)
    ))
}

fn recording(course: &Course, name: &str) -> Result<Conversation, Problem> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    if !name.chars().all(is_name) {
        let what = format!("`{name}` is no recording's name");
        return Err(Problem::new(what, "write `lesson/what-happens`"));
    }
    let path = format!("{RECORDED}/{name}.json");
    let text = course.file(&path).map_err(|error| {
        let what = format!("the recording {path} cannot be read ({error})");
        let cure = "run the test that makes it with INSTA_UPDATE=always, or mend the name";
        Problem::new(what, cure)
    })?;
    let json = Value::parse(&text).map_err(|error| {
        let cure = "record it again with INSTA_UPDATE=always";
        Problem::new(format!("{path} is no JSON ({error})"), cure)
    })?;
    let mut conversation = Conversation::from_json(&json).ok_or_else(|| {
        let cure = "record it again with INSTA_UPDATE=always";
        Problem::new(format!("{path} holds no conversation"), cure)
    })?;
    conversation.example = true;
    Ok(conversation)
}
