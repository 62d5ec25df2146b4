//! The files that the book is made of: its pages in the order of the summary,
//! and the lessons that they belong to.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail};

use super::fault::{Fault, Problem};

/// The folder of the pages, below the course's root.
pub(crate) const PAGES: &str = "book/src";

/// A page as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Below `book/src`, with `/` on every system.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Page {
    /// Where it is, below the course's root.
    pub(crate) fn file(&self) -> String {
        format!("{PAGES}/{}", self.path)
    }

    /// Its name without the ending, unless it is in a folder: a lesson's, if it is
    /// a lesson's chapter.
    pub(crate) fn chapter(&self) -> Option<&str> {
        let name = self.path.strip_suffix(".md")?;
        (!name.contains('/')).then_some(name)
    }

    /// What its links begin with to get to the pages' folder: `../` for each
    /// folder that it is in.
    pub(crate) fn way_up(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }
}

/// The course as the book sees it.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) root: PathBuf,
    pub(crate) pages: Vec<Page>,
    /// Whether all pages could be read: of what a lost one shows, nobody can say
    /// that it is shown nowhere.
    pub(crate) is_whole: bool,
}

impl Course {
    /// Reads the pages that the summary names, and says which of them are
    /// missing, and which files in the pages' folder it does not name.
    pub(crate) fn read(root: &Path) -> anyhow::Result<(Course, Vec<Fault>)> {
        let folder = root.join(PAGES);
        let summary = format!("{PAGES}/SUMMARY.md");
        let text = read(root, &root.join(&summary));
        let text = text.with_context(|| format!("reading {summary}"))?;
        let mut faults = Vec::from_iter(merge(&summary, &text));
        let mut is_whole = true;
        let mut pages: Vec<Page> = Vec::new();
        for (line, in_summary, path) in links(&text) {
            if resolve("", path).as_deref() != Some(path) {
                let what = format!("`{path}` is no page in {PAGES}");
                faults.push(Problem::new(what, "move the file there").at(&summary, line));
                continue;
            }
            match read(root, &folder.join(path)) {
                _ if pages.iter().any(|page| page.path == path) => {
                    let what = format!("`{path}` is named for the second time");
                    faults.push(Problem::new(what, "leave one of them").at(&summary, line));
                }
                Ok(text) => {
                    let path = path.to_string();
                    let text = in_lines(text.trim_start_matches('\u{feff}'));
                    faults.extend(merge(&format!("{PAGES}/{path}"), &text));
                    let page = Page { path, text };
                    faults.extend(another_title(&page, in_summary));
                    pages.push(page);
                }
                Err(error) => {
                    is_whole = false;
                    let what = format!("the page `{path}` cannot be read ({error})");
                    let cure = match error.kind() {
                        ErrorKind::InvalidData => "save it as text in UTF-8".to_string(),
                        _ => format!("write {PAGES}/{path}, or take the line out"),
                    };
                    faults.push(Problem::new(what, cure).at(&summary, line));
                }
            }
        }
        refuse_others(root, &folder)?;
        for path in files(&folder, "md")? {
            if path != "SUMMARY.md" && !links(&text).any(|(_, _, named)| named == path) {
                let cure = "name it there, or delete it";
                let problem = Problem::new("SUMMARY.md does not name this page", cure);
                faults.push(problem.at(format!("{PAGES}/{path}"), 1));
            }
        }
        for path in files(&folder, "html")? {
            let what = "readers would get this file as it is, whatever is in it";
            let problem = Problem::new(what, "write the page in Markdown");
            faults.push(problem.at(format!("{PAGES}/{path}"), 1));
        }
        let root = root.to_path_buf();
        let course = Course {
            root,
            pages,
            is_whole,
        };
        Ok((course, faults))
    }

    /// A file of the course; its path is below the root.
    pub(crate) fn file(&self, path: &str) -> std::io::Result<String> {
        let text = read(&self.root, &self.root.join(path))?;
        Ok(in_lines(&text))
    }

    /// The same; what keeps it from being read is a fault of the file.
    pub(crate) fn text(&self, path: &str) -> Result<String, Fault> {
        self.file(path).map_err(|error| {
            let cure = match error.kind() {
                ErrorKind::InvalidData => "save it as text in UTF-8",
                _ => "make it a file that can be read, or take it away",
            };
            Problem::new(format!("it cannot be read ({error})"), cure).at(path, 1)
        })
    }

    /// Whether there is a lesson of this name.
    pub(crate) fn is_lesson(&self, name: &str) -> bool {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let folders = ["exercises", "solutions"];
        plain && {
            let mut folders = folders.iter().map(|folder| self.root.join(folder));
            folders.any(|folder| folder.join(name).join("Cargo.toml").is_file())
        }
    }

