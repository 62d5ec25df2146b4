//! The verdict for Classroom 50: a `result.json`, `classroom50/result/v1`.

use wire::{Value, json};

use super::Judged;
use super::points::{self, Item};

/// Which submission was judged. Classroom 50 says so in the environment and
/// compares what it gets back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Submission {
    pub(crate) classroom: String,
    pub(crate) assignment: String,
    pub(crate) assignment_type: String,
    pub(crate) owner: String,
    pub(crate) tag: String,
    pub(crate) commit: String,
    pub(crate) release: String,
    pub(crate) review: String,
    /// When it was judged: `2026-11-26T01:43:57Z`.
    pub(crate) datetime: String,
}

impl Submission {
    /// Reads it from the variables of an autograder.
    ///
    /// # Errors
    /// The names of the variables that are missing.
    pub(crate) fn read(
        variable: impl Fn(&str) -> Option<String>,
        datetime: String,
    ) -> Result<Submission, Vec<&'static str>> {
        let mut missing = Vec::new();
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut needed = |name: &'static str| {
            variable(name).unwrap_or_else(|| {
                missing.push(name);
                String::new()
            })
        };
        let submission = Submission {
            classroom: needed("CLASSROOM"),
            assignment: needed("ASSIGNMENT"),
            // Older versions have no names for these two, and all put them right.
            assignment_type: variable("ASSIGNMENT_TYPE")
                .unwrap_or_else(|| "individual".to_string()),
            owner: variable("OWNER").unwrap_or_else(|| needed("USERNAME")),
            tag: needed("SUBMISSION_TAG"),
            review: variable("REVIEW_URL")
                .or_else(|| variable("COMMIT_URL"))
                .unwrap_or_default(),
            commit: needed("COMMIT_URL"),
            release: needed("RELEASE_URL"),
            datetime,
        };
        match missing.is_empty() {
            true => Ok(submission),
            false => Err(missing),
        }
    }
}

/// The document for all lessons that were judged.
pub(crate) fn document(submission: &Submission, lessons: &[Judged<'_>]) -> String {
    let items = points::items(lessons);
    let (score, of) = points::sum(&items);
    let Submission {
        classroom,
        assignment,
        assignment_type,
        owner,
        tag,
        commit,
        release,
        review,
        datetime,
    } = submission;
    let document = json!({
        "schema": "classroom50/result/v1",
        "classroom": classroom,
        "assignment": assignment,
        "assignment_type": assignment_type,
        "owner": owner,
        "submission": tag,
        "commit": commit,
        "release": release,
        "review": review,
        "datetime": datetime,
        "score": score,
        "max-score": of,
        "tests": items.iter().map(test).collect::<Vec<_>>(),
    });
    super::json::text(&document)
}

/// The four fields that a test has, and more that Classroom 50 keeps as they
/// are.
fn test(item: &Item<'_>) -> Value {
    let mut test = json!({
        "test-name": format!("{}: {}", item.lesson, item.name),
        "passed": item.fine,
        "score": item.points,
        "max-score": item.of,
        "status": item.status,
        "output": item.text,
    });
    if let Some(evidence) = item.evidence {
        test["cause"] = json!(evidence.cause);
        test["seed"] = json!(evidence.seed);
        if let Some(pitfall) = &evidence.pitfall {
            test["pitfall"] = json!(pitfall.id);
        }
    }
    test
}

#[cfg(test)]
mod tests;
