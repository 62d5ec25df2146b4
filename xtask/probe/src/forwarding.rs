//! What is tried out after a client has not carried bytes, from its stdin to
//! the server or from the server to its stdout. Many mistakes look alike in
//! silence, and each ends with something else. The check has failed by now, so
//! nothing is spoiled.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::clue::Clue;
use crate::failure::lives_and_rests;
use crate::judged::Judged;
use crate::scene::Scene;
use crate::wait::{rest, until};

/// A program that lives reacts in a millisecond; a busy machine gets this.
const MOMENT: Duration = Duration::from_millis(500);
/// The size of a piece that no program has for a buffer: what leaves a buffer
/// shows by its size whether the buffer stands before or behind the reads.
const PIECE: usize = 997;
/// As many pieces are more than any buffer that a program fills.
const PIECES: usize = 70;
/// What C gives a stdout that is no terminal: it is emptied by the block.
const BLOCK: usize = 4096;

/// A clue, and what was found out, in words.
pub(crate) type Found = (Clue<'static>, &'static str);

/// Nothing has ended the silence.
const IN_VAIN: Found = (Clue::Tried(None), "");

fn found(pitfall: &'static str, how: &'static str) -> Found {
    (Clue::Tried(Some(pitfall)), how)
}

/// A client that should have carried something.
pub(crate) struct Carrier<'a> {
    judged: &'a Judged,
    server: &'a TcpStream,
}

/// Why `pending` bytes from stdin have not come out of `server`, or not all.
pub(crate) fn why_unsent(scene: &Scene, server: &TcpStream, pending: usize) -> Found {
    match scene.judged() {
        Some(judged) if lives_and_rests(&judged) => {
            let judged = &*judged;
            Carrier { judged, server }.why_unsent(pending)
        }
        _ => (Clue::None, ""),
    }
}

/// Why `pending` bytes from the server have not come out on stdout, or not all.
pub(crate) fn why_unprinted(scene: &Scene, pending: usize) -> Found {
    match (scene.judged(), scene.server_side()) {
        (Some(judged), Some(server)) if lives_and_rests(&judged) => {
            let (judged, server) = (&*judged, &*server);
            Carrier { judged, server }.why_unprinted(pending)
        }
        _ => (Clue::None, ""),
    }
}

