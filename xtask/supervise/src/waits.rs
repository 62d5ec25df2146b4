//! Linux: does a program wait with a time limit?
//!
//! A server may leave a silent client alone for ever, or drop it after ten
//! seconds; from outside both look the same for ten seconds. The system calls
//! in which the program's threads are blocked tell the two apart at once.

use std::fs;

use rustix::fd::OwnedFd;
use rustix::net::sockopt::{Timeout, socket_timeout};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use crate::proc::{entries, tree};

/// True where a thread of `pid` or its descendants is blocked in a system call
/// that ends by itself after a time. `None` where that cannot be seen.
pub(crate) fn with_a_time_limit(pid: u32) -> Option<bool> {
    let mut seen = false;
    for process in tree(pid) {
        for task in entries(format!("/proc/{process}/task").as_ref()) {
            let Ok(call) = fs::read_to_string(format!("/proc/{process}/task/{task}/syscall"))
            else {
                continue;
            };
            seen = true;
            if has_time_limit(process, &call) {
                return Some(true);
            }
        }
    }
    seen.then_some(false)
}

/// `call` is a line of `/proc/PID/syscall`: the number and six arguments, or
/// `running`.
fn has_time_limit(process: u32, call: &str) -> bool {
    let mut words = call.split_whitespace();
    let Some(number) = words.next().and_then(|word| word.parse::<u32>().ok()) else {
        return false;
    };
    let args: Vec<u64> = words
        .filter_map(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok())
        .collect();
    let arg = |index: usize| args.get(index).copied().unwrap_or(0);
    match kind(number) {
        Kind::Milliseconds(index) => {
            u32::try_from(arg(index) & 0xffff_ffff).is_ok_and(|limit| limit.cast_signed() > 0)
        }
        Kind::Pointer(index) => arg(index) != 0,
        Kind::Sleep => true,
        Kind::Receive => receive_timeout(process, arg(0)).unwrap_or(false),
        Kind::Other => false,
    }
}

/// Where a system call keeps its time limit.
enum Kind {
    /// In milliseconds in this argument; negative is none.
    Milliseconds(usize),
    /// Behind the pointer in this argument; null is none.
    Pointer(usize),
    /// It is nothing but a time limit.
    Sleep,
    /// In an option of the socket in the first argument.
    Receive,
    /// It has none.
    Other,
}

#[cfg(target_arch = "x86_64")]
fn kind(number: u32) -> Kind {
    match number {
        7 => Kind::Milliseconds(2),         // poll
        232 | 281 => Kind::Milliseconds(3), // epoll_wait, epoll_pwait
        23 | 270 => Kind::Pointer(4),       // select, pselect6
        271 => Kind::Pointer(2),            // ppoll
        202 | 441 => Kind::Pointer(3),      // futex, epoll_pwait2
        35 | 230 => Kind::Sleep,            // nanosleep, clock_nanosleep
        0 | 45 | 47 => Kind::Receive,       // read, recvfrom, recvmsg
        _ => Kind::Other,
    }
}

#[cfg(target_arch = "aarch64")]
fn kind(number: u32) -> Kind {
    match number {
        22 => Kind::Milliseconds(3),     // epoll_pwait
        72 => Kind::Pointer(4),          // pselect6
        73 => Kind::Pointer(2),          // ppoll
        98 | 441 => Kind::Pointer(3),    // futex, epoll_pwait2
        101 | 115 => Kind::Sleep,        // nanosleep, clock_nanosleep
        63 | 207 | 212 => Kind::Receive, // read, recvfrom, recvmsg
        _ => Kind::Other,
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn kind(_number: u32) -> Kind {
    Kind::Other
}

/// Whether reads from this descriptor of another process time out.
fn receive_timeout(process: u32, descriptor: u64) -> Option<bool> {
    let pid = Pid::from_raw(i32::try_from(process).ok()?)?;
    let process = pidfd_open(pid, PidfdFlags::empty()).ok()?;
    let socket: OwnedFd = pidfd_getfd(
        process,
        i32::try_from(descriptor).ok()?,
        PidfdGetfdFlags::empty(),
    )
    .ok()?;
    // An error: it is no socket, and has no such option.
    let limit = socket_timeout(&socket, Timeout::Recv).ok()?;
    Some(limit.is_some())
}
