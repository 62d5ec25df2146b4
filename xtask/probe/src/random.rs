//! Payloads and partitions that are random, and the same again for the same seed.

/// A source of random payloads; equal seeds give equal payloads.
#[derive(Debug, Clone)]
pub struct Rng(fastrand::Rng);

impl Rng {
    pub(crate) fn new(seed: u64) -> Rng {
        Rng(fastrand::Rng::with_seed(seed))
    }

    /// `length` bytes of any value.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        // Without optimisation, `fill` takes twice as long for the megabytes of a
        // check as sixteen at a time do.
        let mut bytes = Vec::with_capacity(length + size_of::<u128>());
        while bytes.len() < length {
            bytes.extend_from_slice(&self.0.u128(..).to_ne_bytes());
        }
        bytes.truncate(length);
        bytes
    }

    /// `length` ASCII letters, digits and spaces.
    pub fn text(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ";
        // Drawn all at once: megabytes of letters, each drawn by itself, would cost
        // more than all that a check does with them.
        let mut letters = self.bytes(length);
        for letter in &mut letters {
            *letter = ALPHABET[usize::from(*letter) % ALPHABET.len()];
        }
        String::from_utf8_lossy(&letters).into_owned()
    }

    /// A number from 0 up to, but not including, `limit`, which must not be 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0.usize(..limit)
    }

    /// True with this chance, from 0 to 1.
    pub(crate) fn chance(&mut self, chance: f64) -> bool {
        self.0.f64() < chance
    }

    /// Cuts `bytes` into pieces of 1 to `longest` bytes.
    pub fn pieces<'a>(&mut self, bytes: &'a [u8], longest: usize) -> Vec<&'a [u8]> {
        let mut rest = bytes;
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at((self.below(longest) + 1).min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces
    }
}

/// The seed of this run: the one asked for, else a fresh one, short enough to
/// be typed again.
pub(crate) fn seed() -> u64 {
    let asked = std::env::var("ON_THE_WIRE_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    asked.unwrap_or_else(|| fastrand::u64(1..10_000))
}
