//! serde_json as the witness: of the same values it writes the same texts, takes
//! the same texts for JSON, and reads the same values in them.

use serde_json::Value as Theirs;

use crate::Value;

/// A value as serde_json has it.
fn theirs(value: &Value) -> Theirs {
    match value {
        Value::Null => Theirs::Null,
        Value::Bool(it) => Theirs::Bool(*it),
        Value::Integer(number) => match u64::try_from(*number) {
            Ok(number) => number.into(),
            Err(_) => i64::try_from(*number).expect("within 64 bits").into(),
        },
        Value::Float(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(theirs).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(name, field)| (name.clone(), theirs(field)))
                .collect()
        }
    }
}

/// Says the same of `text` as serde_json; whether it is JSON.
#[track_caller]
fn judge(text: &[u8]) -> bool {
    let shown = String::from_utf8_lossy(text);
    match (Value::parse(text), serde_json::from_slice::<Theirs>(text)) {
        (Ok(ours), Ok(known)) => assert_eq!(theirs(&ours), known, "{shown}"),
        (Err(_), Err(_)) => return false,
        (ours, known) => panic!("{shown:?}\nours: {ours:?}\ntheirs: {known:?}"),
    }
    true
}

/// Whether two texts of the same length are equally near to the float, as `0.12` and
/// `0.13` are to a large one that ends with `.125`. Rust takes the upper one, and
/// serde_json the even one. No time that the harness measures has that many digits.
fn is_a_tie(float: f64) -> bool {
    let exact = format!("{float:.60}");
    let lower = exact.trim_end_matches('0').strip_suffix('5');
    lower.is_some_and(|lower| lower.parse() == Ok(float))
}

/// Makes values, and texts that are nearly JSON.
struct Chance(fastrand::Rng);

impl Chance {
    fn value(&mut self, depth: usize) -> Value {
        match self.0.u8(..if depth > 4 { 8 } else { 12 }) {
            0 => Value::Null,
            1 => Value::Bool(self.0.bool()),
            2 => Value::Integer(self.0.u64(..).into()),
            3 => Value::Integer(self.0.i64(..).into()),
            4 => Value::Integer(self.0.i8(..).into()),
            5 => Value::Float(self.float()),
            6 | 7 => Value::String(self.string()),
            8 | 9 => {
                let count = self.0.usize(..5);
                Value::Array((0..count).map(|_| self.value(depth + 1)).collect())
            }
            _ => {
                let count = self.0.usize(..5);
                let field = |_| (self.string(), self.value(depth + 1));
                Value::Object((0..count).map(field).collect())
            }
        }
    }

    /// Of any size, or one as the harness measures it.
    fn float(&mut self) -> f64 {
        let float = match self.0.u8(..3) {
            0 => f64::from_bits(self.0.u64(..)),
            1 => f64::from(self.0.u32(..)) / 10_f64.powi(self.0.i32(-9..12)),
            _ => f64::from(self.0.u16(..)) / 10_000.0,
        };
        match float.is_finite() && !is_a_tie(float) {
            true => float,
            false => 0.0,
        }
    }

    fn string(&mut self) -> String {
        let count = self.0.usize(..8);
        let letter = |_| match self.0.u8(..4) {
            0 => self.0.char('\0'..='\u{20}'),
            1 => self.0.char(..),
            2 => *self.0.choice(b"\"\\/bu\x7f").unwrap_or(&b'/') as char,
            _ => self.0.alphanumeric(),
        };
        (0..count).map(letter).collect()
    }

    /// Changes, adds or takes away a byte, or takes all that follows.
    fn spoil(&mut self, text: &mut Vec<u8>) {
        const BYTES: &[u8] = b"\"\\/{}[]:,.-+eE0123456789abdfnrtux \t\n\0\x1f\x7f\x80\xc3\xe2\xff";
        let byte = *self.0.choice(BYTES).unwrap_or(&b' ');
        let at = self.0.usize(..=text.len());
        match self.0.u8(..8) {
            0..3 => text.insert(at, byte),
            _ if at == text.len() => {}
            3..5 => text[at] = byte,
            5..7 => drop(text.remove(at)),
            _ => text.truncate(at),
        }
    }
}

