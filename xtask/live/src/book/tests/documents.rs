//! The course's other documents are read in an editor or on a web page, and nothing is
//! built of them: here their links are followed.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What is wrong with the links of the document `file`, below `root`.
fn broken(root: &Path, file: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join(file)).expect("a document");
    let events = Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter();
    let links = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some((range.start, dest_url))
        }
        _ => None,
    });
    let wrong = links.filter(|(_, link)| !link.contains(':') && !leads_somewhere(root, file, link));
    let told = wrong.map(|(at, link)| {
        let line = text[..at].matches('\n').count() + 1;
        format!("{}:{line}: the link `{link}` leads nowhere", file.display())
    });
    told.collect()
}

fn leads_somewhere(root: &Path, file: &Path, link: &str) -> bool {
    let (path, id) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => root.join(file),
        path => root.join(file).with_file_name(path),
    };
    match fs::read_to_string(&target) {
        Ok(text) if !id.is_empty() => ids(&text).any(|known| known == id),
        _ => target.exists(),
    }
}

/// What GitHub, and mdBook, call a document's headings.
fn ids(text: &str) -> impl Iterator<Item = String> {
    let mut ids = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_HEADING_ATTRIBUTES) {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                ids.extend(id.map(|id| id.to_string()));
                heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(_)) => ids.extend(heading.take().map(|it| slug(&it))),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    *heading += &text;
                }
            }
            _ => {}
        }
    }
    ids.into_iter()
}

fn slug(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let kept = heading.chars().filter(kept);
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The documents beside the book, below `root`.
fn documents(root: &Path) -> Vec<PathBuf> {
    let lessons = fs::read_dir(root.join("exercises")).expect("the exercises");
    let lessons = lessons.map(|entry| Path::new("exercises").join(entry.expect("it").file_name()));
    let folders = ["", "docs"].map(PathBuf::from).into_iter().chain(lessons);
    let mut documents = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root.join(&folder)).into_iter().flatten() {
            let path = folder.join(entry.expect("an entry").file_name());
            if path.extension().is_some_and(|ending| ending == "md") {
                documents.push(path);
            }
        }
    }
    documents
}

#[test]
fn each_link_of_each_document_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let documents = documents(&root);
    assert!(documents.len() > 10, "{documents:?}");
    let wrong: Vec<String> = documents
        .iter()
        .flat_map(|file| broken(&root, file))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_link_that_leads_nowhere_is_told_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "# A `b`, c\n\n[x](a.md#a-b-c) [x](#d) [x](https://x.org)\n[x](a.md#lost)\n\n[x](lost.md)\n\n## E {#d}\n";
    fs::write(folder.path().join("a.md"), text).expect("a file");
    let told = broken(folder.path(), Path::new("a.md"));
    let lines: Vec<&str> = told.iter().filter_map(|it| it.split(' ').next()).collect();
    assert_eq!(lines, ["a.md:4:", "a.md:6:"]);
}
