//! What was meant as a link, a footnote or a directive, and is none: Markdown leaves
//! what it does not understand in the text, without a word.

use std::collections::BTreeSet;

use super::tags;

/// Where such a thing begins and where it ends.
const MARKS: &[(&str, &str)] = &[
    ("](", ")"),
    ("][", "]"),
    ("[^", "]"),
    ("{{", "}}"),
    ("{#", "}"),
    ("[!", "]"),
    ("<!--", "-->"),
];

/// Elements whose text is shown as it is.
const SHOWN: &[&str] = &["code", "pre", "script", "style", "svg"];

/// The marks that are left in the text of a page.
pub(super) fn marks(html: &str) -> BTreeSet<String> {
    let text = html.split_once("<main>").map_or("", |(_, behind)| behind);
    let text = text.rsplit_once("</main>").map_or(text, |(text, _)| text);
    let text = words(text);
    let found = MARKS.iter().flat_map(|(begin, end)| {
        let places = text.match_indices(begin);
        // `{{#` is one mark, and not two.
        let places = places.filter(|(at, _)| *begin != "{#" || !text[..*at].ends_with('{'));
        places.map(|(at, _)| excerpt(&text[at..], begin.len(), end))
    });
    found.collect()
}

/// The mark to its end, which is on the same line; its beginning has `length` bytes.
fn excerpt(text: &str, length: usize, end: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let rest = &line[length..];
    let length = rest
        .find(end)
        .map_or(line.len(), |at| length + at + end.len());
    line[..length].trim_end().to_string()
}

/// The text of `html` without its tags, and without code.
fn words(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((text, behind)) = rest.split_once('<') {
        words += text;
        let end = |mark: &str| behind.split_once(mark).map_or("", |(_, rest)| rest);
        let is_of = |name: &&&str| {
            let is_end = |c: char| !c.is_ascii_alphanumeric();
            behind.split(is_end).next() == Some(**name)
        };
        rest = match SHOWN.iter().find(is_of) {
            Some(name) => {
                // What stands on both sides of it is no mark.
                words.push(' ');
                end(&format!("</{name}"))
            }
            None if behind.starts_with("!--") => end("-->"),
            None => end(">"),
        };
    }
    words += rest;
    tags::unescape(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_did_not_understand_is_found() {
        let html = "<main><p>a [it](two words.md) b [x][lost] [^1]</p>\n<p>{{#live a}} {{x</p>\n&lt;!-- c\n\
            <blockquote>[!NOTEE]</blockquote><h2>A {#a b}</h2></main>";
        let found = Vec::from_iter(marks(html));
        let expected = [
            "<!-- c",
            "[!NOTEE]",
            "[^1]",
            "](two words.md)",
            "][lost]",
            "{#a b}",
            "{{#live a}}",
            "{{x",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn code_and_what_looks_alike_are_left_alone() {
        let html = "<p>[a](b)</p><main><code>[a](b)</code> <pre class=x>{{ #a }}</pre> [a] (b) {a}\
            <!-- [a](b) --> <svg><text>[^1]</text></svg> [client 1] !</main> ](x)";
        assert_eq!(marks(html), BTreeSet::new());
    }
}