#[test]
fn the_same_values_are_the_same_texts() {
    let mut chance = Chance(fastrand::Rng::with_seed(8259));
    for _ in 0..10_000 {
        let value = chance.value(0);
        let known = theirs(&value);
        for (ours, known) in [
            (format!("{value}"), format!("{known}")),
            (format!("{value:#}"), format!("{known:#}")),
        ] {
            assert_eq!(ours, known);
            assert_eq!(Value::parse(&ours), Ok(value.clone()), "{ours}");
            assert!(judge(ours.as_bytes()));
        }
    }
}

#[test]
fn floats_are_written_as_they_are_read() {
    let mut chance = Chance(fastrand::Rng::with_seed(754));
    let powers = (-30..30).flat_map(|power| {
        let power = 10_f64.powi(power);
        [
            power,
            -power,
            power.next_down(),
            power.next_up(),
            1.5 * power,
        ]
    });
    let ends = [0.0, -0.0, f64::MAX, f64::MIN_POSITIVE, f64::from_bits(1)];
    let ties = [245_867_897_910_590.0 + 0.125, 8.0 + 1.0 / 65_536.0];
    assert!(ties.into_iter().all(is_a_tie) && !ends.into_iter().any(is_a_tie));
    let others: Vec<f64> = (0..50_000).map(|_| chance.float()).collect();
    for float in powers.chain(ends).chain(ties).chain(others) {
        let text = Value::Float(float).to_string();
        if !is_a_tie(float) {
            let known = Theirs::from(float).to_string();
            assert_eq!(text, known);
        }
        let read = Value::parse(&text).expect(&text);
        let bits = read.as_f64().map(f64::to_bits);
        assert_eq!(bits, Some(float.to_bits()), "{text}");
    }
}

#[test]
fn spoiled_texts_are_judged_the_same() {
    let mut chance = Chance(fastrand::Rng::with_seed(7159));
    let mut judged = [0, 0];
    for _ in 0..20_000 {
        let value = chance.value(0);
        let mut text = match chance.0.bool() {
            true => format!("{value}").into_bytes(),
            false => format!("{value:#}").into_bytes(),
        };
        for _ in 0..3 {
            chance.spoil(&mut text);
            judged[usize::from(judge(&text))] += 1;
        }
    }
    assert!(judged.iter().all(|count| *count > 10_000), "{judged:?}");
}

/// Every byte of a document, in all the ways in which one bit of it can be wrong.
#[test]
fn a_document_with_a_wrong_bit_is_judged_the_same() {
    let document = r#"{"at": -0.25e-1, "list": [true, false, null, [], {}, 18446744073709551615],
        "text": "\ud83d\ude00 \u00e9 é \\\"\/\b\f\n\r\t", "": 1E5, "twice": 0, "twice": -0}"#;
    assert!(judge(document.as_bytes()));
    for at in 0..document.len() {
        for bit in 0..8 {
            let mut text = document.as_bytes().to_vec();
            text[at] ^= 1 << bit;
            judge(&text);
        }
        judge(&document.as_bytes()[..at]);
        judge(&document.as_bytes()[at..]);
    }
}

/// All short texts of the bytes that numbers and brackets are made of.
#[test]
fn short_texts_are_judged_the_same() {
    const BYTES: &[u8] = b"01-+.eE[],\" ";
    let mut texts: Vec<Vec<u8>> = vec![Vec::new()];
    for _ in 0..4 {
        let each = texts.iter().flat_map(|text| {
            let longer = |byte: &u8| [text.as_slice(), &[*byte]].concat();
            BYTES.iter().map(longer)
        });
        texts = each.collect();
        for text in &texts {
            judge(text);
        }
    }
}

#[test]
fn depth_and_escapes_are_judged_the_same() {
    for depth in 120..135 {
        judge(format!("{}{}", "[".repeat(depth), "]".repeat(depth)).as_bytes());
        judge(
            format!(
                "{}1{}",
                "[{\"a\":".repeat(depth / 2),
                "}]".repeat(depth / 2)
            )
            .as_bytes(),
        );
    }
    for code in 0xd700..0xe100 {
        for other in ["", "\\ud83d", "\\ude00", "x", "\\n", "\\"] {
            judge(format!("\"\\u{code:04x}{other}\"").as_bytes());
            judge(format!("\"{other}\\u{code:04X}\"").as_bytes());
        }
    }
}
