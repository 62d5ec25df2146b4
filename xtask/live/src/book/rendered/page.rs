//! What a rendered page links to, asks for, and can be linked to by.

use std::collections::BTreeSet;

use super::active;
use super::leftover;
use super::tags::{self, Tag, leads_out};

/// A page of the rendered book.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub(crate) ids: BTreeSet<String>,
    /// The ids that more than one element has.
    pub(crate) twice: BTreeSet<String>,
    /// All that a reader can follow, and the book's own files that it needs.
    pub(crate) links: BTreeSet<String>,
    /// What the page would ask of another host, without the reader's doing.
    pub(crate) requests: BTreeSet<String>,
    /// What would run in the text of the page.
    pub(crate) active: BTreeSet<String>,
    /// What Markdown has left as it was written.
    pub(crate) leftover: BTreeSet<String>,
}

impl Rendered {
    pub(crate) fn read(html: &str) -> Rendered {
        let mut page = Rendered {
            active: active::parts(html),
            leftover: leftover::marks(html),
            ..Rendered::default()
        };
        for tag in tags::tags(html) {
            page.id(&tag);
            page.addresses(&tag);
        }
        page
    }

    fn id(&mut self, tag: &Tag) {
        if let Some(id) = tag.get("id")
            && !self.ids.insert(id.to_string())
        {
            self.twice.insert(id.to_string());
        }
    }

    fn addresses(&mut self, tag: &Tag) {
        for (name, value) in &tag.attributes {
            match (tag.name.as_str(), name.as_str()) {
                ("a" | "area", "href") => {
                    self.links.insert(value.clone());
                }
                ("base", _) => {}
                (
                    _,
                    "href" | "src" | "data" | "poster" | "action" | "background" | "xlink:href",
                ) => {
                    self.needs(value);
                }
                (_, "srcset") => {
                    for part in value.split(',') {
                        self.needs(part.split_whitespace().next().unwrap_or_default());
                    }
                }
                (_, "style") => self.requests.extend(requests_of_style(value)),
                _ => {}
            }
        }
    }

    fn needs(&mut self, address: &str) {
        if address.is_empty() || address.starts_with("data:") || address.starts_with("about:") {
        } else if leads_out(address) {
            self.requests.insert(address.to_string());
        } else {
            self.links.insert(address.to_string());
        }
    }
}

/// What a style sheet asks of other hosts.
pub(crate) fn requests_of_style(css: &str) -> Vec<String> {
    let css = without_escapes(css).to_ascii_lowercase();
    let urls = css.split("url(").skip(1).map(|rest| rest.split(')').next());
    let imports = css
        .split("@import")
        .skip(1)
        .map(|rest| rest.split(';').next());
    // In a set, an address may stand between quotes alone.
    let sets = css.split("image-set(").skip(1);
    let sets = sets.filter_map(|rest| rest.split([';', '}']).next());
    let quoted = sets.flat_map(|set| set.split(['"', '\''])).map(Some);
    let addresses = urls.chain(imports).chain(quoted).flatten();
    let addresses = addresses.map(|address| address.trim().trim_matches(['"', '\'']));
    let out = addresses.filter(|address| leads_out(address) && !address.starts_with("data:"));
    out.map(str::to_string).collect()
}

/// A style sheet in which `u\72 l` is `url`, as browsers read it.
fn without_escapes(css: &str) -> String {
    let mut parts = css.split('\\');
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let digits = part.chars().take(6).take_while(char::is_ascii_hexdigit);
        let (digits, rest) = part.split_at(digits.count());
        let letter = u32::from_str_radix(digits, 16).ok();
        text.extend(letter.and_then(char::from_u32));
        let is_one_space = !digits.is_empty() && rest.starts_with([' ', '\n', '\t']);
        text += if is_one_space { &rest[1..] } else { rest };
    }
    text
}

/// An address without its percent signs: `%20` is a space.
pub(crate) fn decoded(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let [first, behind @ ..] = rest {
        let code = behind.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(byte);
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_needs() {
        let html = "<a id=one href=\"https://x.org\">x</a><p id=one>\
            <link rel=stylesheet href=\"https://cdn.example/a.css\"><img src=\"b.png\">\
            <img srcset=\"c.png 1x, //cdn.example/d.png 2x\">\
            <p style=\"background: url('https://cdn.example/e.png')\">\
            <td background=\"//cdn.example/f.png\">";
        let page = Rendered::read(html);
        assert_eq!(Vec::from_iter(&page.twice), ["one"]);
        assert_eq!(
            Vec::from_iter(&page.links),
            ["b.png", "c.png", "https://x.org"]
        );
        let hosts = [
            "//cdn.example/d.png",
            "//cdn.example/f.png",
            "https://cdn.example/a.css",
            "https://cdn.example/e.png",
        ];
        assert_eq!(Vec::from_iter(&page.requests), hosts);
    }

    #[test]
    fn a_style_sheet_says_what_it_needs() {
        let css = "@import \"https://a.example/x.css\"; a{b:url(//b.example/c.woff2)} d{e:url(f)} \
            g{h:URL(HTTPS://c.example)} i{j:u\\72 l(//d.example)} \
            k{l:image-set(\"m.png\" 1x, \"//e.example\" 2x)}";
        assert_eq!(
            requests_of_style(css),
            [
                "//b.example/c.woff2",
                "https://c.example",
                "//d.example",
                "https://a.example/x.css",
                "//e.example"
            ]
        );
    }

    #[test]
    fn percent_signs_are_read() {
        assert_eq!(decoded("a%20b%C3%BC%"), "a bü%");
    }
}
