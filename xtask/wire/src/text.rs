//! A diagram in characters, for a terminal: one line an event.

use std::time::Duration;

use crate::diagram::{Diagram, Row};
use crate::excerpt::{columns, columns_of, cut};
use crate::label::Label;

/// What a drawing is made of, and how wide it may be.
#[derive(Debug, Clone, Copy)]
pub struct Drawing {
    /// The number of columns.
    pub width: usize,
    /// Draw with ASCII alone.
    pub ascii: bool,
}

/// One line of a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, without its end.
    pub text: String,
    /// Whether it marks the place where the expectation broke.
    pub broke: bool,
}

/// The columns that the time takes, and what stays free behind the last lane.
const TIME: usize = 9;
const MARGIN: usize = 6;

#[derive(Debug, Clone, Copy)]
struct Signs {
    lane: char,
    line: char,
    right: char,
    left: char,
    crossing: char,
    lost: char,
    quiet: char,
    broke: char,
}

const BOX: Signs = Signs {
    lane: '│',
    line: '─',
    right: '►',
    left: '◄',
    crossing: '┼',
    lost: '✗',
    quiet: '·',
    broke: '✗',
};

const ASCII: Signs = Signs {
    lane: '|',
    line: '-',
    right: '>',
    left: '<',
    crossing: '+',
    lost: 'x',
    quiet: '.',
    broke: 'X',
};

impl Drawing {
    /// Draws `diagram`.
    #[must_use]
    pub fn draw(&self, diagram: &Diagram) -> Vec<Line> {
        let canvas = Canvas {
            signs: if self.ascii { ASCII } else { BOX },
            ascii: self.ascii,
            width: self.width,
            lanes: self.positions(diagram.lanes.len()),
        };
        let names = diagram.lanes.iter().map(|lane| lane.name.as_str());
        let mut lines = vec![Line {
            text: canvas.header(names),
            broke: false,
        }];
        let rows = diagram.rows.iter();
        lines.extend(rows.map(|row| canvas.line(row)));
        lines
    }

    /// The column of each lane.
    fn positions(&self, count: usize) -> Vec<usize> {
        let first = TIME + 3;
        let last = self.width.saturating_sub(MARGIN).max(first + 20);
        match count {
            0 | 1 => vec![first],
            _ => (0..count)
                .map(|index| first + index * (last - first) / (count - 1))
                .collect(),
        }
    }
}

struct Canvas {
    signs: Signs,
    ascii: bool,
    width: usize,
    lanes: Vec<usize>,
}

impl Canvas {
    /// The names above their lanes.
    fn header<'a>(&self, names: impl Iterator<Item = &'a str>) -> String {
        let mut line = Cells::new(self.width);
        for (name, &lane) in names.zip(&self.lanes) {
            let wide = columns(name);
            let begin = lane.saturating_sub(wide / 2);
            let begin = begin.min(self.width.saturating_sub(wide)).max(TIME);
            line.write(begin, name);
        }
        line.text()
    }

    fn line(&self, row: &Row) -> Line {
        let mut line = Cells::new(self.width);
        for &lane in &self.lanes {
            line.put(lane, self.signs.lane);
        }
        match row {
            Row::Message {
                at,
                from,
                to,
                label,
                lost,
            } => {
                line.write(0, &time(*at));
                self.arrow(&mut line, *from, *to, *lost);
                self.on_the_way(&mut line, *from, *to, label);
            }
            Row::Note { at, lane, label } => {
                line.write(0, &time(*at));
                self.beside(&mut line, *lane, label);
            }
            Row::Silence {
                at,
                from,
                to,
                label,
            } => {
                line.write(0, &time(*at));
                self.quiet(&mut line, *from, *to, label);
            }
            Row::Fold(count) => {
                let events = if *count == 1 { "event" } else { "events" };
                let dots = self.dots();
                line.write(1, &format!("{dots} {count} more {events} {dots}"));
            }
            Row::Broke { lane, label } => {
                let begin = self.lanes[*lane];
                let room = self.width.saturating_sub(begin + 3);
                let left = begin.saturating_sub(TIME + 2);
                // Where the lane is too far right, the words stand left of it. They
                // touch no other lane: a blank stands around them.
                if room >= columns(label).min(left) {
                    line.write(begin + 1, &format!(" {} ", self.cut(label, room)));
                } else {
                    let label = self.cut(label, left);
                    line.write(begin - columns(&label) - 3, &format!(" {label}  "));
                }
                line.put(begin, self.signs.broke);
            }
        }
        Line {
            text: line.text(),
            broke: matches!(row, Row::Broke { .. }),
        }
    }

    fn arrow(&self, line: &mut Cells, from: usize, to: usize, lost: bool) {
        let (a, b) = (self.lanes[from], self.lanes[to]);
        for column in a.min(b) + 1..a.max(b) {
            let sign = match self.lanes.contains(&column) {
                true => self.signs.crossing,
                false => self.signs.line,
            };
            line.put(column, sign);
        }
        let (head, sign) = match a < b {
            true => (b - 1, self.signs.right),
            false => (b + 1, self.signs.left),
        };
        line.put(head, if lost { self.signs.lost } else { sign });
    }

    /// A label on an arrow, next to whoever sends.
    fn on_the_way(&self, line: &mut Cells, from: usize, to: usize, label: &Label) {
        let (a, b) = (self.lanes[from], self.lanes[to]);
        let room = a.abs_diff(b).saturating_sub(8);
        let label = label.within(room, |text, room| self.cut(text, room));
        let begin = match a < b {
            true => a + 3,
            false => a - 3 - columns(&label) - 1,
        };
        line.write(begin, &format!(" {label} "));
    }

    /// A label beside a lane, on the side where there is room.
    fn beside(&self, line: &mut Cells, lane: usize, label: &str) {
        let at = self.lanes[lane];
        let next = self.lanes.get(lane + 1).copied();
        if lane == 0 || next.is_some() {
            let next = next.unwrap_or(self.width);
            line.write(at + 2, &self.cut(label, next - at - 3));
            return;
        }
        let before = self.lanes[lane - 1];
        let label = self.cut(label, at - before - 3);
        line.write(at - 1 - columns(&label), &label);
    }

    fn quiet(&self, line: &mut Cells, from: usize, to: usize, label: &str) {
        let (a, b) = (self.lanes[from], self.lanes[to]);
        let (left, right) = (a.min(b), a.max(b));
        for column in (left + 2..right - 1).step_by(2) {
            line.put(column, self.signs.quiet);
        }
        let label = self.cut(label, right - left - 6);
        let begin = (left + right - columns(&label)) / 2;
        line.write(begin - 1, &format!(" {label} "));
    }

    fn dots(&self) -> &'static str {
        if self.ascii { "..." } else { "⋮" }
    }

    /// The label in as many columns as there are, in the characters there are.
    fn cut(&self, label: &str, room: usize) -> String {
        if !self.ascii {
            return cut(label, room);
        }
        let ascii: String = label.chars().flat_map(in_ascii).collect();
        match ascii.len() > room {
            true => format!("{}...", &ascii[..room.saturating_sub(3)]),
            false => ascii,
        }
    }
}

