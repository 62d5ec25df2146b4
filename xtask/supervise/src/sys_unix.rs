//! Unix: process groups and limits; on Linux also the adoption of orphans.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus};
use std::sync::OnceLock;
#[cfg(target_os = "linux")]
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::time::Instant;

use rustix::event::{PollFd, PollFlags};
use rustix::process::{self, Pid, Resource, Rlimit};

use crate::{Limits, Signal};

pub(crate) fn prepare(command: &mut Command, limits: Limits) -> io::Result<()> {
    if limits.leashed {
        command.process_group(0);
    }
    let descriptors = limits
        .descriptors
        .or_else(|| ORIGINAL_DESCRIPTORS.get().copied().flatten());
    let own = rustix::process::getpid();
    let leashed = limits.leashed;
    let before_exec = move || {
        if !leashed {
            // With a session comes a group, and no terminal: what a program
            // writes to `/dev/tty` must not reach the one that we write to.
            process::setsid()?;
        }
        #[cfg(target_os = "linux")]
        end_with_parent(own, leashed)?;
        #[cfg(not(target_os = "linux"))]
        let _ = own;
        limit(Resource::Nofile, descriptors)?;
        lower(Resource::Fsize, limits.file)?;
        lower(Resource::Nproc, limits.threads)?;
        if !leashed {
            // A crash is told in words; nobody would look for its core.
            lower(Resource::Core, Some(0))?;
        }
        limit(Resource::As, limits.memory)
    };
    #[expect(
        unsafe_code,
        reason = "the only way to limit a program before it starts"
    )]
    // SAFETY: between fork and exec the closure makes system calls only; it
    // allocates nothing and takes no lock.
    unsafe {
        command.pre_exec(before_exec);
    }
    Ok(())
}

/// Has the kernel tell this process when its parent, `own`, is gone: to end,
/// or, where it holds a leash and ends by that, to go on if it was stopped.
#[cfg(target_os = "linux")]
fn end_with_parent(own: Pid, leashed: bool) -> io::Result<()> {
    let signal = if leashed {
        process::Signal::CONT
    } else {
        process::Signal::KILL
    };
    process::set_parent_process_death_signal(Some(signal))?;
    // The parent may have died before the line above took effect.
    if process::getppid() != Some(own) {
        return Err(io::Error::from(io::ErrorKind::BrokenPipe));
    }
    Ok(())
}

fn limit(resource: Resource, wanted: Option<u64>) -> io::Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    let hard = process::getrlimit(resource).maximum;
    let current = Some(hard.map_or(wanted, |hard| hard.min(wanted)));
    process::setrlimit(
        resource,
        Rlimit {
            current,
            maximum: hard,
        },
    )?;
    Ok(())
}

/// The limit on `resource` that holds for this process.
pub(crate) fn limit_of(resource: Resource) -> crate::Limit {
    let limit = process::getrlimit(resource);
    crate::Limit {
        soft: limit.current,
        hard: limit.maximum,
    }
}

/// As [`limit`], but leaves a limit that is lower as it is.
fn lower(resource: Resource, wanted: Option<u64>) -> io::Result<()> {
    let now = process::getrlimit(resource).current;
    match (now, wanted) {
        (Some(now), Some(wanted)) if now <= wanted => Ok(()),
        _ => limit(resource, wanted),
    }
}

pub(crate) fn signal_group(child: &Child, signal: Signal) -> io::Result<()> {
    let signal = match signal {
        Signal::Stop => process::Signal::STOP,
        Signal::Continue => process::Signal::CONT,
        Signal::Kill => process::Signal::KILL,
    };
    process::kill_process_group(pid(child.id())?, signal)?;
    Ok(())
}

/// Kills the tree below `child` and its group, but does not collect `child`.
pub(crate) fn kill_tree(child: &Child) {
    #[cfg(target_os = "linux")]
    {
        // Stopped first, so that a program that forks without end cannot
        // outrun the walk through its tree.
        drop(signal_group(child, Signal::Stop));
        kill_all_of(&crate::proc::tree(child.id()));
    }
    kill_group(child);
}

/// Kills the group of `child`, who was not collected.
pub(crate) fn kill_group(child: &Child) {
    // An error here says that the group is gone, which is what was wanted.
    drop(signal_group(child, Signal::Kill));
}