impl Carrier<'_> {
    fn why_unsent(&self, pending: usize) -> Found {
        let printed = self.judged.stdout.total();
        if self.server_says(b"x") && self.arrives() {
            return self.takes_turns();
        }
        let reads = self.judged.stdout.total() > printed;
        if self.types(b"\n") && self.arrives() {
            return self.goes_by_the_line();
        }
        if let Some(count) = self.arrives_while_typing() {
            let whole_pieces = count
                .checked_sub(pending + 1)
                .is_some_and(|rest| rest % PIECE == 0);
            return match whole_pieces {
                true => found("forgets-to-flush", "; it came after much more was typed"),
                false => found(
                    "waits-for-a-full-buffer",
                    "; it came when much more was typed, cut to a size of the program's own",
                ),
            };
        }
        if !self.judged.try_close_stdin() || !self.arrives() {
            return IN_VAIN;
        }
        match reads {
            true => found("reads-stdin-to-its-end", "; it came when stdin had ended"),
            false => self.reads_the_reply_late(printed),
        }
    }

    fn why_unprinted(&self, pending: usize) -> Found {
        let before = self.judged.stdout.total();
        if let Some(count) = self.prints_while_hearing() {
            let whole_pieces = count
                .checked_sub(pending)
                .is_some_and(|rest| rest % PIECE == 0);
            return match whole_pieces || count % BLOCK == 0 {
                true => found("buffers-its-output", "; it came when much more was sent"),
                false => found(
                    "waits-for-a-full-buffer",
                    "; it came when much more was sent, cut to a size of the program's own",
                ),
            };
        }
        if self.server_says(b"\n") && self.prints(before) {
            return found(
                "reads-the-reply-by-the-line",
                "; it came when a newline was sent",
            );
        }
        if self.types(b"x\n") && self.prints(before) {
            return found("takes-turns", "; it came when something was typed");
        }
        if self.judged.try_close_stdin() && self.prints(before) {
            return self.reads_the_reply_late(before);
        }
        if self.ends() && self.prints(before) {
            let how = "; it came when the server had ended its stream";
            return found("prints-only-at-the-end", how);
        }
        match before {
            0 => IN_VAIN,
            _ => found(
                "takes-one-read-for-a-message",
                "; nothing more came, even when the server had sent much more, and its end",
            ),
        }
    }

    /// It sends when the server has said something.
    fn takes_turns(&self) -> Found {
        found(
            "takes-turns",
            "; it came when the server had said something",
        )
    }

    /// It sends when a line is complete. Of the next line it may want an answer
    /// to the one before first, too.
    fn goes_by_the_line(&self) -> Found {
        if self.types(b"x\n") && !self.arrives() && self.server_says(b"x") && self.arrives() {
            return self.takes_turns();
        }
        found(
            "reads-stdin-by-the-line",
            "; it came when a newline was typed",
        )
    }

    /// It reads from the server when stdin has ended: to the end, once, or never?
    /// It had printed `printed` bytes until then.
    fn reads_the_reply_late(&self, printed: u64) -> Found {
        rest(MOMENT / 2);
        let before = self.judged.stdout.total();
        let said = self.server_says(b"and so on");
        rest(MOMENT / 2);
        // Where it has gone, there may be nobody left to say it to.
        if (self.ends() && said && self.prints(before)) || before == printed {
            let how = "; it came when stdin had ended";
            return found("sends-first-and-reads-later", how);
        }
        found(
            "takes-one-read-for-a-message",
            "; it came when stdin had ended, and of the server's words only the first",
        )
    }

    fn server_says(&self, bytes: &[u8]) -> bool {
        let mut server = self.server;
        let limited = server.set_write_timeout(Some(MOMENT));
        limited.is_ok() && server.write_all(bytes).is_ok()
    }

    fn ends(&self) -> bool {
        self.server.shutdown(Shutdown::Write).is_ok()
    }

    fn types(&self, bytes: &[u8]) -> bool {
        self.judged.try_write_stdin(bytes, MOMENT)
    }

    /// Whether something arrives at the server; all of it is taken.
    fn arrives(&self) -> bool {
        self.take_what_arrives(MOMENT) > 0
    }

    /// How many bytes arrive until nothing comes any more for a while.
    fn take_what_arrives(&self, patience: Duration) -> usize {
        let mut buffer = [0; 64 * 1024];
        let (mut count, mut patience) = (0, patience);
        while let Ok(more @ 1..) = self
            .server
            .set_read_timeout(Some(patience))
            .and_then(|()| (&mut &*self.server).read(&mut buffer))
        {
            count += more;
            patience = MOMENT / 5;
        }
        count
    }

    /// Types piece after piece until something arrives: how many bytes did?
    fn arrives_while_typing(&self) -> Option<usize> {
        let piece = [b'x'; PIECE];
        (0..PIECES).find_map(|_| {
            let typed = self.types(&piece);
            let count = typed.then(|| self.take_what_arrives(Duration::from_millis(5)));
            count.filter(|&count| count > 0)
        })
    }

    /// Whether it prints more than `before`.
    fn prints(&self, before: u64) -> bool {
        until(MOMENT, || self.judged.stdout.total() > before)
    }

    /// Says piece after piece until something is printed: how many bytes are?
    fn prints_while_hearing(&self) -> Option<usize> {
        let before = self.judged.stdout.total();
        let more = || self.judged.stdout.total() - before;
        for _ in 0..PIECES {
            if !self.server_says(&[b'x'; PIECE]) {
                break;
            }
            rest(Duration::from_millis(5));
            if more() > 0 {
                break;
            }
        }
        until(MOMENT / 2, || more() > 0).then(|| {
            rest(MOMENT / 5);
            usize::try_from(more()).unwrap_or(usize::MAX)
        })
    }
}