fn in_ascii(c: char) -> Vec<char> {
    match c {
        '…' => vec!['.', '.', '.'],
        c if c.is_ascii() => vec![c],
        c => c.escape_unicode().collect(),
    }
}

fn time(at: Duration) -> String {
    format!("{:7.3} s", at.as_secs_f64())
}

/// One line of characters that are put at their columns. The cell behind a wide
/// character stays empty.
struct Cells {
    cells: Vec<Option<char>>,
}

impl Cells {
    fn new(width: usize) -> Cells {
        Cells {
            cells: vec![Some(' '); width],
        }
    }

    fn put(&mut self, column: usize, sign: char) {
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = Some(sign);
        }
    }

    fn write(&mut self, begin: usize, text: &str) {
        let mut column = begin;
        for c in text.chars() {
            let wide = columns_of(c);
            // A mark that belongs to the letter before it has no cell here.
            if wide == 0 {
                continue;
            }
            self.put(column, c);
            if wide == 2
                && let Some(cell) = self.cells.get_mut(column + 1)
            {
                *cell = None;
            }
            column += wide;
        }
    }

    fn text(&self) -> String {
        let text: String = self.cells.iter().flatten().collect();
        text.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::diagram::Broke;
    use crate::diagram::tests::{crowd, data, event, half_closed};
    use crate::event::{Conversation, What};

    fn draw(conversation: &Conversation, ascii: bool) -> String {
        let broke = Some(Broke {
            expected: "the end of the stream from your program to client 1",
            of_itself: false,
        });
        let diagram = Diagram::new(conversation, broke).expect("a diagram");
        let lines = Drawing { width: 76, ascii }.draw(&diagram);
        for line in &lines {
            assert!(columns(&line.text) <= 76, "{}", line.text);
        }
        let lines: Vec<String> = lines.into_iter().map(|line| line.text).collect();
        lines.join("\n")
    }

    #[test]
    fn one_client_and_the_server() {
        assert_snapshot!(draw(&half_closed(), false));
    }

    #[test]
    fn in_ascii() {
        let mut conversation = half_closed();
        let umlaut = event(1_005, "client 1", "server", data("ü"));
        conversation.events.push(umlaut);
        let text = draw(&conversation, true);
        assert!(text.is_ascii(), "{text}");
        assert_snapshot!(text);
    }

    #[test]
    fn a_client_between_its_server_and_a_stranger() {
        let datagram = |text: &str| What::Datagram {
            bytes: text.len(),
            text: text.into(),
            more: false,
        };
        let lost = What::Fault {
            how: "lost".into(),
            bytes: 3,
            text: "key".into(),
            more: false,
        };
        let (client, server) = ("client 1", "server");
        let conversation = Conversation {
            program: client.into(),
            events: vec![
                event(0, client, "", What::Started("[server] key".into())),
                event(3, client, server, lost),
                event(503, client, server, datagram("key")),
                event(504, "stranger", client, datagram("key=forged")),
                event(505, server, client, datagram("key=漢字")),
                event(
                    506,
                    client,
                    "",
                    What::Exited("your program ended with exit code 1".into()),
                ),
            ],
            left_out: 0,
            example: false,
        };
        assert_snapshot!(draw(&conversation, false));
    }

    #[test]
    fn a_program_that_talks_to_nobody() {
        let mut conversation = half_closed();
        conversation.events.truncate(2);
        let exited = What::Exited("your program panicked (exit code 101)".into());
        conversation.events.push(event(4, "server", "", exited));
        assert_snapshot!(draw(&conversation, false));
    }

    #[test]
    fn a_crowd_shares_a_lane() {
        assert_snapshot!(draw(&crowd(30), false));
    }

    #[test]
    fn long_payloads_are_cut() {
        let mut conversation = half_closed();
        conversation.events[3].what = data(&"x".repeat(500));
        conversation.events[1].what = What::Printed("y".repeat(500));
        assert_snapshot!(draw(&conversation, false));
    }
}
