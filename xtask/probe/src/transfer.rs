//! Bytes that are due, compared as they come.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::{fail, fail_with};
use crate::forwarding;
use crate::peer::{Came, END, Peer, RESET};
use crate::wait::{PATIENCE, readable, rest, until};
use wire::{Difference, amount, excerpt, grouped};

/// No transfer of a check needs a tenth of this on a quiet machine: a program
/// that drips its answer makes progress, too, but must not hold up its verdict.
const LONGEST_TRANSFER: Duration = Duration::from_secs(30);

/// Less than this is taken at once by any connection: what is missing of it was
/// not lost for want of room.
const MORE_THAN_A_BUFFER: usize = 64 * 1024;

/// How a slow reader reads.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// At most so many bytes at once.
    sip: usize,
    /// With such a pause after each.
    gap: Duration,
}

const AT_ONCE: Pace = Pace {
    sip: 256 * 1024,
    gap: Duration::ZERO,
};

impl Peer {
    /// Exactly `bytes` must come next, in however many pieces; what comes
    /// behind them is left for the next expectation.
    ///
    /// # Panics
    /// When other bytes, fewer, an end or a reset comes.
    #[track_caller]
    pub fn expect(&self, bytes: &[u8]) {
        self.expect_at(bytes, AT_ONCE);
    }

    /// Sends `bytes`, waits for `answer`, and says how long the answer took.
    ///
    /// # Panics
    /// As [`Peer::send`] and [`Peer::expect`].
    #[track_caller]
    pub fn ask(&self, bytes: &[u8], answer: &[u8]) -> Duration {
        let asked = Instant::now();
        self.send(bytes);
        self.expect(answer);
        asked.elapsed()
    }

    /// Sends `pieces`, each in a write of its own, and reads `answer` at the
    /// same time.
    ///
    /// # Panics
    /// As [`Peer::send`] and [`Peer::expect`].
    #[track_caller]
    pub fn exchange(&self, pieces: &[&[u8]], answer: &[u8]) {
        self.exchange_at(pieces, answer, AT_ONCE);
    }

    /// As [`Peer::exchange`], but reads in sips of 64 KiB with a short pause
    /// after each, so that the program cannot send all it has.
    ///
    /// # Panics
    /// As [`Peer::send`] and [`Peer::expect`].
    #[track_caller]
    pub fn exchange_slowly(&self, pieces: &[&[u8]], answer: &[u8]) {
        self.exchange_at(
            pieces,
            answer,
            Pace {
                sip: 64 * 1024,
                gap: Duration::from_millis(2),
            },
        );
    }

    #[track_caller]
    fn exchange_at(&self, pieces: &[&[u8]], answer: &[u8], pace: Pace) {
        let sent = std::thread::scope(|scope| {
            let sender = scope.spawn(|| {
                for piece in pieces {
                    self.scene()
                        .timeline()
                        .data(self.name(), self.other(), piece);
                    self.stream().write_all(piece)?;
                }
                Ok(())
            });
            self.expect_at(answer, pace);
            sender.join()
        });
        // Everything came back, so all that mattered was taken.
        if let Ok(Err(error)) = sent {
            self.cannot_send(&error, pieces.iter().map(|piece| piece.len()).sum());
        }
    }

    /// All that comes until the end of the stream, at most 64 MiB.
    ///
    /// # Panics
    /// When a reset, or nothing for [`PATIENCE`], comes before the end.
    #[track_caller]
    pub fn receive_to_end(&self) -> Vec<u8> {
        const MOST: usize = 64 * 1024 * 1024;
        let expected = format!(
            "your program ends its side of the stream to {}",
            self.whom()
        );
        let mut received = Vec::new();
        let mut buffer = vec![0; AT_ONCE.sip];
        loop {
            match self.read(&mut buffer, PATIENCE) {
                Came::Bytes(count) if received.len() + count > MOST => {
                    fail(
                        self.scene(),
                        Cause::Extra,
                        &expected,
                        "more than 64 MiB, and no end",
                    );
                }
                Came::Bytes(count) => received.extend_from_slice(&buffer[..count]),
                Came::End => return received,
                Came::Reset => {
                    let got = format!("{RESET} after {}", amount(received.len()));
                    fail(self.scene(), Cause::Reset, &expected, &got)
                }
                Came::Nothing => {
                    let got = format!(
                        "{}, then nothing for {}",
                        amount(received.len()),
                        readable(PATIENCE)
                    );
                    fail(self.scene(), Cause::StillOpen, &expected, &got)
                }
            }
        }
    }

