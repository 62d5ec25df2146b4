//! Who else is at work on this machine: the process that holds a lock, or the
//! one that listens on a port.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;

/// A process that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its process id.
    pub pid: u32,
    /// The first letters of its program's name.
    pub name: String,
    /// It does not run on: somebody has stopped it, with Ctrl-Z for instance.
    pub is_stopped: bool,
}

impl fmt::Display for Neighbour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, process {}", self.name, self.pid)
    }
}

/// Who has locked the file at `path`, where that can be seen: on Linux.
#[must_use]
pub fn holder_of_lock(path: &Path) -> Option<Neighbour> {
    #[cfg(target_os = "linux")]
    return linux::holder_of_lock(path);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

/// Who listens at `addr`, or at its port on all addresses, where that can be
/// seen: on Linux, of this user's own processes.
#[must_use]
pub fn listener_at(addr: SocketAddr) -> Option<Neighbour> {
    #[cfg(target_os = "linux")]
    return linux::listener_at(addr);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = addr;
        None
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::net::SocketAddr;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use super::Neighbour;
    use crate::{proc, sockets};

    pub(super) fn holder_of_lock(path: &Path) -> Option<Neighbour> {
        let file = fs::metadata(path).ok()?;
        let (major, minor) = (rustix::fs::major(file.dev()), rustix::fs::minor(file.dev()));
        let place = format!("{major:02x}:{minor:02x}:{}", file.ino());
        neighbour(holder(&fs::read_to_string("/proc/locks").ok()?, &place)?)
    }

    pub(super) fn listener_at(addr: SocketAddr) -> Option<Neighbour> {
        let pids: Vec<u32> = proc::entries("/proc".as_ref())
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        neighbour(sockets::owner(&pids, addr)?)
    }

    fn neighbour(pid: u32) -> Option<Neighbour> {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
        Some(Neighbour {
            pid,
            name: name.trim_end().to_string(),
            is_stopped: proc::is_stopped(pid)?,
        })
    }

    /// The process that holds a lock on the file at `place`; those that only
    /// wait for it have an arrow in their lines.
    pub(super) fn holder(locks: &str, place: &str) -> Option<u32> {
        let mut lines = locks.lines().map(str::split_whitespace);
        lines.find_map(|mut words| {
            let kind = words.nth(1)?;
            let mut rest = words.skip(2);
            let pid = rest.next()?;
            let is_it = kind != "->" && rest.next() == Some(place);
            // A process of another container has no number here.
            is_it.then(|| pid.parse().ok().filter(|pid| *pid > 0))?
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: FLOCK  ADVISORY  WRITE 4534 fe:00:5851203 0 EOF
1: -> FLOCK  ADVISORY  WRITE 99 fe:00:5851204 0 EOF
2: POSIX  ADVISORY  READ 4598 fe:00:5851204 0 EOF
3: OFDLCK ADVISORY  READ -1 fe:00:5851205 0 EOF
";

    #[test]
    fn who_waits_for_a_lock_does_not_hold_it() {
        assert_eq!(linux::holder(LOCKS, "fe:00:5851203"), Some(4534));
        assert_eq!(linux::holder(LOCKS, "fe:00:5851204"), Some(4598));
        assert_eq!(linux::holder(LOCKS, "fe:00:5851205"), None);
        assert_eq!(linux::holder(LOCKS, "fe:00:1"), None);
    }

    #[test]
    fn a_lock_and_a_port_of_this_process_are_found() {
        let path = std::env::temp_dir().join(format!("supervise-lock-{}", std::process::id()));
        let file = std::fs::File::create(&path).expect("a file");
        assert_eq!(holder_of_lock(&path), None);
        file.lock().expect("locked");
        let holder = holder_of_lock(&path).expect("somebody");
        assert_eq!(holder.pid, std::process::id());
        assert!(!holder.is_stopped);
        std::fs::remove_file(&path).expect("removed");

        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let found = listener_at(addr).expect("somebody");
        assert_eq!(found.pid, std::process::id());
        // Nobody listens on the port of a resolver there.
        assert_eq!(listener_at(([127, 77, 77, 77], 1).into()), None);
    }
}
