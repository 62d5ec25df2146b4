//! Conversations as JSON, written and read.

use std::time::Duration;

use super::{Conversation, Event, What};
use crate::{Value, json};

impl Conversation {
    /// The fields `program`, `timeline` and, where events are missing,
    /// `timeline_left_out`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = json!({
            "program": self.program,
            "timeline": self.events.iter().map(Event::to_json).collect::<Vec<_>>(),
        });
        if self.left_out > 0 {
            json["timeline_left_out"] = json!(self.left_out);
        }
        json
    }

    /// What [`Conversation::to_json`] has written, also among other fields;
    /// `None` where there is no timeline. Events of an unknown kind are counted
    /// as left out.
    #[must_use]
    pub fn from_json(json: &Value) -> Option<Conversation> {
        let timeline = json["timeline"].as_array()?;
        let events: Vec<Event> = timeline.iter().filter_map(Event::from_json).collect();
        let unknown = timeline.len() - events.len();
        Some(Conversation {
            program: json["program"].as_str().unwrap_or("program").to_owned(),
            events,
            left_out: number(&json["timeline_left_out"]) + unknown,
            example: false,
        })
    }
}

impl Event {
    /// The event as a JSON object; times are in seconds.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = json!({
            "at": (self.at.as_secs_f64() * 10_000.0).round() / 10_000.0,
            "from": self.from,
            "to": self.to,
            "what": self.what.name(),
        });
        match &self.what {
            What::Data {
                bytes,
                pieces,
                text,
                more,
            } => {
                json["pieces"] = json!(pieces);
                add_payload(&mut json, *bytes, text, *more);
            }
            What::Datagram { bytes, text, more } => add_payload(&mut json, *bytes, text, *more),
            What::Fault {
                how,
                bytes,
                text,
                more,
            } => {
                json["how"] = json!(how);
                add_payload(&mut json, *bytes, text, *more);
            }
            What::Started(text) | What::Printed(text) | What::Exited(text) => {
                json["text"] = json!(text)
            }
            What::Silence(time) => json["seconds"] = json!(time.as_secs_f64()),
            _ => {}
        }
        json
    }

    fn from_json(json: &Value) -> Option<Event> {
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        let bytes = number(&json["bytes"]);
        let more = json["more"].as_bool().unwrap_or(false);
        let what = match json["what"].as_str()? {
            "started" => What::Started(text("text")),
            "printed" => What::Printed(text("text")),
            "connected" => What::Connected,
            "data" => What::Data {
                bytes,
                pieces: number(&json["pieces"]),
                text: text("text"),
                more,
            },
            "datagram" => What::Datagram {
                bytes,
                text: text("text"),
                more,
            },
            "fault" => What::Fault {
                how: text("how"),
                bytes,
                text: text("text"),
                more,
            },
            "end of stream" => What::End,
            "reset" => What::Reset,
            "refused" => What::Refused,
            "silence" => What::Silence(seconds(&json["seconds"])),
            "stopped" => What::Stopped,
            "continued" => What::Continued,
            "exited" => What::Exited(text("text")),
            _ => return None,
        };
        Some(Event {
            at: seconds(&json["at"]),
            from: text("from"),
            to: text("to"),
            what,
        })
    }
}

fn add_payload(json: &mut Value, bytes: usize, text: &str, more: bool) {
    json["bytes"] = json!(bytes);
    json["text"] = json!(text);
    if more {
        json["more"] = json!(true);
    }
}

fn number(json: &Value) -> usize {
    usize::try_from(json.as_u64().unwrap_or_default()).unwrap_or(usize::MAX)
}

fn seconds(json: &Value) -> Duration {
    Duration::try_from_secs_f64(json.as_f64().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(what: What) -> Event {
        Event {
            at: Duration::from_micros(1_200),
            from: "client 1".into(),
            to: "server".into(),
            what,
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        let (text, more) = ("hello\\n".to_owned(), true);
        let whats = [
            What::Started("127.0.0.1:0".into()),
            What::Printed("listening".into()),
            What::Connected,
            What::Data {
                bytes: 5,
                pieces: 2,
                text: text.clone(),
                more: false,
            },
            What::Datagram {
                bytes: 900,
                text: text.clone(),
                more,
            },
            What::Fault {
                how: "lost".into(),
                bytes: 900,
                text,
                more,
            },
            What::End,
            What::Reset,
            What::Refused,
            What::Silence(Duration::from_millis(1_500)),
            What::Stopped,
            What::Continued,
            What::Exited("your program ended with exit code 3".into()),
        ];
        let conversation = Conversation {
            program: "server".into(),
            events: whats.map(event).into(),
            left_out: 3,
            example: false,
        };
        let read = Conversation::from_json(&conversation.to_json());
        assert_eq!(read, Some(conversation));
    }

    #[test]
    fn an_unknown_event_is_left_out_and_counted() {
        let json = json!({ "at": 0.0, "what": "waved" });
        let json = json!({ "program": "server", "timeline": [json] });
        let read = Conversation::from_json(&json).expect("a timeline");
        assert_eq!((read.events.len(), read.left_out), (0, 1));
        assert_eq!(
            Conversation::from_json(&json!({ "status": "passed" })),
            None
        );
    }
}
