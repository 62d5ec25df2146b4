//! From a conversation to a sequence diagram: who gets a lane, which events are
//! shown, and where the expectation broke.

use std::time::Duration;

use crate::event::{Conversation, Event, What};
use crate::label::Label;
use crate::selection::{focus, fold, other, select};

/// Everybody gets a lane of their own up to this number.
const LANES: usize = 3;

/// What was due where the conversation broke, in a few words.
#[derive(Debug, Clone, Copy)]
pub struct Broke<'a> {
    /// What was expected.
    pub expected: &'a str,
    /// It was expected of the program itself: its output, its end, what it
    /// keeps; not of a conversation.
    pub of_itself: bool,
}

/// A sequence diagram that can be drawn in any way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    pub(crate) lanes: Vec<Lane>,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) is_program: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    /// Something that crosses from one lane to another.
    Message {
        at: Duration,
        from: usize,
        to: usize,
        label: Label,
        /// It never arrived.
        lost: bool,
    },
    /// Something that happened in one lane.
    Note {
        at: Duration,
        lane: usize,
        label: String,
    },
    /// Nothing crossed between two lanes.
    Silence {
        at: Duration,
        from: usize,
        to: usize,
        label: String,
    },
    /// So many events are not shown.
    Fold(usize),
    /// What was expected in this lane did not come.
    Broke { lane: usize, label: String },
}

impl Diagram {
    /// The diagram of `conversation`; nothing is there to draw where nothing
    /// happened.
    #[must_use]
    pub fn new(conversation: &Conversation, broke: Option<Broke<'_>>) -> Option<Diagram> {
        let focus = focus(conversation);
        let shown = select(conversation, focus);
        let cast = Cast::of(conversation, &shown);
        let mut rows = Vec::new();
        let mut told = 0;
        for index in shown {
            if index > told {
                rows.push(Row::Fold(fold(conversation, told, index)));
            }
            rows.push(cast.row(&conversation.events[index]));
            told = index + 1;
        }
        if rows.is_empty() {
            return None;
        }
        if let Some(broke) = broke {
            rows.push(Row::Broke {
                lane: match focus {
                    Some(name) if !broke.of_itself => cast.lane(name),
                    _ => cast.lane(&conversation.program),
                },
                label: format!("expected: {}", broke.expected),
            });
        }
        Some(Diagram {
            lanes: cast.lanes,
            rows,
        })
    }
}

/// Who stands in which lane.
struct Cast {
    lanes: Vec<Lane>,
    program: String,
    /// All others share one lane, and their names stand before what they say.
    shared: bool,
}

impl Cast {
    fn of(conversation: &Conversation, shown: &[usize]) -> Cast {
        let mut others: Vec<&str> = Vec::new();
        for event in shown.iter().map(|index| &conversation.events[*index]) {
            if let Some(name) = other(conversation, event)
                && !is_signal(&event.what)
                && !others.contains(&name)
            {
                others.push(name);
            }
        }
        let program = conversation.program.clone();
        let is_client = program.starts_with("client");
        let shared = others.len() + 1 > LANES;
        let mut lanes: Vec<Lane> = match shared {
            true => vec![lane("the others")],
            false => others.into_iter().map(lane).collect(),
        };
        // Two others stand on both sides of the program; a client stands left
        // of its server.
        let at = usize::from(!is_client || lanes.len() > 1).min(lanes.len());
        let own = Lane {
            name: conversation.own_name(),
            is_program: true,
        };
        lanes.insert(at, own);
        Cast {
            lanes,
            program,
            shared,
        }
    }

    fn lane(&self, name: &str) -> usize {
        let is_it = |lane: &Lane| match lane.is_program {
            true => name == self.program || name.is_empty(),
            false => name == lane.name,
        };
        let own = |lane: &Lane| lane.is_program;
        let known = self.lanes.iter().position(is_it);
        let other = || self.lanes.iter().position(|lane| !own(lane));
        known
            .or_else(|| self.shared.then(other).flatten())
            .or_else(|| self.lanes.iter().position(own))
            .unwrap_or(0)
    }

    fn row(&self, event: &Event) -> Row {
        let at = event.at;
        let (from, to) = (self.lane(&event.from), self.lane(&event.to));
        let text = self.label(event);
        match &event.what {
            what if is_signal(what) => Row::Note {
                at,
                lane: to,
                label: text,
            },
            _ if from == to => Row::Note {
                at,
                lane: from,
                label: text,
            },
            What::Silence(_) => Row::Silence {
                at,
                from,
                to,
                label: text,
            },
            what => Row::Message {
                at,
                from,
                to,
                label: Label {
                    text,
                    amount: what.amount(),
                },
                lost: matches!(what, What::Fault { how, .. } if how == "lost"),
            },
        }
    }

    fn label(&self, event: &Event) -> String {
        let label = event.what.label();
        if !self.shared || is_signal(&event.what) {
            return label;
        }
        let names = [&event.from, &event.to];
        match names
            .into_iter()
            .find(|name| !name.is_empty() && **name != self.program)
        {
            Some(name) => format!("{name}: {label}"),
            None => label,
        }
    }
}

