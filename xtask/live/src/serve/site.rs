//! The pages, in memory: what a request names is looked up in this map and
//! nowhere else, so that no path can leave it.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;

use super::{page, policy};

/// One file of the book.
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    pub(crate) kind: &'static str,
    /// What a page may load and run.
    pub(crate) policy: Option<String>,
}

/// The whole book as it was built once.
#[derive(Default)]
pub(crate) struct Site {
    /// By name: `index.html`, `css/general.css`.
    files: BTreeMap<String, File>,
    /// The same for the same content, also after the server was started anew.
    pub(crate) id: String,
}

impl Site {
    /// Reads the book that was built into `folder`, and has its pages load what
    /// is `ours`: names and contents of scripts and styles.
    pub(crate) fn read(folder: &Path, ours: Vec<(&str, Vec<u8>)>) -> io::Result<Site> {
        let mut contents = BTreeMap::new();
        collect(folder, "", &mut contents)?;
        for (name, content) in ours {
            contents.insert(name.to_owned(), content);
        }
        let mut hasher = DefaultHasher::new();
        contents.hash(&mut hasher);
        let id = format!("{:016x}", hasher.finish());
        let files = contents.into_iter().map(|(name, content)| {
            let file = file(&name, content, &id);
            (name, file)
        });
        Ok(Site {
            files: files.collect(),
            id: id.clone(),
        })
    }

    /// A book of one page, which says what is wrong, whatever is asked for.
    pub(crate) fn of_fault(fault: &str, ours: Vec<(&str, Vec<u8>)>) -> Site {
        let mut site = Site::default();
        let index = page::of_fault(fault).into_bytes();
        let pages = [("404.html", index.clone()), ("index.html", index)];
        for (name, content) in ours.into_iter().chain(pages) {
            site.files
                .insert(name.to_owned(), file(name, content, "none"));
        }
        site
    }

    fn find(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }
}

fn file(name: &str, mut content: Vec<u8>, id: &str) -> File {
    let kind = kind_of(name);
    let is_page = kind.starts_with("text/html");
    if is_page {
        content = page::with_live_parts(content, id);
    }
    File {
        policy: is_page.then(|| policy::of_page(&String::from_utf8_lossy(&content))),
        bytes: content.into(),
        kind,
    }
}

/// Reads all regular files below `folder` but hidden ones; no link is followed.
fn collect(folder: &Path, before: &str, all: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{before}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), all)?;
        } else if kind.is_file() {
            all.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn kind_of(name: &str) -> &'static str {
    let (_, end) = name.rsplit_once('.').unwrap_or_default();
    match end {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "pdf" => "application/pdf",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

/// Where the book stands: it is replaced as a whole.
#[derive(Default)]
pub(crate) struct Shelf {
    sites: RwLock<[Arc<Site>; 2]>,
}

impl Shelf {
    /// Puts `site` in the place of the one that is there.
    pub(crate) fn put(&self, site: Site) {
        let mut sites = self.sites.write().unwrap_or_else(PoisonError::into_inner);
        let [current, _] = &*sites;
        *sites = [Arc::new(site), Arc::clone(current)];
    }

    /// The site, and the file called `name` in it.
    pub(crate) fn find(&self, name: &str) -> Option<(Bytes, &'static str, Option<String>)> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let [current, former] = &*sites;
        // A page that was loaded a moment ago asks for the styles and scripts of
        // its own time: their names change with their content.
        let of_former = || former.find(name).filter(|file| file.policy.is_none());
        let file = current.find(name).or_else(of_former)?;
        Some((file.bytes.clone(), file.kind, file.policy.clone()))
    }

    /// The id of the site that is there.
    pub(crate) fn id(&self) -> String {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        sites[0].id.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_former_styles_stay_and_the_former_pages_go() {
        let site = |names: &[&'static str]| {
            let folder = tempfile::tempdir().expect("a folder");
            let ours = names.iter().map(|name| (*name, Vec::new())).collect();
            Site::read(folder.path(), ours).expect("a site")
        };
        let shelf = Shelf::default();
        shelf.put(site(&["a.html", "a-1.css"]));
        shelf.put(site(&["b.html", "a-2.css"]));
        assert!(shelf.find("a-1.css").is_some());
        assert!(shelf.find("a-2.css").is_some());
        assert!(shelf.find("a.html").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_file_of_the_book() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), "a").expect("a file");
        for (name, target) in [("passwd", "/etc/passwd"), ("etc", "/etc")] {
            std::os::unix::fs::symlink(target, folder.path().join(name)).expect("a link");
        }
        let site = Site::read(folder.path(), Vec::new()).expect("a site");
        assert_eq!(site.files.keys().collect::<Vec<_>>(), ["a.txt"]);
    }
}
