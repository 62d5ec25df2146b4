//! Reads the report that a check leaves behind, and finds the place in the
//! program that it speaks of.

use std::path::{Path, PathBuf};

use wire::{Conversation, Difference, Value};

use crate::pitfalls;
use crate::verdict::{Evidence, Place};

/// What a check has to say besides its exit code.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) came: Came,
    /// What happened on the wire.
    pub(super) conversation: Option<Conversation>,
}

/// What came of a check, in its own words.
#[derive(Debug)]
pub(super) enum Came {
    Passed {
        notes: Vec<String>,
    },
    Skipped {
        why: String,
    },
    Failed(Box<Evidence>),
    /// The probe could not do its work.
    HarnessError {
        why: String,
    },
}

/// Reads the report at `path`, if there is one that is whole. The book is in
/// `root`, the program's files are in `sources`.
pub(super) fn read(path: &Path, root: &Path, sources: &Path) -> Option<Report> {
    let text = std::fs::read(path).ok()?;
    parse(&Value::parse(&text).ok()?, root, sources)
}

fn parse(report: &Value, root: &Path, sources: &Path) -> Option<Report> {
    let text = |key: &str| report[key].as_str().unwrap_or_default().to_string();
    let came = match report["status"].as_str()? {
        "passed" => Came::Passed {
            notes: texts(&report["notes"]),
        },
        "skipped" => Came::Skipped { why: text("why") },
        "failed" if report["cause"] == "harness error" => Came::HarnessError {
            why: format!("it needs {}, and got {}", text("expected"), text("got")),
        },
        "failed" => Came::Failed(Box::new(Evidence {
            cause: text("cause"),
            pitfall: report["pitfall"]
                .as_str()
                .map(|id| pitfalls::find(root, id)),
            expected: text("expected"),
            got: text("got"),
            seed: report["seed"].as_u64().unwrap_or_default(),
            place: place_of_panic(&text("stderr"), sources),
            stdout: text("stdout"),
            stderr: text("stderr"),
            difference: Difference::from_json(&report["difference"]),
        })),
        _ => return None,
    };
    Some(Report {
        came,
        conversation: Conversation::from_json(report),
    })
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_string))
        .collect()
}

/// Where the first panic in `stderr` happened, if that is a file of the course.
fn place_of_panic(stderr: &str, root: &Path) -> Option<Place> {
    let mut places = stderr
        .lines()
        .filter_map(|line| line.split_once(" panicked at ")?.1.strip_suffix(':'));
    places.find_map(|place| {
        let mut parts = place.rsplitn(3, ':').skip(1);
        let line = parts.next()?.parse().ok()?;
        Some(Place {
            file: file_of_the_course(parts.next()?, root)?,
            line,
        })
    })
}

/// rustc writes paths relative to the workspace that was built.
fn file_of_the_course(path: &str, root: &Path) -> Option<PathBuf> {
    let workspaces = [root.join("exercises"), root.to_path_buf()];
    let mut files = workspaces
        .iter()
        .map(|workspace| workspace.join(path))
        .filter(|file| file.is_file());
    Some(files.next()?.strip_prefix(root).ok()?.to_path_buf())
}

#[cfg(test)]
mod tests {
    use wire::json;

    use super::*;

    fn course_root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the root")
    }

    #[test]
    fn a_panic_in_the_course_has_a_place() {
        let stderr =
            "log\nthread 'main' (12) panicked at xtask/src/main.rs:31:5:\nnot yet implemented\n";
        let expected = Place {
            file: "xtask/src/main.rs".into(),
            line: 31,
        };
        assert_eq!(place_of_panic(stderr, course_root()), Some(expected));
    }

    #[test]
    fn a_panic_elsewhere_has_none() {
        let stderr = "thread 'main' panicked at /rustc/abc/library/std/src/io/mod.rs:31:5:\nfailed printing\n";
        assert_eq!(place_of_panic(stderr, course_root()), None);
    }

    #[test]
    fn a_failure_of_the_probe_is_no_failure_of_the_program() {
        let report = json!({ "status": "failed", "cause": "harness error", "expected": "a socket", "got": "none" });
        let report = parse(&report, course_root(), course_root()).expect("a report");
        assert!(matches!(report.came, Came::HarnessError { .. }));
    }

    #[test]
    fn half_a_report_is_none() {
        assert!(parse(&json!({ "cause": "silent" }), course_root(), course_root()).is_none());
    }
}
