//! Listings: parts of the examples, each with where it is from, and a page with
//! each whole program that they are linked to.

use std::collections::BTreeSet;

use mdbook_driver::book::{BookItem, Chapter};

use super::anchor;
use super::course::{self, Course, Page};
use super::fault::{Fault, Problem};
use wire::escape;

/// What pages have quoted: files below the root, and the anchors in them.
#[derive(Debug, Default)]
pub(crate) struct Quoted(BTreeSet<(String, String)>);

/// `path:anchor`, or only a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// Below the course's root.
    pub(crate) file: String,
    pub(crate) anchor: Option<String>,
    pub(crate) text: String,
}

/// Reads what `{{#include argument}}` names on `page`.
pub(crate) fn quote(
    course: &Course,
    page: &Page,
    argument: &str,
    quoted: &mut Quoted,
) -> Result<Quotation, Problem> {
    let (link, anchor) = match argument.split_once(':') {
        Some((link, anchor)) => (link, Some(anchor)),
        None => (argument, None),
    };
    let Some(file) = course::resolve(&page.file(), link) else {
        let cure = "name a file of the course";
        return Err(Problem::new(format!("`{link}` is not in the course"), cure));
    };
    let whole = course.file(&file).map_err(|error| {
        let what = format!("{file} cannot be read ({error})");
        Problem::new(
            what,
            format!("name a file that there is, from {}", page.file()),
        )
    })?;
    let text = match anchor {
        None => anchor::without_marks(&whole),
        Some(range) if range.split(':').all(is_number) => {
            let what = format!("`{argument}` takes lines by their numbers");
            let cure = "name an anchor: numbers go wrong with the next edit of the file";
            return Err(Problem::new(what, cure));
        }
        Some(name) => anchor::take(&whole, name).ok_or_else(|| {
            let what = format!("{file} has no whole anchor `{name}`");
            let cure = format!("put `ANCHOR: {name}` and `ANCHOR_END: {name}` around the part");
            Problem::new(what, cure)
        })?,
    };
    let anchor = anchor.map(str::to_string);
    quoted
        .0
        .insert((file.clone(), anchor.clone().unwrap_or_default()));
    Ok(Quotation { file, anchor, text })
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

impl Quotation {
    /// The caption: the path, the part, and a link to the whole program.
    pub(crate) fn caption(&self, page: &Page) -> String {
        let mut caption = format!("<code>{}</code>", escape(&self.file));
        if let Some(anchor) = &self.anchor {
            caption += &format!(", part <code>{}</code>", escape(anchor));
        }
        if let Some(package) = package(&self.file) {
            let id = part_id(package, self.anchor.as_deref().unwrap_or_default());
            let link = format!("{}{}#{id}", page.way_up(), program_page(package));
            caption += &format!(" · <a href=\"{link}\">the whole program</a>");
        }
        caption
    }
}

/// The example that the file is the program of.
fn package(file: &str) -> Option<&str> {
    let package = file.strip_prefix("crates/")?.strip_suffix("/src/main.rs")?;
    (!package.contains('/')).then_some(package)
}

fn program_page(package: &str) -> String {
    format!("programs/{package}.md")
}

/// Unique in the whole book, since all pages meet on the one that is printed.
fn part_id(package: &str, anchor: &str) -> String {
    match anchor {
        "" => format!("program-{package}"),
        anchor => format!("program-{package}-{anchor}"),
    }
}

/// Anchors in the examples, and in the exercises' texts, that are wrong, or that no
/// page quotes.
pub(crate) fn check_anchors(course: &Course, quoted: &Quoted) -> anyhow::Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let programs = course::files(&course.root.join("crates"), "rs")?.into_iter();
    let programs = programs.filter(|path| path.contains("/src/"));
    let programs = programs.map(|path| format!("crates/{path}"));
    for file in programs.chain(readmes(course)) {
        let text = match course.text(&file) {
            Ok(text) => text,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let (parts, problems) = anchor::parts(&text);
        let located = problems.into_iter();
        faults.extend(located.map(|(line, problem)| problem.at(&file, line)));
        for part in parts {
            if !quoted.0.contains(&(file.clone(), part.name.clone())) {
                let what = format!("no page shows the anchor `{}`", part.name);
                let cure = "include it in a chapter, or take its marks out";
                faults.push(Problem::new(what, cure).at(&file, part.begin));
            }
        }
    }
    Ok(faults)
}

/// The exercises' texts. What else a learner keeps in their folders is no concern of
/// the book.
fn readmes(course: &Course) -> impl Iterator<Item = String> {
    let lessons = course
        .pages
        .iter()
        .filter_map(|page| course.lesson_of(page));
    let readmes = lessons.map(|name| format!("exercises/{name}/README.md"));
    readmes.filter(|file| course.root.join(file).is_file())
}

/// Pages that stand where the whole programs will be.
pub(crate) fn in_the_way(course: &Course) -> impl Iterator<Item = Fault> {
    let pages = course.pages.iter();
    let taken = pages.filter(|page| page.path.starts_with("programs/"));
    taken.map(|page| {
        let what = "the folder `programs` is for the examples' own pages";
        Problem::new(what, "give the page's folder another name").at(page.file(), 1)
    })
}

/// The chapters with the whole programs that listings link to.
pub(crate) fn programs(course: &Course, quoted: &Quoted) -> anyhow::Result<Vec<BookItem>> {
    let packages: BTreeSet<&str> = quoted
        .0
        .iter()
        .filter_map(|(file, _)| package(file))
        .collect();
    // In the order of the chapters.
    let place = |package: &str| {
        let mut pages = course.pages.iter();
        pages.position(|page| page.chapter() == Some(package))
    };
    let mut packages: Vec<&str> = packages.into_iter().collect();
    packages.sort_by_key(|package| place(package).unwrap_or(usize::MAX));
    let mut items = vec![BookItem::PartTitle("The programs".to_string())];
    for package in &packages {
        let content = program(course, package)?;
        let chapter = Chapter::new(package, content, program_page(package), Vec::new());
        items.push(BookItem::Chapter(chapter));
    }
    Ok(if packages.is_empty() {
        Vec::new()
    } else {
        items
    })
}

fn program(course: &Course, package: &str) -> anyhow::Result<String> {
    let file = format!("crates/{package}/src/main.rs");
    let mut text = format!("# The program {package} {{#{}}}\n\n", part_id(package, ""));
    text += &format!("The whole of `{file}`. `cargo run -p {package}` starts it.");
    if let Some(page) = course.chapter(package) {
        text += &format!(
            " [The chapter](../{}) goes through it part by part.",
            page.path
        );
    }
    text += "\n\n<pre class=\"program\"><code class=\"language-rust\">";
    text += &with_ids(package, &course.file(&file)?);
    Ok(text + "</code></pre>\n")
}

/// The program as HTML; where a part begins there is its id, to be linked to.
fn with_ids(package: &str, source: &str) -> String {
    let (parts, _) = anchor::parts(source);
    let mut text = String::new();
    let mut kept = String::new();
    for (index, line) in source.lines().enumerate() {
        if let Some(part) = parts.iter().find(|part| part.begin == index + 1) {
            kept += &format!("<span id=\"{}\"></span>", part_id(package, &part.name));
        } else if !parts.iter().any(|part| part.end == index + 1) {
            text += &std::mem::take(&mut kept);
            text += &escape(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_program_has_the_ids_of_its_parts() {
        let source =
            "use a;\n\n// ANCHOR: main\nfn main() {\n    a::<u8>();\n}\n// ANCHOR_END: main\n";
        let expected = "use a;\n\n<span id=\"program-x-main\"></span>fn main() {\n    \
            a::&lt;u8&gt;();\n}\n";
        assert_eq!(with_ids("x", source), expected);
    }

    #[test]
    fn only_an_example_has_a_page_of_its_own() {
        assert_eq!(package("crates/tcp-server/src/main.rs"), Some("tcp-server"));
        assert_eq!(package("crates/tcp-server/src/other.rs"), None);
        assert_eq!(package("exercises/tcp-server/README.md"), None);
    }
}
