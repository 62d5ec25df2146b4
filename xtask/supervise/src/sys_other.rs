//! Neither Linux nor another Unix: what the standard library alone can do.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::{Limits, Signal};

pub(crate) fn prepare(_command: &mut Command, limits: Limits) -> io::Result<()> {
    if limits.descriptors.is_some() || limits.memory.is_some() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(())
}

pub(crate) fn signal_group(child: &Child, signal: Signal) -> io::Result<()> {
    if signal != Signal::Kill {
        return Err(io::ErrorKind::Unsupported.into());
    }
    kill_tree(child);
    Ok(())
}

/// `taskkill /T` walks the tree of processes, as a Job Object would without any
/// unsafe code of ours.
pub(crate) fn kill_tree(child: &Child) {
    let pid = child.id().to_string();
    let kill = Command::new("taskkill")
        .args(["/T", "/F", "/PID", &pid])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // A tree that has ended already cannot be killed, and need not be.
    drop(kill);
}

pub(crate) fn kill_group(child: &Child) {
    kill_tree(child);
}

/// Here an orphan is nobody's.
pub(crate) fn adopts_orphans() -> bool {
    false
}

pub(crate) fn kill_orphans() {}

/// Here a process that has ended keeps its id as long as `child` is there.
pub(crate) fn look_whether_ended(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    child.try_wait()
}

/// Nobody can stop a process here.
pub(crate) fn continue_if_stopped(_child: &Child) {}

/// Orphans are not adopted here.
///
/// # Errors
/// Always `Unsupported`.
pub fn become_subreaper() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// There is no such limit here.
///
/// # Errors
/// None.
pub fn raise_descriptor_limit(_wanted: u64) -> io::Result<()> {
    Ok(())
}

/// There are no such limits here.
#[must_use]
pub fn limits_of_this_process() -> String {
    String::new()
}

/// There is no such limit here.
pub(crate) fn is_out_of_descriptors(_error: &io::Error) -> bool {
    false
}

/// Nothing was adopted here.
pub fn adopt_no_more() {}

/// A blocking read cannot be interrupted here: it ends with the next output.
pub(crate) fn readable<P, I>(_pipe: P, _interrupt: I) -> io::Result<bool> {
    Ok(true)
}

pub(crate) fn kill_descendants(leaders: &[u32]) {
    for leader in leaders {
        let pid = leader.to_string();
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &pid])
            .status();
    }
}

/// A blocking write has no deadline here; the deadline of the whole check ends it.
pub(crate) fn write_within<P: io::Write>(
    pipe: &mut P,
    bytes: &[u8],
    _patience: Duration,
) -> io::Result<()> {
    pipe.write_all(bytes)
}
