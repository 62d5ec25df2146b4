//! An event in a few words, as they stand in a diagram.

use crate::amount::amount;
use crate::event::What;
use crate::excerpt::{columns, quoted};

/// What is left of a text that is cut has at least so many columns.
const SHORTEST: usize = 3;

/// What stands on an arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// This may be cut where there is too little room.
    pub(crate) text: String,
    /// This only where there is no other way: how many bytes they are says more
    /// than what stands in them.
    pub(crate) amount: String,
}

impl Label {
    /// In at most `room` columns, by a function that cuts text.
    pub(crate) fn within(&self, room: usize, cut: impl Fn(&str, usize) -> String) -> String {
        let Label { text, amount } = self;
        match room.checked_sub(columns(amount)) {
            Some(room) if room >= columns(text).min(SHORTEST) => cut(text, room) + amount,
            _ => cut(&format!("{text}{amount}"), room),
        }
    }
}

impl What {
    /// The event in a few words: `"hello"`, `end of stream`, …
    pub(crate) fn label(&self) -> String {
        match self {
            What::Started(arguments) if arguments.is_empty() => "starts".into(),
            What::Started(arguments) => format!("starts with {arguments}"),
            What::Printed(line) => format!("prints: {}", line.replace('\n', " ")),
            What::Connected => "connects".into(),
            What::Data { text, more, .. } | What::Datagram { text, more, .. } => {
                quoted(text, *more)
            }
            What::Fault {
                how, text, more, ..
            } => format!("{how}: {}", quoted(text, *more)),
            What::End => "end of stream".into(),
            What::Reset => "reset (breaks the connection)".into(),
            What::Refused => "refused".into(),
            What::Silence(time) => format!("nothing for {:.1} s", time.as_secs_f64()),
            What::Stopped => "is stopped (like Ctrl-Z)".into(),
            What::Continued => "is continued (like fg)".into(),
            What::Exited(how) => how.replacen("your program ", "", 1),
        }
    }

    /// How much crossed, as it stands behind the label.
    pub(crate) fn amount(&self) -> String {
        match self {
            What::Data {
                bytes,
                pieces: pieces @ 2..,
                ..
            } => format!(" {} in {pieces} pieces", amount(*bytes)),
            What::Data { bytes, .. } | What::Datagram { bytes, .. } | What::Fault { bytes, .. } => {
                format!(" {}", amount(*bytes))
            }
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Label;
    use crate::excerpt::cut;

    #[rstest]
    #[case::roomy(30, "\"hello\" 23,134,208 bytes")]
    #[case::narrow(21, "\"he… 23,134,208 bytes")]
    #[case::too_narrow(12, "\"hello\" 23,…")]
    fn the_amount_outlasts_the_text(#[case] room: usize, #[case] expected: &str) {
        let label = Label {
            text: "\"hello\"".into(),
            amount: " 23,134,208 bytes".into(),
        };
        assert_eq!(label.within(room, cut), expected);
    }
}
