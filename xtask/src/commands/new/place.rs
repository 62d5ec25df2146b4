//! Puts the files of a new lesson into the course: all of them, or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::interrupt::{self, ScratchFolder};
use crate::safely;

/// Files to be written, by their path below the course's root.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// What there was not before; each is put in its place with its folder.
    pub(super) new: Vec<(String, String)>,
    /// What takes the place of an older content, in this order.
    pub(super) replaced: Vec<(String, String)>,
    /// The folders and files that come into being. None of them may exist.
    pub(super) places: Vec<String>,
}

impl Change {
    /// The places that are taken.
    pub(super) fn taken(&self, root: &Path) -> Vec<&str> {
        let places = self.places.iter().map(String::as_str);
        places
            .filter(|place| fs::symlink_metadata(root.join(place)).is_ok())
            .collect()
    }

    /// Writes everything beside its place first, and then moves it there.
    ///
    /// # Errors
    ///
    /// When that is not possible. Then nothing has changed.
    pub(super) fn carry_out(&self, root: &Path) -> anyhow::Result<()> {
        let name = format!(".new-lesson-{}", std::process::id());
        let scratch = ScratchFolder::at(root.join(name)).context("making a folder for it")?;
        for (path, text) in self.new.iter().chain(&self.replaced) {
            write(&scratch.path().join(path), text).with_context(|| format!("writing {path}"))?;
        }
        let mut moved = None;
        interrupt::undivided(|| moved = Some(self.put_in_place(root, scratch.path())));
        match moved {
            Some(moved) => moved,
            None => bail!("this process is being ended"),
        }
    }

    fn put_in_place(&self, root: &Path, scratch: &Path) -> anyhow::Result<()> {
        let mut done = Done::default();
        let result = self.try_put_in_place(root, scratch, &mut done);
        if result.is_err() {
            done.take_back();
        }
        result
    }

    fn try_put_in_place(&self, root: &Path, scratch: &Path, done: &mut Done) -> anyhow::Result<()> {
        for place in &self.places {
            let target = root.join(place);
            if fs::symlink_metadata(&target).is_ok() {
                bail!("{place} is there by now");
            }
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)
                    .with_context(|| format!("making the folder of {place}"))?;
            }
            fs::rename(scratch.join(place), &target).with_context(|| format!("writing {place}"))?;
            done.new.push(target);
        }
        for (path, _) in &self.replaced {
            let target = root.join(path);
            let old = fs::read(&target).with_context(|| format!("reading {path}"))?;
            fs::rename(scratch.join(path), &target).with_context(|| format!("writing {path}"))?;
            done.replaced.push((target, old));
        }
        Ok(())
    }
}

/// What has been done so far.
#[derive(Default)]
struct Done {
    new: Vec<PathBuf>,
    replaced: Vec<(PathBuf, Vec<u8>)>,
}

impl Done {
    fn take_back(self) {
        for (path, old) in self.replaced {
            drop(fs::write(path, old));
        }
        for path in self.new {
            drop(match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path),
            });
        }
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    safely::whole(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        let pair = |path: &str, text: &str| (path.to_string(), text.to_string());
        Change {
            new: vec![pair("a/x/one", "1"), pair("b/x.rs", "2")],
            replaced: vec![pair("lock", "new"), pair("list", "new")],
            places: vec!["a/x".to_string(), "b/x.rs".to_string()],
        }
    }

    fn root() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for file in ["lock", "list"] {
            fs::write(root.path().join(file), "old").expect("written");
        }
        root
    }

    fn all_files(folder: &Path) -> Vec<String> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => files.extend(all_files(&path)),
                false => files.push(path.display().to_string()),
            }
        }
        files.sort();
        files
    }

    #[test]
    fn all_is_put_in_its_place() {
        let root = root();
        change().carry_out(root.path()).expect("done");
        let text = |file: &str| fs::read_to_string(root.path().join(file)).expect(file);
        assert_eq!(
            [text("a/x/one"), text("b/x.rs"), text("list")],
            ["1", "2", "new"]
        );
        assert_eq!(all_files(root.path()).len(), 4);
    }

    #[test]
    fn where_one_thing_fails_nothing_is_done() {
        let root = root();
        // The last of them cannot be read.
        fs::remove_file(root.path().join("list")).expect("removed");
        let before = all_files(root.path());
        change().carry_out(root.path()).expect_err("no list");
        assert_eq!(all_files(root.path()), before);
        let lock = fs::read_to_string(root.path().join("lock")).expect("a file");
        assert_eq!(lock, "old");
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let root = root();
        fs::create_dir(root.path().join("b")).expect("a folder");
        fs::write(root.path().join("b/x.rs"), "mine").expect("written");
        assert_eq!(change().taken(root.path()), ["b/x.rs"]);
        change().carry_out(root.path()).expect_err("taken");
        let text = fs::read_to_string(root.path().join("b/x.rs")).expect("a file");
        assert_eq!(text, "mine");
        assert!(!root.path().join("a/x").exists());
    }
}
