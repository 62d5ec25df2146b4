//! What a program uses: CPU time, threads, descriptors, memory.

use std::time::Duration;

/// A sample of what a program and all its descendants use at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU time of all threads that are alive, user and system together.
    pub cpu: Duration,
    /// CPU time, and the time for which they were ready to run but had to wait
    /// for a core: on a busy machine, what tells a spinning program from an
    /// idle one.
    pub wanted: Duration,
    /// Threads that run or are ready to. Of one that waits for a core all the time,
    /// as on a very busy machine, nothing else tells that it does not rest: the
    /// system counts its wait only when it is over.
    pub ready: usize,
    /// Threads; a process that has ended but was not waited for counts as one.
    pub threads: usize,
    /// Open file descriptors.
    pub descriptors: usize,
    /// Resident memory in bytes.
    pub memory: u64,
}

impl Usage {
    /// Samples the process `pid` and its descendants. `None` where the platform
    /// offers no cheap way to look (all but Linux), or when the process is gone.
    #[must_use]
    pub fn of(pid: u32) -> Option<Usage> {
        #[cfg(target_os = "linux")]
        return crate::proc::usage(pid);
        #[cfg(not(target_os = "linux"))]
        {
            let _ = pid;
            None
        }
    }
}
