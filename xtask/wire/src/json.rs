//! JSON (RFC 8259), as much of it as the harness needs: values, written and read.
//!
//! A library for it was an eighth of what the first check of a learner had to
//! build. What this one writes is, byte for byte, what serde_json would write,
//! and it reads what serde_json would read: the tests compare the two.

mod make;
mod parse;
mod write;

use std::collections::BTreeMap;
use std::ops::{Index, IndexMut};

pub use make::ToJson;
pub use parse::Malformed;

/// A JSON value.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// `null`, and what is read where there is nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without a fraction: all of `i64` and of `u64`, exactly.
    Integer(i128),
    /// Any other number. What is not finite is written as `null`.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Fields by their names, which is the order in which they are written.
    Object(BTreeMap<String, Value>),
}

static NULL: Value = Value::Null;

impl Value {
    /// Reads a document, which is one value and nothing else.
    ///
    /// # Errors
    ///
    /// Where `text` is no JSON in UTF-8, has a number that is too large for `f64`,
    /// or more than 127 lists and objects in one another.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Value, Malformed> {
        parse::document(text.as_ref())
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is a whole one that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Integer(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The number, as near as `f64` comes to it.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// `true` or `false`, if it is one of them.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(it) => Some(*it),
            _ => None,
        }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The fields, if it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The fields, to change them.
    #[must_use]
    pub fn as_object_mut(&mut self) -> Option<&mut BTreeMap<String, Value>> {
        match self {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }
}

/// A field, or `null` where there is none.
impl Index<&str> for Value {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        let fields = self.as_object();
        fields.and_then(|fields| fields.get(name)).unwrap_or(&NULL)
    }
}

/// An item, or `null` where there is none.
impl Index<usize> for Value {
    type Output = Value;

    fn index(&self, at: usize) -> &Value {
        let items = self.as_array();
        items.and_then(|items| items.get(at)).unwrap_or(&NULL)
    }
}

/// A field to be set; `null` becomes an object that has it.
///
/// # Panics
///
/// Where the value is neither.
impl IndexMut<&str> for Value {
    fn index_mut(&mut self, name: &str) -> &mut Value {
        if *self == Value::Null {
            *self = Value::Object(BTreeMap::new());
        }
        match self {
            Value::Object(fields) => fields.entry(name.to_owned()).or_default(),
            other => panic!("{other} has no fields, and no `{name}`"),
        }
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == Some(text)
    }
}

impl PartialEq<bool> for Value {
    fn eq(&self, it: &bool) -> bool {
        self.as_bool() == Some(*it)
    }
}

#[cfg(test)]
mod tests;
