//! What Markdown sees in a page that is read line by line elsewhere.

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag};

use super::blocks::{self, Block};
use super::fault::Problem;

/// What is wrong with a page's text, by line.
pub(crate) fn problems(page: &str) -> Vec<(usize, Problem)> {
    let line = |at: usize| page[..at].matches('\n').count() + 1;
    let mut found = Vec::new();
    // `[a word]` in a sentence is no link; `[a word][name]` was meant as one.
    let lost = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        if link.link_type == LinkType::Reference {
            let what = format!("the link to `[{}]` leads nowhere", link.reference);
            let problem = Problem::new(what, "say below the text where: `[name]: page.md`");
            found.push((line(link.span.start), problem));
        }
        None
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    let parser = Parser::new_with_broken_link_callback(page, options, Some(lost));
    let mut others = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        let (what, cure) = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => (
                "these lines are code, because they are indented by four spaces",
                "put a fence around them, or take the spaces away",
            ),
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.is_empty() => {
                ("this link leads to nothing", "say where: `(page.md)`")
            }
            _ => continue,
        };
        others.push((line(range.start), Problem::new(what, cure)));
    }
    found.extend(others);
    found
}

/// What is wrong with a part of an exercise's text that a page shows.
pub(crate) fn quoted(file: &str, text: &str) -> Option<Problem> {
    for block in blocks::blocks(text) {
        match block {
            Block::Fence {
                is_closed: false, ..
            } => {
                let what = format!("a fence in this part of {file} is not closed");
                return Some(Problem::new(what, "put ``` below its last line"));
            }
            Block::Line { text, .. } if blocks::holds_directive(text) => {
                let what = format!("this part of {file} has a directive: `{}`", text.trim());
                return Some(Problem::new(what, "move it to the page"));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_without_an_end_and_indented_code_are_told_by_line() {
        let page = "# A [b]\n\nSee [it][lost] and [that][known]\nand [nothing]().\n\n- a\n\n  b\n\n\
            word\n\n    code\n\n[known]: a.md\n";
        let lines: Vec<usize> = problems(page).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 12]);
    }

    #[test]
    fn a_part_is_whole() {
        assert_eq!(quoted("a.md", "a\n\n```sh\nls\n```\n"), None);
        assert!(quoted("a.md", "a\n\n```sh\nls\n").is_some());
        assert!(quoted("a.md", "a\n\n{{#live x}}\n").is_some());
    }
}
