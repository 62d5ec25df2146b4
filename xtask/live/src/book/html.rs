//! Text from files, as HTML in which it cannot become markup.

use pulldown_cmark::{Event, Parser, TagEnd, html};

/// A sentence in Markdown as HTML, on one line: an HTML block ends at a blank
/// one. HTML that is written in it is shown, and does nothing; what would make a
/// list or a heading of it is left out.
pub(crate) fn inline(markdown: &str) -> String {
    let words: Vec<&str> = markdown.split_whitespace().collect();
    let words = words.join(" ");
    let events = Parser::new(&words).filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(ref tag) => is_inline(&tag.to_end()).then_some(event),
        Event::End(ref tag) => is_inline(tag).then_some(event),
        event => Some(event),
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text.trim().replace('\n', " ")
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        let text = inline("`Vec<u8>` is *one*\n<script>alert(1)</script>");
        assert_eq!(inline("1. <b>one</b>"), "&lt;b&gt;one&lt;/b&gt;");
        assert_eq!(
            text,
            "<code>Vec&lt;u8&gt;</code> is <em>one</em> &lt;script&gt;alert(1)&lt;/script&gt;"
        );
    }
}