/// Kills what was adopted from programs that have ended, until nothing is left.
pub(crate) fn kill_orphans() {
    #[cfg(target_os = "linux")]
    if adopts_orphans() {
        end_descendants();
    }
}

/// Whether orphans become children of this process.
pub(crate) fn adopts_orphans() -> bool {
    #[cfg(target_os = "linux")]
    return SUBREAPER.load(Ordering::Relaxed);
    #[cfg(not(target_os = "linux"))]
    false
}

/// How `child` ended, if it has; it stays to be collected, and keeps its id.
pub(crate) fn look_whether_ended(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    use rustix::process::{WaitId, WaitIdOptions};

    let ends = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let Some(found) = process::waitid(WaitId::Pid(pid(child.id())?), ends)? else {
        return Ok(None);
    };
    // As `wait` would have it: the exit code in the second byte, a signal in the
    // first, with a bit for a dumped core.
    let code = found.exit_status().map(|code| (code & 0xff) << 8);
    let signal = found.terminating_signal();
    let core = if found.dumped() { 0x80 } else { 0 };
    let status = code.or(signal.map(|signal| signal | core));
    Ok(status.map(ExitStatus::from_raw))
}

/// Continues `child` if a signal has stopped it since this was last asked.
pub(crate) fn continue_if_stopped(child: &Child) {
    use rustix::process::{WaitId, WaitIdOptions};

    let Ok(child) = pid(child.id()) else { return };
    // Asks for nothing but stops: its end is collected elsewhere.
    let stops = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
    if let Ok(Some(_)) = process::waitid(WaitId::Pid(child), stops) {
        let _ = process::kill_process(child, process::Signal::CONT);
    }
}

/// Kills and collects every descendant of this process, until none is left.
#[cfg(target_os = "linux")]
fn end_descendants() {
    // A killed process needs a core to die on; a busy machine may take a while.
    let give_up = Instant::now() + Duration::from_secs(5);
    while has_children() && Instant::now() < give_up {
        kill_all_of(&crate::proc::tree(std::process::id()));
        std::thread::yield_now();
    }
}

