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
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            let what = format!("the link to `[{}]` leads nowhere", link.reference);
            let problem = Problem::new(what, "say below the text where: `[name]: page.md`");
            found.push((line(link.span.start), problem));
        }
        None
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    let parser = Parser::new_with_broken_link_callback(page, options, Some(lost));
    let mut others = invisible(page);
    let mut columns = 0;
    for (event, range) in parser.into_offset_iter() {
        let (what, cure) = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => (
                "these lines are code, because they are indented by four spaces",
                "put a fence around them, or take the spaces away",
            ),
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.is_empty() => {
                ("this link leads to nothing", "say where: `(page.md)`")
            }
            Event::Start(Tag::Image { dest_url, .. }) if dest_url.is_empty() => {
                ("this is a picture of nothing", "name its file: `(a.png)`")
            }
            Event::Start(Tag::HtmlBlock) if is_open_comment(&page[range.clone()]) => (
                "a comment has no end: it hides the rest of the page",
                "put `-->` behind it",
            ),
            Event::Html(html) | Event::InlineHtml(html) if html.contains("<pre") => (
                "a listing in `<pre>` proves nothing",
                "put a fence around it",
            ),
            Event::Start(Tag::Table(alignments)) => {
                columns = alignments.len();
                continue;
            }
            Event::Start(Tag::TableRow) if cells(&page[range.clone()]) > columns => (
                "this row has more cells than the table has columns: the last are lost",
                "write `\\|` for a `|` that is meant, also in code",
            ),
            _ => continue,
        };
        others.push((line(range.start), Problem::new(what, cure)));
    }
    found.extend(others);
    found
}

/// The lines with characters that nobody sees, or that make others look different.
fn invisible(page: &str) -> Vec<(usize, Problem)> {
    let is_wrong = |c: &char| {
        let mut bytes = [0; 4];
        let text: &str = c.encode_utf8(&mut bytes);
        *c != '\t' && wire::harmless(text) != text
    };
    let lines = page.lines().enumerate();
    let wrong = lines.filter_map(|(index, line)| Some((index + 1, line.chars().find(is_wrong)?)));
    let wrong = wrong.map(|(line, c)| {
        let what = format!("there is an invisible character, `{}`", c.escape_unicode());
        (line, Problem::new(what, "take it out, or write its name"))
    });
    wrong.collect()
}

/// Whether the last comment in `html` has no end.
fn is_open_comment(html: &str) -> bool {
    let last = html.rsplit_once("<!--");
    last.is_some_and(|(_, behind)| !behind.contains("-->"))
}

/// How many cells a row of a table has, as Markdown counts them.
fn cells(row: &str) -> usize {
    let row = row.trim().replace("\\|", "");
    let row = row.strip_prefix('|').unwrap_or(&row);
    row.strip_suffix('|').unwrap_or(row).matches('|').count() + 1
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
    fn what_readers_would_not_see_is_told_by_line() {
        let page = "# A\n\n| a | b |\n|---|---|\n| 1 | `2\\|3` |\n| 1 | `2|3` |\n\n![x]()\n\n\
            a\u{202e}b\n\n<pre>typed</pre>\n\n[lost][]\n\n<!-- one\n\nline -->\n\n\
            <!-- end --> <!-- no end\n\nmore\n";
        let mut lines: Vec<usize> = problems(page).iter().map(|(line, _)| *line).collect();
        lines.sort_unstable();
        assert_eq!(lines, [6, 8, 10, 12, 14, 20]);
    }

    #[test]
    fn a_part_is_whole() {
        assert_eq!(quoted("a.md", "a\n\n```sh\nls\n```\n"), None);
        assert!(quoted("a.md", "a\n\n```sh\nls\n").is_some());
        assert!(quoted("a.md", "a\n\n{{#live x}}\n").is_some());
    }
}
