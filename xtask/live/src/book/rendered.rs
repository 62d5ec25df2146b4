//! What mdBook has made, looked at as a browser would: each link leads somewhere,
//! each id is there once, and nothing is asked of another host.

mod active;
mod leftover;
mod page;
mod tags;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::course::{self, Course, Page};
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
            let (file, line) = place_of_style(course, &path, &host);
            Problem::new(what, "put the file into the book").at(file, line)
        }));
    }
    // On the page that is printed each fault would be told again, and on the copy of
    // the first page that mdBook calls index.html.
    let is_copy = |path: &str| {
        path == "index.html" && !course.pages.iter().any(|page| page.path == "index.md")
    };
    for page in &course.pages {
        let made = page.path.replace("README.md", "index.md");
        if !pages.contains_key(&made.replace(".md", ".html")) {
            let what = "SUMMARY.md names this page, and mdBook makes none of it";
            let cure = "give it a line `- [Title](page.md)` there, outside of comments";
            faults.add(Problem::new(what, cure).at(page.file(), 1));
        }
    }
    let (print, others): (Vec<_>, Vec<_>) = pages.iter().partition(|(path, _)| *path == PRINT);
    for (path, page) in others.into_iter().filter(|(path, _)| !is_copy(path)) {
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
        let (file, line, _) = place(course, path, needle);
        faults.push(problem.at(file, line));
    };
    for id in &page.twice {
        let what = format!("the id `{id}` is there twice on {path}");
        tell(id, Problem::new(what, "give each its own"));
    }
    for part in &page.active {
        let what = format!("`{part}` would run on the page, or lead away from it");
        let cure = "take it out; to show it, put it between backticks";
        tell(part, Problem::new(what, cure));
    }
    for mark in &page.leftover {
        let what = format!("readers see `{mark}`: it was meant to be something else");
        let cure = "mend it; to show it, put it between backticks";
        tell(mark, Problem::new(what, cure));
    }
    for host in &page.requests {
        let what = format!("the page asks another host: {host}");
        tell(host, Problem::new(what, "put the file into the book"));
    }
    for link in &page.links {
        if let Some(why) = broken(folder, pages, path, link) {
            let (file, line, written) = place(course, path, link);
            let cure = "mend it, or name what readers have on their disk in `…`";
            let problem = Problem::new(format!("the link `{written}` leads to {why}"), cure);
            faults.push(problem.at(file, line));
        }
    }
    faults
}

/// What a link on the page `path` leads to, where that is nothing.
fn broken(
    folder: &Path,
    pages: &BTreeMap<String, Rendered>,
    path: &str,
    link: &str,
) -> Option<String> {
    if link.is_empty() {
        return Some("nothing".to_string());
    }
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
        return Some("no page of the book".to_string());
    };
    let has_id = |page: &Rendered| page.ids.contains(&page::decoded(id));
    let leads_somewhere = id.is_empty() || pages.get(&target).is_none_or(has_id);
    (!leads_somewhere).then(|| format!("no heading: {target} has no id `{id}`"))
}

/// Where the style sheet `path` was written, and the first line that speaks of `host`:
/// mdBook puts a number into the name of what it takes over.
fn place_of_style(course: &Course, path: &str, host: &str) -> (String, usize) {
    let source = path.rsplit_once('-').map_or(path, |(name, _)| name);
    let source = format!("book/{source}.css");
    let text = course.file(&source).map(|text| text.to_ascii_lowercase());
    let line = text.map(|text| text.lines().position(|line| line.contains(host)));
    match line {
        Ok(index) => (source, index.map_or(1, |index| index + 1)),
        Err(_) => (format!("book/{path}"), 1),
    }
}

/// Where the page `path` was written: the file, the first line that speaks of
/// `needle`, and how it is written there.
fn place(course: &Course, path: &str, needle: &str) -> (String, usize, String) {
    let source = path.replace(".html", ".md");
    let own = course.pages.iter().find(|page| page.path == source);
    let texts = texts(course, own);
    let written = needle.replace(".html", ".md");
    let id = needle.split_once('#').map_or(needle, |(_, id)| id);
    let find = |(file, text): &(String, String), form: &str| {
        let index = text.lines().position(|line| line.contains(form))?;
        Some((file.clone(), index + 1))
    };
    // In each text both forms; and where none has either, what is behind the `#`.
    let both = texts
        .iter()
        .flat_map(|text| [(text, &*written), (text, needle)]);
    let ids = texts.iter().map(|text| (text, id));
    let mut places = both.chain(ids).filter(|(_, form)| !form.is_empty());
    let found = places.find_map(|(text, form)| Some((find(text, form)?, form)));
    if let Some(((file, line), form)) = found {
        let shown = if form == id { needle } else { form };
        return (file, line, shown.to_string());
    }
    let file = own.map_or_else(|| format!("book/{path}"), Page::file);
    (file, 1, needle.to_string())
}

/// All that pages are written in, by file: a page itself, and then what can have
/// been put into it.
fn texts(course: &Course, own: Option<&Page>) -> Vec<(String, String)> {
    let pages = own.into_iter().chain(&course.pages);
    let mut texts: Vec<(String, String)> =
        pages.map(|page| (page.file(), page.text.clone())).collect();
    for (folder, ending) in [("book/quizzes", "toml"), ("exercises", "md")] {
        let paths = course::files(&course.root.join(folder), ending).unwrap_or_default();
        texts.extend(paths.into_iter().filter_map(|path| {
            let path = format!("{folder}/{path}");
            let text = course.file(&path).ok()?;
            Some((path, text))
        }));
    }
    texts
}
