//! A copy of the course, and the commands that are run in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::cost::{self, Cost};
use super::duplicate;
use crate::course::{Course, Lesson};
use crate::interrupt::ScratchFolder;
use crate::starter;

/// A copy of the course with a target folder of its own.
pub(super) struct Place {
    root: PathBuf,
    /// Where it goes when it has been measured.
    _scratch: Option<ScratchFolder>,
}

impl Place {
    /// Nothing is built in it yet.
    pub(super) fn fresh(course: &Course) -> anyhow::Result<Place> {
        let scratch = ScratchFolder::below(&duplicate::folder(course)?)?;
        let place = Place {
            root: scratch.path().join("course"),
            _scratch: Some(scratch),
        };
        duplicate::bring_up_to_date(course, &place.root)?;
        place.fetch()?;
        Ok(place)
    }

    /// What was built in it the last time is still there.
    pub(super) fn kept(course: &Course) -> anyhow::Result<Place> {
        let place = Place {
            root: duplicate::folder(course)?.join("course"),
            _scratch: None,
        };
        duplicate::bring_up_to_date(course, &place.root)?;
        place.fetch()?;
        Ok(place)
    }

    /// Has Cargo download whatever is missing: that is not what is measured.
    fn fetch(&self) -> anyhow::Result<()> {
        for manifest in ["Cargo.toml", "exercises/Cargo.toml"] {
            self.measure(&["fetch", "--quiet", "--manifest-path", manifest], 1)?;
        }
        Ok(())
    }

    /// Puts our solution in place of the exercise.
    pub(super) fn finish(&self, course: &Course, lesson: &Lesson) -> anyhow::Result<()> {
        let folder = self.root.join("exercises").join(&lesson.name);
        for (path, content) in starter::of_solution(course, lesson)? {
            duplicate::write(&folder.join(path), &content)?;
        }
        Ok(())
    }

    /// The file that a learner edits.
    pub(super) fn main_of(&self, lesson: &str) -> PathBuf {
        self.root.join("exercises").join(lesson).join("src/main.rs")
    }

    /// Cargo at work here, as somebody has typed it.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Command {
        self.command(Path::new("cargo"), arguments)
    }

    pub(super) fn measure(&self, arguments: &[&str], times: u32) -> anyhow::Result<Cost> {
        cost::of(|| self.cargo(arguments), times)
    }

    /// The same for the runner alone, without Cargo.
    pub(super) fn measure_runner(&self, arguments: &[&str], times: u32) -> anyhow::Result<Cost> {
        let name = format!("xtask{}", std::env::consts::EXE_SUFFIX);
        let runner = self.root.join("target/debug").join(name);
        cost::of(|| self.command(&runner, arguments), times)
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            // What Cargo has told us is not about this copy.
            .env_remove("CARGO")
            .env_remove("CARGO_MANIFEST_DIR")
            // The words would be commands in a workflow.
            .env_remove("GITHUB_ACTIONS");
        command
    }
}
