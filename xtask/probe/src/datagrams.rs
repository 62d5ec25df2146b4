//! UDP: the harness as a client, as a server, or as a stranger.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use wire::{Difference, What, amount, excerpt, grouped};

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::{fail, fail_with};
use crate::inquiry::Inquiry;
use crate::peer::is_timeout;
use crate::program::Program;
use crate::scene::Scene;
use crate::wait::{PATIENCE, readable};

/// A UDP socket of the harness, bound but not connected.
#[derive(Debug)]
pub struct UdpPeer {
    socket: Arc<UdpSocket>,
    addr: SocketAddr,
    name: String,
    scene: Arc<Scene>,
    last: Mutex<Last>,
}

/// The latest datagram in each direction.
#[derive(Debug, Clone, Default)]
struct Last {
    sent: Vec<u8>,
    heard: Vec<u8>,
}

/// A datagram that came.
#[derive(Debug, Clone)]
pub struct Datagram {
    /// What it carried.
    pub bytes: Vec<u8>,
    /// Where it came from.
    pub from: SocketAddr,
    /// When it was read.
    pub at: Instant,
}

impl Program {
    /// The harness binds a free UDP port of 127.0.0.1, as the server that this
    /// program will ask.
    ///
    /// # Panics
    /// When the harness cannot open a socket.
    #[track_caller]
    #[must_use]
    pub fn udp_server(&self) -> UdpPeer {
        self.scene().program_plays("client 1");
        UdpPeer::new(
            UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)),
            self.scene(),
            Some("server"),
        )
    }

    /// Whether this machine lets a datagram of `size` bytes out (macOS stops at
    /// 9,216). Where it does not, the check is skipped, out loud.
    #[must_use]
    pub fn can_send_datagrams_of(&self, size: usize) -> bool {
        let sent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| {
            let own_addr = socket.local_addr()?;
            socket.send_to(&vec![0; size], own_addr)
        });
        if sent.is_err() {
            self.skip(&format!(
                "this machine lets no datagram of {} out",
                amount(size)
            ));
        }
        sent.is_ok()
    }

    /// Another UDP socket on 127.0.0.1, which the program knows nothing of.
    ///
    /// # Panics
    /// When the harness cannot open a socket.
    #[track_caller]
    #[must_use]
    pub fn udp_stranger(&self) -> UdpPeer {
        UdpPeer::new(
            UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)),
            self.scene(),
            Some("stranger"),
        )
    }
}

impl UdpPeer {
    /// A peer with the given name, else the next client.
    #[track_caller]
    pub(crate) fn new(
        socket: io::Result<UdpSocket>,
        scene: &Arc<Scene>,
        name: Option<&str>,
    ) -> UdpPeer {
        let opened = socket.and_then(|socket| Ok((socket.local_addr()?, socket)));
        let (addr, socket) = match opened {
            Ok(opened) => opened,
            Err(error) => fail(scene, Cause::Harness, "a UDP socket", &error.to_string()),
        };
        let name = match name {
            None => scene.name_client(addr),
            Some(name) => {
                if name == "server" {
                    scene.name_server(addr);
                }
                name.to_owned()
            }
        };
        let socket = Arc::new(socket);
        scene.crowd().join(&socket);
        UdpPeer {
            socket,
            addr,
            name,
            scene: Arc::clone(scene),
            last: Mutex::default(),
        }
    }

    /// Its own address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sends one datagram.
    ///
    /// # Panics
    /// When this machine does not let it out.
    #[track_caller]
    pub fn send_to(&self, to: SocketAddr, bytes: &[u8]) {
        if !self.scene.is_end_of_link(to) {
            let to = self.scene.name_of(to);
            self.scene.record(&self.name, &to, What::datagram(bytes));
        }
        if let Err(error) = self.socket.send_to(bytes, to) {
            let expected = format!("a datagram of {} leaves this machine", amount(bytes.len()));
            fail(&self.scene, Cause::Harness, &expected, &error.to_string());
        }
        self.scene.crowd().remember(bytes);
        self.last(|last| last.sent = bytes.to_vec());
    }

