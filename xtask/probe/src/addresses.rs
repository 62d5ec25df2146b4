//! Addresses with a fault: where connects are refused, or never answered, or
//! that are taken.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::cause::Cause;
use crate::clue::Clue;
use crate::datagrams::UdpPeer;
use crate::failure::{fail, fail_with};
use crate::listener::Listener;
use crate::program::Program;
use crate::wait::until;

/// An address at which nobody answers: what is sent there is refused at once,
/// for as long as this value lives.
#[derive(Debug)]
pub struct Refused {
    _reserved: Socket,
    addr: SocketAddr,
}

impl Refused {
    /// The address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

/// An address that neither accepts nor refuses: connects go on trying.
#[derive(Debug)]
pub struct BlackHole {
    _listener: Socket,
    _filling: Vec<TcpStream>,
    addr: SocketAddr,
}

impl BlackHole {
    /// The address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Program {
    /// A TCP address that refuses connections.
    ///
    /// # Panics
    /// When the harness cannot reserve a port.
    #[track_caller]
    #[must_use]
    pub fn refused_tcp(&self) -> Refused {
        // Bound but not listening: the port stays ours, and refuses.
        self.reserve(Type::STREAM, None)
    }

    /// A UDP address where nobody listens: the sender gets an ICMP "port
    /// unreachable".
    ///
    /// # Panics
    /// When the harness cannot reserve a port.
    #[track_caller]
    #[must_use]
    pub fn refused_udp(&self) -> Refused {
        // Connected to somebody else: the port stays ours, and for all others
        // there is no socket here.
        self.reserve(
            Type::DGRAM,
            Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 9))),
        )
    }

    #[track_caller]
    fn reserve(&self, kind: Type, connect_to: Option<SocketAddr>) -> Refused {
        self.scene().program_plays("client 1");
        let reserved = Socket::new(Domain::IPV4, kind, None).and_then(|socket| {
            socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
            if let Some(other) = connect_to {
                socket.connect(&other.into())?;
            }
            let addr = socket
                .local_addr()?
                .as_socket()
                .ok_or(std::io::ErrorKind::Unsupported)?;
            Ok(Refused {
                _reserved: socket,
                addr,
            })
        });
        reserved.unwrap_or_else(|error| {
            fail(
                self.scene(),
                Cause::Harness,
                "a port of our own",
                &error.to_string(),
            )
        })
    }

    /// A TCP address where a connect gets no answer at all: its accept queue
    /// is full. `None`, said out loud, where the platform refuses instead.
    ///
    /// # Panics
    /// When the harness cannot listen.
    #[track_caller]
    #[must_use]
    pub fn black_hole(&self) -> Option<BlackHole> {
        let listening = Socket::new(Domain::IPV4, Type::STREAM, None).and_then(|socket| {
            socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
            socket.listen(0)?;
            let addr = socket
                .local_addr()?
                .as_socket()
                .ok_or(std::io::ErrorKind::Unsupported)?;
            Ok((socket, addr))
        });
        let (listener, addr) = match listening {
            Ok(listening) => listening,
            Err(error) => fail(
                self.scene(),
                Cause::Harness,
                "a listener",
                &error.to_string(),
            ),
        };
        self.scene().program_plays("client 1");
        self.scene().name_server(addr);
        let mut filling = Vec::new();
        for _ in 0..16 {
            match TcpStream::connect_timeout(&addr, Duration::from_millis(200)) {
                Ok(stream) => filling.push(stream),
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                    return Some(BlackHole {
                        _listener: listener,
                        _filling: filling,
                        addr,
                    });
                }
                Err(_) => break,
            }
        }
        self.skip("a connect that gets no answer cannot be arranged here: the accept queue refuses, or never fills");
        None
    }

    /// Started without arguments, it must try to listen on `addr` (TCP or UDP):
    /// say so, or report that the address is taken.
    ///
    /// # Panics
    /// When it does neither.
    #[track_caller]
    pub fn expect_default_address(self, addr: &str) {
        // Held where possible; where somebody else holds it, that is as good.
        let _held = (TcpListener::bind(addr).ok(), UdpSocket::bind(addr).ok());
        self.scene().program_plays("server");
        let running = self.start();
        match running.try_line() {
            Ok(line) if line == format!("listening on {addr}") => {}
            Ok(line) => {
                let expected = format!(
                    "without an argument: `listening on {addr}`, or an error that names that address"
                );
                let clue = Clue::Telltale("another-default");
                let got = format!("`{line}`");
                fail_with(running.scene(), Cause::WrongAddress, clue, &expected, &got);
            }
            Err(_) => drop(running.expect_error(&[addr])),
        }
    }

    /// Listens on `addr`, the lesson's default: for programs that are clients
    /// and are started without an address. `None`, said out loud, where
    /// somebody else keeps that port.
    #[track_caller]
    #[must_use]
    pub fn listen_on_default(&self, addr: &str) -> Option<OnDefault<Listener>> {
        self.hold_default(addr, |addr| TcpListener::bind(addr))
            .map(|held| held.map(|listener| Listener::new(listener, self).well_known()))
    }

    /// The same for UDP.
    #[track_caller]
    #[must_use]
    pub fn udp_server_on_default(&self, addr: &str) -> Option<OnDefault<UdpPeer>> {
        self.scene().program_plays("client 1");
        self.hold_default(addr, |addr| UdpSocket::bind(addr))
            .map(|held| held.map(|socket| UdpPeer::new(Ok(socket), self.scene(), Some("server"))))
    }

    fn hold_default<T>(
        &self,
        addr: &str,
        bind: impl Fn(&str) -> std::io::Result<T>,
    ) -> Option<OnDefault<T>> {
        // Other checks want the same port for a moment, in other processes:
        // one after the other.
        let lock =
            File::create(supervise::temporary_folder().join("on-the-wire-default-address.lock"));
        let lock = lock.and_then(|file| file.lock().map(|()| file));
        let mut bound = None;
        until(Duration::from_secs(5), || {
            bound = bind(addr).ok();
            bound.is_some()
        });
        match (bound, lock) {
            (Some(socket), Ok(lock)) => Some(OnDefault {
                socket,
                _lock: lock,
            }),
            _ => {
                self.scene().note(&format!(
                    "the default address {addr} is taken by another program, and was not tried"
                ));
                None
            }
        }
    }
}

/// A socket on a lesson's default address, held by one check at a time.
#[derive(Debug)]
pub struct OnDefault<T> {
    socket: T,
    _lock: File,
}

impl<T> OnDefault<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> OnDefault<U> {
        OnDefault {
            socket: change(self.socket),
            _lock: self._lock,
        }
    }
}

impl<T> std::ops::Deref for OnDefault<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.socket
    }
}
