//! Snapshots: a whole transcript, compared with a file that was read by people.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::fail_with;
use crate::running::Running;

/// Compares what `running` has printed with the snapshot `name`, by `assert`;
/// see [`crate::expect_snapshot!`].
///
/// insta keeps and compares the snapshots; what a learner reads of a difference
/// is ours, since advice to accept the new output would be wrong here.
#[doc(hidden)]
#[track_caller]
pub fn judge_snapshot(
    running: &Running,
    name: &str,
    edit: impl Fn(&str) -> String,
    (package, check): (&Path, &Path),
    assert: impl FnOnce(String),
) {
    let folder = folder_of(package, check);
    let transcript: String = running
        .transcript()
        .lines()
        .map(|line| edit(line) + "\n")
        .collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let text = transcript.clone();
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| settings.bind(|| assert(text))));
    if outcome.is_ok() {
        return;
    }
    let file = folder.join(format!("{name}.snap"));
    let expected = match insta::Snapshot::from_file(&file) {
        Ok(snapshot) => match snapshot.contents().as_text() {
            Some(text) => text.to_string(),
            None => format!("the text of {}", file.display()),
        },
        Err(error) => format!(
            "the snapshot {} (which cannot be read: {error})",
            file.display()
        ),
    };
    let mut lines = expected.lines().zip(transcript.lines());
    let clue = match lines.find(|(due, got)| due != got) {
        Some((due, got)) => Clue::Line { due, got },
        None => Clue::None,
    };
    fail_with(
        running.scene(),
        Cause::WrongOutput,
        clue,
        &expected,
        transcript.trim_end(),
    );
}

/// The folder `snapshots` beside the check's source. The compiler names that
/// source relative to the workspace, which is the package or a parent of it.
fn folder_of(package: &Path, check: &Path) -> PathBuf {
    let root = package
        .ancestors()
        .find(|root| root.join(check).exists())
        .unwrap_or(package);
    root.join(check).parent().unwrap_or(root).join("snapshots")
}
