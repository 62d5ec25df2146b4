//! The pitfalls: mistakes that are known by name, as the book explains them.
//!
//! Each is a section of a page in `book/src/pitfalls/`: `## Title {#id}`, of which
//! a learner reads the title and the first paragraph in the terminal. The book's
//! summary lists the pages.

use std::path::Path;

use crate::course;

/// The folder of the pages, below the book's sources.
const FOLDER: &str = "pitfalls/";

/// The page that leads to all of them, below the course's root.
const OVERVIEW: &str = "book/src/pitfalls.md";

/// A mistake that the probe has recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pitfall {
    pub(crate) id: String,
    /// The book's page that explains it, below the course's root.
    pub(crate) page: String,
    /// A sentence about the program; empty where the book has no such section.
    pub(crate) title: String,
    /// What the mistake is, in a few sentences.
    pub(crate) text: String,
}

impl Pitfall {
    /// Where the book explains it.
    pub(crate) fn place(&self) -> String {
        format!("{}, {}", self.page, self.id)
    }
}

/// The pitfall with this id. A book that cannot be read costs the explanation,
/// not the name.
pub(crate) fn find(root: &Path, id: &str) -> Pitfall {
    let mut all = pages(root).flat_map(|page| page.pitfalls());
    let found = all.find(|pitfall| pitfall.id == id);
    found.unwrap_or_else(|| Pitfall {
        id: id.to_string(),
        page: OVERVIEW.to_string(),
        title: String::new(),
        text: String::new(),
    })
}

/// The ids of all pitfalls, in the book's order.
pub(crate) fn ids(root: &Path) -> Vec<String> {
    let all = pages(root).flat_map(|page| page.pitfalls());
    all.map(|pitfall| pitfall.id).collect()
}

/// All pitfalls in the book's order, each with the number of real systems that
/// the book names for it.
pub(crate) fn with_cases(root: &Path) -> Vec<(Pitfall, usize)> {
    let mut all = Vec::new();
    for page in pages(root) {
        let sections = page.sections();
        all.extend(sections.filter_map(|text| Some((page.pitfall(text)?, cases(text)))));
    }
    all
}

/// One page of pitfalls.
struct Page {
    /// Below the course's root.
    path: String,
    text: String,
}

/// The pages in the order of the book. One that cannot be read has no sections.
fn pages(root: &Path) -> impl Iterator<Item = Page> {
    let files = course::pages(root).into_iter();
    let of_pitfalls = files.filter(|file| file.starts_with(FOLDER));
    of_pitfalls.map(move |file| {
        let path = format!("book/src/{file}");
        let text = std::fs::read_to_string(root.join(&path)).unwrap_or_default();
        Page { path, text }
    })
}

impl Page {
    fn sections(&self) -> impl Iterator<Item = &str> {
        self.text.split("\n## ").skip(1)
    }

    fn pitfalls(&self) -> Vec<Pitfall> {
        let found = self.sections().filter_map(|section| self.pitfall(section));
        found.collect()
    }

    /// `Title {#id}`, an empty line, and the first paragraph.
    fn pitfall(&self, section: &str) -> Option<Pitfall> {
        let (heading, rest) = section.split_once('\n')?;
        let (title, id) = heading.split_once(" {#")?;
        let lines = rest.lines().skip_while(|line| line.trim().is_empty());
        let paragraph: Vec<&str> = lines.take_while(|line| !line.trim().is_empty()).collect();
        Some(Pitfall {
            id: id.trim_end().strip_suffix('}')?.to_string(),
            page: self.path.clone(),
            title: title.to_string(),
            text: paragraph.join(" "),
        })
    }
}

/// How many reports the section refers to, as `owner/project#123`.
fn cases(section: &str) -> usize {
    let bites = section.split("**Where it bites.**").nth(1);
    let mut parts = bites.unwrap_or_default().split('#').skip(1);
    let is_number = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    parts.by_ref().filter(is_number).count()
}

#[cfg(test)]
mod tests;
