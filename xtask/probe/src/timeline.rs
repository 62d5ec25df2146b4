//! The timeline of a check: what happened, in order, in bounded memory.

use std::time::Instant;

use wire::{Event, What};

/// The events at the beginning and at the end that are always kept.
const KEPT_AT_EACH_END: usize = 100;

/// As many characters of bytes that come in pieces are shown.
const SHOWN: usize = 32;

#[derive(Debug)]
pub(crate) struct Timeline {
    begun: Instant,
    events: Vec<Event>,
    left_out: usize,
}

impl Timeline {
    pub(crate) fn new() -> Timeline {
        Timeline {
            begun: Instant::now(),
            events: Vec::new(),
            left_out: 0,
        }
    }

    pub(crate) fn push(&mut self, from: &str, to: &str, what: What) {
        let event = Event {
            at: self.begun.elapsed(),
            from: from.into(),
            to: to.into(),
            what,
        };
        if let Some(last) = self.events.last_mut()
            && continues(last, &event)
        {
            return;
        }
        self.events.push(event);
        if self.events.len() > 2 * KEPT_AT_EACH_END {
            self.events.remove(KEPT_AT_EACH_END);
            self.left_out += 1;
        }
    }

    pub(crate) fn data(&mut self, from: &str, to: &str, bytes: &[u8]) {
        self.data_over_and_over(from, to, bytes, bytes.len());
    }

    /// As [`Timeline::data`], for `length` bytes that are `part` over and over.
    pub(crate) fn data_over_and_over(&mut self, from: &str, to: &str, part: &[u8], length: usize) {
        // Of a long transfer the beginning is shown, and the rest only counted.
        if let Some(last) = self.events.last_mut()
            && (last.from.as_str(), last.to.as_str()) == (from, to)
            && let What::Data {
                bytes: count,
                pieces,
                more: true,
                ..
            } = &mut last.what
        {
            *count += length;
            *pieces += 1;
            return;
        }
        let mut what = What::data(&part[..length.min(part.len())]);
        if let What::Data { bytes, more, .. } = &mut what {
            *bytes = length;
            *more |= length > part.len();
        }
        self.push(from, to, what);
    }

    /// Whether the last that any peer of `program` did was to end its stream,
    /// or to leave.
    pub(crate) fn last_of_a_peer_is_an_end(&self, program: &str) -> bool {
        let by_peers = self
            .events
            .iter()
            .rev()
            .filter(|event| event.from != program);
        let mut acts = by_peers.filter(|event| !matches!(event.what, What::Silence(_)));
        acts.next().is_some_and(|event| event.what == What::End)
    }

    /// The events that were kept, and how many were left out in their middle.
    pub(crate) fn events(&self) -> (&[Event], usize) {
        (&self.events, self.left_out)
    }
}

/// Adds `event` to `last` where both are data in one direction.
fn continues(last: &mut Event, event: &Event) -> bool {
    if (&last.from, &last.to) != (&event.from, &event.to) {
        return false;
    }
    let What::Data {
        bytes: count,
        text: next,
        more: cut,
        ..
    } = &event.what
    else {
        return false;
    };
    let What::Data {
        bytes,
        pieces,
        text,
        more,
    } = &mut last.what
    else {
        return false;
    };
    *bytes += count;
    *pieces += 1;
    // The first pieces are shown together as far as there is room.
    if *more || text.len() + next.len() > SHOWN {
        *more = true;
    } else {
        text.push_str(next);
        *more = *cut;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_transfer_the_beginning_is_shown_and_all_is_counted() {
        let mut timeline = Timeline::new();
        for _ in 0..5 {
            timeline.data("client 1", "server", &[b'x'; 20]);
        }
        timeline.data("server", "client 1", b"y");
        timeline.data("client 1", "server", b"z");
        let whats: Vec<What> = timeline.events.into_iter().map(|one| one.what).collect();
        let data = |bytes, pieces, text: String, more| What::Data {
            bytes,
            pieces,
            text,
            more,
        };
        assert_eq!(
            whats,
            [
                data(100, 5, "x".repeat(20), true),
                data(1, 1, "y".to_string(), false),
                data(1, 1, "z".to_string(), false),
            ]
        );
    }

    #[test]
    fn what_is_sent_over_and_over_is_told_as_one_long_transfer() {
        let told = |part: &[u8], length| {
            let mut timeline = Timeline::new();
            timeline.data_over_and_over("client 1", "server", part, length);
            timeline.events.remove(0).what
        };
        let all = b"abc".repeat(50);
        let What::Data { text, .. } = What::data(&all) else {
            panic!("no data");
        };
        assert_eq!(told(&all, 150), What::data(&all));
        assert_eq!(told(&all, 2), What::data(b"ab"));
        let expected = What::Data {
            bytes: 1_000_000,
            pieces: 1,
            text,
            more: true,
        };
        assert_eq!(told(&all, 1_000_000), expected);
    }
}
