//! The named parts of a file: `ANCHOR: name` to `ANCHOR_END: name`.

use super::fault::Problem;

/// A named part of a file; the numbers are those of its marks' lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) begin: usize,
    pub(crate) end: usize,
}

enum Mark<'a> {
    Begin(&'a str),
    End(&'a str),
}

/// The parts of `text` in the order of their beginnings, and which marks are
/// wrong, with their lines. A part without an end is no part.
pub(crate) fn parts(text: &str) -> (Vec<Part>, Vec<(usize, Problem)>) {
    let mut parts: Vec<Part> = Vec::new();
    let mut problems = Vec::new();
    for (line, mark) in marks(text) {
        match mark {
            Mark::Begin(name) if parts.iter().any(|part| part.name == name) => {
                let what = format!("the anchor `{name}` begins for the second time");
                problems.push((line, Problem::new(what, "give each part its own name")));
            }
            Mark::Begin(name) => parts.push(Part {
                name: name.to_string(),
                begin: line,
                end: 0,
            }),
            Mark::End(name) => {
                let mut open = parts.iter_mut();
                match open.find(|part| part.name == name && part.end == 0) {
                    Some(part) => {
                        part.end = line;
                        if is_empty(text, part) {
                            let what = format!("there is nothing in the anchor `{name}`");
                            let cure = "put its marks around what is to be shown";
                            problems.push((part.begin, Problem::new(what, cure)));
                        }
                    }
                    None => {
                        let what = format!("the anchor `{name}` ends and has not begun");
                        let cure = format!("put `ANCHOR: {name}` above its part");
                        problems.push((line, Problem::new(what, cure)));
                    }
                }
            }
        }
    }
    for (line, code) in beside_marks(text) {
        let what = format!("a mark takes `{code}` along: no listing shows its line");
        problems.push((line, Problem::new(what, "give the mark a line of its own")));
    }
    for part in parts.iter().filter(|part| part.end == 0) {
        let what = format!("the anchor `{}` has no end", part.name);
        let cure = format!("put `ANCHOR_END: {}` below its part", part.name);
        problems.push((part.begin, Problem::new(what, cure)));
    }
    parts.retain(|part| part.end > 0);
    (parts, problems)
}

/// The part called `name`, without the marks in it and without the columns by
/// which all of it is indented.
pub(crate) fn take(text: &str, name: &str) -> Option<String> {
    let (parts, _) = parts(text);
    let part = parts.into_iter().find(|part| part.name == name)?;
    let lines = text.lines().skip(part.begin);
    let lines = lines.take(part.end - part.begin - 1);
    Some(dedent(lines.filter(|line| mark(line).is_none())))
}

/// The whole text without its marks.
pub(crate) fn without_marks(text: &str) -> String {
    let lines = text.lines().filter(|line| mark(line).is_none());
    lines.map(|line| format!("{line}\n")).collect()
}

/// Whether nothing but marks and blank lines stands in `part`.
fn is_empty(text: &str, part: &Part) -> bool {
    let mut lines = text.lines().take(part.end).skip(part.begin);
    lines.all(|line| mark(line).is_some() || line.trim().is_empty())
}

/// What stands in front of a mark on its line, other than what begins a comment.
fn beside_marks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(index, line)| {
        mark(line)?;
        let before = line.split("ANCHOR").next()?.trim();
        let is_code = before.contains(|c: char| c.is_alphanumeric() || "{}()".contains(c));
        let code = before.trim_end_matches(|c: char| "/#<!-*".contains(c) || c == ' ');
        is_code.then_some((index + 1, code))
    })
}

fn marks(text: &str) -> impl Iterator<Item = (usize, Mark<'_>)> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(index, line)| Some((index + 1, mark(line)?)))
}

fn mark(line: &str) -> Option<Mark<'_>> {
    let name = |rest: &'_ str| {
        let rest = rest.trim_start();
        let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        rest.find(|c| !is_name(c)).unwrap_or(rest.len())
    };
    if let Some((_, rest)) = line.split_once("ANCHOR_END:") {
        Some(Mark::End(&rest.trim_start()[..name(rest)]))
    } else if let Some((_, rest)) = line.split_once("ANCHOR:") {
        Some(Mark::Begin(&rest.trim_start()[..name(rest)]))
    } else {
        None
    }
}

fn dedent<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.collect();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let indents = filled.map(|line| line.len() - line.trim_start_matches(' ').len());
    let indent = indents.min().unwrap_or(0);
    let lines = lines.iter().map(|line| line.get(indent..).unwrap_or(""));
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
a
    // ANCHOR: one
    b
    // ANCHOR: two
        c

    // ANCHOR_END: two
    // ANCHOR_END: one
d
";

    #[test]
    fn a_part_comes_without_marks_and_indent() {
        assert_eq!(take(TEXT, "one").as_deref(), Some("b\n    c\n\n"));
        assert_eq!(take(TEXT, "two").as_deref(), Some("c\n\n"));
        assert_eq!(take(TEXT, "three"), None);
        assert_eq!(without_marks(TEXT), "a\n    b\n        c\n\nd\n");
    }

    #[test]
    fn a_part_holds_something_and_its_marks_have_lines_of_their_own() {
        let text = "// ANCHOR: a\n\n// ANCHOR_END: a\nfn b() { // ANCHOR: b\n}\n} // ANCHOR_END: b\n\
            <!-- ANCHOR: c -->\nc\n    # ANCHOR_END: c\n";
        let (_, problems) = parts(text);
        let told: Vec<String> = problems
            .into_iter()
            .map(|(line, problem)| problem.at("f", line).to_string())
            .collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].starts_with("f:1: there is nothing in the anchor `a`"));
        assert!(told[1].starts_with("f:4: a mark takes `fn b() {` along"));
        assert!(told[2].starts_with("f:6: a mark takes `}` along"));
    }

    #[test]
    fn wrong_marks_are_told_by_line() {
        let (parts, problems) = parts("ANCHOR: a\nANCHOR: a\nANCHOR_END: b\n");
        assert_eq!(parts, []);
        let lines: Vec<usize> = problems.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 1]);
    }
}
