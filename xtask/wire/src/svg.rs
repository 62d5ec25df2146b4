//! A diagram as SVG: a document of its own, with the same events as sentences for
//! who cannot see it, or a part of a page.

use std::fmt::Write as _;

use crate::diagram::{Broke, Diagram, Row};
use crate::event::Conversation;
use crate::excerpt::columns;
use crate::markup;
use crate::sentences::sentences;

const WIDTH: usize = 760;
const ROW: usize = 30;
const TOP: usize = 56;
const FIRST_LANE: usize = 130;
const LAST_LANE: usize = 700;
/// The width of a letter at the size that the labels have.
const LETTER: usize = 8;

/// Light and dark by the reader's own choice; every colour has words beside it.
const STYLE: &str = "\
    svg{color:#1a1a1a;background:#fff;font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}\
    .lane{stroke:currentColor;stroke-width:1;opacity:.45}\
    .wire{stroke:currentColor;stroke-width:1.5;fill:none}\
    .head{fill:currentColor}\
    .who{font-weight:bold}\
    .quiet{stroke:currentColor;stroke-width:1.5;stroke-dasharray:1 6}\
    .broke{fill:#b00020;font-weight:bold}\
    text{fill:currentColor}\
    .back{fill:#fff}\
    @media(prefers-color-scheme:dark){svg{color:#e6e6e6;background:#16181c}.back{fill:#16181c}.broke{fill:#ff8a80}}";

/// The diagram of `conversation` as an SVG document. `title` is read out first;
/// `id` is what its own ids begin with, since they must be unique on a page.
/// `None` where nothing happened.
#[must_use]
pub fn svg(
    conversation: &Conversation,
    broke: Option<Broke<'_>>,
    title: &str,
    id: &str,
) -> Option<String> {
    let diagram = Diagram::new(conversation, broke)?;
    let id = escape(id);
    let head = format!(
        "xmlns=\"http://www.w3.org/2000/svg\" {} role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{}</title>\n\
         <desc id=\"{id}-desc\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"back\" width=\"{WIDTH}\" height=\"{}\"/>",
        size(&diagram),
        escape(title),
        escape(&sentences(conversation).join(" ")),
        height(&diagram),
    );
    Some(draw(&diagram, &head))
}

/// The diagram of `conversation` as an element of an HTML page that tells its
/// sentences elsewhere. The page's own style sheet has its colours and its font
/// (`svg.wire-diagram`), because the reader chooses them for the whole page.
#[must_use]
pub fn svg_of_page(conversation: &Conversation, title: &str, id: &str) -> Option<String> {
    let diagram = Diagram::new(conversation, None)?;
    let id = escape(id);
    let head = format!(
        "class=\"wire-diagram\" {} role=\"img\" aria-labelledby=\"{id}-title\">\n\
         <title id=\"{id}-title\">{}</title>",
        size(&diagram),
        escape(title),
    );
    Some(draw(&diagram, &head))
}

fn size(diagram: &Diagram) -> String {
    let height = height(diagram);
    format!("viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\"")
}

fn height(diagram: &Diagram) -> usize {
    TOP + ROW * diagram.rows.len() + 20
}

/// The element whose attributes and first children are `head`.
fn draw(diagram: &Diagram, head: &str) -> String {
    let mut text = format!("<svg {head}\n");
    let sheet = Sheet::new(diagram, height(diagram));
    sheet.lanes(&mut text, diagram);
    for (index, row) in diagram.rows.iter().enumerate() {
        sheet.row(&mut text, row, TOP + ROW * index + ROW / 2);
    }
    text += "</svg>\n";
    text
}

struct Sheet {
    lanes: Vec<usize>,
    height: usize,
}

impl Sheet {
    fn new(diagram: &Diagram, height: usize) -> Sheet {
        let count = diagram.lanes.len();
        let step = (LAST_LANE - FIRST_LANE) / count.saturating_sub(1).max(1);
        Sheet {
            lanes: (0..count).map(|index| FIRST_LANE + index * step).collect(),
            height,
        }
    }

    fn lanes(&self, text: &mut String, diagram: &Diagram) {
        for (lane, &x) in diagram.lanes.iter().zip(&self.lanes) {
            let bottom = self.height - 12;
            add(
                text,
                format_args!(
                    "<line class=\"lane\" x1=\"{x}\" y1=\"40\" x2=\"{x}\" y2=\"{bottom}\"/>"
                ),
            );
            self.label(text, "who", "middle", (x, 28), &lane.name, 30);
        }
    }

    fn row(&self, text: &mut String, row: &Row, y: usize) {
        match row {
            Row::Message {
                at,
                from,
                to,
                label,
                lost,
            } => {
                self.time(text, *at, y);
                self.arrow(text, (self.lanes[*from], self.lanes[*to]), y, *lost);
                let label = label.within(self.room(*from, *to), crate::excerpt::cut);
                self.between(text, (*from, *to), y, &label);
            }
            Row::Note { at, lane, label } => {
                self.time(text, *at, y);
                let x = self.lanes[*lane];
                let room = self.step() / LETTER - 2;
                match lane + 1 == self.lanes.len() && *lane > 0 {
                    true => self.label(text, "note", "end", (x - 10, y + 4), label, room),
                    false => self.label(text, "note", "start", (x + 10, y + 4), label, room),
                }
            }
            Row::Silence {
                at,
                from,
                to,
                label,
            } => {
                self.time(text, *at, y);
                let (a, b) = (self.lanes[*from], self.lanes[*to]);
                add(
                    text,
                    format_args!(
                        "<line class=\"quiet\" x1=\"{a}\" y1=\"{y}\" x2=\"{b}\" y2=\"{y}\"/>"
                    ),
                );
                self.between(text, (*from, *to), y, label);
            }
            Row::Fold(count) => {
                let label = format!("⋮ {count} more");
                self.label(text, "time", "start", (8, y + 4), &label, 20);
            }
            Row::Broke { lane, label } => self.broke(text, *lane, y, label),
        }
    }

