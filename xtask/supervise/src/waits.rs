//! Linux: does a program wait with a time limit, and with which?
//!
//! A server may leave a silent client alone for ever, or drop it after ten
//! seconds; from outside both look the same for ten seconds. The system calls
//! in which the program's threads are blocked tell the two apart at once.

use std::fs::{self, File};
use std::io;
use std::net::TcpStream;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use crate::proc::{entries, tree};

/// What is taken for a limit that there is, but that cannot be read.
const UNREADABLE: Duration = Duration::from_secs(5);

/// The longest time, `most` at most, after which a system call ends by itself in
/// which a thread of `pid` or its descendants is blocked: zero where there is
/// none, `None` where that cannot be seen.
pub(crate) fn longest_limit(pid: u32, most: Duration) -> Option<Duration> {
    let mut longest = None;
    for process in tree(pid) {
        for (number, args) in calls(process) {
            let limit = limit_of(process, number, &args).filter(|limit| *limit <= most);
            longest = longest.max(Some(limit.unwrap_or_default()));
        }
    }
    longest
}

/// Whether `pid` or a descendant waits for many sockets at once (it has an
/// epoll), and yet a thread of it waits for a single one, or sleeps. `None`
/// where that cannot be seen.
pub(crate) fn in_spite_of_its_event_loop(pid: u32) -> Option<bool> {
    let mut seen = None;
    for process in tree(pid) {
        let folder = format!("/proc/{process}/fd");
        let opened = |fd: &str| fs::read_link(format!("{folder}/{fd}")).unwrap_or_default();
        let is_epoll = |fd: &String| opened(fd).as_os_str() == "anon_inode:[eventpoll]";
        let has_epoll = entries(folder.as_ref()).iter().any(is_epoll);
        for (number, args) in calls(process) {
            let waits = match kind(number) {
                Kind::Sleep => true,
                Kind::Receive | Kind::Send => {
                    let file = opened(&args.first().copied().unwrap_or_default().to_string());
                    file.to_string_lossy().starts_with("socket:")
                }
                _ => false,
            };
            seen = seen.max(Some(has_epoll && waits));
        }
    }
    seen
}

/// The system calls in which the threads of `process` are blocked: the number
/// and the arguments of each. A thread that runs is in none.
fn calls(process: u32) -> Vec<(u32, Vec<u64>)> {
    let tasks = entries(format!("/proc/{process}/task").as_ref());
    let calls = tasks.iter().filter_map(|task| {
        let call = fs::read_to_string(format!("/proc/{process}/task/{task}/syscall")).ok()?;
        let mut words = call.split_whitespace();
        let number = words.next()?.parse().unwrap_or(u32::MAX);
        let args = words
            .filter_map(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok())
            .collect();
        Some((number, args))
    });
    calls.collect()
}

fn limit_of(process: u32, number: u32, args: &[u64]) -> Option<Duration> {
    let arg = |index: usize| args.get(index).copied().unwrap_or(0);
    match kind(number) {
        Kind::Milliseconds(index) => {
            let limit = u32::try_from(arg(index) & 0xffff_ffff).ok()?.cast_signed();
            Some(Duration::from_millis(u64::try_from(limit).ok()?))
        }
        Kind::Span(index) if arg(index) == 0 => None,
        Kind::Span(index) => Some(span_at(process, arg(index)).unwrap_or(UNREADABLE)),
        Kind::Pointer(index) => (arg(index) != 0).then_some(UNREADABLE),
        Kind::Sleep => Some(UNREADABLE),
        Kind::Receive => timeout_of(process, arg(0), TcpStream::read_timeout),
        // A call that has sent a part returns at its limit without an error, and
        // the next one waits once more.
        Kind::Send => timeout_of(process, arg(0), TcpStream::write_timeout).map(|limit| 2 * limit),
        Kind::Other => None,
    }
}

