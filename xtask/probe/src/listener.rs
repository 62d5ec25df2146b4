//! The harness as a TCP server, for programs that are clients.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use supervise::Holder;

use crate::cause::Cause;
use crate::clue::Clue;
use crate::failure::{fail, fail_with};
use crate::peer::Peer;
use crate::program::Program;
use crate::scene::Scene;
use crate::wait::{PATIENCE, readable, until};

/// A connection, and where it comes from.
type Connection = (TcpStream, SocketAddr);

/// A TCP listener of the harness; in output and timeline it is the `server`.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    addr: SocketAddr,
    /// Other programs know this address, too, and may come at any time.
    well_known: bool,
    scene: Arc<Scene>,
}

impl Program {
    /// The harness listens on a free port of 127.0.0.1, as the server that this
    /// program will talk to.
    ///
    /// # Panics
    /// When the harness cannot listen.
    #[track_caller]
    #[must_use]
    pub fn listen(&self) -> Listener {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)) {
            Ok(listener) => Listener::new(listener, self),
            Err(error) => fail(
                self.scene(),
                Cause::Harness,
                "a free port to listen on",
                &error.to_string(),
            ),
        }
    }
}

impl Listener {
    #[track_caller]
    pub(crate) fn new(listener: TcpListener, program: &Program) -> Listener {
        let scene = Arc::clone(program.scene());
        scene.program_plays("client 1");
        match listener
            .set_nonblocking(true)
            .and_then(|()| listener.local_addr())
        {
            Ok(addr) => {
                scene.name_server(addr);
                Listener {
                    listener,
                    addr,
                    well_known: false,
                    scene,
                }
            }
            Err(error) => fail(&scene, Cause::Harness, "a listener", &error.to_string()),
        }
    }

    /// On an address that all know who know the lesson: whoever comes from
    /// somewhere else is not the program.
    pub(crate) fn well_known(mut self) -> Listener {
        self.well_known = true;
        self
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The program must connect; gives the harness's end of the connection.
    ///
    /// # Panics
    /// When it does not connect within [`PATIENCE`].
    #[track_caller]
    #[must_use]
    pub fn accept(&self) -> Peer {
        let expected = "your program connects to the server";
        let Some((stream, from)) = self.accept_within(PATIENCE) else {
            self.nobody_came(expected)
        };
        if let Err(error) = stream.set_nonblocking(false) {
            fail(&self.scene, Cause::Harness, expected, &error.to_string());
        }
        Peer::accepted(stream, from, &self.scene)
    }

    /// No connection came: perhaps somebody else has refused one.
    #[track_caller]
    fn nobody_came(&self, expected: &str) -> ! {
        let Some(judged) = self.scene.judged() else {
            fail(&self.scene, Cause::NeverCame, expected, "no program")
        };
        let gone = judged.ended().is_some();
        if gone {
            // Its last words may still be on their way through the pipe.
            let deadline = Instant::now() + Duration::from_secs(1);
            judged.stderr.wait_for_end(deadline);
        }
        let said = [judged.stdout.all(), judged.stderr.all()].concat();
        let refused = String::from_utf8_lossy(&said)
            .to_lowercase()
            .contains("refused");
        let got = match gone {
            _ if refused => "no connection here; another address has refused one".to_owned(),
            true => "no connection".to_owned(),
            false => format!("no connection for {}", readable(PATIENCE)),
        };
        let clue = match refused || gone && judged.arguments.is_empty() {
            true => Clue::AskedElsewhere,
            false => Clue::None,
        };
        fail_with(&self.scene, Cause::NeverCame, clue, expected, &got)
    }

    /// Nobody must connect for `duration`.
    ///
    /// # Panics
    /// When somebody does.
    #[track_caller]
    pub fn expect_no_connection(&self, duration: Duration) {
        if let Some((_, from)) = self.accept_within(duration) {
            fail(
                &self.scene,
                Cause::Extra,
                "no further connection",
                &format!("one from {from}"),
            );
        }
    }

    fn program_has_ended(&self) -> bool {
        let judged = self.scene.judged();
        judged.is_some_and(|judged| judged.ended().is_some())
    }

    /// Does not wait for a program that has ended.
    #[track_caller]
    fn accept_within(&self, limit: Duration) -> Option<Connection> {
        let mut accepted = None;
        // It may have been the program that came and went: who comes after it
        // tells, or that nobody does.
        let mut left_behind = None;
        until(limit, || {
            // Looked at first: whoever has ended has connected by now, or never will.
            let gone = self.program_has_ended();
            while let Some(connection) = self.next() {
                match self.holder_of(&connection) {
                    Holder::Ours => {
                        accepted = Some(connection);
                        return true;
                    }
                    Holder::Nobody => left_behind = Some(connection),
                    Holder::Others => self.scene.note(&format!(
                        "another program came to {}, and was left alone",
                        self.addr
                    )),
                }
            }
            gone
        });
        accepted.or(left_behind)
    }

    /// A connection that waits to be accepted.
    #[track_caller]
    fn next(&self) -> Option<Connection> {
        match self.listener.accept() {
            Ok(connection) => Some(connection),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => {
                let got = error.to_string();
                fail(&self.scene, Cause::Harness, "a connection", &got)
            }
        }
    }

    /// Another check, or a server of the learner's, may be at a well-known
    /// address just now, too, with clients of its own.
    fn holder_of(&self, (_, from): &Connection) -> Holder {
        match self.well_known {
            true => supervise::holder_of(*from, self.addr).unwrap_or(Holder::Ours),
            false => Holder::Ours,
        }
    }
}
