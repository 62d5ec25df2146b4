//! The pitfalls: mistakes that are known by name, as the book explains them.
//!
//! Each is a section of `book/src/pitfalls.md`: `### Title {#id}`, of which a
//! learner reads the title and the first paragraph in the terminal.

use std::path::Path;

/// The book's page, below the course's root.
const PAGE: &str = "book/src/pitfalls.md";

/// A mistake that the probe has recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pitfall {
    pub(crate) id: String,
    /// A sentence about the program; empty where the book has no such section.
    pub(crate) title: String,
    /// What the mistake is, in a few sentences.
    pub(crate) text: String,
}

impl Pitfall {
    /// Where the book explains it.
    pub(crate) fn place(&self) -> String {
        format!("{PAGE}, {}", self.id)
    }
}

/// The pitfall with this id. A book that cannot be read costs the explanation,
/// not the name.
pub(crate) fn find(root: &Path, id: &str) -> Pitfall {
    let page = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let found = sections(&page).find(|pitfall| pitfall.id == id);
    found.unwrap_or_else(|| Pitfall {
        id: id.to_string(),
        title: String::new(),
        text: String::new(),
    })
}

/// The ids of all pitfalls, in the book's order.
pub(crate) fn ids(root: &Path) -> Vec<String> {
    let page = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    sections(&page).map(|pitfall| pitfall.id).collect()
}

/// All pitfalls in the book's order, each with the number of real systems that
/// the book names for it.
pub(crate) fn with_cases(root: &Path) -> Vec<(Pitfall, usize)> {
    let page = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let all = page.split("\n### ").skip(1);
    all.filter_map(|text| Some((section(text)?, cases(text))))
        .collect()
}

/// How many reports the section refers to, as `owner/project#123`.
fn cases(section: &str) -> usize {
    let bites = section.split("**Where it bites.**").nth(1);
    let mut parts = bites.unwrap_or_default().split('#').skip(1);
    let is_number = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    parts.by_ref().filter(is_number).count()
}

fn sections(page: &str) -> impl Iterator<Item = Pitfall> {
    page.split("\n### ").skip(1).filter_map(section)
}

/// `Title {#id}`, an empty line, and the first paragraph.
fn section(section: &str) -> Option<Pitfall> {
    let (heading, rest) = section.split_once('\n')?;
    let (title, id) = heading.split_once(" {#")?;
    let mut lines = rest.lines().skip_while(|line| line.trim().is_empty());
    let paragraph: Vec<&str> = lines
        .by_ref()
        .take_while(|line| !line.trim().is_empty())
        .collect();
    Some(Pitfall {
        id: id.trim_end().strip_suffix('}')?.to_string(),
        title: title.to_string(),
        text: paragraph.join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# Pitfalls

## Streams

### Your server spins. {#spins}

It reads `Ok(0)`
for ever.

**What you see.** Much heat.

### A heading without an id

### Your server sleeps. {#sleeps}

It waits.
";

    #[test]
    fn a_section_is_a_title_an_id_and_a_paragraph() {
        let found: Vec<Pitfall> = sections(PAGE).collect();
        let expected = Pitfall {
            id: "spins".to_string(),
            title: "Your server spins.".to_string(),
            text: "It reads `Ok(0)` for ever.".to_string(),
        };
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], expected);
        assert_eq!(found[1].id, "sleeps");
    }

    #[test]
    fn real_systems_are_counted() {
        let section = "Spins. {#spins}\n\nIssue a/b#1.\n\n**Where it bites.** In c/d#23, and\n\
            e/f#4; rule #one of all.\n";
        assert_eq!(cases(section), 2);
        assert_eq!(cases("Spins. {#spins}\n"), 0);
    }

    #[test]
    fn the_book_has_them() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the root");
        let ids = ids(root);
        assert!(ids.len() >= 40, "{}", ids.len());
        for id in &ids {
            let pitfall = find(root, id);
            assert!(
                !pitfall.title.is_empty() && !pitfall.text.is_empty(),
                "{id}"
            );
            assert!(pitfall.text.len() <= 400, "{id} is too long for a terminal");
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id}");
        }
    }

    /// What it looks like, why it happens, a program that shows it, what to do,
    /// and whom it has bitten.
    #[test]
    fn each_section_is_complete() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the root");
        let page = std::fs::read_to_string(root.join(super::PAGE)).expect("the page");
        for section in page.split("\n### ").skip(1) {
            let title = section.lines().next().unwrap_or_default();
            for part in [
                "**What you see.**",
                "**Why it happens.**",
                "**How to put it right.**",
                "**Where it bites.**",
            ] {
                assert!(section.contains(part), "{title} lacks {part}");
            }
            let programs = section.matches("\n```rust").count();
            assert!(programs >= 2, "{title} shows {programs} programs");
        }
    }
}
