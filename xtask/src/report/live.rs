//! The verdict for the book: the document for machines, and what a page shows
//! beside it.

use wire::{Value, json};

use super::{json, svg};
use crate::verdict::{LessonVerdict, Status};

/// The document of one lesson. It is the same whether the verdict is new or
/// told again; of the first check that failed it has the pitfall, too, and the
/// conversation as a drawing and in sentences.
pub(crate) fn document(verdict: &LessonVerdict) -> Value {
    let mut lesson = json::lesson(verdict);
    if let Some(fields) = lesson.as_object_mut() {
        fields.remove("recalled");
    }
    let mut document = json::value(vec![lesson]);
    let failed = verdict.checks.iter().find_map(|check| match &check.status {
        Status::Failed(evidence) => Some((check, evidence)),
        _ => None,
    });
    let Some((check, evidence)) = failed else {
        return document;
    };
    if let Some(pitfall) = &evidence.pitfall {
        document["pitfall"] = json!({
            "id": pitfall.id,
            "title": pitfall.title,
            "text": pitfall.text,
            "place": pitfall.place(),
        });
    }
    if let Some(conversation) = &check.conversation {
        document["sentences"] = json!(wire::sentences(conversation));
    }
    let id = format!("live-{}", verdict.lesson);
    if let Some(drawing) = svg::picture(&verdict.lesson, check, &id) {
        document["drawing"] = json!(drawing);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;
    use crate::report::samples;
    use crate::verdict::Build;

    fn failing() -> LessonVerdict {
        samples::judged(Build::Done, vec![samples::failed("mangles")])
    }

    #[test]
    fn what_is_told_again_is_the_same() {
        let verdict = failing();
        let again = LessonVerdict {
            recalled: Some(Moment::from_seconds(1_800_000_000)),
            ..verdict.clone()
        };
        assert_eq!(document(&verdict), document(&again));
    }

    #[test]
    fn a_failure_has_its_pitfall_and_its_drawing() {
        let document = document(&failing());
        assert_eq!(document["format"].as_u64(), Some(1));
        assert_eq!(document["pitfall"]["id"], "mangles-bytes");
        let drawing = document["drawing"].as_str().expect("a drawing");
        assert!(drawing.starts_with("<svg ") && drawing.contains("broke"));
        assert!(
            document["sentences"]
                .as_array()
                .is_some_and(|it| it.len() > 2)
        );
    }

    #[test]
    fn a_pass_has_neither() {
        let document = document(&samples::handed_in());
        assert!(document["pitfall"] == Value::Null && document["drawing"] == Value::Null);
    }
}
