//! The verdict for Gradescope: the `results.json` of its autograders.

use std::time::Duration;

use wire::{Value, json};

use super::points::{self, Item};
use super::{Judged, plural};

/// The document for all lessons that were judged.
pub(crate) fn document(lessons: &[Judged<'_>]) -> String {
    let items = points::items(lessons);
    let remarks = points::too_late(lessons) + &points::edited(lessons);
    let (score, of) = points::sum(&items);
    let took: Duration = lessons.iter().map(|lesson| lesson.verdict.took).sum();
    let document = json!({
        "score": score,
        "execution_time": took.as_secs() + u64::from(took.subsec_nanos() > 0),
        "output": output(&items, &remarks, score, of),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        // The compiler's own words are there.
        "stdout_visibility": "visible",
        "tests": items.iter().map(test).collect::<Vec<_>>(),
    });
    super::json::text(&document)
}

fn output(items: &[Item<'_>], remarks: &str, score: u32, of: u32) -> String {
    let mut text = format!("{score} of {}.\n", plural(of, "point"));
    let count = |status: &str| items.iter().filter(|item| item.status == status).count();
    match count("skipped") {
        0 => {}
        skipped => {
            let checks = plural(skipped, "check");
            text += &format!("{checks} could not be observed here and cost nothing.\n");
        }
    }
    match count("broken") {
        0 => {}
        broken => {
            let checks = plural(broken, "check");
            text += &format!(
                "{checks} broke, which says nothing about the program: have it graded again.\n"
            );
        }
    }
    text + remarks
}

fn test(item: &Item<'_>) -> Value {
    let mut test = json!({
        "name": format!("{}: {}", item.lesson, item.name),
        "score": item.points,
        "max_score": item.of,
        "output": item.text,
        "visibility": "visible",
        "tags": [item.lesson],
        "extra_data": json!({ "status": item.status }),
    });
    // Gradescope knows these two; what was not observed is neither.
    if item.status != "skipped" {
        test["status"] = json!(if item.fine { "passed" } else { "failed" });
    }
    if let Some(evidence) = item.evidence {
        test["extra_data"]["cause"] = json!(evidence.cause);
        test["extra_data"]["seed"] = json!(evidence.seed);
        if let Some(pitfall) = &evidence.pitfall {
            test["extra_data"]["pitfall"] = json!(pitfall.id);
        }
    }
    test
}

#[cfg(test)]
mod tests;
