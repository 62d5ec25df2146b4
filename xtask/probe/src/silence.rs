//! What is tried out after an answer did not come: many mistakes look alike in
//! silence, and each ends with something else. The check has failed by now, so
//! nothing is spoiled.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::clue::Clue;
use crate::judged::Judged;
use crate::peer::Peer;
use crate::wait::{PATIENCE, rest};
use crate::work::{A_WHILE, Work};

/// A program that lives answers in a millisecond; a busy machine gets this.
const MOMENT: Duration = Duration::from_millis(500);

/// More than any buffer that a program fills before it answers.
const MUCH: usize = 64 * 1024;

impl Peer {
    /// Tries what would break the silence.
    pub(crate) fn why_silent(&self) -> (Clue<'static>, &'static str) {
        let Some(server) = self.server() else {
            return (Clue::None, "");
        };
        self.scene().end_the_story();
        let judged = self.scene().judged();
        if judged
            .as_deref()
            .is_some_and(|judged| judged.blocks_its_event_loop() == Some(true))
        {
            return (
                Clue::Telltale("blocks-the-runtime"),
                ", while a thread of your program waits for another client, or sleeps",
            );
        }
        if supervise::has_accepted(server, self.addr()) == Some(false) {
            let served = supervise::connections_served(server).unwrap_or(0);
            return (
                Clue::NotAccepted { served },
                ": your program has not accepted this connection",
            );
        }
        // A byte that is no newline first: whoever answers to that has waited
        // for more, of whatever kind.
        if self.says(b"x") {
            return (Clue::None, "; the answer came when more was sent");
        }
        if self.says(b"\n") {
            return (
                Clue::AnswersAfterNewline,
                "; the answer came when a newline was sent",
            );
        }
        if answers_another(server) {
            return (Clue::None, "; a new client was answered meanwhile");
        }
        let after_much = answers_much(server, judged.as_deref());
        let after_end = self.stream().shutdown(Shutdown::Write).is_ok() && hears(self.stream());
        match (after_much, after_end) {
            (Answered::InPart, _) => (
                Clue::AnswersAfterMuchInPart,
                "; a client that sent 64 KiB was answered but for the last of it",
            ),
            (Answered::Whole, _) => (
                Clue::AnswersAfterMuch,
                "; a client that sent 64 KiB was answered",
            ),
            (Answered::Nothing, true) => (
                Clue::AnswersAfterEnd,
                "; the answer came when the stream was ended",
            ),
            (Answered::Nothing, false) => (Clue::None, ""),
        }
    }

    /// The program's address, where the program is the server.
    pub(crate) fn server(&self) -> Option<SocketAddr> {
        match self.name() {
            "server" => None,
            _ => self.far(),
        }
    }

    /// Whether an answer comes to `bytes`.
    fn says(&self, bytes: &[u8]) -> bool {
        self.stream().write_all(bytes).is_ok() && hears(self.stream())
    }
}

/// Whether a client that has just come gets an answer to a letter: then the
/// program waits for nothing that a client could send.
fn answers_another(server: SocketAddr) -> bool {
    let stream = TcpStream::connect_timeout(&server, MOMENT);
    stream.is_ok_and(|mut stream| stream.write_all(b"x").is_ok() && hears(&stream))
}

/// What came back to a client that has sent much and not ended its stream.
enum Answered {
    Nothing,
    /// The last of it is held back: in a buffer for writing, which is sent when
    /// it is full.
    InPart,
    /// A buffer for reading is full each time: its size divides what was sent.
    Whole,
}

fn answers_much(server: SocketAddr, judged: Option<&Judged>) -> Answered {
    let Ok(mut stream) = TcpStream::connect(server) else {
        return Answered::Nothing;
    };
    let ready = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_write_timeout(Some(MOMENT)))
        .and_then(|()| stream.set_read_timeout(Some(MOMENT)));
    if ready.is_err() {
        return Answered::Nothing;
    }
    // In pieces that fill no buffer, each read before the next one comes: many
    // that are read at once would pass by a buffer for writing.
    let deadline = Instant::now() + PATIENCE;
    for piece in [b'x'; MUCH].chunks(1000) {
        if let (Some(judged), Ok(client)) = (judged, stream.local_addr())
            && !comes_to_read(judged, server, client, deadline)
        {
            break;
        }
        if stream.write_all(piece).is_err() {
            return Answered::Nothing;
        }
    }
    let mut buffer = [0; MUCH];
    let mut count = 0;
    while count < MUCH
        && let Ok(more @ 1..) = stream.read(&mut buffer)
    {
        count += more;
    }
    match count {
        0 => Answered::Nothing,
        MUCH.. => Answered::Whole,
        _ => Answered::InPart,
    }
}

/// Waits until the program has read all that `client` has sent. Says no where it
/// rests and leaves it unread: it will not read any more.
fn comes_to_read(
    judged: &Judged,
    server: SocketAddr,
    client: SocketAddr,
    deadline: Instant,
) -> bool {
    let is_read = || judged.has_read_all(server, client).unwrap_or(true);
    let soon = (Instant::now() + A_WHILE).min(deadline);
    loop {
        if is_read() || Instant::now() >= deadline {
            return true;
        }
        if Instant::now() < soon {
            rest(Duration::from_millis(1));
        } else if Work::during(judged, A_WHILE).is_some_and(Work::is_at_rest) {
            return is_read();
        }
    }
}

fn hears(mut stream: &TcpStream) -> bool {
    let limited = stream.set_read_timeout(Some(MOMENT));
    limited.is_ok() && matches!(stream.read(&mut [0; 64]), Ok(1..))
}
