//! Puts a rendered book where readers find it, while they read.
//!
//! Two renames of a whole folder leave a moment in which there is none. So each
//! file takes the place of its predecessor by a rename of its own; a page is
//! there at any time, the old one or the new one. Files that have not changed
//! keep their time, which spares browsers the reading.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use super::course;

/// Names the files that we have written, so that no others are ever deleted.
const MANIFEST: &str = ".on-the-wire-book";

/// The folder of the `pages` is no place for the book: all that is in there becomes
/// a part of it.
pub(crate) fn refuse_the_pages(pages: &Path, out: &Path) -> anyhow::Result<()> {
    let real = |path: &Path| path.canonicalize().ok();
    let Some(pages) = real(pages) else {
        return Ok(());
    };
    // Of a new folder, the part that is there says where it will be.
    let out = std::path::absolute(out)?;
    let known = out.ancestors().find_map(real);
    if known.is_some_and(|known| known.starts_with(&pages)) {
        bail!(
            "{} is among the pages that it is made of: name another folder",
            out.display()
        );
    }
    Ok(())
}

/// An empty folder in `scratch`, or else on the same file system as `out`; it is
/// deleted when dropped.
pub(crate) fn fresh_folder(out: &Path, scratch: Option<&Path>) -> anyhow::Result<TempDir> {
    let parent = match scratch.or(out.parent()) {
        Some(parent) if parent != Path::new("") => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    // mdBook takes a relative folder for one below the book's.
    let parent = std::path::absolute(parent)?;
    fs::create_dir_all(&parent).with_context(|| format!("making {}", parent.display()))?;
    let mut names = tempfile::Builder::new();
    let folder = names.prefix(".book-").tempdir_in(&parent);
    folder.with_context(|| format!("making a folder in {}", parent.display()))
}

/// Moves the files of `fresh` to `out`. What an earlier book had and this one has
/// not is deleted.
pub(crate) fn publish(fresh: &Path, out: &Path) -> anyhow::Result<()> {
    let earlier = earlier(out)?;
    let new: BTreeSet<String> = course::files(fresh, "")?.into_iter().collect();
    // Style sheets and scripts are there before the pages that ask for them.
    let (pages, assets): (Vec<&String>, Vec<&String>) = new.iter().partition(|path| is_page(path));
    for path in assets.into_iter().chain(pages) {
        replace(&fresh.join(path), &out.join(path))
            .with_context(|| format!("writing {}", out.join(path).display()))?;
    }
    for path in earlier.difference(&new) {
        if let Err(error) = fs::remove_file(out.join(path))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error).with_context(|| format!("deleting {}", out.join(path).display()));
        }
    }
    let list: String = new.iter().map(|path| format!("{path}\n")).collect();
    fs::write(out.join(MANIFEST), list).with_context(|| format!("writing {MANIFEST}"))
}

/// The files of the book that is in `out`. A folder of something else is not ours
/// to write to.
fn earlier(out: &Path) -> anyhow::Result<BTreeSet<String>> {
    if let Ok(list) = fs::read_to_string(out.join(MANIFEST)) {
        // Whoever has written this list, it names nothing outside of the folder.
        let inside = list.lines().filter(|path| is_inside(path));
        return Ok(inside.map(str::to_string).collect());
    }
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!(
            "{} holds files that are not of the book: name an empty folder, or a new one",
            out.display()
        );
    }
    // An interrupted first build must not make the folder a stranger's.
    fs::create_dir_all(out).with_context(|| format!("making {}", out.display()))?;
    fs::write(out.join(MANIFEST), "").with_context(|| format!("writing {MANIFEST}"))?;
    Ok(BTreeSet::new())
}

/// Whether `path` leads to a file below the folder that it begins in.
fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

fn replace(new: &Path, old: &Path) -> std::io::Result<()> {
    if let Ok(known) = fs::read(old)
        && known == fs::read(new)?
    {
        return Ok(());
    }
    if let Some(folder) = old.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(new, old)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(parent: &Path, files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = fresh_folder(&parent.join("out"), None).expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        folder
    }

    #[test]
    fn a_new_book_takes_the_place_of_the_old_one() {
        let parent = tempfile::tempdir().expect("a folder");
        let out = parent.path().join("out");
        let first = folder(
            parent.path(),
            &[("a.html", "1"), ("b/c.html", "1"), ("a-1.css", "")],
        );
        publish(first.path(), &out).expect("a book");
        let time = |path: &str| fs::metadata(out.join(path)).and_then(|m| m.modified()).ok();
        let before = time("a.html");
        let second = folder(parent.path(), &[("a.html", "1"), ("a-2.css", "")]);
        publish(second.path(), &out).expect("a book");
        assert!(!out.join("b/c.html").exists());
        assert!(!out.join("a-1.css").exists());
        assert_eq!(time("a.html"), before);
        let third = folder(parent.path(), &[("a.html", "3")]);
        publish(third.path(), &out).expect("a book");
        let files = course::files(&out, "").expect("the files");
        assert_eq!(files, [MANIFEST, "a.html"]);
    }

    #[test]
    fn files_of_others_are_left_alone() {
        let parent = tempfile::tempdir().expect("a folder");
        let out = parent.path().join("out");
        fs::create_dir(&out).expect("a folder");
        fs::write(out.join("diary.txt"), "dear").expect("a file");
        let fresh = folder(parent.path(), &[("a.html", "1")]);
        let error = publish(fresh.path(), &out).expect_err("a refusal");
        assert!(error.to_string().contains("not of the book"), "{error}");
        fs::remove_file(out.join("diary.txt")).expect("gone");
        publish(fresh.path(), &out).expect("a book");
        fs::write(out.join("diary.txt"), "dear").expect("a file");
        let fresh = folder(parent.path(), &[("b.html", "1")]);
        publish(fresh.path(), &out).expect("a book");
        let files = course::files(&out, "").expect("the files");
        assert_eq!(files, [MANIFEST, "b.html", "diary.txt"]);
    }

    #[test]
    fn a_list_that_names_files_elsewhere_deletes_none_of_them() {
        let parent = tempfile::tempdir().expect("a folder");
        let out = parent.path().join("out");
        let precious = parent.path().join("thesis.txt");
        fs::create_dir(&out).expect("a folder");
        fs::write(&precious, "dear").expect("a file");
        let list = format!("../thesis.txt\n{}\n\n", precious.display());
        fs::write(out.join(MANIFEST), list).expect("a list");
        let fresh = folder(parent.path(), &[("a.html", "1")]);
        publish(fresh.path(), &out).expect("a book");
        assert!(precious.exists());
    }
}
