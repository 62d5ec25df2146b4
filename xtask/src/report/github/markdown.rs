//! As much of GitHub's Markdown as a summary needs.

/// Text of one line that means nothing but itself: no markup, no link, no
/// mention, no picture that tells somebody else who reads it.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            letter if letter.is_whitespace() => escaped.push(' '),
            // Every one of these may have a backslash in front of it. Addresses
            // become links by their colons and dots.
            letter if letter.is_ascii_punctuation() => {
                escaped.push('\\');
                escaped.push(letter);
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Text of many lines as it is: an element that ends at its own end alone, and
/// in which Markdown is not looked for.
pub(super) fn preformatted(text: &str) -> String {
    format!("<pre>\n{}\n</pre>\n", html(text.trim_end()))
}

/// Text inside an element, where Markdown is not looked for.
fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Something to be unfolded; `content` is Markdown.
pub(super) fn details(summary: &str, content: &str) -> String {
    format!(
        "<details><summary>{}</summary>\n\n{content}\n</details>\n\n",
        html(summary)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        assert_eq!(
            text("a|b\n# c <img src=x> @d `e` ![f](http://g.h)"),
            "a\\|b \\# c &lt;img src\\=x&gt; &#64;d \\`e\\` \\!\\[f\\]\\(http\\:\\/\\/g\\.h\\)"
        );
    }

    #[test]
    fn nothing_gets_out_of_preformatted_text() {
        assert_eq!(
            preformatted("</pre><script>\n\n# a &amp; b\n"),
            "<pre>\n&lt;/pre&gt;&lt;script&gt;\n\n# a &amp;amp; b\n</pre>\n"
        );
    }
}