    /// The words stand right of their lane, else left of it, else on both sides.
    fn broke(&self, text: &mut String, lane: usize, y: usize, label: &str) {
        let label = format!("✗ {label}");
        let x = self.lanes[lane];
        let (left, right) = (x / LETTER, (WIDTH - x) / LETTER);
        let (anchor, x, room) = match columns(&label) {
            _ if lane > 0 && lane + 1 == self.lanes.len() => ("end", x + 5, left),
            wide if wide <= right || lane == 0 => ("start", x - 5, right),
            _ => ("middle", x, 2 * left.min(right)),
        };
        self.label(text, "broke", anchor, (x, y + 4), &label, room);
    }

    fn step(&self) -> usize {
        match self.lanes[..] {
            [first, second, ..] => second - first,
            _ => LAST_LANE - FIRST_LANE,
        }
    }

    fn time(&self, text: &mut String, at: std::time::Duration, y: usize) {
        let label = format!("{:.3} s", at.as_secs_f64());
        self.label(text, "time", "end", (90, y + 4), &label, 12);
    }

    fn arrow(&self, text: &mut String, (a, b): (usize, usize), y: usize, lost: bool) {
        let (end, back) = if a < b {
            (b - 1, b - 9)
        } else {
            (b + 1, b + 9)
        };
        // What is lost ends on its way, with a cross instead of a head.
        let end = if lost { (a + b) / 2 } else { end };
        add(
            text,
            format_args!("<line class=\"wire\" x1=\"{a}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\"/>"),
        );
        let (up, down) = (y - 4, y + 4);
        match lost {
            true => {
                let (left, right) = (end - 4, end + 4);
                let path = format_args!(
                    "<path class=\"wire\" d=\"M{left} {up}L{right} {down}M{left} {down}L{right} {up}\"/>"
                );
                add(text, path);
            }
            false => add(
                text,
                format_args!("<path class=\"head\" d=\"M{end} {y}L{back} {up}L{back} {down}Z\"/>"),
            ),
        }
    }

    /// How many letters fit between two lanes.
    fn room(&self, from: usize, to: usize) -> usize {
        self.lanes[from].abs_diff(self.lanes[to]) / LETTER - 4
    }

    /// A label in the middle between two lanes, above its line.
    fn between(&self, text: &mut String, (from, to): (usize, usize), y: usize, label: &str) {
        let (a, b) = (self.lanes[from], self.lanes[to]);
        let room = self.room(from, to);
        self.label(text, "label", "middle", ((a + b) / 2, y - 5), label, room);
    }

    fn label(
        &self,
        text: &mut String,
        class: &str,
        anchor: &str,
        (x, y): (usize, usize),
        label: &str,
        room: usize,
    ) {
        let label = crate::excerpt::cut(label, room);
        debug_assert!(columns(&label) <= room);
        add(
            text,
            format_args!(
                "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{y}\">{}</text>",
                escape(&label)
            ),
        );
    }
}

fn add(text: &mut String, element: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{element}");
}

/// Nothing that a program prints can become markup; what XML cannot carry is
/// shown by its number.
fn escape(text: &str) -> String {
    let is_odd = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match is_odd(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    markup::escape(&shown)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::diagram::tests::{data, event, half_closed};
    use crate::event::What;

    #[test]
    fn a_conversation_as_svg() {
        let broke = Broke {
            expected: "the end of the stream",
            of_itself: false,
        };
        let svg = svg(
            &half_closed(),
            Some(broke),
            "A server that never closes",
            "d1",
        );
        assert_snapshot!(svg.expect("a diagram"));
    }

    #[test]
    fn what_was_expected_in_the_middle_stays_on_the_sheet() {
        let broke = |expected| Broke {
            expected,
            of_itself: true,
        };
        let mut conversation = half_closed();
        let other = event(1_100, "client 2", "server", What::Connected);
        conversation.events.push(other);
        let drawn = |expected| svg(&conversation, Some(broke(expected)), "t", "d");
        let short = drawn("an answer").expect("a diagram");
        assert!(short.contains("class=\"broke\" text-anchor=\"start\" x=\"410\""));
        let long = "x".repeat(70);
        let long = drawn(&long).expect("a diagram");
        assert!(long.contains("class=\"broke\" text-anchor=\"middle\" x=\"415\""));
        assert!(long.contains("xxx</text>"), "{long}");
    }

    #[test]
    fn a_page_gets_no_style_that_would_leak_and_no_blank_line() {
        let svg = svg_of_page(&half_closed(), "It ends", "d1").expect("a diagram");
        assert!(
            svg.starts_with("<svg class=\"wire-diagram\" viewBox=\"0 0 760 "),
            "{svg}"
        );
        for absent in ["<style", "xmlns", "class=\"back\"", "\n\n", "<desc"] {
            assert!(!svg.contains(absent), "{absent:?} in {svg}");
        }
        assert_eq!(svg.matches("id=\"").count(), 1, "{svg}");
    }

    #[test]
    fn what_programs_print_never_becomes_markup() {
        let mut conversation = half_closed();
        conversation.events[1].what =
            What::Printed("</text><script>alert(1)</script>\u{1b}".into());
        conversation.events[3].what = data("\"><img src=x onerror=alert(1)>&");
        let svg = svg(&conversation, None, "</title><script>", "\"onload=\"").expect("a diagram");
        for markup in ["<script", "<img", "\u{1b}", "id=\"\""] {
            assert!(!svg.contains(markup), "{markup} in {svg}");
        }
    }
}
