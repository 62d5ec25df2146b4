//! What a program takes of the machine, and how much that may be.

/// What a program and all that came from it take at one moment: cheap enough
/// to be looked at all the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Burden {
    /// Resident memory in bytes; what processes share is counted for each.
    pub memory: u64,
    /// Processes.
    pub processes: usize,
    /// Their threads, the first ones among them.
    pub threads: usize,
    /// Bytes written to disks.
    pub written: u64,
}

impl Burden {
    /// `None` where the platform offers no cheap way to look (all but Linux).
    pub(crate) fn of(leader: u32, enough: usize) -> Option<Burden> {
        #[cfg(target_os = "linux")]
        return Some(crate::proc::burden(leader, enough));
        #[cfg(not(target_os = "linux"))]
        {
            let _ = (leader, enough);
            None
        }
    }
}

/// How much memory this machine has, in bytes, where that can be seen.
#[must_use]
pub fn memory_of_the_machine() -> Option<u64> {
    #[cfg(target_os = "linux")]
    return Some(crate::proc::memory_of_the_machine());
    #[cfg(not(target_os = "linux"))]
    None
}

/// How many threads there are on this machine, whoever's they are, where that
/// can be seen: a look that costs next to nothing.
#[must_use]
pub fn threads_of_the_machine() -> Option<usize> {
    #[cfg(target_os = "linux")]
    return crate::proc::threads_of_the_machine();
    #[cfg(not(target_os = "linux"))]
    None
}
