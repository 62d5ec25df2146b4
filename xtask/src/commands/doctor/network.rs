//! Loopback, which is all of the network that the course needs.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _, UdpSocket,
};
use std::time::Duration;

use super::Place;
use crate::report::diagnosis::Finding;

/// Loopback needs microseconds; a firewall lets one wait for ever.
const PATIENCE: Duration = Duration::from_secs(5);

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

pub(super) fn tcp(_place: &Place) -> anyhow::Result<Finding> {
    Ok(match tcp_round(V4) {
        Ok(()) => Finding::fine("a connection over 127.0.0.1 carries data both ways"),
        Err(error) => unreachable_loopback("TCP", &error),
    })
}

pub(super) fn udp(_place: &Place) -> anyhow::Result<Finding> {
    Ok(match udp_round(V4) {
        Ok(()) => Finding::fine("a datagram over 127.0.0.1 arrives"),
        Err(error) => unreachable_loopback("UDP", &error),
    })
}

/// The lessons so far do with IPv4.
pub(super) fn ipv6(_place: &Place) -> anyhow::Result<Finding> {
    Ok(match tcp_round(V6).and_then(|()| udp_round(V6)) {
        Ok(()) => Finding::fine("TCP and UDP over [::1] work"),
        Err(error) => Finding::doubtful(
            format!("nothing goes over [::1]: {error}"),
            "only experiments with IPv6 need it; on Linux: sudo sysctl net.ipv6.conf.lo.disable_ipv6=0",
        ),
    })
}

/// A name that is not what it should be leads `nc localhost` astray.
pub(super) fn localhost(_place: &Place) -> anyhow::Result<Finding> {
    let cure = "the file `hosts` (/etc/hosts) needs the line: 127.0.0.1 localhost";
    let found = match ("localhost", 0).to_socket_addrs() {
        Ok(found) => found.map(|addr| addr.ip()).collect::<Vec<_>>(),
        Err(error) => {
            return Ok(Finding::doubtful(
                format!("the name is not known: {error}"),
                cure,
            ));
        }
    };
    Ok(match found.iter().find(|ip| !ip.is_loopback()) {
        Some(elsewhere) => Finding::doubtful(format!("the name means {elsewhere}"), cure),
        None if !found.contains(&V4) => Finding::doubtful("the name does not mean 127.0.0.1", cure),
        None => Finding::fine("the name means 127.0.0.1"),
    })
}

/// The examples use these when no address is given; the checks never do.
pub(super) fn ports(_place: &Place) -> anyhow::Result<Finding> {
    let (tcp, udp) = (SocketAddr::new(V4, 7878), SocketAddr::new(V4, 34254));
    let tries = [
        (tcp, "TCP", TcpListener::bind(tcp).err()),
        (udp, "UDP", UdpSocket::bind(udp).err()),
    ];
    let taken = tries
        .into_iter()
        .find_map(|(addr, protocol, error)| Some((addr, protocol, error?)));
    let Some((addr, protocol, error)) = taken else {
        return Ok(Finding::fine(
            "7878 and 34254, which the examples use, are free",
        ));
    };
    let port = format!("{protocol} port {}", addr.port());
    if error.kind() != ErrorKind::AddrInUse {
        return Ok(Finding::doubtful(
            format!("the {port} cannot be used: {error}"),
            "give the examples another address: cargo run -p tcp-server -- 127.0.0.1:7979",
        ));
    }
    Ok(match supervise::listener_at(addr) {
        Some(who) => Finding::doubtful(
            format!("the {port} is taken by {who}: an example would not start"),
            format!(
                "end it (kill {}), or give the example another address",
                who.pid
            ),
        ),
        None => Finding::doubtful(
            format!("the {port} is taken: an example would not start"),
            "end whoever has it, or give the example another address",
        ),
    })
}

fn unreachable_loopback(protocol: &str, error: &io::Error) -> Finding {
    let says = format!("nothing goes over 127.0.0.1: {error}");
    match error.kind() {
        ErrorKind::AddrNotAvailable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::HostUnreachable => Finding::wrong(
            says,
            "the loopback interface is down; on Linux: sudo ip link set lo up",
        ),
        ErrorKind::TimedOut
        | ErrorKind::WouldBlock
        | ErrorKind::PermissionDenied
        | ErrorKind::ConnectionRefused => Finding::wrong(
            says,
            format!(
                "a firewall or a VPN is in between: have it let {protocol} on 127.0.0.1 through"
            ),
        ),
        _ => Finding::wrong(
            says,
            "restart the machine; if that does not help, look at its firewall",
        ),
    }
}

/// Connects, and sends a word there and back.
fn tcp_round(ip: IpAddr) -> io::Result<()> {
    let listener = TcpListener::bind((ip, 0))?;
    let mut client = TcpStream::connect_timeout(&listener.local_addr()?, PATIENCE)?;
    // It is there: connecting has waited for it.
    let (mut server, _) = listener.accept()?;
    let mut word = [0; 5];
    for stream in [&client, &server] {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
    }
    client.write_all(b"there")?;
    server.read_exact(&mut word)?;
    server.write_all(&word)?;
    client.read_exact(&mut word)?;
    expect(&word, b"there")
}

fn udp_round(ip: IpAddr) -> io::Result<()> {
    let server = UdpSocket::bind((ip, 0))?;
    let client = UdpSocket::bind((ip, 0))?;
    let mut word = [0; 64];
    for socket in [&client, &server] {
        socket.set_read_timeout(Some(PATIENCE))?;
    }
    client.send_to(b"there", server.local_addr()?)?;
    let (length, from) = server.recv_from(&mut word)?;
    server.send_to(&word[..length], from)?;
    let (length, _) = client.recv_from(&mut word)?;
    expect(&word[..length], b"there")
}

fn expect(got: &[u8], expected: &[u8]) -> io::Result<()> {
    match got == expected {
        true => Ok(()),
        false => Err(io::Error::other("something else arrived than was sent")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_works_where_the_tests_do() {
        tcp_round(V4).expect("TCP");
        udp_round(V4).expect("UDP");
    }

    #[test]
    fn a_firewall_is_told_from_a_missing_interface() {
        let cure = |kind: ErrorKind| {
            unreachable_loopback("TCP", &kind.into())
                .cure
                .expect("a cure")
        };
        assert!(cure(ErrorKind::AddrNotAvailable).contains("ip link set lo up"));
        assert!(cure(ErrorKind::TimedOut).contains("firewall"));
    }
}
