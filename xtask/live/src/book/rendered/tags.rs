//! The tags of an HTML page, as far as a check of links needs them.

/// A start tag: its name and its attributes, in small letters and unescaped.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The start tags of `html`, in order. What stands in comments, scripts and style
/// sheets is none.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = after(comment, "-->");
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, behind) = start_tag(rest);
            rest = match tag.name.as_str() {
                "script" => after(behind, "</script"),
                "style" => after(behind, "</style"),
                _ => behind,
            };
            tags.push(tag);
        }
    }
    tags
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.find(mark).map_or("", |at| &text[at + mark.len()..])
}

fn start_tag(text: &str) -> (Tag, &str) {
    let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '=');
    let (name, mut rest) = text.split_at(text.find(is_end).unwrap_or(text.len()));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            let name = name.to_ascii_lowercase();
            return (Tag { name, attributes }, rest.get(1..).unwrap_or(""));
        }
        let end = rest.find(is_end).unwrap_or(rest.len()).max(1);
        let Some((name, behind)) = rest.split_at_checked(end) else {
            rest = "";
            continue;
        };
        let (value, behind) = match behind.trim_start().strip_prefix('=') {
            Some(behind) => value(behind.trim_start()),
            None => ("", behind),
        };
        attributes.push((name.to_ascii_lowercase(), unescape(value)));
        rest = behind;
    }
}

/// An attribute's value, and what stands behind it.
fn value(text: &str) -> (&str, &str) {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        None => {
            let is_end = |c: char| c.is_ascii_whitespace() || c == '>';
            text.split_at(text.find(is_end).unwrap_or(text.len()))
        }
    }
}

pub(super) fn unescape(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\"")];
    let mut text = without_numbers(text);
    for (escaped, plain) in known {
        text = text.replace(escaped, plain);
    }
    text.replace("&amp;", "&")
}

/// The text with the characters themselves in the place of their numbers: `&#39;`.
fn without_numbers(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut plain = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let letter = part.split_once(';').and_then(|(number, rest)| {
            let hex = number.strip_prefix(['x', 'X']);
            let number = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
            Some((char::from_u32(number.ok()?)?, rest))
        });
        match letter {
            // Not taken for the beginning of another name.
            Some(('&', rest)) => plain = plain + "&amp;" + rest,
            Some((letter, rest)) => {
                plain.push(letter);
                plain += rest;
            }
            None => plain = plain + "&#" + part,
        }
    }
    plain
}

/// Whether an address begins with a scheme (`https:`) or a host (`//host`).
pub(crate) fn leads_out(address: &str) -> bool {
    let address = address.trim();
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    address.starts_with("//")
        || address
            .split_once(':')
            .is_some_and(|(scheme, _)| is_scheme(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_a_browser_does() {
        let html = "<!-- <a href=no> --><A HREF='x.html?a&amp;b' class=\"a>b\" hidden>t</a>\
            <script src=s.js>if (a <b) \"<img src=no>\"</script><br/><img alt=\"\" src=a.png>1 < 2";
        let found: Vec<(String, Option<String>)> = tags(html)
            .into_iter()
            .map(|tag| {
                let link = tag.get("href").or_else(|| tag.get("src"));
                let link = link.map(str::to_string);
                (tag.name, link)
            })
            .collect();
        let expected = [
            ("a", Some("x.html?a&b")),
            ("script", Some("s.js")),
            ("br", None),
            ("img", Some("a.png")),
        ];
        assert_eq!(
            found,
            expected.map(|(name, link)| (name.into(), link.map(String::from)))
        );
    }

    #[test]
    fn names_and_numbers_stand_for_characters() {
        let text = "u&#92;72 &#x27;a&#X27; &lt;&#38;lt; &#; &#xg; &#55296; &#1";
        assert_eq!(unescape(text), "u\\72 'a' <&lt; &#; &#xg; &#55296; &#1");
    }

    #[test]
    fn broken_html_ends() {
        for html in [
            "<",
            "<a",
            "<a href",
            "<a href=",
            "<a href=\"",
            "<a =ü>",
            "<!--",
            "<script>",
        ] {
            let _ = tags(html);
        }
    }

    #[test]
    fn what_has_a_scheme_or_a_host_leads_out() {
        for address in ["https://x.org/", "//x.org/a.js", "mailto:a@b", "data:x"] {
            assert!(leads_out(address), "{address}");
        }
        for address in ["a.html", "../a.html#b:c", "#a", "/a.html"] {
            assert!(!leads_out(address), "{address}");
        }
    }
}
