//! A program in a process group of its own.

use std::io;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::{Burden, Usage, sys};

/// What a program may use at most, and how it is held; `None` leaves a limit
/// as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Open file descriptors (`RLIMIT_NOFILE`).
    pub descriptors: Option<u64>,
    /// Address space in bytes (`RLIMIT_AS`).
    pub memory: Option<u64>,
    /// Processes and threads of its user, others' among them (`RLIMIT_NPROC`),
    /// where the platform has such a limit. The superuser has none.
    pub threads: Option<u64>,
    /// The size of a file that it writes, in bytes (`RLIMIT_FSIZE`), where the
    /// platform has such a limit.
    pub file: Option<u64>,
    /// It watches its stdin as a leash, and cleans up when that ends: so it is
    /// not killed together with its parent.
    pub leashed: bool,
}

/// What can be told to a whole process group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// `SIGSTOP`: it does not run until [`Signal::Continue`].
    Stop,
    /// `SIGCONT`.
    Continue,
    /// `SIGKILL`.
    Kill,
}

/// A running program with its process group; both end when this is dropped.
#[derive(Debug)]
pub struct Group {
    child: Child,
    ended: Option<ExitStatus>,
    /// Until the program is collected, the system gives its id to nobody else;
    /// from then on no signal may be sent to it, for it could be a stranger's.
    collected: bool,
}

/// The leaders of all groups that are alive, so that a sweep for orphans can
/// tell them from what they left behind. `None`: everything was killed, and
/// nothing is started any more.
static LEADERS: Mutex<Option<Vec<u32>>> = Mutex::new(Some(Vec::new()));

/// How long a machine that has no room for one more process is asked again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether starting a process failed for want of processes, memory or descriptors,
/// which says nothing about the program, and may be over in a moment.
#[must_use]
pub fn is_shortage(error: &io::Error) -> bool {
    use io::ErrorKind::{OutOfMemory, WouldBlock};
    // No room for one more process is EAGAIN, which Rust calls `WouldBlock`.
    matches!(error.kind(), WouldBlock | OutOfMemory) || sys::is_out_of_descriptors(error)
}

