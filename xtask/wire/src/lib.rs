//! What happened on the wire: the events of a conversation, as data, as JSON,
//! and as a sequence diagram for a terminal, for a page, and in sentences.
//!
//! The probe records a [`Conversation`], a report carries it as JSON, and the
//! runner draws it. What all of them write and read as JSON is a [`Value`]. Nothing
//! here does any I/O or looks at a clock: each drawing is a pure function of the
//! conversation.

mod amount;
mod diagram;
mod difference;
mod event;
mod excerpt;
mod json;
mod label;
mod markup;
mod selection;
mod sentences;
mod svg;
mod text;

pub use amount::{amount, grouped};
pub use diagram::{Broke, Diagram};
pub use difference::Difference;
pub use event::{Conversation, Event, What};
pub use excerpt::{columns, excerpt, harmless};
pub use json::{Malformed, ToJson, Value};
pub use markup::escape;
pub use sentences::sentences;
pub use svg::{svg, svg_of_page};
pub use text::{Drawing, Line};
