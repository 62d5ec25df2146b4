//! How long a page takes: its words, and what the exercise's README says.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Words a minute: a text that must be understood, in a second language.
const PACE: usize = 220;

/// The line below a page's title.
pub(crate) fn line(page: &str, exercise: Option<u32>) -> String {
    let reading = match words(page).div_ceil(PACE).max(1) {
        1 => "1 minute".to_string(),
        minutes => format!("{minutes} minutes"),
    };
    let exercise = exercise.map(|minutes| format!(" Exercise: about {minutes} minutes."));
    let exercise = exercise.unwrap_or_default();
    format!("<p class=\"times\">Reading: {reading}.{exercise}</p>")
}

/// The words of the prose: neither listings nor what HTML draws.
fn words(page: &str) -> usize {
    let options = Options::ENABLE_TABLES | Options::ENABLE_GFM;
    let mut is_code = false;
    let mut words = 0;
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) | Event::Code(text) if !is_code => {
                let parts = text.split_whitespace();
                words += parts
                    .filter(|part| part.contains(char::is_alphanumeric))
                    .count();
            }
            _ => {}
        }
    }
    words
}

/// `About 40 minutes` at the beginning of a line of an exercise's README.
pub(crate) fn minutes(readme: &str) -> Option<u32> {
    let mut starts = readme
        .lines()
        .filter_map(|line| line.strip_prefix("About "));
    starts.find_map(|rest| {
        let (number, rest) = rest.split_once(' ')?;
        rest.starts_with("minutes").then(|| number.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_prose() {
        let page =
            "# A b\n\nOne `two` three.\n\n```rust\nlet x = y;\n```\n\n<p>no words here</p>\n";
        assert_eq!(words(page), 5);
    }

    #[test]
    fn a_page_says_how_long_it_takes() {
        let page = "word ".repeat(221);
        let expected = "<p class=\"times\">Reading: 2 minutes. Exercise: about 40 minutes.</p>";
        assert_eq!(line(&page, minutes("# A\n\nAbout 40 minutes.\n")), expected);
        assert_eq!(
            line("# A\n", None),
            "<p class=\"times\">Reading: 1 minute.</p>"
        );
    }
}
