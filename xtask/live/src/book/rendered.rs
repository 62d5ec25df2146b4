//! What mdBook has made, looked at as a browser would: each link leads somewhere,
//! each id is there once, and nothing is asked of another host.

mod page;
mod tags;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::course::{self, Course};
use super::fault::{Fault, Faults, Problem};
use page::Rendered;

/// The page with all others, which is printed.
const PRINT: &str = "print.html";

/// Finishes what mdBook leaves undone in its `folder`.
pub(crate) fn finish(folder: &Path) -> anyhow::Result<()> {
    for path in course::files(folder, "html")? {
        let file = folder.join(&path);
        let text = fs::read_to_string(&file).with_context(|| format!("reading {path}"))?;
        // mdBook writes attributes in small letters; only HTML parsers mend that.
        let mut new = text.replace(" viewbox=\"", " viewBox=\"");
        if path == PRINT {
            // Nobody unfolds paper.
            new = new.replace("<details>", "<details open>");
            new = new.replace("<details class=", "<details open class=");
        }
        if new != text {
            fs::write(&file, new).with_context(|| format!("writing {path}"))?;
        }
    }
    Ok(())
}

/// Checks the rendered book in `folder`.
pub(crate) fn check(course: &Course, folder: &Path, faults: &mut Faults) -> anyhow::Result<()> {
    let mut pages = BTreeMap::new();
    for path in course::files(folder, "html")? {
        let text = fs::read_to_string(folder.join(&path))?;
        pages.insert(path, Rendered::read(&text));
    }
    for path in course::files(folder, "css")? {
        let sheet = fs::read_to_string(folder.join(&path))?;
        faults.extend(page::requests_of_style(&sheet).into_iter().map(|host| {
            let what = format!("the style sheet asks another host: {host}");
            Problem::new(what, "put the file into the book").at(format!("book/{path}"), 1)
        }));
    }
    // On the page that is printed each fault would be told again.
    let (print, others): (Vec<_>, Vec<_>) = pages.iter().partition(|(path, _)| *path == PRINT);
    for (path, page) in others {
        faults.extend(faults_of(course, folder, &pages, path, page));
    }
    if faults.is_empty() {
        for (path, page) in print {
            faults.extend(faults_of(course, folder, &pages, path, page));
        }
    }
    Ok(())
}

fn faults_of(
    course: &Course,
    folder: &Path,
    pages: &BTreeMap<String, Rendered>,
    path: &str,
    page: &Rendered,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut tell = |needle: &str, problem: Problem| {
        let (file, line) = place(course, path, needle);
        faults.push(problem.at(file, line));
    };
    for id in &page.twice {
        let what = format!("the id `{id}` is there twice on {path}");
        tell(id, Problem::new(what, "give each its own"));
    }
    for host in &page.requests {
        let what = format!("the page asks another host: {host}");
        tell(host, Problem::new(what, "put the file into the book"));
    }
    for link in &page.links {
        if let Some(problem) = broken(folder, pages, path, link) {
            tell(link, problem);
        }
    }
    faults
}

/// What is wrong with a link on the page `path`.
fn broken(
    folder: &Path,
    pages: &BTreeMap<String, Rendered>,
    path: &str,
    link: &str,
) -> Option<Problem> {
    if tags::leads_out(link) {
        return None;
    }
    let (file, id) = link.split_once('#').unwrap_or((link, ""));
    let file = page::decoded(file.split('?').next().unwrap_or_default());
    let target = match file.as_str() {
        "" => Some(path.to_string()),
        file => course::resolve(path, file),
    };
    let exists = |path: &String| pages.contains_key(path) || folder.join(path).is_file();
    let Some(target) = target.filter(exists) else {
        let what = format!("the link `{link}` leads to no page of the book");
        return Some(Problem::new(
            what,
            "mend its path, or name a file that readers have in `…`",
        ));
    };
    let has_id = |page: &Rendered| page.ids.contains(&page::decoded(id));
    if id.is_empty() || pages.get(&target).is_none_or(has_id) {
        return None;
    }
    let what = format!("the link `{link}` leads to no heading: {target} has no id `{id}`");
    Some(Problem::new(what, "name an id that the page has"))
}

/// Where the page `path` was written: the file, and the first line that speaks of
/// `needle`.
fn place(course: &Course, path: &str, needle: &str) -> (String, usize) {
    let source = path.replace(".html", ".md");
    let own = course.pages.iter().find(|page| page.path == source);
    let mut texts: Vec<(String, String)> = Vec::new();
    let pages = own.into_iter().chain(&course.pages);
    texts.extend(pages.map(|page| (page.file(), page.text.clone())));
    for folder in ["book/quizzes", "exercises"] {
        for ending in ["toml", "md"] {
            let paths = course::files(&course.root.join(folder), ending).unwrap_or_default();
            texts.extend(paths.into_iter().filter_map(|path| {
                let path = format!("{folder}/{path}");
                let text = course.file(&path).ok()?;
                Some((path, text))
            }));
        }
    }
    let written = needle.replace(".html", ".md");
    let id = needle.split_once('#').map_or(needle, |(_, id)| id);
    for needle in [needle, &written, id]
        .into_iter()
        .filter(|needle| !needle.is_empty())
    {
        for (file, text) in &texts {
            if let Some(index) = text.lines().position(|line| line.contains(needle)) {
                return (file.clone(), index + 1);
            }
        }
    }
    let file = own.map_or_else(|| format!("book/{path}"), super::course::Page::file);
    (file, 1)
}
