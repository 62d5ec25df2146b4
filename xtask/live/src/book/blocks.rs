//! A page in lines of text and fences, and the directives that stand in them.

/// A piece of a page; `line` is the number of its first line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block<'a> {
    Line {
        line: usize,
        text: &'a str,
    },
    Fence {
        line: usize,
        /// What stands before the fence on its line: an indent, or `> `.
        prefix: &'a str,
        /// What stands behind the backticks: `rust,no_run`.
        info: &'a str,
        body: Vec<&'a str>,
        is_closed: bool,
    },
}

/// The pieces of a page, in order.
pub(crate) fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((index, text)) = lines.next() {
        let line = index + 1;
        let Some((prefix, ticks, info)) = opening(text) else {
            blocks.push(Block::Line { line, text });
            continue;
        };
        let mut body = Vec::new();
        let mut is_closed = false;
        for (_, text) in lines.by_ref() {
            if closes(text, ticks) {
                is_closed = true;
                break;
            }
            body.push(text.strip_prefix(prefix).unwrap_or(text));
        }
        blocks.push(Block::Fence {
            line,
            prefix,
            info,
            body,
            is_closed,
        });
    }
    blocks
}

/// The prefix, the backticks (or tildes) and the info of a fence's first line.
fn opening(line: &str) -> Option<(&str, &str, &str)> {
    let start = line.find(|c: char| !matches!(c, ' ' | '>'))?;
    let (prefix, rest) = line.split_at(start);
    let tick = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let end = rest.find(|c| c != tick).unwrap_or(rest.len());
    let (ticks, info) = rest.split_at(end);
    // Three backticks with others behind them are code in a sentence.
    (ticks.len() >= 3 && !info.contains('`')).then_some((prefix, ticks, info.trim()))
}

fn closes(line: &str, ticks: &str) -> bool {
    let rest = line.trim_matches(|c: char| matches!(c, ' ' | '>'));
    rest.starts_with(ticks) && rest.chars().all(|c| ticks.starts_with(c))
}

/// `{{#name argument}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Directive<'a> {
    pub(crate) name: &'a str,
    pub(crate) argument: &'a str,
}

/// The directive that all of `line` is.
pub(crate) fn directive(line: &str) -> Option<Directive<'_>> {
    let inner = line.trim().strip_prefix("{{#")?.strip_suffix("}}")?;
    if inner.contains("}}") {
        return None;
    }
    let (name, argument) = inner.split_once(' ').unwrap_or((inner, ""));
    let argument = argument.trim();
    Some(Directive { name, argument })
}

/// Whether there is a directive in `line`; `\{{#…}}` only shows one.
pub(crate) fn holds_directive(line: &str) -> bool {
    let mut places = line.match_indices("{{#");
    places.any(|(at, _)| !line[..at].ends_with('\\'))
}

/// The line as it is to be seen, without the backslashes before directives.
pub(crate) fn unescape(line: &str) -> String {
    line.replace("\\{{#", "{{#")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_told_from_text() {
        let page = "a\n> ```rust,no_run\n> b\n> ```\n````md\n```\n````\n```` ``` ````\n```sh\nc\n";
        let found = blocks(page);
        let fence = |line, prefix, info, body: &[&'static str], is_closed| Block::Fence {
            line,
            prefix,
            info,
            body: body.to_vec(),
            is_closed,
        };
        let expected = [
            Block::Line { line: 1, text: "a" },
            fence(2, "> ", "rust,no_run", &["b"], true),
            fence(5, "", "md", &["```"], true),
            Block::Line {
                line: 8,
                text: "```` ``` ````",
            },
            fence(9, "", "sh", &["c"], false),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_directive_is_a_line() {
        let found = directive("  {{#wire a/b The client leaves}}").map(|d| (d.name, d.argument));
        assert_eq!(found, Some(("wire", "a/b The client leaves")));
        assert_eq!(directive("see {{#quizzes}}"), None);
        assert!(holds_directive("see {{#quizzes}}"));
        assert!(!holds_directive("see `\\{{#quizzes}}`"));
        assert_eq!(unescape("`\\{{#quizzes}}`"), "`{{#quizzes}}`");
    }
}