    /// The chapter of a lesson.
    pub(crate) fn chapter(&self, lesson: &str) -> Option<&Page> {
        self.pages
            .iter()
            .find(|page| page.chapter() == Some(lesson))
    }

    /// The lesson that `page` is the chapter of.
    pub(crate) fn lesson_of<'a>(&self, page: &'a Page) -> Option<&'a str> {
        page.chapter().filter(|name| self.is_lesson(name))
    }
}

/// The text of the file at `path`. On a pipe one would wait for ever, and a link may
/// lead to what is nobody's to publish.
fn read(root: &Path, path: &Path) -> io::Result<String> {
    match fs::metadata(path)?.is_file() {
        _ if leads_out(root, path)? => Err(io::Error::other("it is a link out of the course")),
        true => fs::read_to_string(path),
        false => Err(io::Error::other("it is no file")),
    }
}

/// Whether the file at `path` is a link to one that is not below `root`.
fn leads_out(root: &Path, path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.is_symlink()
        && !path.canonicalize()?.starts_with(root.canonicalize()?))
}

/// mdBook copies whatever is among the pages: it would wait on a pipe, and walk in
/// circles where a link leads up.
fn refuse_others(root: &Path, folder: &Path) -> anyhow::Result<()> {
    for path in files(folder, "")? {
        let file = folder.join(&path);
        let Ok(found) = fs::metadata(&file) else {
            bail!("{PAGES}/{path} cannot be read, or leads nowhere; take it away");
        };
        if !found.is_file() || leads_out(root, &file)? {
            bail!("{PAGES}/{path} is neither a file nor a folder of its own; take it away");
        }
    }
    Ok(())
}

/// The page's title, where the summary has another one.
fn another_title(page: &Page, in_summary: &str) -> Option<Fault> {
    let title = page.text.lines().next()?.strip_prefix("# ")?;
    let title = title.split(" {#").next().unwrap_or_default().trim();
    (title != in_summary).then(|| {
        let what = format!("SUMMARY.md calls this page `{in_summary}`, and itself it is `{title}`");
        Problem::new(what, "let both say the same").at(page.file(), 1)
    })
}

/// The first mark of a merge that stopped in the middle of `file`.
fn merge(file: &str, text: &str) -> Option<Fault> {
    let mut lines = text.lines();
    let index = lines.position(|line| {
        let marks = ["<<<<<<< ", "||||||| ", ">>>>>>> "];
        marks.iter().any(|mark| line.starts_with(mark))
    })?;
    let what = "a merge stopped here, and git has left its marks";
    let problem = Problem::new(what, "choose what shall stand, and take them out");
    Some(problem.at(file, index + 1))
}

/// `text` with the ends of lines that this system has. Markdown takes a carriage
/// return alone for one, too: a fence could end where we see none.
fn in_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The numbers of the summary's lines that link to a page, its title there, and its
/// path.
pub(crate) fn links(summary: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    summary.lines().enumerate().filter_map(|(index, line)| {
        let (before, rest) = line.split_once("](")?;
        let title = before.split_once('[').map_or(before, |(_, title)| title);
        let path = rest.split_once(')')?.0;
        let path = path.trim_start_matches("./");
        (!path.is_empty()).then_some((index + 1, title.trim(), path))
    })
}

/// All files below `folder` with this ending, in large or small letters, sorted;
/// `/` between the parts.
pub(crate) fn files(folder: &Path, ending: &str) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let lower = name.to_ascii_lowercase();
        if entry.file_type()?.is_dir() {
            let below = files(&entry.path(), ending)?;
            found.extend(below.into_iter().map(|path| format!("{name}/{path}")));
        } else if ending.is_empty() || lower.ends_with(&format!(".{ending}")) {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// The path that `link` leads to from the file `from`, without `..`; `None`
/// where it leads out of the folder that both paths begin in.
pub(crate) fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    for part in folder.join(link).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_pages_by_line() {
        let summary =
            "# Summary\n\n[Welcome](welcome.md)\n- [A](a.md)\n  - [B](./b/c.md)\n- [Draft]()\n";
        let found: Vec<(usize, &str, &str)> = links(summary).collect();
        let expected = [
            (3, "Welcome", "welcome.md"),
            (4, "A", "a.md"),
            (5, "B", "b/c.md"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn links_stay_inside() {
        let up = resolve("book/src/a.md", "../../crates/x/src/main.rs");
        assert_eq!(up.as_deref(), Some("crates/x/src/main.rs"));
        assert_eq!(resolve("book/src/a.md", "../../../x"), None);
        assert_eq!(resolve("a.md", "/etc/passwd"), None);
    }
}
