//! A program that serves, and the harness as its clients.

use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::ops::Deref;

use wire::What;

use crate::cause::Cause;
use crate::datagrams::UdpPeer;
use crate::failure::fail;
use crate::peer::Peer;
use crate::running::Running;
use crate::wait::PATIENCE;

/// A started server that has announced its address.
#[derive(Debug)]
pub struct Server {
    running: Running,
    addr: SocketAddr,
}

impl Deref for Server {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

impl Server {
    pub(crate) fn new(running: Running, addr: SocketAddr) -> Server {
        Server { running, addr }
    }

    /// The address that it announced.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A new TCP client, connected.
    ///
    /// # Panics
    /// When the connection is refused or does not come about.
    #[track_caller]
    #[must_use]
    pub fn connect(&self) -> Peer {
        match TcpStream::connect_timeout(&self.addr, PATIENCE) {
            Ok(stream) => Peer::client(stream, &self.running),
            Err(error) => {
                let got = format!("{error} at {}", self.addr);
                if supervise::is_shortage(&error) {
                    // The machine is at its end, not the program.
                    fail(self.scene(), Cause::Harness, "one more client", &got);
                }
                self.scene().record("server", "client", What::Refused);
                fail(
                    self.scene(),
                    Cause::Refused,
                    "the announced address accepts a connection",
                    &got,
                )
            }
        }
    }

    /// A new UDP client with a socket of its own.
    ///
    /// # Panics
    /// When the harness cannot open a socket.
    #[track_caller]
    #[must_use]
    pub fn udp(&self) -> UdpPeer {
        let socket = UdpSocket::bind((self.addr.ip(), 0));
        UdpPeer::new(socket, self.scene(), None)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::net::TcpListener;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::Program;

    #[test]
    fn it_is_the_server_that_refuses() {
        // A client's port is taken, and nobody listens on it.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let client = TcpStream::connect(addr).expect("a connection");
        let nobody = client.local_addr().expect("an address");
        let running = Program::at("/bin/sleep".as_ref()).arg("60").start();
        let server = Server::new(running, nobody);
        let connected = catch_unwind(AssertUnwindSafe(|| drop(server.connect())));
        assert!(connected.is_err());
        let timeline = server.scene().timeline();
        let (events, _) = timeline.events();
        let refusal = events.iter().find(|event| event.what == What::Refused);
        let refusal = refusal.map(|event| (event.from.as_str(), event.to.as_str()));
        assert_eq!(refusal, Some(("server", "client")));
    }
}
