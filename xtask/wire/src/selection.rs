//! Which events of a long conversation are shown.

use crate::event::{Conversation, Event, What};

/// How many rows a diagram has at the most: an explanation must fit on a screen.
pub(crate) const ROWS: usize = 10;
/// As many of them tell how it began.
const FIRST: usize = 2;

/// With whom the program talked last: a check ends where its expectation breaks.
pub(crate) fn focus(conversation: &Conversation) -> Option<&str> {
    let talks = conversation.events.iter().rev();
    let mut others = talks.filter_map(|event| match &event.what {
        What::Stopped | What::Continued => None,
        _ => other(conversation, event),
    });
    others.next()
}

/// Who takes part in an event besides the program.
pub(crate) fn other<'a>(conversation: &Conversation, event: &'a Event) -> Option<&'a str> {
    [&event.from, &event.to]
        .into_iter()
        .find(|name| !name.is_empty() && **name != conversation.program)
        .map(String::as_str)
}

/// Which events are shown: all of an example; of another conversation all, or the
/// first few and the last, before all those of the conversation that broke.
pub(crate) fn select(conversation: &Conversation, focus: Option<&str>) -> Vec<usize> {
    let events = &conversation.events;
    if events.len() <= ROWS || conversation.example {
        return (0..events.len()).collect();
    }
    let matters = |index: &usize| {
        let event = &events[*index];
        match other(conversation, event) {
            None => !focus.is_some_and(|focus| tells_of_another(event, focus)),
            with => with == focus,
        }
    };
    let late = (FIRST..events.len()).rev();
    let (of_focus, of_others): (Vec<usize>, Vec<usize>) = late.partition(matters);
    // A program that prints much must not crowd out what it was asked.
    let is_told = |index: &usize| !is_amid_prints(&events[*index..]);
    let (of_focus, crowding): (Vec<usize>, Vec<usize>) = of_focus.into_iter().partition(is_told);
    let last = of_focus.into_iter().chain(crowding).chain(of_others);
    let last = last.take(ROWS - FIRST);
    let mut shown: Vec<usize> = (0..FIRST).chain(last).collect();
    shown.sort_unstable();
    with_lone_events(conversation, &shown)
}

/// A single event that is left out gets the row that would say so, unless it needs
/// a lane of its own.
fn with_lone_events(conversation: &Conversation, shown: &[usize]) -> Vec<usize> {
    let who = |index: usize| other(conversation, &conversation.events[index]);
    let has_a_lane =
        |index| who(index).is_none_or(|name| shown.iter().any(|&at| who(at) == Some(name)));
    let mut all = Vec::with_capacity(2 * shown.len());
    let mut next = 0;
    for &index in shown {
        // What the recorder has left out cannot be shown.
        if index == next + 1 && fold(conversation, next, index) == 1 && has_a_lane(next) {
            all.push(next);
        }
        all.push(index);
        next = index + 1;
    }
    all
}

/// A printed line that names clients, and not this one.
fn tells_of_another(event: &Event, focus: &str) -> bool {
    match &event.what {
        What::Printed(line) => line.contains("[client ") && !line.contains(&format!("[{focus}]")),
        _ => false,
    }
}

/// The first of these is a printed line, and others follow it at once.
fn is_amid_prints(events: &[Event]) -> bool {
    const SHOWN: usize = 2;
    let first = events.iter().take(SHOWN + 1);
    first
        .filter(|event| matches!(event.what, What::Printed(_)))
        .count()
        > SHOWN
}

/// How many events stand between those with the numbers `told` and `next`.
pub(crate) fn fold(conversation: &Conversation, told: usize, next: usize) -> usize {
    // The recorder leaves out the middle of what it has kept.
    let middle = conversation.events.len() / 2;
    let left_out = match told <= middle && middle < next {
        true => conversation.left_out,
        false => 0,
    };
    next - told + left_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::tests::event;

    /// One event too many for a diagram: `other` makes it, and is heard of no more.
    fn interrupted_by(other: &str) -> Conversation {
        let connects = |name| event(0, name, "server", What::Connected);
        let mut events = vec![connects("client 1"), connects("client 1"), connects(other)];
        events.extend((3..=ROWS).map(|_| connects("client 1")));
        Conversation {
            program: "server".into(),
            events,
            ..Conversation::default()
        }
    }

    #[test]
    fn a_single_event_is_shown_rather_than_counted() {
        let conversation = interrupted_by("client 1");
        let shown = select(&conversation, focus(&conversation));
        assert_eq!(shown, (0..=ROWS).collect::<Vec<_>>());
    }

    #[test]
    fn a_single_event_of_somebody_else_takes_no_lane() {
        let conversation = interrupted_by("client 2");
        let shown = select(&conversation, focus(&conversation));
        assert_eq!(shown, [0, 1, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
}
