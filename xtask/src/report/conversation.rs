//! What happened on the wire, as a diagram or in sentences, and where the bytes
//! that came differ from those that were due.

use wire::{Broke, Conversation, Diagram, Difference, Drawing};

use super::layout::{self, INDENT};
use super::look::{Look, Tone};

/// A conversation that broke, as a diagram or in sentences, with an empty line
/// around it.
/// Nothing where nothing happened.
pub(super) fn diagram(conversation: &Conversation, broke: Broke<'_>, look: &Look) -> String {
    let expected = layout::one_line(broke.expected);
    let broke = Broke {
        expected: &expected,
        ..broke
    };
    if !look.draws() {
        return in_sentences(conversation, look);
    }
    let Some(diagram) = Diagram::new(conversation, Some(broke)) else {
        return String::new();
    };
    let drawing = Drawing {
        width: look.width.saturating_sub(INDENT),
        ascii: look.ascii,
    };
    let lines = drawing.draw(&diagram).into_iter().map(|line| {
        let text = layout::harmless(&line.text);
        let text = match line.broke {
            true => look.paint(Tone::Bad, &text),
            false => text,
        };
        format!("{}{text}\n", " ".repeat(INDENT))
    });
    format!("\n{}\n", lines.collect::<String>())
}

/// The same for who cannot see a picture, or has no room for one.
fn in_sentences(conversation: &Conversation, look: &Look) -> String {
    let sentences = wire::sentences(conversation).join("\n");
    match sentences.as_str() {
        "" => String::new(),
        _ => {
            let told = layout::labelled("happened", &layout::harmless(&sentences), look.width);
            format!("\n{told}\n")
        }
    }
}

/// The bytes around the first one that differs.
pub(super) fn difference(difference: &Difference, look: &Look) -> String {
    let Difference { at, .. } = difference;
    let [expected, got, mark] = difference.lines();
    let at = wire::grouped(*at);
    let intro = format!("byte {at} is the first that differs (counted from 0)");
    [
        ("differs", intro),
        ("", format!("expected  {expected}")),
        ("", format!("got       {got}")),
        ("", format!("          {mark}")),
    ]
    .map(|(label, line)| layout::labelled_block(label, &line, look.width))
    .concat()
}