/// Where a system call keeps its time limit.
enum Kind {
    /// In milliseconds in this argument; negative is none.
    Milliseconds(usize),
    /// Behind the pointer in this argument, as seconds and nanoseconds; null is
    /// none.
    Span(usize),
    /// Behind the pointer in this argument, perhaps as a point in time.
    Pointer(usize),
    /// It is nothing but a time limit.
    Sleep,
    /// In an option of the socket in the first argument.
    Receive,
    /// In another option of it.
    Send,
    /// It has none.
    Other,
}

#[cfg(target_arch = "x86_64")]
fn kind(number: u32) -> Kind {
    match number {
        7 => Kind::Milliseconds(2),         // poll
        232 | 281 => Kind::Milliseconds(3), // epoll_wait, epoll_pwait
        270 => Kind::Span(4),               // pselect6
        271 => Kind::Span(2),               // ppoll
        441 => Kind::Span(3),               // epoll_pwait2
        23 => Kind::Pointer(4),             // select
        202 => Kind::Pointer(3),            // futex
        35 | 230 => Kind::Sleep,            // nanosleep, clock_nanosleep
        0 | 45 | 47 => Kind::Receive,       // read, recvfrom, recvmsg
        1 | 44 | 46 => Kind::Send,          // write, sendto, sendmsg
        _ => Kind::Other,
    }
}

#[cfg(target_arch = "aarch64")]
fn kind(number: u32) -> Kind {
    match number {
        22 => Kind::Milliseconds(3),     // epoll_pwait
        72 => Kind::Span(4),             // pselect6
        73 => Kind::Span(2),             // ppoll
        441 => Kind::Span(3),            // epoll_pwait2
        98 => Kind::Pointer(3),          // futex
        101 | 115 => Kind::Sleep,        // nanosleep, clock_nanosleep
        63 | 207 | 212 => Kind::Receive, // read, recvfrom, recvmsg
        64 | 206 | 211 => Kind::Send,    // write, sendto, sendmsg
        _ => Kind::Other,
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn kind(_number: u32) -> Kind {
    Kind::Other
}

/// The seconds and nanoseconds at `address` in the memory of `process`.
fn span_at(process: u32, address: u64) -> Option<Duration> {
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut span = [0; 16];
    memory.read_exact_at(&mut span, address).ok()?;
    let (seconds, nanoseconds) = span.split_at(8);
    let number = |bytes: &[u8]| Some(u64::from_ne_bytes(bytes.try_into().ok()?));
    Some(Duration::new(
        number(seconds)?,
        number(nanoseconds)?.try_into().ok()?,
    ))
}

/// What `limit` says of this descriptor of another process: the time limit of
/// reads from it, or of writes to it.
fn timeout_of(
    process: u32,
    descriptor: u64,
    limit: fn(&TcpStream) -> io::Result<Option<Duration>>,
) -> Option<Duration> {
    let pid = Pid::from_raw(i32::try_from(process).ok()?)?;
    let process = pidfd_open(pid, PidfdFlags::empty()).ok()?;
    let socket = pidfd_getfd(
        process,
        i32::try_from(descriptor).ok()?,
        PidfdGetfdFlags::empty(),
    )
    .ok()?;
    // Every kind of socket has these options, and is asked for them in the same
    // way. An error: it is no socket.
    limit(&TcpStream::from(socket)).ok()?
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd as _;

    use super::*;

    #[test]
    fn a_socket_of_any_kind_tells_its_limits() {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        let limit = Duration::from_secs(7);
        socket.set_write_timeout(Some(limit)).expect("a limit");
        let descriptor = socket.as_raw_fd().cast_unsigned().into();
        let own = std::process::id();
        let of = |limit| timeout_of(own, descriptor, limit);
        assert_eq!(of(TcpStream::write_timeout), Some(limit));
        assert_eq!(of(TcpStream::read_timeout), None);
    }

    #[test]
    fn a_pipe_has_no_limit() {
        let (reader, _writer) = io::pipe().expect("a pipe");
        let descriptor = reader.as_raw_fd().cast_unsigned().into();
        let own = std::process::id();
        assert_eq!(timeout_of(own, descriptor, TcpStream::read_timeout), None);
    }
}
