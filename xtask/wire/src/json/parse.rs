//! Reads JSON, and nothing that is only like it. Each byte is looked at once, and
//! how deep the parser goes is limited: a check's report may come from a program
//! that means harm.

use std::collections::BTreeMap;
use std::fmt;

use super::Value;

/// As many lists and objects may be in one another.
const DEPTH: usize = 127;

/// Why a text is no JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong, or what there should be.
    pub what: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// The byte in the line, from 1.
    pub column: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Malformed { what, line, column } = self;
        write!(f, "{what} at line {line} column {column}")
    }
}

impl std::error::Error for Malformed {}

/// Reads `text` as one value, with white space around it.
pub(super) fn document(text: &[u8]) -> Result<Value, Malformed> {
    let read = match std::str::from_utf8(text) {
        Ok(text) => Parser { text, at: 0 }.document(),
        Err(error) => Err(("no UTF-8", error.valid_up_to())),
    };
    read.map_err(|(what, at)| {
        let before = &text[..at.min(text.len())];
        let line = before.split(|byte| *byte == b'\n');
        Malformed {
            what,
            column: line.clone().next_back().map_or(0, <[u8]>::len) + 1,
            line: line.count(),
        }
    })
}

/// Or what is wrong, and at which byte.
type Read<T> = Result<T, (&'static str, usize)>;

struct Parser<'a> {
    text: &'a str,
    /// The next byte. Outside of strings only ASCII is let through, so that this
    /// is never within a character.
    at: usize,
}

impl Parser<'_> {
    fn document(&mut self) -> Read<Value> {
        let value = self.value(0)?;
        match self.token() {
            None => Ok(value),
            Some(_) => self.wrong("more than one value"),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// Goes on where the next byte is this one.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn wrong<T>(&self, what: &'static str) -> Read<T> {
        match self.at < self.text.len() {
            true => Err((what, self.at)),
            false => Err(("the text ends too early", self.at)),
        }
    }

    /// The next value, with `depth` lists and objects around it.
    fn value(&mut self, depth: usize) -> Read<Value> {
        match self.token() {
            Some(b'[' | b'{') if depth == DEPTH => self.wrong("nested too deeply"),
            Some(b'[') => self.array(depth + 1),
            Some(b'{') => self.object(depth + 1),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'n') => self.word("null", Value::Null),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            _ => self.wrong("expected a value"),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Read<Value> {
        for &byte in word.as_bytes() {
            if !self.take(byte) {
                return self.wrong("expected `null`, `true` or `false`");
            }
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        let mut items = Vec::new();
        self.at += 1;
        if self.token() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            match self.token() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return self.wrong("expected `,` or `]`"),
            }
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    /// Where a name is there twice, the last of its values counts.
    fn object(&mut self, depth: usize) -> Read<Value> {
        let mut fields = BTreeMap::new();
        self.at += 1;
        if self.token() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(fields));
        }
        loop {
            if self.token() != Some(b'"') {
                return self.wrong("expected a name in quotes");
            }
            let name = self.string()?;
            if self.token() != Some(b':') {
                return self.wrong("expected `:`");
            }
            self.at += 1;
            fields.insert(name, self.value(depth)?);
            match self.token() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return self.wrong("expected `,` or `}`"),
            }
        }
        self.at += 1;
        Ok(Value::Object(fields))
    }

    fn string(&mut self) -> Read<String> {
        let mut string = String::new();
        self.at += 1;
        loop {
            let begin = self.at;
            let rest = &self.text.as_bytes()[begin..];
            let plain = |byte: &&u8| **byte >= b' ' && **byte != b'"' && **byte != b'\\';
            self.at += rest.iter().take_while(plain).count();
            string.push_str(&self.text[begin..self.at]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => string.push(self.escape()?),
                _ => return self.wrong("a control character in a string"),
            }
        }
        self.at += 1;
        Ok(string)
    }

    /// What a backslash and all that belongs to it stand for.
    fn escape(&mut self) -> Read<char> {
        self.at += 1;
        let letter = match self.peek() {
            Some(b'u') => return self.unicode(),
            Some(letter @ (b'"' | b'\\' | b'/')) => letter,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            _ => return self.wrong("no escape that JSON knows"),
        };
        self.at += 1;
        Ok(letter.into())
    }

    /// Characters outside of the first 65,536 are written as two halves.
    fn unicode(&mut self) -> Read<char> {
        let begin = self.at;
        let lone = Err(("half of a surrogate pair", begin));
        let first = self.hex()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).map_or(lone, Ok);
        }
        if first >= 0xdc00 || !self.take(b'\\') || self.peek() != Some(b'u') {
            return lone;
        }
        match self.hex()? {
            second @ 0xdc00..0xe000 => {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                char::from_u32(code).map_or(lone, Ok)
            }
            _ => lone,
        }
    }

    /// `u` and four digits.
    fn hex(&mut self) -> Read<u32> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return self.wrong("expected four hexadecimal digits");
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Read<Value> {
        let begin = self.at;
        let negative = self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        let whole = self.at;
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let text = &self.text[begin..self.at];
        // An integer has no negative zero.
        if whole == self.at && text != "-0" {
            let fits = match negative {
                true => text.parse::<i64>().map(i128::from).ok(),
                false => text.parse::<u64>().map(i128::from).ok(),
            };
            if let Some(number) = fits {
                return Ok(Value::Integer(number));
            }
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => Err(("a number that is too large", begin)),
        }
    }

    /// One digit at least.
    fn digits(&mut self) -> Read<()> {
        let begin = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        match self.at > begin {
            true => Ok(()),
            false => self.wrong("expected a digit"),
        }
    }
}
