//! Values as text: `{}` on one line, `{:#}` with a line for each field and item.

use std::fmt::{self, Formatter, Write};

use super::Value;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let line = f.alternate().then_some(0);
        write(f, self, line)
    }
}

/// `indent` is how far the lines are indented, where there are lines.
fn write(f: &mut Formatter<'_>, value: &Value, indent: Option<usize>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(true) => f.write_str("true"),
        Value::Bool(false) => f.write_str("false"),
        Value::Integer(number) => write!(f, "{number}"),
        Value::Float(number) => float(f, *number),
        Value::String(text) => string(f, text),
        Value::Array(items) => array(f, items, indent),
        Value::Object(fields) => {
            let deeper = indent.map(|indent| indent + 2);
            f.write_char('{')?;
            for (at, (name, field)) in fields.iter().enumerate() {
                begin(f, at, deeper)?;
                string(f, name)?;
                f.write_str(if indent.is_some() { ": " } else { ":" })?;
                write(f, field, deeper)?;
            }
            end(f, fields.is_empty(), indent, '}')
        }
    }
}

fn array(f: &mut Formatter<'_>, items: &[Value], indent: Option<usize>) -> fmt::Result {
    let deeper = indent.map(|indent| indent + 2);
    f.write_char('[')?;
    for (at, item) in items.iter().enumerate() {
        begin(f, at, deeper)?;
        write(f, item, deeper)?;
    }
    end(f, items.is_empty(), indent, ']')
}

/// What comes in front of the field or item number `at`.
fn begin(f: &mut Formatter<'_>, at: usize, indent: Option<usize>) -> fmt::Result {
    if at > 0 {
        f.write_char(',')?;
    }
    new_line(f, indent)
}

fn end(f: &mut Formatter<'_>, empty: bool, indent: Option<usize>, bracket: char) -> fmt::Result {
    if !empty {
        new_line(f, indent)?;
    }
    f.write_char(bracket)
}

fn new_line(f: &mut Formatter<'_>, indent: Option<usize>) -> fmt::Result {
    match indent {
        Some(indent) => write!(f, "\n{:indent$}", ""),
        None => Ok(()),
    }
}

/// As few digits as tell it from all others. Rust's own `{:?}` has an exponent
/// already where four zeros follow the point, and no sign for a positive one.
fn float(f: &mut Formatter<'_>, number: f64) -> fmt::Result {
    match number.abs() {
        size if !size.is_finite() => f.write_str("null"),
        size if size >= 1e16 => f.write_str(&format!("{number:?}").replace('e', "e+")),
        size if (1e-5..1e-4).contains(&size) => write!(f, "{number}"),
        _ => write!(f, "{number:?}"),
    }
}

/// Escaped is what must be, and nothing else.
fn string(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    let mut written = 0;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        f.write_str(&text[written..at])?;
        written = at + 1;
        match byte {
            b'"' => f.write_str("\\\"")?,
            b'\\' => f.write_str("\\\\")?,
            b'\n' => f.write_str("\\n")?,
            b'\r' => f.write_str("\\r")?,
            b'\t' => f.write_str("\\t")?,
            0x08 => f.write_str("\\b")?,
            0x0c => f.write_str("\\f")?,
            _ => write!(f, "\\u{byte:04x}")?,
        }
    }
    f.write_str(&text[written..])?;
    f.write_char('"')
}