    fn last<T>(&self, look: impl FnOnce(&mut Last) -> T) -> T {
        look(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The next datagram, if one comes within `limit`. Does not wait for a
    /// program that has ended.
    #[track_caller]
    pub fn receive_within(&self, limit: Duration) -> Option<Datagram> {
        let deadline = Instant::now() + limit;
        let mut gone = false;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || gone {
                let silence = What::Silence(limit.saturating_sub(left));
                self.scene
                    .record(self.scene.program_name(), &self.name, silence);
                return None;
            }
            // Looked at first: what it sent before its end has arrived by now.
            gone = self
                .scene
                .judged()
                .is_some_and(|judged| judged.ended().is_some());
            // Nothing on a UDP socket says that the other side is no more.
            const LOOK: Duration = Duration::from_millis(200);
            if let Some(came) = self.receive_once(left.min(LOOK)) {
                return Some(came);
            }
        }
    }

    /// Its name in a sentence.
    fn in_words(&self) -> String {
        match self.name.as_str() {
            "server" => "the server".into(),
            name => name.into(),
        }
    }

    /// How it is said that no datagram came.
    fn nothing(&self) -> String {
        match self.scene.judged().and_then(|judged| judged.ended()) {
            Some(_) => "nothing".into(),
            None => format!("nothing for {}", readable(PATIENCE)),
        }
    }

    #[track_caller]
    fn receive_once(&self, limit: Duration) -> Option<Datagram> {
        let mut buffer = vec![0; 65_536];
        let limited = self.socket.set_read_timeout(Some(limit));
        match limited.and_then(|()| self.socket.recv_from(&mut buffer)) {
            Ok((count, from)) => {
                buffer.truncate(count);
                if !self.scene.is_end_of_link(from) {
                    let from = self.scene.name_of_sender(from);
                    self.scene
                        .record(&from, &self.name, What::datagram(&buffer));
                }
                Some(Datagram {
                    bytes: buffer,
                    from,
                    at: Instant::now(),
                })
            }
            // An earlier datagram of ours found nobody: no answer to this read.
            Err(error) if is_timeout(&error) || is_no_answer(&error) => None,
            Err(error) => {
                let expected = "a socket that can be read";
                fail(&self.scene, Cause::Harness, expected, &error.to_string())
            }
        }
    }

    /// A datagram must come within [`PATIENCE`], from whomever.
    ///
    /// # Panics
    /// When none comes.
    #[track_caller]
    pub fn receive(&self) -> Datagram {
        let Some(came) = self.receive_within(PATIENCE) else {
            let expected = format!("a datagram (UDP message) to {}", self.in_words());
            if self.name == "server" {
                self.never_asked(&expected);
            }
            fail(&self.scene, Cause::Silent, &expected, &self.nothing())
        };
        came
    }

    /// Nothing came from a program that should have asked.
    #[track_caller]
    fn never_asked(&self, expected: &str) -> ! {
        let said = self.scene.judged().map(|judged| judged.stdout.all());
        let said = String::from_utf8_lossy(&said.unwrap_or_default()).into_owned();
        let mut asked = said.split_whitespace().filter_map(|word| word.parse().ok());
        let (clue, got) = match asked.find(|addr: &SocketAddr| *addr != self.addr) {
            Some(addr) => (
                Clue::AskedElsewhere,
                format!("{}; your program says that it asked {addr}", self.nothing()),
            ),
            None => (Clue::None, self.nothing()),
        };
        fail_with(&self.scene, Cause::NeverCame, clue, expected, &got)
    }

    /// Answers each datagram with `bytes`, whoever sent it, until the program
    /// has ended or nothing has come for [`PATIENCE`].
    #[track_caller]
    pub fn answer_all(&self, bytes: &[u8]) {
        while let Some(asked) = self.receive_within(PATIENCE) {
            self.send_to(asked.from, bytes);
        }
    }

    /// The next datagram must carry exactly `bytes`, and come from `from`.
    ///
    /// # Panics
    /// When none, another, or one from somebody else comes.
    #[track_caller]
    pub fn expect_from(&self, from: SocketAddr, bytes: &[u8]) {
        let expected = format!(
            "a datagram (UDP message) of {}, {}, to {}",
            amount(bytes.len()),
            excerpt(bytes),
            self.name
        );
        let Last { sent, heard } = self.last(|last| last.clone());
        let inquiry = Inquiry {
            socket: &self.socket,
            server: from,
            crowd: self.scene.crowd(),
            request: &sent,
            heard: &heard,
        };
        let Some(came) = self.receive_within(PATIENCE) else {
            let (clue, more) = self.inquire(Clue::None, || inquiry.about_silence(bytes));
            let got = self.nothing() + &more;
            fail_with(
                &self.scene,
                clue.cause_or(Cause::Silent),
                clue,
                &expected,
                &got,
            )
        };
        if came.from != from {
            let (other, asked) = (came.from.port(), from.port());
            let got = format!("an answer from port {other}, but port {asked} was asked");
            fail(&self.scene, Cause::WrongPeer, &expected, &got);
        }
        if came.bytes != bytes {
            let (cause, got) = difference(&came.bytes, bytes);
            self.scene
                .set_difference(Difference::of(bytes, &came.bytes));
            let (due, got_bytes) = (bytes, &came.bytes[..]);
            let telltale = self.scene.telltale(got_bytes);
            let seen = telltale.map_or(
                Clue::Datagram {
                    due,
                    got: got_bytes,
                },
                Clue::Telltale,
            );
            let (clue, more) =
                self.inquire(seen, || inquiry.about_answer(due, got_bytes, telltale));
            fail_with(
                &self.scene,
                clue.cause_or(cause),
                clue,
                &expected,
                &(got + &more),
            );
        }
        self.scene.crowd().remember(bytes);
        self.last(|last| last.heard = bytes.to_vec());
    }

    /// What `ask` finds out, where there is still a program to be asked; else
    /// only what was `seen`.
    fn inquire<'d>(
        &self,
        seen: Clue<'d>,
        ask: impl FnOnce() -> (Clue<'d>, String),
    ) -> (Clue<'d>, String) {
        match self.scene.judged() {
            Some(judged) if judged.ended().is_none() => ask(),
            _ => (seen, String::new()),
        }
    }

    /// No datagram must come for `duration`.
    ///
    /// # Panics
    /// When one comes.
    #[track_caller]
    pub fn expect_silence(&self, duration: Duration) {
        if let Some(came) = self.receive_within(duration) {
            let got = format!(
                "one of {}: {}",
                amount(came.bytes.len()),
                excerpt(&came.bytes)
            );
            let again = self.last(|last| last.heard == came.bytes);
            let clue = if again { Clue::Repeated } else { Clue::None };
            let expected = format!("no further datagram to {}", self.in_words());
            fail_with(
                &self.scene,
                clue.cause_or(Cause::Extra),
                clue,
                &expected,
                &got,
            );
        }
    }
}

fn difference(got: &[u8], due: &[u8]) -> (Cause, String) {
    let (size, shown) = (amount(got.len()), excerpt(got));
    if got.len() < due.len() && due.starts_with(got) {
        return (Cause::Partial, format!("only the first {size}: {shown}"));
    }
    if let Some(more) = got.strip_prefix(due) {
        let more = amount(more.len());
        return (Cause::Extra, format!("{size}, {more} too many: {shown}"));
    }
    let at = got.iter().zip(due).position(|(a, b)| a != b).unwrap_or(0);
    let said = match at {
        0 => format!("another one, of {size}: {shown}"),
        _ => format!("{size}: {shown}, other bytes from byte {} on", grouped(at)),
    };
    (Cause::Mangled, said)
}

fn is_no_answer(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        Interrupted | ConnectionReset | ConnectionRefused
    )
}
