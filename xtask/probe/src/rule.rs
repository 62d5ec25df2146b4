//! What a link does to the datagrams that cross it: small rules, one fault each,
//! that can be combined.

use std::ops::Range;
use std::time::Duration;

use crate::random::Rng;
use crate::wait::readable;

/// One fault of a link, and which datagrams it meets: all of them, in both
/// directions, unless it is narrowed down.
///
/// ```
/// use std::time::Duration;
/// use probe::Rule;
///
/// let rules = [
///     Rule::lose().first(2).to_server(),
///     Rule::delay(Duration::from_millis(700)).to_client(),
///     Rule::repeat(2).to_client().with_chance(0.5),
/// ];
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a rule does nothing before a link keeps it"]
pub struct Rule {
    fault: Fault,
    way: Option<Way>,
    numbers: Range<usize>,
    chance: f64,
}

/// The direction of a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Lose,
    Repeat(usize),
    Delay(Duration),
    Reorder,
    Corrupt(usize),
}

impl Rule {
    fn always(fault: Fault) -> Rule {
        Rule {
            fault,
            way: None,
            numbers: 0..usize::MAX,
            chance: 1.0,
        }
    }

    /// The datagram does not arrive.
    pub fn lose() -> Rule {
        Rule::always(Fault::Lose)
    }

    /// The datagram arrives `times` more.
    pub fn repeat(times: usize) -> Rule {
        Rule::always(Fault::Repeat(times))
    }

    /// The datagram arrives so much later.
    pub fn delay(by: Duration) -> Rule {
        Rule::always(Fault::Delay(by))
    }

    /// The datagram changes places with the one behind it. Where none follows,
    /// it stays on the way.
    pub fn reorder() -> Rule {
        Rule::always(Fault::Reorder)
    }

    /// The datagram arrives with another byte in place `at`, if it has so many.
    pub fn corrupt(at: usize) -> Rule {
        Rule::always(Fault::Corrupt(at))
    }

    /// Only datagrams to the server.
    pub fn to_server(mut self) -> Rule {
        self.way = Some(Way::ToServer);
        self
    }

    /// Only datagrams to the client.
    pub fn to_client(mut self) -> Rule {
        self.way = Some(Way::ToClient);
        self
    }

    /// Only the first `count` datagrams in a direction.
    pub fn first(self, count: usize) -> Rule {
        self.only(0..count)
    }

    /// Only the datagrams with these numbers, counted from 0 in each direction,
    /// as they come to this rule.
    pub fn only(mut self, numbers: Range<usize>) -> Rule {
        self.numbers = numbers;
        self
    }

    /// Each datagram with this chance, from 0 (none) to 1 (each).
    pub fn with_chance(mut self, chance: f64) -> Rule {
        self.chance = chance;
        self
    }
}

/// A datagram on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    pub(crate) bytes: Vec<u8>,
    /// It waits so long before it arrives.
    pub(crate) delay: Duration,
}

/// A fault that has happened, as a participle, and the datagram after it.
pub(crate) type Mishap = (String, Vec<u8>);

/// One direction of a link: the rules that hold there, one behind the other.
#[derive(Debug)]
pub(crate) struct Lane(Vec<Gate>);

/// A rule at work in one direction.
#[derive(Debug)]
struct Gate {
    rule: Rule,
    /// Its own: what other rules and the other direction do changes nothing
    /// here, so that the same seed gives the same faults.
    rng: Rng,
    seen: usize,
    held: Option<Parcel>,
}

impl Lane {
    pub(crate) fn new(rules: &[Rule], way: Way, seed: u64) -> Lane {
        let mut seeds = Rng::new(seed ^ (way as u64 + 1));
        let gates = rules.iter().map(|rule| Gate {
            rule: rule.clone(),
            rng: Rng::new(seeds.below(usize::MAX) as u64),
            seen: 0,
            held: None,
        });
        let here = |gate: &Gate| gate.rule.way.is_none_or(|of_rule| of_rule == way);
        Lane(gates.filter(here).collect())
    }

    /// What arrives when `bytes` are sent, and what has happened to them.
    pub(crate) fn carry(&mut self, bytes: &[u8]) -> (Vec<Parcel>, Vec<Mishap>) {
        let mut mishaps = Vec::new();
        let mut parcels = vec![Parcel {
            bytes: bytes.to_vec(),
            delay: Duration::ZERO,
        }];
        for gate in &mut self.0 {
            let passed = parcels.into_iter();
            parcels = passed
                .flat_map(|parcel| gate.pass(parcel, &mut mishaps))
                .collect();
        }
        (parcels, mishaps)
    }
}