impl Group {
    /// Starts `command` in a new process group, with `limits`.
    ///
    /// On Linux the program is killed when the *thread* that calls this ends,
    /// unless it is leashed: call it from a thread that outlives the program.
    ///
    /// # Errors
    /// What the operating system says, for instance that the file is missing;
    /// `Unsupported` where the platform cannot set a limit; any after
    /// [`kill_everything`].
    pub fn spawn(command: &mut Command, limits: Limits) -> io::Result<Group> {
        sys::prepare(command, limits)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match Group::spawn_once(command) {
                Err(error) if is_shortage(&error) && Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                outcome => return outcome,
            }
        }
    }

    fn spawn_once(command: &mut Command) -> io::Result<Group> {
        // The lock is held over the spawn: a sweep must not take the new
        // program for an orphan in the moment before it is registered.
        let mut open = lock(&LEADERS);
        let leaders = open
            .as_mut()
            .ok_or_else(|| io::Error::other("this process is being ended"))?;
        let child = command.spawn()?;
        leaders.push(child.id());
        Ok(Group {
            child,
            ended: None,
            collected: false,
        })
    }

    /// The process id of the group's leader.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Hands out the pipes that the command asked for.
    pub fn take_pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>, Option<ChildStderr>) {
        (
            self.child.stdin.take(),
            self.child.stdout.take(),
            self.child.stderr.take(),
        )
    }

    /// How the program ended, if it has. Does not wait, and does not collect it:
    /// what it has started may live on in its group, which has its id.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.ended.is_none() {
            self.ended = sys::look_whether_ended(&mut self.child)?;
        }
        Ok(self.ended)
    }

    /// Sends `signal` to the whole group.
    ///
    /// # Errors
    /// `Unsupported` where the platform has no such signal; what the operating
    /// system says, for instance that the group is gone.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        if self.collected {
            return Err(io::ErrorKind::NotFound.into());
        }
        sys::signal_group(&self.child, signal)
    }

    /// What the program and its descendants use now, where that can be seen.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        if self.ended.is_some() {
            None
        } else {
            Usage::of(self.id())
        }
    }

    /// What the program and all that came from it take now, where that can be
    /// seen. Where they are `enough` processes, nothing else is counted.
    #[must_use]
    pub fn burden(&self, enough: usize) -> Option<Burden> {
        Burden::of(self.id(), enough)
    }

    /// The memory of the program and all that came from it, in bytes: shared
    /// pages are counted once. Dearer than [`Group::burden`].
    #[must_use]
    pub fn memory_without_repeats(&self) -> Option<u64> {
        #[cfg(target_os = "linux")]
        return Some(crate::proc::memory_without_repeats(self.id()));
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// Whether it is the program, or a process that came from it, that has the
    /// TCP listener or the UDP socket at `addr`. `None` where nobody has one,
    /// and where that cannot be seen.
    #[must_use]
    pub fn owns(&self, addr: std::net::SocketAddr) -> Option<bool> {
        #[cfg(target_os = "linux")]
        {
            // Mostly it is the program itself, and nobody looks for others.
            if crate::sockets::is_seen_to_have(self.id(), addr) == Some(true) {
                return Some(true);
            }
            crate::sockets::owned(|| crate::proc::offspring(self.id(), usize::MAX), addr)
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = addr;
            None
        }
    }

    /// Whether the program has read all that came from the client at `client` to its
    /// TCP server at `server`; what it has not accepted, it has not read. `None`
    /// where that cannot be seen.
    #[must_use]
    pub fn has_read_all(
        &self,
        server: std::net::SocketAddr,
        client: std::net::SocketAddr,
    ) -> Option<bool> {
        #[cfg(target_os = "linux")]
        return crate::sockets::all_is_read(&crate::proc::tree(self.id()), server, client);
        #[cfg(not(target_os = "linux"))]
        {
            let _ = (server, client);
            None
        }
    }

    /// Whether a signal has stopped the program, where that can be seen.
    #[must_use]
    pub fn is_stopped(&self) -> Option<bool> {
        #[cfg(target_os = "linux")]
        return crate::proc::is_stopped(self.id());
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// Lets the program go on if somebody else than this process has stopped
    /// it, where that can be seen.
    pub fn continue_if_stopped(&self) {
        sys::continue_if_stopped(&self.child);
    }

    /// The longest time limit, `most` at most, with which a thread of the program
    /// waits at this moment, zero if with none, where that can be seen.
    #[must_use]
    pub fn longest_wait(&self, most: std::time::Duration) -> Option<std::time::Duration> {
        #[cfg(target_os = "linux")]
        return crate::waits::longest_limit(self.id(), most);
        #[cfg(not(target_os = "linux"))]
        {
            let _ = most;
            None
        }
    }

    /// The time limit with which the program waits at this moment, where it has
    /// one and no more, and that can be seen to the millisecond.
    #[must_use]
    pub fn time_limit(&self) -> Option<std::time::Duration> {
        #[cfg(target_os = "linux")]
        return crate::waits::only_limit(self.id());
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// Whether the program waits for many sockets at once, and a thread of it for
    /// a single one all the same, or for time to pass, where that can be seen.
    #[must_use]
    pub fn blocks_its_event_loop(&self) -> Option<bool> {
        #[cfg(target_os = "linux")]
        return crate::waits::in_spite_of_its_event_loop(self.id());
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// The TCP addresses on which the program listens, where that can be seen:
    /// IPv4 on Linux.
    #[must_use]
    pub fn listening(&self) -> Option<Vec<std::net::SocketAddr>> {
        #[cfg(target_os = "linux")]
        return crate::sockets::listening(self.id());
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// Kills the program and everything that came from it, and waits for the end.
    pub fn kill(&mut self) {
        if self.collected {
            return;
        }
        // The lock is held until it is collected: nobody else may send a signal
        // to a leader whose id has become another's, or start one more.
        let mut open = lock(&LEADERS);
        let is_last = open.as_deref() == Some(&[self.child.id()][..]);
        if self.ended.is_some() || is_last && sys::adopts_orphans() {
            // What is not in its group is an orphan with its end, at the latest,
            // and is found among the orphans, where nothing has to be read.
            sys::kill_group(&self.child);
        } else {
            sys::kill_tree(&self.child);
        }
        // It was sent a signal that it cannot refuse; the wait only collects it.
        // An error means that it was collected before.
        let status = self.child.wait().ok();
        self.ended = self.ended.or(status);
        self.collected = true;
        if let Some(leaders) = open.as_mut() {
            leaders.retain(|leader| *leader != self.child.id());
            if leaders.is_empty() {
                sys::kill_orphans();
            }
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Kills every program started by this process, and all that came from them:
/// for the moment before this process has to go itself. From then on
/// [`Group::spawn`] fails.
pub fn kill_everything() {
    // Held to the end: nobody else may take a group for ended before it is.
    let mut open = lock(&LEADERS);
    sys::kill_descendants(&open.take().unwrap_or_default());
}

/// The leaders of all groups that were not collected yet.
#[cfg(target_os = "linux")]
pub(crate) fn leaders() -> Vec<u32> {
    lock(&LEADERS).clone().unwrap_or_default()
}

/// A panic of another thread does not make the list of leaders any less true.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::BufRead as _;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Stdio;

    use super::*;

    fn ended(script: &str) -> (Group, ExitStatus) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdout(Stdio::piped());
        let mut group = Group::spawn(&mut command, Limits::default()).expect("a shell");
        loop {
            if let Some(status) = group.try_wait().expect("an answer") {
                return (group, status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn the_end_is_told_as_the_system_tells_it() {
        let (mut group, status) = ended("exit 7");
        assert_eq!(status, ExitStatus::from_raw(7 << 8));
        // The same from whoever collects it.
        assert_eq!(group.child.wait().expect("a status"), status);
        let (mut group, status) = ended("kill -TERM $$");
        assert_eq!(status.signal(), Some(15));
        assert_eq!(group.child.wait().expect("a status"), status);
    }

    /// A stranger that gets the id of a program would get its signals, too.
    #[cfg(target_os = "linux")]
    #[test]
    fn an_id_is_kept_until_the_last_signal_was_sent() {
        let (mut group, _) = ended("exit 0");
        let parent = crate::proc::parent(group.id());
        assert_eq!(parent, Some(std::process::id()));
        group.kill();
        assert_eq!(crate::proc::parent(group.id()), None);
        let refused = group.signal(Signal::Kill).expect_err("nobody is there");
        assert_eq!(refused.kind(), io::ErrorKind::NotFound);
    }

    /// What is left behind in the group goes with it, though its leader has ended.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_program_left_behind_is_killed() {
        let (mut group, _) = ended("sleep 100 & echo $!");
        let stdout = group.take_pipes().1.expect("a pipe");
        let mut line = String::new();
        let read = std::io::BufReader::new(stdout).read_line(&mut line);
        read.expect("a line");
        let id: u32 = line.trim().parse().expect("a number");
        assert!(crate::proc::parent(id).is_some());
        group.kill();
        let deadline = Instant::now() + Duration::from_secs(5);
        let is_there = || {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        while is_there() {
            assert!(Instant::now() < deadline, "{id} lives on");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
