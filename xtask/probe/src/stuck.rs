//! Sends more than the program takes, until it takes nothing any more.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use supervise::Usage;

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::fail;
use crate::peer::{Peer, is_timeout};
use crate::wait::PATIENCE;
use crate::work::REST;

/// How long nothing must have been taken.
const STUCK: Duration = Duration::from_millis(300);
/// The same where the program is seen to rest meanwhile.
const STUCK_AT_REST: Duration = Duration::from_millis(75);
/// How often is looked. A write that finds room for a part waits as long for
/// the rest of it.
const LOOK: Duration = Duration::from_millis(20);

impl Peer {
    /// Sends `part` over and over, `length` bytes at most, without reading until
    /// nothing more is taken; gives the number of bytes that were taken.
    ///
    /// A part will do, for to have all of it in memory would cost more than to
    /// send what is taken.
    ///
    /// # Panics
    /// When the connection breaks, or `part` is empty.
    #[track_caller]
    pub fn send_until_stuck(&self, part: &[u8], length: usize) -> usize {
        let mut taken = 0;
        let mut standstill = None;
        let mut last = Instant::now();
        let limited = self.stream().set_write_timeout(Some(LOOK));
        while limited.is_ok() && taken < length {
            let begun = Instant::now();
            let rest = &part[taken % part.len()..];
            let most = rest.len().min(64 * 1024).min(length - taken);
            match self.stream().write(&rest[..most]) {
                Ok(count) => {
                    taken += count;
                    // Not when it ended: it may have waited, and then broken.
                    last = begun;
                    standstill = None;
                }
                Err(error) if is_timeout(&error) => {
                    let since = standstill.get_or_insert_with(|| Standstill::of(self));
                    if since.is_over(self) {
                        break;
                    }
                }
                Err(error) => self.broke_while_it_waited(&error, length, last.elapsed()),
            }
        }
        self.scene()
            .timeline()
            .data_over_and_over(self.name(), self.other(), part, taken);
        if let Err(error) = limited.and_then(|()| self.stream().set_write_timeout(Some(PATIENCE))) {
            fail(
                self.scene(),
                Cause::Harness,
                "a write timeout that can be set",
                &error.to_string(),
            );
        }
        taken
    }

    /// A program that cannot go on because there is no room for its answers
    /// breaks the connection at once; one that has a limit waits for that first.
    #[track_caller]
    fn broke_while_it_waited(&self, error: &io::Error, due: usize, waited: Duration) -> ! {
        const AT_ONCE: Duration = Duration::from_millis(100);
        let clue = Clue::Telltale(match waited < AT_ONCE {
            true => "writes-without-write-all",
            false => "gives-up-on-slow-readers",
        });
        self.cannot_send_with(clue, error, due)
    }

    fn usage_at_the_other_end(&self) -> Option<Usage> {
        self.scene().judged()?.usage()
    }
}

/// Nothing was taken from then on.
struct Standstill {
    begun: Instant,
    usage: Option<Usage>,
}

impl Standstill {
    fn of(peer: &Peer) -> Standstill {
        Standstill {
            begun: Instant::now(),
            usage: peer.usage_at_the_other_end(),
        }
    }

    /// Whether nothing more will be taken: what is slow only, for want of a core
    /// perhaps, is given more time.
    fn is_over(&mut self, peer: &Peer) -> bool {
        let waited = self.begun.elapsed();
        if waited < STUCK_AT_REST {
            return false;
        }
        let limit = match (self.usage, peer.usage_at_the_other_end()) {
            (Some(before), Some(now)) if now.wanted.saturating_sub(before.wanted) < REST => {
                // It rests, or has got no core since then.
                if now.ready == 0 {
                    STUCK_AT_REST
                } else {
                    PATIENCE
                }
            }
            _ => STUCK,
        };
        waited >= limit
    }
}
