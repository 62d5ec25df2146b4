//! One TCP connection, with the harness at this end of it.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use wire::{What, amount, excerpt};

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::{fail, fail_with};
use crate::running::Running;
use crate::scene::Scene;
use crate::wait::{PATIENCE, readable};

/// One end of a TCP connection to the program: `client 1`, `client 2`, … in the
/// order of connecting, or `server` where the program is the client.
#[derive(Debug)]
pub struct Peer {
    stream: Arc<TcpStream>,
    addr: SocketAddr,
    /// The address of the program's end, which a broken connection cannot tell
    /// any more.
    far: Option<SocketAddr>,
    name: String,
    /// Who is at the program's end.
    other: String,
    scene: Arc<Scene>,
}

/// How a reset is told.
pub(crate) const RESET: &str = "a reset (your program's side broke the connection)";
/// How it is told that the program has ended its side.
pub(crate) const END: &str = "the end of the stream (your program closed its side)";

/// What a read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    Bytes(usize),
    End,
    Reset,
    Nothing,
}

impl Peer {
    #[track_caller]
    pub(crate) fn client(stream: TcpStream, server: &Running) -> Peer {
        let scene = server.scene();
        let addr = ready(&stream, scene);
        let name = scene.name_client(addr);
        scene.record(&name, "server", What::Connected);
        Peer {
            far: stream.peer_addr().ok(),
            stream: Arc::new(stream),
            addr,
            name,
            other: "server".into(),
            scene: Arc::clone(scene),
        }
    }

    #[track_caller]
    pub(crate) fn accepted(stream: TcpStream, from: SocketAddr, scene: &Arc<Scene>) -> Peer {
        let addr = ready(&stream, scene);
        let other = scene.name_of(from);
        scene.record(&other, "server", What::Connected);
        let stream = Arc::new(stream);
        scene.now_connected(&stream);
        Peer {
            stream,
            addr,
            far: Some(from),
            name: "server".into(),
            other,
            scene: Arc::clone(scene),
        }
    }

