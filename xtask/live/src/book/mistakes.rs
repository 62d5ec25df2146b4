//! Which mistakes a lesson's checks know by name: the headers of the programs
//! that are wrong on purpose name them, and the pages of pitfalls explain them.

use std::collections::BTreeMap;

use super::course::{self, Course, Page};
use super::fault::{Fault, Problem};

/// The folder of all wrong programs, below the course's root.
const WRONG: &str = "solutions/wrong/src/bin";

/// The sections of the pages of pitfalls, and the lessons whose wrong programs
/// make each mistake.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    sections: Vec<Section>,
    of_lessons: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Section {
    id: String,
    title: String,
    page: String,
}

impl Mistakes {
    /// Reads both, and says which programs name a section that there is not.
    pub(crate) fn read(course: &Course) -> anyhow::Result<(Mistakes, Vec<Fault>)> {
        let mut mistakes = Mistakes::default();
        for page in course.pages.iter().filter(|page| is_of_pitfalls(page)) {
            mistakes.sections.extend(sections(page));
        }
        let mut faults = Vec::new();
        for name in course::files(&course.root.join(WRONG), "rs").unwrap_or_default() {
            let file = format!("{WRONG}/{name}");
            let text = course.text(&file);
            let Some((line, id)) = text.as_deref().map_or(None, pitfall) else {
                faults.extend(text.err());
                continue;
            };
            if !mistakes.sections.iter().any(|section| section.id == id) {
                let what = format!("the book has no pitfall `{id}`");
                faults.push(Problem::new(what, "write its section, or mend the id").at(file, line));
            } else if let Some((lesson, _)) = name.split_once("--") {
                let ids = mistakes.of_lessons.entry(lesson.to_string()).or_default();
                ids.push(id);
            }
        }
        Ok((mistakes, faults))
    }

    /// The list for `{{#pitfalls lesson}}` on `page`, in Markdown.
    pub(crate) fn list(&self, lesson: &str, page: &Page) -> Result<String, Problem> {
        let ids = self.of_lessons.get(lesson).ok_or_else(|| {
            let what = format!("no program is wrong on purpose for a lesson `{lesson}`");
            Problem::new(what, "name a lesson that has some")
        })?;
        let sections = self
            .sections
            .iter()
            .filter(|section| ids.contains(&section.id));
        let items = sections.map(
            |Section {
                 id,
                 title,
                 page: of,
             }| { format!("- [{title}]({}{of}#{id})\n", page.way_up()) },
        );
        Ok(items.collect())
    }
}

fn is_of_pitfalls(page: &Page) -> bool {
    page.path == "pitfalls.md" || page.path.starts_with("pitfalls/")
}

/// The headings `### Title {#id}` (or `##`) of a page.
fn sections(page: &Page) -> impl Iterator<Item = Section> {
    page.text.lines().filter_map(|line| {
        let title = line
            .strip_prefix("### ")
            .or_else(|| line.strip_prefix("## "))?;
        let (title, id) = title.trim_end().strip_suffix('}')?.split_once(" {#")?;
        Some(Section {
            id: id.to_string(),
            title: title.to_string(),
            page: page.path.clone(),
        })
    })
}

/// The line and the id of `//! Pitfall: id` in a program's header.
fn pitfall(source: &str) -> Option<(usize, String)> {
    let header = source.lines().enumerate();
    let mut header = header.map_while(|(index, line)| Some((index, line.strip_prefix("//!")?)));
    header.find_map(|(index, line)| {
        let id = line.trim().strip_prefix("Pitfall:")?.trim();
        (!id.is_empty()).then(|| (index + 1, id.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_names_its_pitfall() {
        let source = "//! Spins.\n//!\n//! Pitfall: spins\nfn main() {}\n";
        assert_eq!(pitfall(source), Some((3, "spins".to_string())));
        assert_eq!(pitfall("fn main() {}\n//! Pitfall: spins\n"), None);
    }

    #[test]
    fn a_list_links_to_the_sections_in_the_books_order() {
        let page = |path: &str, text: &str| Page {
            path: path.to_string(),
            text: text.to_string(),
        };
        let pitfalls = page(
            "pitfalls/tcp.md",
            "# P\n\n### It `a`s. {#a}\n\n### It bs. {#b}\n",
        );
        let ids = ["b", "a", "b"].map(str::to_string);
        let mistakes = Mistakes {
            sections: sections(&pitfalls).collect(),
            of_lessons: BTreeMap::from([("x".to_string(), ids.to_vec())]),
        };
        let list = mistakes.list("x", &page("x.md", "")).expect("a list");
        let expected = "- [It `a`s.](pitfalls/tcp.md#a)\n- [It bs.](pitfalls/tcp.md#b)\n";
        assert_eq!(list, expected);
        let list = mistakes.list("x", &pitfalls).expect("a list");
        assert!(list.contains("](../pitfalls/tcp.md#a)"), "{list}");
        assert!(mistakes.list("y", &pitfalls).is_err());
    }
}
