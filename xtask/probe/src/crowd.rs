//! All UDP sockets that the harness has in one check, and what they have said
//! and heard: to these, an answer that is not the right one is compared.

use std::collections::VecDeque;
use std::net::UdpSocket;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Crowd(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    sockets: Vec<Weak<UdpSocket>>,
    /// The latest datagrams in either direction.
    carried: VecDeque<Vec<u8>>,
}

impl Crowd {
    /// Older ones are forgotten: a program mixes up what is near.
    const REMEMBERED: usize = 32;

    pub(crate) fn join(&self, socket: &Arc<UdpSocket>) {
        let mut known = self.known();
        known.sockets.retain(|socket| socket.strong_count() > 0);
        known.sockets.push(Arc::downgrade(socket));
    }

    pub(crate) fn remember(&self, bytes: &[u8]) {
        let mut known = self.known();
        known.carried.push_back(bytes.to_vec());
        if known.carried.len() > Self::REMEMBERED {
            known.carried.pop_front();
        }
    }

    /// The sockets that are still open, without `this` one.
    pub(crate) fn others(&self, this: &Arc<UdpSocket>) -> Vec<Arc<UdpSocket>> {
        let known = self.known();
        let open = known.sockets.iter().filter_map(Weak::upgrade);
        open.filter(|socket| !Arc::ptr_eq(socket, this)).collect()
    }

    /// Whether `tail` has stood at byte `at` of an earlier datagram: what is
    /// left of it in a buffer that is used again looks like that.
    pub(crate) fn has_carried(&self, tail: &[u8], at: usize) -> bool {
        let known = self.known();
        let mut tails = known.carried.iter().filter_map(|bytes| bytes.get(at..));
        tails.any(|earlier| earlier.starts_with(tail))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Crowd;

    #[test]
    fn what_is_left_of_an_earlier_datagram_is_known_by_its_place() {
        let crowd = Crowd::default();
        crowd.remember(b"tea=green");
        assert!(crowd.has_carried(b"een", 6));
        assert!(!crowd.has_carried(b"een", 5));
        assert!(!crowd.has_carried(b"een", 60));
        for _ in 0..Crowd::REMEMBERED {
            crowd.remember(b"x");
        }
        assert!(!crowd.has_carried(b"een", 6));
    }
}
