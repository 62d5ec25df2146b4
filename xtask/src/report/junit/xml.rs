//! As much of XML 1.0 as a report needs.

/// An element of one line with text in it: `<name attributes>text</name>`.
pub(super) fn element(name: &str, attributes: &[(&str, &str)], text: &str) -> String {
    let start = start(name, attributes);
    match text {
        "" => format!("<{start}/>\n"),
        text => format!("<{start}>{}</{name}>\n", escape(text)),
    }
}

/// An element around others, which are XML already.
pub(super) fn parent(name: &str, attributes: &[(&str, &str)], children: &str) -> String {
    let start = start(name, attributes);
    match children {
        "" => format!("<{start}/>\n"),
        children => format!("<{start}>\n{children}</{name}>\n"),
    }
}

fn start(name: &str, attributes: &[(&str, &str)]) -> String {
    let attributes = attributes
        .iter()
        .map(|(name, value)| format!(" {name}=\"{}\"", escape_value(value)));
    format!("{name}{}", attributes.collect::<String>())
}

/// Text that a reader gets back as it was, but for characters that no XML
/// document can hold in any way: these are left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| is_xml(*letter)) {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            // Only `]]>` must not stand in a text; no harm in the others.
            '>' => escaped.push_str("&gt;"),
            // Readers make a newline of it, if it stands for itself.
            '\r' => escaped.push_str("&#13;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// In the value of an attribute readers make a blank of all white space.
fn escape_value(text: &str) -> String {
    escape(text)
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
        .replace('\t', "&#9;")
}

/// The production `Char` of XML 1.0.
fn is_xml(letter: char) -> bool {
    matches!(letter,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_text() {
        let text = element("a", &[], "]]></a>&amp;\0\u{1b}\u{fffe}\r\n\t\"'😀");
        let expected = "<a>]]&gt;&lt;/a&gt;&amp;amp;&#13;\n\t\"'😀</a>\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_gets_out_of_a_value() {
        let text = element("a", &[("b", "\"/><c d='1'>\r\n\t")], "");
        let expected = "<a b=\"&quot;/&gt;&lt;c d='1'&gt;&#13;&#10;&#9;\"/>\n";
        assert_eq!(text, expected);
    }
}