    #[track_caller]
    fn expect_at(&self, due: &[u8], pace: Pace) {
        let mut buffer = vec![0; pace.sip.min(due.len())];
        let mut done = 0;
        let begun = Instant::now();
        while done < due.len() {
            if begun.elapsed() > LONGEST_TRANSFER {
                let expected = format!("all {} to {}", amount(due.len()), self.whom());
                let got = format!("only {} in {}", amount(done), readable(begun.elapsed()));
                fail_with(self.scene(), Cause::Late, self.why_slow(), &expected, &got);
            }
            let room = buffer.len().min(due.len() - done);
            match self.read(&mut buffer[..room], PATIENCE) {
                Came::Bytes(count) => {
                    self.compare(&buffer[..count], due, done);
                    done += count;
                }
                other => self.came_short(other, due, done),
            }
            if !pace.gap.is_zero() {
                rest(pace.gap);
            }
        }
    }

    /// What is seen of the program while bytes go to and fro.
    fn why_slow(&self) -> Clue<'static> {
        let judged = self.scene().judged();
        let blocks = judged.is_some_and(|judged| {
            until(Duration::from_millis(200), || {
                judged.blocks_its_event_loop() == Some(true)
            })
        });
        match blocks {
            true => Clue::Telltale("blocks-the-runtime"),
            false => Clue::None,
        }
    }

    /// `piece` came where `due[done..]` was due.
    #[track_caller]
    fn compare(&self, piece: &[u8], due: &[u8], done: usize) {
        if due[done..].starts_with(piece) {
            return;
        }
        let Some(at) = piece
            .iter()
            .zip(&due[done..])
            .position(|(got, due)| got != due)
        else {
            return;
        };
        let got = match done + at {
            0 => format!("other bytes: {}", excerpt(piece)),
            first => format!("other bytes from byte {} on", grouped(first)),
        };
        self.scene()
            .set_difference(Difference::between(due, done, piece));
        // What else is on its way tells whether bytes were added or changed.
        let mut more = [0; 64];
        let more = match self.read(&mut more, Duration::from_millis(100)) {
            Came::Bytes(count) => &more[..count],
            _ => &[],
        };
        let got_so_far = [piece, more].concat();
        self.scene().end_the_story();
        let clue = match self.what_comes_besides() {
            Some(pitfall) => Clue::Telltale(pitfall),
            // Whatever its letters are: it goes through text to find them.
            None if !due.is_ascii() && self.is_asked_for_text() => {
                Clue::Telltale("insists-on-text")
            }
            None => Clue::Stream {
                due: &due[done..],
                got: &got_so_far,
            },
        };
        fail_with(self.scene(), Cause::Mangled, clue, &self.due(due), &got);
    }

    fn due(&self, due: &[u8]) -> String {
        let bytes = amount(due.len());
        format!("{} ({bytes}) to {}", excerpt(due), self.whom())
    }

    /// Where the program is a client, and was given something on stdin of which
    /// nothing arrives here: by which pitfall. `None` where something does.
    #[must_use]
    pub fn why_nothing_comes(&self) -> Option<&'static str> {
        let mut buffer = [0; 64];
        match self.read(&mut buffer, Duration::from_millis(500)) {
            Came::Nothing => match forwarding::why_unsent(self.scene(), self.stream(), 1) {
                (Clue::Tried(pitfall), _) => pitfall,
                _ => None,
            },
            _ => None,
        }
    }

    #[track_caller]
    fn came_short(&self, came: Came, due: &[u8], done: usize) -> ! {
        let expected = self.due(due);
        let so_far = if done == 0 {
            String::new()
        } else {
            format!("{}, then ", amount(done))
        };
        let (cause, got) = match came {
            Came::End => (Cause::ClosedEarly, format!("{so_far}{END}")),
            Came::Reset => (Cause::Reset, format!("{so_far}{RESET}")),
            _ if done == 0 => (Cause::Silent, format!("nothing for {}", readable(PATIENCE))),
            _ => (
                Cause::Partial,
                format!("{so_far}nothing for {}", readable(PATIENCE)),
            ),
        };
        let (clue, more) = match cause {
            Cause::Silent | Cause::Partial if self.name() == "server" => {
                forwarding::why_unsent(self.scene(), self.stream(), due.len() - done)
            }
            Cause::Silent => self.why_silent(),
            Cause::Partial if due.trim_ascii_end().len() == done => {
                (Clue::Telltale("trims-what-it-receives"), "")
            }
            Cause::Partial if done > MORE_THAN_A_BUFFER && self.has_lost(&due[done..]) => (
                Clue::Telltale("writes-without-write-all"),
                "; what was sent then was answered, and the missing bytes did not come",
            ),
            Cause::ClosedEarly | Cause::Reset if done == 0 && self.is_closed_unasked() => (
                Clue::ClosesUnasked,
                "; the connection of a client that says nothing is closed at once, too",
            ),
            _ => (Clue::None, ""),
        };
        fail_with(
            self.scene(),
            cause,
            clue,
            &expected,
            &format!("{got}{more}"),
        )
    }
}
