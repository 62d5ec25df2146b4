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
            let limit = limit_of(process, number, &args).map(Limit::at_least);
            let limit = limit.filter(|limit| *limit <= most);
            longest = longest.max(Some(limit.unwrap_or_default()));
        }
    }
    longest
}

/// The time limit, where it can be read, after which a system call ends by itself
/// in which a thread of `pid` or its descendants is blocked; `None` also where
/// there are several.
pub(crate) fn only_limit(pid: u32) -> Option<Duration> {
    let processes = tree(pid);
    let calls = processes.iter().flat_map(|&process| {
        let of = move |(number, args): (u32, Vec<u64>)| limit_of(process, number, &args);
        calls(process).into_iter().filter_map(of)
    });
    match calls.collect::<Vec<_>>()[..] {
        [Limit::Read(limit)] => Some(limit),
        _ => None,
    }
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

/// The time limit of a system call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Read(Duration),
    /// There is one, but it cannot be read.
    Unreadable,
}

impl Limit {
    /// For whoever waits until it is over.
    fn at_least(self) -> Duration {
        match self {
            Limit::Read(limit) => limit,
            Limit::Unreadable => UNREADABLE,
        }
    }
}

fn limit_of(process: u32, number: u32, args: &[u64]) -> Option<Limit> {
    let arg = |index: usize| args.get(index).copied().unwrap_or(0);
    let limit = match kind(number) {
        Kind::Milliseconds(index) => {
            let limit = u32::try_from(arg(index) & 0xffff_ffff).ok()?.cast_signed();
            Duration::from_millis(u64::try_from(limit).ok()?)
        }
        Kind::Span(index) if arg(index) == 0 => return None,
        Kind::Span(index) => match span_at(process, arg(index)) {
            Some(span) => span,
            None => return Some(Limit::Unreadable),
        },
        Kind::Pointer(index) if arg(index) == 0 => return None,
        Kind::Pointer(_) | Kind::Sleep => return Some(Limit::Unreadable),
        Kind::Receive => timeout_of(process, arg(0), TcpStream::read_timeout)?,
        // A call that has sent a part returns at its limit without an error, and
        // the next one waits once more.
        Kind::Send => 2 * timeout_of(process, arg(0), TcpStream::write_timeout)?,
        Kind::Other => return None,
    };
    Some(Limit::Read(limit))
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
    #[cfg(target_arch = "x86_64")]
    fn a_limit_is_read_where_the_call_has_it() {
        let span = [7_u64, 250_000_000];
        let at = std::ptr::from_ref(&span).addr() as u64;
        let cases = [
            (
                7,
                [0, 0, 5_000, 0, 0],
                Some(Limit::Read(Duration::from_secs(5))),
            ),
            (7, [0, 0, 0xffff_ffff, 0, 0], None),
            (
                271,
                [0, 0, at, 0, 0],
                Some(Limit::Read(Duration::from_millis(7_250))),
            ),
            (271, [0, 0, 0, 0, 0], None),
            (271, [0, 0, 8, 0, 0], Some(Limit::Unreadable)),
            (202, [0, 0, 0, at, 0], Some(Limit::Unreadable)),
            (35, [at, 0, 0, 0, 0], Some(Limit::Unreadable)),
            (61, [0, 0, 0, 0, 0], None),
        ];
        for (number, args, expected) in cases {
            let limit = limit_of(std::process::id(), number, &args);
            assert_eq!(limit, expected, "call {number}");
        }
    }

    #[test]
    fn what_sleeps_has_a_limit_that_nobody_can_read() {
        let mut program = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("a program");
        let asleep = |_| longest_limit(program.id(), Duration::MAX) == Some(UNREADABLE);
        let seen = (0..1_000).any(|look| {
            std::thread::sleep(Duration::from_millis(5));
            asleep(look)
        });
        let only = only_limit(program.id());
        program
            .kill()
            .and_then(|()| program.wait())
            .expect("it runs");
        assert!(seen);
        assert_eq!(only, None);
    }

    #[test]
    fn a_pipe_has_no_limit() {
        let (reader, _writer) = io::pipe().expect("a pipe");
        let descriptor = reader.as_raw_fd().cast_unsigned().into();
        let own = std::process::id();
        assert_eq!(timeout_of(own, descriptor, TcpStream::read_timeout), None);
    }
}
