//! Datagrams that say they come from where nobody is.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use wire::What;

use crate::cause::Cause;
use crate::failure::fail;
use crate::server::Server;

const HEADER: usize = 8;

impl Server {
    /// Sends a datagram to this server (over IPv4) that claims to come from
    /// `source_port`. Only a privileged user can: for others the check is
    /// skipped, out loud, and this is false.
    ///
    /// # Panics
    /// When the harness may forge a datagram, but cannot.
    #[track_caller]
    #[must_use]
    pub fn forge_datagram(&self, source_port: u16, bytes: &[u8]) -> bool {
        let what = What::datagram(bytes);
        let from = format!("forged, port {source_port}");
        match forge(self.addr(), source_port, bytes) {
            Ok(()) => self.scene().record(&from, "server", what),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::PermissionDenied | ErrorKind::Unsupported
                ) =>
            {
                self.scene()
                    .skip("a datagram with a false sender cannot be sent here: that takes root");
                return false;
            }
            Err(error) => fail(
                self.scene(),
                Cause::Harness,
                "a forged datagram leaves this machine",
                &error.to_string(),
            ),
        }
        true
    }
}

fn forge(to: SocketAddr, source_port: u16, bytes: &[u8]) -> io::Result<()> {
    // Winsock lets nobody send UDP through a raw socket.
    if cfg!(windows) || !to.is_ipv4() {
        return Err(ErrorKind::Unsupported.into());
    }
    let length = u16::try_from(HEADER + bytes.len()).map_err(|_| ErrorKind::InvalidInput)?;
    let mut packet = Vec::with_capacity(length.into());
    // A checksum of 0 says that there is none.
    for field in [source_port, to.port(), length, 0] {
        packet.extend(field.to_be_bytes());
    }
    packet.extend_from_slice(bytes);
    let socket = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::UDP))?;
    socket.send_to(&packet, &SocketAddr::new(to.ip(), 0).into())?;
    Ok(())
}
