//! A conversation in sentences, one an event: for ears, and for logs.

use crate::amount::amount;
use crate::event::{Conversation, Event, What};
use crate::excerpt::quoted;
use crate::selection;

/// What happened, one sentence an event, with its time. Of a long conversation
/// it is what a diagram shows, too.
#[must_use]
pub fn sentences(conversation: &Conversation) -> Vec<String> {
    let shown = selection::select(conversation, selection::focus(conversation));
    let mut sentences = Vec::new();
    let mut next = 0;
    for index in shown {
        let mut left_out = selection::fold(conversation, next, index);
        // What the recorder left out stands in front of the middle.
        if index == conversation.events.len() / 2 {
            left_out += conversation.left_out;
        }
        if left_out > 0 {
            sentences.push(match left_out {
                1 => "(1 more event is left out here.)".into(),
                _ => format!("({left_out} more events are left out here.)"),
            });
        }
        sentences.push(sentence(conversation, &conversation.events[index]));
        next = index + 1;
    }
    sentences
}

fn sentence(conversation: &Conversation, event: &Event) -> String {
    let name = |name: &str| match name {
        "" if conversation.example => "the program".to_owned(),
        "" => "your program".to_owned(),
        name if name == conversation.program => conversation.own_name(),
        name => name.to_owned(),
    };
    let (from, to) = (name(&event.from), name(&event.to));
    let what = match &event.what {
        What::Printed(line) => format!("{from} prints: {line}"),
        What::Connected => format!("{from} connects to {to}"),
        What::Data {
            bytes, text, more, ..
        } => {
            let payload = quoted(text, *more);
            format!("{from} sends {} to {to}: {payload}", amount(*bytes))
        }
        What::Datagram { bytes, text, more } => {
            let payload = quoted(text, *more);
            let bytes = amount(*bytes);
            format!("{from} sends a datagram of {bytes} to {to}: {payload}")
        }
        What::Fault {
            how,
            bytes,
            text,
            more,
        } => {
            let payload = quoted(text, *more);
            let bytes = amount(*bytes);
            format!("{from} sends a datagram of {bytes} to {to}, which is {how}: {payload}")
        }
        What::End => format!("{from} ends its side of the stream to {to}"),
        What::Reset => format!("{from} breaks the connection to {to} (reset)"),
        What::Refused => format!("{from} refuses {to}"),
        What::Silence(time) => {
            let seconds = time.as_secs_f64();
            format!("nothing comes from {from} to {to} for {seconds:.1} s")
        }
        What::Stopped | What::Continued => format!("{to} {}", event.what.label()),
        What::Started(_) | What::Exited(_) => format!("{from} {}", event.what.label()),
    };
    // What a program prints may be a sentence already.
    let stop = if what.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{:.3} s: {what}{stop}", event.at.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::diagram::tests::half_closed;

    #[test]
    fn each_event_is_a_sentence() {
        let mut conversation = half_closed();
        conversation.left_out = 7;
        assert_snapshot!(sentences(&conversation).join("\n"));
    }

    #[test]
    fn a_sentence_ends_once() {
        let mut conversation = half_closed();
        conversation.events.truncate(1);
        for (line, end) in [
            ("Welcome.", "Welcome."),
            ("Who?", "Who?"),
            ("ready", "ready."),
        ] {
            conversation.events[0].what = What::Printed(line.into());
            let told = sentences(&conversation).join("\n");
            assert!(told.ends_with(&format!("prints: {end}")), "{told}");
        }
    }
}
