//! What happened on the wire, one line an event.

use serde_json::Value;

use super::look::Look;
use super::{layout, plural};

/// How many events are shown: those before the expectation broke.
const SHOWN: usize = 10;

/// The last events of `timeline`.
pub(super) fn last_events(timeline: &[Value], look: &Look) -> String {
    let earlier = timeline.len().saturating_sub(SHOWN);
    let mut lines: Vec<String> = Vec::new();
    if earlier > 0 {
        lines.push(format!("… {earlier} earlier events"));
    }
    lines.extend(timeline[earlier..].iter().map(|event| line(event, look)));
    lines.join("\n")
}

fn line(event: &Value, look: &Look) -> String {
    let text =
        |key: &str| layout::harmless(event[key].as_str().unwrap_or_default()).replace('\n', " ");
    let at = event["at"].as_f64().unwrap_or_default();
    let mut who = text("from");
    if !text("to").is_empty() {
        who = format!("{who} {} {}", look.arrow, text("to"));
    }
    format!(
        "{at:7.3} s  {who:<20}  {}",
        what(event, &text("what"), &text("text"))
    )
}

/// The event itself: `8 bytes "so long\n"`, `end of stream`, …
fn what(event: &Value, name: &str, text: &str) -> String {
    let amount = event["bytes"].as_u64().map(|bytes| plural(bytes, "byte"));
    let pieces = event["pieces"]
        .as_u64()
        .filter(|pieces| *pieces > 1)
        .map(|pieces| format!("in {pieces} pieces"));
    let seconds = event["seconds"]
        .as_f64()
        .map(|seconds| format!("for {seconds:.1} s"));
    // `data` says no more than the number of its bytes.
    let name = Some(name)
        .filter(|name| *name != "data" && *name != "exited")
        .map(str::to_string);
    let text = Some(text)
        .filter(|text| !text.is_empty())
        .map(str::to_string);
    let parts = [name, amount, pieces, seconds, text];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::data(
        json!({"at": 0.0012, "from": "client 1", "to": "server", "what": "data", "bytes": 5, "pieces": 2, "text": "\"hello\""}),
        "  0.001 s  client 1 → server     5 bytes in 2 pieces \"hello\""
    )]
    #[case::printed(
        json!({"at": 1.5, "from": "server", "to": "", "what": "printed", "text": "listening on [server]"}),
        "  1.500 s  server                printed listening on [server]"
    )]
    #[case::silence(
        json!({"at": 6.0, "from": "server", "to": "client 1", "what": "silence", "seconds": 5.0}),
        "  6.000 s  server → client 1     silence for 5.0 s"
    )]
    fn an_event_is_one_line(#[case] event: Value, #[case] expected: &str) {
        assert_eq!(line(&event, &Look::human(80)), expected);
    }

    #[test]
    fn a_long_timeline_shows_its_end() {
        let events: Vec<Value> = (0..30)
            .map(|at| json!({"at": at, "from": "server", "what": "started"}))
            .collect();
        let text = last_events(&events, &Look::plain(80));
        assert_eq!(text.lines().count(), SHOWN + 1);
        assert!(text.starts_with("… 20 earlier events\n 20.000 s"), "{text}");
    }
}
