//! What would run on a page, or lead away from it, without the reader's doing.
//!
//! The scripts of the book are in its theme, where the policy of the server knows
//! them. The text of a page comes from chapters, exercises, quizzes and what
//! programs have printed; nothing in it has any reason to run.

use std::collections::BTreeSet;

use super::tags::{self, Tag};

/// Elements that run, load, or change the page as a whole.
const ELEMENTS: &[&str] = &[
    "animate", "applet", "base", "embed", "frame", "frameset", "iframe", "link", "meta", "object",
    "script", "set", "style", "template",
];

/// Attributes that do so, beside those that begin with `on`.
const ATTRIBUTES: &[&str] = &["action", "formaction", "http-equiv", "ping", "srcdoc"];

/// What a link may begin with to lead out of the book.
const SCHEMES: &[&str] = &["http:", "https:", "mailto:"];

/// What is active in the text of a page, as it stands in its source.
pub(super) fn parts(html: &str) -> BTreeSet<String> {
    let text = html.split_once("<main>").map_or("", |(_, behind)| behind);
    let text = text.rsplit_once("</main>").map_or(text, |(text, _)| text);
    tags::tags(text).iter().flat_map(of_tag).collect()
}

fn of_tag(tag: &Tag) -> Vec<String> {
    let mut found = Vec::new();
    if ELEMENTS.contains(&tag.name.as_str()) {
        found.push(format!("<{}", tag.name));
    }
    for (name, value) in &tag.attributes {
        if name.starts_with("on") || ATTRIBUTES.contains(&name.as_str()) {
            found.push(name.clone());
        }
        let is_link =
            matches!(&*tag.name, "a" | "area") && name.ends_with("href") && tags::leads_out(value);
        let is_harmless = |scheme: &&str| value.to_ascii_lowercase().starts_with(scheme);
        if is_link && !value.starts_with("//") && !SCHEMES.iter().any(is_harmless) {
            found.push(value.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_page_runs_nothing() {
        let html = "<script>ours()</script><main><a href=https://x.org>x</a><a href='MAILTO:a'>\
            <a href=' JavaScript:a()'>x</a><b OnClick=\"x()\">x</b><area href='vbscript:b'><svg><set to=x /></svg>\
            <a href=\"a.html\"><p>&lt;script&gt;</p></main><script>ours()</script>";
        let found: Vec<String> = parts(html).into_iter().collect();
        assert_eq!(found, [" JavaScript:a()", "<set", "onclick", "vbscript:b"]);
    }

    #[test]
    fn the_text_of_a_page_ends_where_the_page_says_so() {
        let html = "<main><p></main><script>x()</script></main><script>ours()</script>";
        assert_eq!(parts(html).len(), 1);
    }
}
