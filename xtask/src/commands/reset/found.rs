//! What stands in the place of a starter: all of it, whatever it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::starter::{self, Files};

/// What a learner has made of an exercise.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Its files, as they are on the disk.
    pub(super) files: Files,
    /// What is no file: a link to a folder, a pipe.
    pub(super) others: Vec<PathBuf>,
}

impl Found {
    /// Finds out what the exercise in `folder` has in place of a starter.
    pub(super) fn read(folder: &Path) -> io::Result<Found> {
        let mut found = Found::default();
        for name in ["Cargo.toml", "src"] {
            found
                .add(folder, Path::new(name))
                .map_err(|error| in_place(&folder.join(name), &error))?;
        }
        Ok(found)
    }

    /// Whether it is the starter, and nothing else.
    pub(super) fn is(&self, starter: &Files) -> bool {
        self.others.is_empty() && starter::differences(starter, &self.files).is_empty()
    }

    fn add(&mut self, folder: &Path, path: &Path) -> io::Result<()> {
        let place = folder.join(path);
        let kind = match fs::symlink_metadata(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            kind => kind?,
        };
        if kind.is_dir() {
            for entry in fs::read_dir(&place)? {
                let name = entry?.file_name();
                // What an editor keeps for itself does not hurt.
                if !name.to_string_lossy().starts_with('.') {
                    self.add(folder, &path.join(name))?;
                }
            }
        } else if fs::metadata(&place).is_ok_and(|target| target.is_file()) {
            let content = fs::read(&place).map_err(|error| in_place(&place, &error))?;
            self.files.insert(path.to_path_buf(), content);
        } else {
            self.others.push(path.to_path_buf());
        }
        Ok(())
    }
}

fn in_place(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
