//! The loopback interface: where it carries nothing, a failure says nothing about
//! the program.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

/// The kernel answers for a listener of ours, at once, however busy the machine.
const AT_ONCE: Duration = Duration::from_secs(2);

/// What keeps a connection of our own from coming about over 127.0.0.1.
pub(crate) fn obstacle() -> Option<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    let addr = listener.local_addr().ok()?;
    let error = TcpStream::connect_timeout(&addr, AT_ONCE).err()?;
    is_of_the_way(&error).then(|| error.to_string())
}

/// The way is closed: the interface is down, or a firewall says no or nothing.
/// Not when something has run out, which may be the program's doing.
fn is_of_the_way(error: &io::Error) -> bool {
    use ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable, PermissionDenied, TimedOut};
    matches!(
        error.kind(),
        HostUnreachable | NetworkDown | NetworkUnreachable | PermissionDenied | TimedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_is_up_nothing_is_in_the_way() {
        assert_eq!(obstacle(), None);
    }

    #[test]
    fn what_has_run_out_is_no_matter_of_the_way() {
        assert!(is_of_the_way(&ErrorKind::NetworkUnreachable.into()));
        assert!(!is_of_the_way(&ErrorKind::AddrNotAvailable.into()));
        assert!(!is_of_the_way(&ErrorKind::ConnectionRefused.into()));
    }
}
