//! What is tried out after an answer was not the right one, or did not come.
//!
//! Many mistakes look alike in one datagram. The check has failed by now, so
//! nothing is spoiled by a few more, and they tell the mistakes apart.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use wire::amount;

use crate::clue::Clue;
use crate::crowd::Crowd;
use crate::random::Rng;

/// The most that a datagram over IPv4 can carry.
const LARGEST: usize = 65_507;
/// A program that lives answers in a millisecond; a busy machine gets this.
const MOMENT: Duration = Duration::from_millis(500);

/// A client whose expectation has failed: it asks on.
pub(crate) struct Inquiry<'a> {
    pub(crate) socket: &'a Arc<UdpSocket>,
    pub(crate) server: SocketAddr,
    pub(crate) crowd: &'a Crowd,
    /// What it sent last.
    pub(crate) request: &'a [u8],
    /// The answer before this one.
    pub(crate) heard: &'a [u8],
}

impl Inquiry<'_> {
    /// Why nothing came where `due` was.
    pub(crate) fn about_silence(&self, due: &[u8]) -> (Clue<'static>, String) {
        let others = self.crowd.others(self.socket);
        let misled = |socket: &Arc<UdpSocket>| {
            std::iter::from_fn(|| next(socket, Duration::from_millis(1))).any(|came| came == due)
        };
        if others.iter().any(misled) {
            let more = "; another client got this answer".into();
            return (Clue::AnsweredAnother, more);
        }
        let newcomer = UdpSocket::bind((self.server.ip(), 0)).map(Arc::new);
        if newcomer.is_ok_and(|newcomer| self.is_heard(&newcomer)) {
            let more = "; a client that came after this one was answered".into();
            return (Clue::None, more);
        }
        if others.iter().any(|other| self.is_heard(other)) {
            let more = "; one client is answered, and nobody else".into();
            return (Clue::HearsOneClient, more);
        }
        (Clue::None, "; nor does it answer anybody else now".into())
    }

    /// Whether a question from `socket` is answered.
    fn is_heard(&self, socket: &Arc<UdpSocket>) -> bool {
        while next(socket, Duration::from_millis(1)).is_some() {}
        let asked = socket.send_to(&question(40), self.server);
        asked.is_ok() && next(socket, MOMENT).is_some()
    }

    /// What `got` is, where `due` was to come; `telltale` is what the check
    /// takes it for.
    pub(crate) fn about_answer<'d>(
        &self,
        due: &'d [u8],
        got: &'d [u8],
        telltale: Option<&'static str>,
    ) -> (Clue<'d>, String) {
        let is_a_part = due.starts_with(got) && got.len() < due.len();
        if is_a_part && self.rest_follows(due, got) {
            let more = "; the rest came in further datagrams".into();
            return (Clue::InPieces, more);
        }
        if let Some(pitfall) = telltale {
            return (Clue::Telltale(pitfall), String::new());
        }
        if self.begins_with_the_request_and_goes_on_with_an_earlier_one(got) {
            let at = self.request.len();
            let more = format!("; from byte {at} on, these are the bytes of an earlier datagram");
            return (Clue::Leftovers, more);
        }
        if is_a_part && self.cuts_at(got.len()) {
            let more = format!("; it cuts every datagram off at {}", amount(got.len()));
            return (Clue::Cut, more);
        }
        if got == self.heard && next(self.socket, MOMENT).as_deref() == Some(due) {
            let more = "; that is the answer before this one, once more".into();
            return (Clue::Repeated, more);
        }
        (Clue::Datagram { due, got }, String::new())
    }

    fn begins_with_the_request_and_goes_on_with_an_earlier_one(&self, got: &[u8]) -> bool {
        let tail = got.strip_prefix(self.request).unwrap_or_default();
        let is_blank = tail.iter().all(|&byte| byte == 0);
        !is_blank && self.crowd.has_carried(tail, self.request.len())
    }

    fn rest_follows(&self, due: &[u8], got: &[u8]) -> bool {
        let mut joined = got.to_vec();
        while joined.len() < due.len() && due.starts_with(&joined) {
            match next(self.socket, Duration::from_millis(200)) {
                Some(more) if !more.is_empty() => joined.extend(more),
                _ => return false,
            }
        }
        joined == due
    }

    /// Whether the answer to a longer question of another kind ends there, too.
    fn cuts_at(&self, size: usize) -> bool {
        let longer = question((2 * size + 100).min(LARGEST));
        if size == 0 || longer.len() <= size {
            return false;
        }
        let asked = self.socket.send_to(&longer, self.server);
        asked.is_ok() && next(self.socket, MOMENT).is_some_and(|answer| answer == longer[..size])
    }
}

/// A key of this length that nobody has written.
fn question(length: usize) -> Vec<u8> {
    Rng::new(0).text(length).into_bytes()
}

/// The next datagram to `socket`, if one comes within `limit`.
fn next(socket: &UdpSocket, limit: Duration) -> Option<Vec<u8>> {
    let mut buffer = vec![0; 65_536];
    socket.set_read_timeout(Some(limit)).ok()?;
    let (count, _) = socket.recv_from(&mut buffer).ok()?;
    buffer.truncate(count);
    Some(buffer)
}