fn lane(name: &str) -> Lane {
    Lane {
        name: name.to_owned(),
        is_program: false,
    }
}

/// What the harness does to the program without a conversation.
fn is_signal(what: &What) -> bool {
    matches!(what, What::Stopped | What::Continued)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::selection::ROWS;

    pub(crate) fn event(ms: u64, from: &str, to: &str, what: What) -> Event {
        Event {
            at: Duration::from_millis(ms),
            from: from.into(),
            to: to.into(),
            what,
        }
    }

    pub(crate) fn data(text: &str) -> What {
        What::Data {
            bytes: text.len(),
            pieces: 1,
            text: text.escape_default().to_string(),
            more: false,
        }
    }

    /// A server that does not answer the end of its client's stream.
    pub(crate) fn half_closed() -> Conversation {
        let (client, server) = ("client 1", "server");
        let printed = What::Printed("listening on [server]".into());
        Conversation {
            program: server.into(),
            events: vec![
                event(0, server, "", What::Started("127.0.0.1:0".into())),
                event(2, server, "", printed),
                event(3, client, server, What::Connected),
                event(3, client, server, data("so long\n")),
                event(4, server, client, data("SO LONG\n")),
                event(4, client, server, What::End),
                event(1_004, server, client, What::Silence(Duration::from_secs(1))),
            ],
            left_out: 0,
            example: false,
        }
    }

    /// Many clients come, one after the other.
    pub(crate) fn crowd(clients: usize) -> Conversation {
        let mut events = vec![event(0, "server", "", What::Started("127.0.0.1:0".into()))];
        for number in 1..=clients {
            let name = format!("client {number}");
            events.push(event(number as u64, &name, "server", What::Connected));
            events.push(event(number as u64, &name, "server", data("hello\n")));
        }
        Conversation {
            program: "server".into(),
            events,
            left_out: 0,
            example: false,
        }
    }

    #[test]
    fn a_long_conversation_is_folded_around_the_one_that_broke() {
        let mut conversation = crowd(20);
        let first = conversation.events[1].from.clone();
        conversation
            .events
            .push(event(99, "server", &first, What::Reset));
        let diagram = Diagram::new(&conversation, None).expect("a diagram");
        let shown: usize = diagram
            .rows
            .iter()
            .map(|row| match row {
                Row::Fold(count) => *count,
                _ => 1,
            })
            .sum();
        assert_eq!(shown, conversation.events.len());
        let is_fold = |row: &&Row| matches!(row, Row::Fold(_));
        assert!(diagram.rows.iter().filter(|row| !is_fold(row)).count() <= ROWS);
        assert!(diagram.rows.iter().any(|row| is_fold(&row)));
    }

    #[test]
    fn much_that_is_printed_does_not_crowd_out_what_was_asked() {
        let mut conversation = half_closed();
        let prints = (0..20).map(|ms| event(2_000 + ms, "server", "", What::Printed("x".into())));
        conversation.events.extend(prints);
        let diagram = Diagram::new(&conversation, None).expect("a diagram");
        let asks = |row: &Row| matches!(row, Row::Message { from: 0, .. });
        assert_eq!(diagram.rows.iter().filter(|row| asks(row)).count(), 3);
    }

    #[test]
    fn what_the_recorder_left_out_is_counted() {
        let mut conversation = crowd(20);
        conversation.left_out = 500;
        let diagram = Diagram::new(&conversation, None).expect("a diagram");
        let folded: usize = diagram
            .rows
            .iter()
            .map(|row| match row {
                Row::Fold(count) => *count,
                _ => 0,
            })
            .sum();
        assert_eq!(folded, 500 + 41 - ROWS);
    }

    #[test]
    fn a_client_stands_left_of_its_server() {
        let conversation = Conversation {
            program: "client 1".into(),
            events: vec![event(0, "client 1", "server", What::Connected)],
            left_out: 0,
            example: false,
        };
        let diagram = Diagram::new(&conversation, None).expect("a diagram");
        let names: Vec<&str> = diagram
            .lanes
            .iter()
            .map(|lane| lane.name.as_str())
            .collect();
        assert_eq!(names, ["your client", "server"]);
    }

    #[test]
    fn where_nothing_happened_there_is_nothing_to_draw() {
        assert_eq!(Diagram::new(&Conversation::default(), None), None);
    }

    /// Whatever its length is, the last line can be told from the lanes.
    #[test]
    fn what_was_expected_touches_no_lane() {
        for length in 1..80 {
            let broke = Broke {
                expected: &"x".repeat(length),
                of_itself: false,
            };
            let diagram = Diagram::new(&half_closed(), Some(broke)).expect("a diagram");
            let (width, ascii) = (76, false);
            let lines = crate::Drawing { width, ascii }.draw(&diagram);
            let text = &lines.last().expect("a line").text;
            for touching in ["│e", "x│", "…│", "✗e", "x✗", "…✗"] {
                assert!(!text.contains(touching), "{text}");
            }
        }
    }
}
