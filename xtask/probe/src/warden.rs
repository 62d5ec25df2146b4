//! Ends a program that takes more of the machine than any check needs, before
//! there is nothing left for anybody else.
//!
//! Limits of the operating system would not do: address space says nothing of
//! memory (a runtime may reserve a terabyte and use little of it), and the
//! limit of processes is the user's, not the program's.

use std::fmt;
use std::io;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use supervise::{Burden, Limits};

use crate::cause::Cause;
use crate::judged::Judged;

/// How often it looks whether there are many new threads on the machine.
const GLANCE: Duration = Duration::from_millis(10);

/// How often it looks at the program in any case. What can be taken in so
/// short a time is bearable.
const PAUSE: Duration = Duration::from_millis(40);

/// A look at hundreds of threads takes its time: it may use a tenth of a core
/// at most, unless it only takes so long because nobody gets a core any more.
const REST_AFTER: u32 = 10;
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

const GIB: u64 = 1 << 30;

/// No check needs a third of these, also where a program starts a process or a
/// thread for each of its clients.
const MOST_PROCESSES: usize = 400;
const MOST_THREADS: usize = 4_000;

/// So many more than there are already, the kernel itself refuses, however
/// busy the machine is. Several checks share it, and whatever else their user
/// starts meanwhile.
const MOST_THREADS_OF_ITS_USER: u64 = 8_000;

/// No program of a lesson writes files; a runtime may reserve this much.
const LARGEST_FILE: u64 = 4 * GIB;

/// What the program of a lesson has to say, it says on its output.
const MOST_WRITTEN: u64 = GIB / 2;

/// Too much of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    Memory(u64),
    Processes,
    Threads,
    Written(u64),
}

impl Excess {
    fn of(burden: &Burden, most_memory: u64) -> Option<Excess> {
        if burden.processes >= MOST_PROCESSES {
            Some(Excess::Processes)
        } else if burden.threads >= MOST_THREADS {
            Some(Excess::Threads)
        } else if burden.memory > most_memory {
            Some(Excess::Memory(burden.memory))
        } else if burden.written > MOST_WRITTEN {
            Some(Excess::Written(burden.written))
        } else {
            None
        }
    }

    /// The cause that this is.
    pub(crate) fn cause(self) -> Cause {
        match self {
            Excess::Memory(_) => Cause::GrowingMemory,
            Excess::Processes => Cause::TooManyProcesses,
            Excess::Threads => Cause::LeakingThreads,
            Excess::Written(_) => Cause::FillingDisk,
        }
    }
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("your program ")?;
        match self {
            Excess::Memory(bytes) => write!(f, "took {} MiB of memory", bytes >> 20),
            Excess::Processes => write!(f, "had {MOST_PROCESSES} processes at the same time"),
            Excess::Threads => write!(f, "had {MOST_THREADS} threads at the same time"),
            Excess::Written(bytes) => write!(f, "wrote {} MiB to the disk", bytes >> 20),
        }?;
        f.write_str(
            "; it was ended at that point, so that enough is left \
             for everything else on this machine",
        )
    }
}

/// How much memory a program may take: far more than it needs, and little
/// enough for several checks to run at the same time. It grows with the
/// machine, as the heap of some runtimes does.
fn most_memory() -> u64 {
    let machine = supervise::memory_of_the_machine().unwrap_or(0);
    (machine / 32).clamp(GIB / 2, 2 * GIB)
}

/// `limits` with those that hold for every program.
pub(crate) fn bounded(limits: Limits) -> Limits {
    // An upper bound of what its user has now.
    let now = supervise::threads_of_the_machine();
    Limits {
        threads: now.map(|now| now as u64 + MOST_THREADS_OF_ITS_USER),
        file: Some(LARGEST_FILE),
        ..limits
    }
}

/// Keeps an eye on `judged` until nobody else does.
pub(crate) fn watch(judged: &Arc<Judged>) -> io::Result<()> {
    let judged = Arc::downgrade(judged);
    let warden = std::thread::Builder::new().name("warden".into());
    warden.spawn(move || keep_watch(&judged, most_memory()))?;
    Ok(())
}

fn keep_watch(judged: &Weak<Judged>, most_memory: u64) {
    let mut pause = PAUSE;
    loop {
        rest(pause);
        let Some(judged) = judged.upgrade() else {
            return;
        };
        let looked = Instant::now();
        let Some(burden) = judged.burden(MOST_PROCESSES) else {
            return;
        };
        if let Some(excess) = excess(&judged, &burden, most_memory) {
            let _ = judged.excess.set(excess);
            judged.kill();
        }
        pause = (REST_AFTER * looked.elapsed()).clamp(PAUSE, LONGEST_PAUSE);
    }
}

fn excess(judged: &Judged, burden: &Burden, most_memory: u64) -> Option<Excess> {
    match Excess::of(burden, most_memory) {
        // Processes that came from one another have most of it in common.
        Some(Excess::Memory(_)) => judged
            .memory_without_repeats()
            .filter(|memory| *memory > most_memory)
            .map(Excess::Memory),
        other => other,
    }
}

/// Rests for `pause`, or until there are many more threads on this machine.
fn rest(pause: Duration) {
    let end = Instant::now() + pause;
    let many = |before: Option<usize>| {
        let now = supervise::threads_of_the_machine();
        now > before.map(|before| before + MOST_PROCESSES / 4)
    };
    let before = supervise::threads_of_the_machine();
    while Instant::now() < end && !many(before) {
        std::thread::sleep(GLANCE);
    }
}
