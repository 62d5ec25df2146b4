//! Text from files, as HTML in which it cannot become markup.

use pulldown_cmark::{Event, Parser, html};

/// `text` as HTML, also inside of an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '&' => safe += "&amp;",
            '"' => safe += "&quot;",
            '\'' => safe += "&#39;",
            c => safe.push(c),
        }
    }
    safe
}

/// A sentence in Markdown as HTML, on one line: an HTML block ends at a blank
/// one. HTML that is written in it is shown, and does nothing.
pub(crate) fn inline(markdown: &str) -> String {
    let events = Parser::new(markdown.trim()).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        event => event,
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    let text = text.trim();
    let one = text
        .strip_prefix("<p>")
        .and_then(|text| text.strip_suffix("</p>"));
    one.filter(|text| !text.contains("<p>"))
        .unwrap_or(text)
        .replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        let text = inline("`Vec<u8>` is *one*\n<script>alert(1)</script>");
        assert_eq!(
            text,
            "<code>Vec&lt;u8&gt;</code> is <em>one</em> &lt;script&gt;alert(1)&lt;/script&gt;"
        );
    }
}
