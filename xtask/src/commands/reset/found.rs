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
    /// What is no file: a link to a folder, a pipe, a folder where the starter has
    /// a file.
    pub(super) others: Vec<PathBuf>,
}

impl Found {
    /// Finds out what the exercise in `folder` has in place of its `starter`.
    pub(super) fn read(folder: &Path, starter: &Files) -> io::Result<Found> {
        let (mut files, mut others) = starter::survey(folder)?;
        let is_folder = |path: &&PathBuf| {
            let kind = fs::symlink_metadata(folder.join(path));
            kind.is_ok_and(|kind| kind.is_dir())
        };
        // It goes as a whole: there may be more in it than the files of a program.
        for path in starter.keys().filter(is_folder) {
            files.retain(|file, _| !file.starts_with(path));
            others.retain(|other| !other.starts_with(path));
            others.push(path.clone());
        }
        Ok(Found { files, others })
    }

    /// Whether it is the starter, and nothing else.
    pub(super) fn is(&self, starter: &Files) -> bool {
        self.others.is_empty() && starter::differences(starter, &self.files).is_empty()
    }
}
