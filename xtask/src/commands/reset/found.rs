//! What stands in the place of a starter: all of it, whatever it is.

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
        let (files, others) = starter::survey(folder)?;
        Ok(Found { files, others })
    }

    /// Whether it is the starter, and nothing else.
    pub(super) fn is(&self, starter: &Files) -> bool {
        self.others.is_empty() && starter::differences(starter, &self.files).is_empty()
    }
}
