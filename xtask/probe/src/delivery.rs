//! How bytes are put on the wire: whole or in pieces, at once or with gaps.
//!
//! A stream has no messages: whatever its sender writes may arrive glued
//! together or cut anywhere. A delivery is a rule for that, as a value, and the
//! same seed cuts in the same places.

use std::time::Duration;

use crate::peer::Peer;
use crate::random::Rng;
use crate::wait::rest;

/// A rule by which [`Peer::deliver`] sends.
#[derive(Debug, Clone, Copy)]
#[must_use = "a delivery does nothing until it is handed to `Peer::deliver`"]
pub struct Delivery {
    cut: Cut,
    gap: Duration,
}

#[derive(Debug, Clone, Copy)]
enum Cut {
    Nowhere,
    Every(usize),
    /// Anywhere, into pieces of at most so many bytes.
    Anywhere(usize),
}

impl Delivery {
    /// In one write, however many messages that are.
    pub fn whole() -> Delivery {
        Delivery::cut(Cut::Nowhere)
    }

    /// Each byte in a write of its own.
    pub fn bytewise() -> Delivery {
        Delivery::in_pieces_of(1)
    }

    /// In pieces of `size` bytes; the last may be smaller.
    pub fn in_pieces_of(size: usize) -> Delivery {
        Delivery::cut(Cut::Every(size.max(1)))
    }

    /// In pieces of random sizes, at most `longest` bytes each: the check's
    /// seed says where they are cut.
    pub fn in_random_pieces(longest: usize) -> Delivery {
        Delivery::cut(Cut::Anywhere(longest.max(1)))
    }

    /// With a pause after each piece.
    pub fn with_gaps(self, gap: Duration) -> Delivery {
        Delivery { gap, ..self }
    }

    fn cut(cut: Cut) -> Delivery {
        let gap = Duration::ZERO;
        Delivery { cut, gap }
    }

    fn pieces<'a>(&self, bytes: &'a [u8], seed: u64) -> Vec<&'a [u8]> {
        match self.cut {
            Cut::Nowhere => vec![bytes],
            Cut::Every(size) => bytes.chunks(size).collect(),
            Cut::Anywhere(longest) => Rng::new(seed).pieces(bytes, longest),
        }
    }
}

impl Peer {
    /// Sends `bytes` as `delivery` says, to a program that may have gone: what
    /// cannot be sent is noted, and the next expectation tells why.
    pub fn deliver(&self, bytes: &[u8], delivery: Delivery) {
        for piece in delivery.pieces(bytes, self.scene().seed) {
            self.send_regardless(piece);
            if !delivery.gap.is_zero() {
                rest(delivery.gap);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Delivery;

    #[test]
    fn every_byte_is_in_one_piece() {
        let bytes: Vec<u8> = (0..=255).collect();
        for delivery in [
            Delivery::whole(),
            Delivery::bytewise(),
            Delivery::in_pieces_of(100),
            Delivery::in_random_pieces(9),
        ] {
            assert_eq!(delivery.pieces(&bytes, 7).concat(), bytes, "{delivery:?}");
        }
    }

    #[test]
    fn the_same_seed_cuts_in_the_same_places() {
        let bytes = [0; 1000];
        let lengths = |seed| -> Vec<usize> {
            let pieces = Delivery::in_random_pieces(9).pieces(&bytes, seed);
            pieces.iter().map(|piece| piece.len()).collect()
        };
        assert_eq!(lengths(7), lengths(7));
        assert_ne!(lengths(7), lengths(8));
        assert!(lengths(7).iter().all(|length| (1..=9).contains(length)));
    }
}
