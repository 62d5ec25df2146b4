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
    shown
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