impl Gate {
    fn pass(&mut self, mut parcel: Parcel, mishaps: &mut Vec<Mishap>) -> Vec<Parcel> {
        let number = self.seen;
        self.seen += 1;
        // Drawn for each, met or not: so the draws do not depend on the numbers.
        let drawn = self.rng.chance(self.rule.chance);
        let held = self.held.take();
        if !drawn || !self.rule.numbers.contains(&number) {
            return [parcel].into_iter().chain(held).collect();
        }
        let mut tell = |how: String, parcel: &Parcel| mishaps.push((how, parcel.bytes.clone()));
        match self.rule.fault {
            Fault::Lose => {
                tell("lost".into(), &parcel);
                return Vec::new();
            }
            Fault::Repeat(times) => {
                tell("repeated".into(), &parcel);
                return vec![parcel; times + 1];
            }
            Fault::Delay(by) => {
                tell(format!("delayed by {}", readable(by)), &parcel);
                parcel.delay += by;
            }
            Fault::Reorder if held.is_none() => {
                tell("overtaken".into(), &parcel);
                self.held = Some(parcel);
                return Vec::new();
            }
            Fault::Reorder => {}
            Fault::Corrupt(at) => {
                if let Some(byte) = parcel.bytes.get_mut(at) {
                    // Another byte, and one that is no ASCII.
                    *byte ^= 0x80;
                    tell("corrupted".into(), &parcel);
                }
            }
        }
        [parcel].into_iter().chain(held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What arrives of `sent`, in its order.
    fn through(rules: &[Rule], sent: &[&str]) -> Vec<String> {
        let mut lane = Lane::new(rules, Way::ToServer, 7);
        let carried = sent.iter().flat_map(|text| lane.carry(text.as_bytes()).0);
        carried
            .map(|parcel| String::from_utf8_lossy(&parcel.bytes).into_owned())
            .collect()
    }

    #[test]
    fn each_fault_does_what_it_says() {
        let sent = ["a", "b", "c"];
        assert_eq!(through(&[], &sent), sent);
        assert_eq!(through(&[Rule::lose().first(2)], &sent), ["c"]);
        let twice = [Rule::repeat(1).only(1..2)];
        assert_eq!(through(&twice, &sent), ["a", "b", "b", "c"]);
        assert_eq!(through(&[Rule::reorder().first(1)], &sent), ["b", "a", "c"]);
        assert_eq!(through(&[Rule::reorder()], &sent), ["b", "a"]);
        assert_eq!(
            through(&[Rule::corrupt(0).first(1)], &sent[..1]),
            ["\u{fffd}"]
        );
        assert_eq!(through(&[Rule::corrupt(1)], &sent), sent);
        assert_eq!(through(&[Rule::lose().to_client()], &sent), sent);
    }

    #[test]
    fn rules_act_one_behind_the_other() {
        let rules = [Rule::lose().first(1), Rule::repeat(1).first(1)];
        assert_eq!(through(&rules, &["a", "b", "c"]), ["b", "b", "c"]);
        let delays = [
            Rule::delay(Duration::from_millis(300)),
            Rule::delay(Duration::from_secs(1)),
        ];
        let mut lane = Lane::new(&delays, Way::ToClient, 7);
        let (parcels, mishaps) = lane.carry(b"a");
        assert_eq!(parcels[0].delay, Duration::from_millis(1300));
        assert_eq!(mishaps[0].0, "delayed by 0.30 s");
    }

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        let rules = [
            Rule::lose().with_chance(0.3),
            Rule::repeat(1).with_chance(0.3).to_server(),
            Rule::corrupt(0).with_chance(0.3),
        ];
        let carried = |seed: u64, way: Way| {
            let mut lane = Lane::new(&rules, way, seed);
            (0..200_u8)
                .map(|number| lane.carry(&[number]))
                .collect::<Vec<_>>()
        };
        assert_eq!(carried(1, Way::ToServer), carried(1, Way::ToServer));
        assert_ne!(carried(1, Way::ToServer), carried(2, Way::ToServer));
        assert_ne!(carried(1, Way::ToServer), carried(1, Way::ToClient));
        let lost = carried(1, Way::ToClient)
            .iter()
            .filter(|(parcels, _)| parcels.is_empty())
            .count();
        assert!(
            (30..90).contains(&lost),
            "{lost} of 200, with a chance of 0.3"
        );
    }
}