/// Whether this process has a child that lives; collects those that do not.
///
/// This is exact, as lists of children that are read one after the other are not:
/// whoever has no child at all has no descendant that could become one.
#[cfg(target_os = "linux")]
fn has_children() -> bool {
    loop {
        match process::wait(process::WaitOptions::NOHANG) {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

/// Kills all of a tree but its root; stops all of them first, so that none can
/// fork while the others are killed.
#[cfg(target_os = "linux")]
fn kill_all_of(tree: &[u32]) {
    for signal in [process::Signal::STOP, process::Signal::KILL] {
        for id in &tree[1..] {
            signal_if_in(tree, *id, signal);
        }
    }
}

/// Sends `signal` to the process `id` if it is still one of `tree`. It may have
/// ended since, and its id may be a stranger's by now: systems have as few as
/// 32,768 of them, and a program that forks uses them up in a second.
#[cfg(target_os = "linux")]
fn signal_if_in(tree: &[u32], id: u32, signal: process::Signal) {
    use rustix::io::Errno;

    let Ok(pid) = pid(id) else { return };
    // Whoever it is by now, this is held, and asked for its parent after that.
    // Gone already is as good as killed.
    match process::pidfd_open(pid, process::PidfdFlags::empty()) {
        Ok(held) => {
            let parent = crate::proc::parent(id);
            if parent.is_some_and(|parent| tree.contains(&parent)) {
                let _ = process::pidfd_send_signal(held, signal);
            }
        }
        Err(Errno::SRCH) => {}
        // No descriptor left, or a kernel that is too old.
        Err(_) => {
            let _ = process::kill_process(pid, signal);
        }
    }
}

fn pid(id: u32) -> io::Result<Pid> {
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    id.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

#[cfg(target_os = "linux")]
static SUBREAPER: AtomicBool = AtomicBool::new(false);

/// Adopts every orphan among this process's descendants, so that a program
/// that daemonises cannot escape. From then on *every* child of this process
/// that is not a [`crate::Group`] counts as an orphan when the last group ends:
/// only for processes that start nothing else.
///
/// # Errors
/// `Unsupported` outside Linux; else what the operating system says.
pub fn become_subreaper() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        process::set_child_subreaper(Some(process::getpid()))?;
        SUBREAPER.store(true, Ordering::Relaxed);
        Ok(())
    }
    #[cfg(not(target_os = "linux"))]
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether this process, or the system, has no descriptor left.
pub(crate) fn is_out_of_descriptors(error: &io::Error) -> bool {
    use rustix::io::Errno;

    let code = error.raw_os_error();
    [Errno::MFILE, Errno::NFILE]
        .map(|errno| Some(errno.raw_os_error()))
        .contains(&code)
}

/// Takes [`become_subreaper`] back: what loses its parent from now on is no
/// business of this process, and lives on.
pub fn adopt_no_more() {
    #[cfg(target_os = "linux")]
    {
        let _ = process::set_child_subreaper(None);
        SUBREAPER.store(false, Ordering::Relaxed);
    }
}

static ORIGINAL_DESCRIPTORS: OnceLock<Option<u64>> = OnceLock::new();

/// Lets this process open `wanted` descriptors, as far as its hard limit goes.
/// Programs started later get the limit as it was before.
///
/// # Errors
/// What the operating system says.
pub fn raise_descriptor_limit(wanted: u64) -> io::Result<()> {
    let now = process::getrlimit(Resource::Nofile);
    ORIGINAL_DESCRIPTORS.get_or_init(|| now.current);
    if now.current.is_some_and(|current| current < wanted) {
        limit(Resource::Nofile, Some(wanted))?;
    }
    Ok(())
}

/// The limits under which this process runs, and all that it starts: resource by
/// resource, as text to be compared.
#[must_use]
pub fn limits_of_this_process() -> String {
    let resources = [
        Resource::Nofile,
        Resource::Nproc,
        Resource::As,
        Resource::Stack,
    ];
    let limits = resources.map(|resource| {
        let limit = process::getrlimit(resource);
        format!("{resource:?} {:?} {:?}", limit.current, limit.maximum)
    });
    limits.join(", ")
}

/// Waits until `fd` has something to read or has ended, `patience` at most.
///
/// # Errors
/// What the operating system says.
pub(crate) fn is_readable_within(fd: impl AsFd, patience: Duration) -> io::Result<bool> {
    let mut fds = [PollFd::new(&fd, PollFlags::IN)];
    let limit =
        rustix::event::Timespec::try_from(patience).map_err(|_| io::ErrorKind::InvalidInput)?;
    match rustix::event::poll(&mut fds, Some(&limit)) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Waits until `pipe` has something to read or has ended: `true`; or until
/// `interrupt` has: `false`.
///
/// # Errors
/// What the operating system says.
pub(crate) fn readable(pipe: impl AsFd, interrupt: impl AsFd) -> io::Result<bool> {
    let mut fds = [
        PollFd::new(&interrupt, PollFlags::IN),
        PollFd::new(&pipe, PollFlags::IN),
    ];
    loop {
        match rustix::event::poll(&mut fds, None) {
            Ok(_) => return Ok(fds[0].revents().is_empty()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Kills every descendant of this process, until none is left.
pub(crate) fn kill_descendants(leaders: &[u32]) {
    for leader in leaders {
        if let Ok(group) = pid(*leader) {
            let _ = process::kill_process_group(group, process::Signal::KILL);
        }
    }
    #[cfg(target_os = "linux")]
    {
        // Without this, what loses its parent in the middle of the walk would
        // be somebody else's child, and out of reach.
        let _ = process::set_child_subreaper(Some(process::getpid()));
        end_descendants();
    }
}

/// Writes all of `bytes` into `pipe`; `TimedOut` where nothing more was taken
/// for `patience`.
pub(crate) fn write_within<P: io::Write + AsFd>(
    pipe: &mut P,
    bytes: &[u8],
    patience: Duration,
) -> io::Result<()> {
    // Of our end alone: the program's end of the pipe stays blocking.
    rustix::io::ioctl_fionbio(&*pipe, true)?;
    let mut rest = bytes;
    while !rest.is_empty() {
        match pipe.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut fds = [PollFd::new(&*pipe, PollFlags::OUT)];
                let limit = rustix::event::Timespec::try_from(patience)
                    .map_err(|_| io::ErrorKind::InvalidInput)?;
                if rustix::event::poll(&mut fds, Some(&limit))? == 0 {
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
