//! The conversations of a verdict as pictures, one for each check.

use crate::verdict::{CheckVerdict, LessonVerdict, Status};

/// File names and their SVG documents, for the checks that have a conversation.
pub(crate) fn pictures(verdict: &LessonVerdict) -> Vec<(String, String)> {
    let checks = verdict.checks.iter();
    let pictures = checks.filter_map(|check| {
        let stem = format!("{}--{}", verdict.lesson, check.name);
        let svg = picture(&verdict.lesson, check, &stem)?;
        Some((format!("{stem}.svg"), svg))
    });
    pictures.collect()
}

/// The conversation of one check; `id` begins the ids in it.
pub(super) fn picture(lesson: &str, check: &CheckVerdict, id: &str) -> Option<String> {
    let conversation = check.conversation.as_ref()?;
    let (how, broke) = match &check.status {
        Status::Failed(evidence) => (
            format!("failed ({})", evidence.cause),
            Some(evidence.broke()),
        ),
        _ => ("passed".to_owned(), None),
    };
    let title = format!("{lesson}, {}: {how}", check.name);
    wire::svg(conversation, broke, &title, id)
}
