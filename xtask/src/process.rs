//! One process under a deadline: it ends, it is cancelled, or it runs out of
//! time; in each case nothing of it is left, and its output is bounded.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use supervise::{Group, Limits};

/// How much of its output is kept: the last of it.
const KEPT: usize = 8 * 1024;

/// How often a cancellation is looked for. The end of the process needs no
/// looking: its output ends with it.
const POLL: Duration = Duration::from_millis(50);

/// How long a process may take to clean up once its leash is gone.
const GRACE: Duration = Duration::from_secs(1);

/// How long the output of a process that is over may take to be read: a moment,
/// but for a machine that has other things to do.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// How a process came to its end.
#[derive(Debug)]
pub(crate) enum End {
    Exited(ExitStatus),
    TimedOut,
    Cancelled,
}

/// A process that is over.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) end: End,
    /// The last of its stdout and stderr, as they were written.
    pub(crate) output: String,
}

/// Runs `command` until it ends, until `deadline`, or until `cancelled`.
///
/// Its stdin is its leash: it stays open as long as somebody wants to know how
/// the process ends, also if we are killed. Whoever watches it can take his own
/// descendants with him; the others are killed.
pub(crate) fn run(
    mut command: Command,
    deadline: Instant,
    cancelled: impl Fn() -> bool,
) -> io::Result<Ran> {
    let (reader, writer) = io::pipe()?;
    command
        .stdin(Stdio::piped())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut group = Group::spawn(
        &mut command,
        Limits {
            leashed: true,
            ..Limits::default()
        },
    )?;
    // The command holds our copies of the writing end.
    drop(command);
    let (leash, ..) = group.take_pipes();
    // Where no thread can be had, dropping the group ends the process.
    let (tail, ended) = keep_tail(reader)?;
    let end = wait(&mut group, &ended, deadline, cancelled);
    drop(leash);
    if !matches!(end, Ok(End::Exited(_))) {
        let _ = wait(&mut group, &ended, Instant::now() + GRACE, || false);
    }
    group.kill();
    // All that was written is in the pipe; what still holds its other end after
    // that has escaped and is not worth waiting for.
    let _ = ended.recv_timeout(LAST_WORDS);
    let kept: Vec<u8> = tail
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .copied()
        .collect();
    Ok(Ran {
        end: end?,
        output: String::from_utf8_lossy(&kept).into_owned(),
    })
}

fn wait(
    group: &mut Group,
    ended: &mpsc::Receiver<()>,
    deadline: Instant,
    cancelled: impl Fn() -> bool,
) -> io::Result<End> {
    loop {
        if let Some(status) = group.try_wait()? {
            return Ok(End::Exited(status));
        }
        // A program may stop whoever judges it.
        group.continue_if_stopped();
        if cancelled() {
            return Ok(End::Cancelled);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(End::TimedOut);
        }
        if let Err(RecvTimeoutError::Disconnected) = ended.recv_timeout(POLL.min(left)) {
            // The output has ended, so the process is about to.
            std::thread::yield_now();
        }
    }
}

type Tail = Arc<Mutex<VecDeque<u8>>>;

/// Reads `reader` to its end in the background and keeps the last of it. The
/// receiver is disconnected at the end.
fn keep_tail(mut reader: io::PipeReader) -> io::Result<(Tail, mpsc::Receiver<()>)> {
    let tail = Tail::default();
    let kept = Arc::clone(&tail);
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new().spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend(&buffer[..read]);
            let excess = kept.len().saturating_sub(KEPT);
            kept.drain(..excess);
        }
        drop(sender);
    })?;
    Ok((tail, receiver))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[test]
    fn keeps_the_last_of_the_output() {
        let ran = run(
            shell("yes | head -c 1000000; echo the end; exit 3"),
            soon(),
            || false,
        )
        .expect("runs");
        assert!(
            matches!(ran.end, End::Exited(status) if status.code() == Some(3)),
            "{:?}",
            ran.end
        );
        assert!(ran.output.len() <= KEPT);
        assert!(ran.output.ends_with("the end\n"));
    }

    #[test]
    fn a_deadline_ends_the_children_too() {
        let deadline = Instant::now() + Duration::from_millis(300);
        let ran = run(
            shell("echo $$; sleep 1000 & echo $!; wait"),
            deadline,
            || false,
        )
        .expect("runs");
        assert!(matches!(ran.end, End::TimedOut), "{:?}", ran.end);
        // A process ends a moment after it was killed.
        let long_enough = soon();
        while ran.output.lines().any(is_running) {
            assert!(
                Instant::now() < long_enough,
                "still running: {}",
                ran.output
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_cancelled_process_ends() {
        let ran = run(shell("sleep 1000"), soon(), || true).expect("runs");
        assert!(matches!(ran.end, End::Cancelled), "{:?}", ran.end);
    }

    /// A killed process that nobody has collected yet does not run any more.
    fn is_running(pid: &str) -> bool {
        let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        !state.is_empty() && !state.contains(") Z ")
    }
}