    /// The address of the harness's end.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn far(&self) -> Option<SocketAddr> {
        self.far
    }

    pub(crate) fn scene(&self) -> &Scene {
        &self.scene
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its name in a sentence.
    pub(crate) fn whom(&self) -> &str {
        match self.name.as_str() {
            "server" => "the server",
            name => name,
        }
    }

    pub(crate) fn other(&self) -> &str {
        &self.other
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends `bytes` in one write.
    ///
    /// # Panics
    /// When the connection is broken, or nobody reads for [`PATIENCE`].
    #[track_caller]
    pub fn send(&self, bytes: &[u8]) {
        // On a stream that is nothing at all, and nothing to tell of.
        if bytes.is_empty() {
            return;
        }
        self.scene.timeline().data(&self.name, &self.other, bytes);
        if let Err(error) = (&*self.stream).write_all(bytes) {
            self.cannot_send(&error, bytes.len());
        }
    }

    /// Sends each piece in a write of its own.
    ///
    /// # Panics
    /// As [`Peer::send`].
    #[track_caller]
    pub fn send_pieces(&self, pieces: &[&[u8]]) {
        for piece in pieces {
            self.send(piece);
        }
    }

    /// Sends `bytes` without minding whether they can arrive: for peers that
    /// are about to break, or that talk to a program which may have gone. That
    /// it has gone is not worth a word then.
    pub fn send_regardless(&self, bytes: &[u8]) {
        self.scene.timeline().data(&self.name, &self.other, bytes);
        if let Err(error) = (&*self.stream).write_all(bytes)
            && !is_reset(&error)
        {
            self.scene
                .note(&format!("{} could not send everything: {error}", self.name));
        }
    }

    #[track_caller]
    pub(crate) fn cannot_send(&self, error: &io::Error, due: usize) -> ! {
        self.cannot_send_with(Clue::None, error, due)
    }

    #[track_caller]
    pub(crate) fn cannot_send_with(&self, clue: Clue<'_>, error: &io::Error, due: usize) -> ! {
        let expected = format!(
            "your program reads the {} that {} sends",
            amount(due),
            self.whom()
        );
        if is_timeout(error) {
            let got = format!(
                "it did not read for {}, and there is no room left on the way to it",
                readable(PATIENCE)
            );
            fail(&self.scene, Cause::NotReading, &expected, &got)
        }
        self.scene.record(&self.other, &self.name, What::Reset);
        let got = format!("{RESET}: {error}");
        fail_with(&self.scene, Cause::Reset, clue, &expected, &got)
    }

    /// Reads once, for `limit` at the most.
    #[track_caller]
    pub(crate) fn read(&self, buffer: &mut [u8], limit: Duration) -> Came {
        // A limit of zero would mean none.
        let limit = limit.max(Duration::from_millis(1));
        let read = self
            .stream
            .set_read_timeout(Some(limit))
            .and_then(|()| (&*self.stream).read(buffer));
        let came = match read {
            Ok(0) => Came::End,
            Ok(count) => Came::Bytes(count),
            Err(error) if is_timeout(&error) => Came::Nothing,
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                return self.read(buffer, limit);
            }
            Err(error) if is_reset(&error) => Came::Reset,
            Err(error) => fail(
                &self.scene,
                Cause::Harness,
                "a connection that can be read",
                &error.to_string(),
            ),
        };
        match came {
            Came::Bytes(count) => {
                self.scene
                    .timeline()
                    .data(&self.other, &self.name, &buffer[..count])
            }
            Came::End => self.scene.record(&self.other, &self.name, What::End),
            Came::Reset => self.scene.record(&self.other, &self.name, What::Reset),
            Came::Nothing => self
                .scene
                .record(&self.other, &self.name, What::Silence(limit)),
        }
        came
    }

    /// Nothing must come for `duration`: neither bytes nor an end.
    ///
    /// # Panics
    /// When something comes.
    #[track_caller]
    pub fn expect_silence(&self, duration: Duration) {
        let mut buffer = [0; 4096];
        let quiet = readable(duration);
        let expected = format!("nothing for {quiet}, and the connection stays open");
        match self.read(&mut buffer, duration) {
            Came::Nothing => {}
            Came::Bytes(count) => fail(
                &self.scene,
                Cause::Extra,
                &expected,
                &excerpt(&buffer[..count]),
            ),
            Came::End => fail(&self.scene, Cause::ClosedEarly, &expected, END),
            Came::Reset => fail(&self.scene, Cause::Reset, &expected, RESET),
        }
    }

    /// The end of the stream must come, and nothing before it.
    ///
    /// # Panics
    /// When bytes, a reset or nothing comes.
    #[track_caller]
    pub fn expect_end(&self) {
        let expected = format!(
            "your program ends its side of the stream to {}",
            self.whom()
        );
        let mut buffer = [0; 4096];
        match self.read(&mut buffer, PATIENCE) {
            Came::End => {}
            Came::Bytes(count) => {
                let got = format!("{} more: {}", amount(count), excerpt(&buffer[..count]));
                let clue = Clue::Stream {
                    due: &[],
                    got: &buffer[..count],
                };
                fail_with(&self.scene, Cause::Extra, clue, &expected, &got);
            }
            Came::Reset => fail(&self.scene, Cause::Reset, &expected, RESET),
            Came::Nothing => {
                let got = format!(
                    "nothing for {}: the connection stays open",
                    readable(PATIENCE)
                );
                fail(&self.scene, Cause::StillOpen, &expected, &got);
            }
        }
    }

    /// The connection must be over, by an end of the stream or a reset; what
    /// comes before is left alone.
    ///
    /// # Panics
    /// When it stays open.
    #[track_caller]
    pub fn expect_closed(&self) {
        let mut buffer = [0; 64 * 1024];
        loop {
            match self.read(&mut buffer, PATIENCE) {
                Came::Bytes(_) => {}
                Came::End | Came::Reset => return,
                Came::Nothing => {
                    let got = format!("it stays open, and silent for {}", readable(PATIENCE));
                    fail(
                        &self.scene,
                        Cause::StillOpen,
                        "the end of the connection",
                        &got,
                    );
                }
            }
        }
    }

    /// Ends this side of the stream (half-close): the other can still send. That
    /// a program which has gone cannot is not worth a word.
    pub fn end_stream(&self) {
        self.scene.record(&self.name, &self.other, What::End);
        if let Err(error) = self.stream.shutdown(Shutdown::Write)
            && error.kind() != ErrorKind::NotConnected
        {
            self.scene
                .note(&format!("{} could not end its side: {error}", self.name));
        }
    }

    /// Breaks the connection: the program gets a reset, whatever is in flight.
    pub fn reset(self) {
        self.scene.record(&self.name, &self.other, What::Reset);
        // Linger 0: closing discards what is unsent and sends RST, not FIN.
        if let Err(error) = SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO)) {
            self.scene.note(&format!(
                "{} could not reset its connection: {error}",
                self.name
            ));
        }
    }

    /// Ends politely: ends this side, reads what is left, and closes. Closing
    /// with unread bytes would send a reset instead.
    pub fn close(self) {
        self.end_stream();
        let mut buffer = [0; 64 * 1024];
        while let Came::Bytes(_) = self.read(&mut buffer, PATIENCE) {}
    }
}

/// Readies a connection for judging, and says where our end of it is.
#[track_caller]
fn ready(stream: &TcpStream, scene: &Scene) -> SocketAddr {
    // Each write is a segment of its own: pieces must arrive as pieces.
    let ready = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
    match ready.and_then(|()| stream.local_addr()) {
        Ok(addr) => addr,
        // macOS says so of a connection that the program has reset already.
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            fail(scene, Cause::Reset, "a connection", "a reset at once")
        }
        Err(error) => fail(scene, Cause::Harness, "a connection", &error.to_string()),
    }
}

pub(crate) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn is_reset(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe
    )
}
