//! The harness as a TCP server, for programs that are clients.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use crate::cause::Cause;
use crate::failure::fail;
use crate::peer::Peer;
use crate::program::Program;
use crate::scene::Scene;
use crate::wait::{PATIENCE, readable, until};

/// A TCP listener of the harness; in output and timeline it is the `server`.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    addr: SocketAddr,
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
                    scene,
                }
            }
            Err(error) => fail(&scene, Cause::Harness, "a listener", &error.to_string()),
        }
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
            let got = match self.program_has_ended() {
                true => "no connection".to_owned(),
                false => format!("no connection for {}", readable(PATIENCE)),
            };
            fail(&self.scene, Cause::NeverCame, expected, &got)
        };
        if let Err(error) = stream.set_nonblocking(false) {
            fail(&self.scene, Cause::Harness, expected, &error.to_string());
        }
        Peer::accepted(stream, from, &self.scene)
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
    fn accept_within(&self, limit: Duration) -> Option<(std::net::TcpStream, SocketAddr)> {
        let mut accepted = None;
        until(limit, || {
            // Looked at first: whoever has ended has connected by now, or never will.
            let gone = self.program_has_ended();
            match self.listener.accept() {
                Ok(connection) => accepted = Some(connection),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => fail(
                    &self.scene,
                    Cause::Harness,
                    "a connection",
                    &error.to_string(),
                ),
            }
            accepted.is_some() || gone
        });
        accepted
    }
}
