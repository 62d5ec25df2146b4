//! What a program uses: CPU with nothing to do, and what it leaves behind.

use std::time::{Duration, Instant};

use supervise::Usage;
use wire::grouped;

use crate::cause::Cause;
use crate::failure::fail;
use crate::running::Running;
use crate::wait::{PATIENCE, readable, rest, until};
use crate::work::{A_WHILE, Work};

/// What a program used when it had nothing to do.
#[derive(Debug, Clone, Copy)]
pub struct Baseline(Option<Usage>);

impl Baseline {
    /// Threads and descriptors may exceed the baseline by this much: a runtime
    /// may keep a few for later, but not one for each client that has gone.
    const SLACK: usize = 4;
}

impl Running {
    /// What it and its children use now; `None` where that cannot be seen.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        let usage = self.judged().usage();
        if usage.is_none() {
            self.scene()
                .note("threads, descriptors, memory and CPU time cannot be observed here");
        }
        usage
    }

    /// Must rest: use almost no CPU, as soon as what it has to do is done.
    ///
    /// # Panics
    /// When it uses the CPU all the time.
    #[track_caller]
    pub fn expect_idle(&self) {
        // A program with nothing to do does nothing at all: that is soon seen.
        if Work::during(self.judged(), A_WHILE).is_some_and(Work::is_at_rest) {
            return;
        }
        let (mut looks, mut seen) = (0, None);
        let deadline = Instant::now() + PATIENCE;
        while looks < 6 && Instant::now() < deadline {
            match Work::during(self.judged(), Duration::from_millis(300)) {
                // What it would do with a core shows only when it gets one.
                Some(work) if work.is_starved() => {}
                Some(work) if work.is_idle() => return,
                Some(work) => (looks, seen) = (looks + 1, Some(work)),
                None => {
                    // Says that it cannot be observed.
                    let _unseen = self.usage();
                    return;
                }
            }
        }
        match seen {
            Some(work) => {
                let got = format!("it {work}, with nothing to do");
                let expected = "your program rests while nothing happens";
                fail(self.scene(), Cause::Spinning, expected, &got);
            }
            None => self
                .scene()
                .note("whether the program rests cannot be observed: others keep all cores busy"),
        }
    }

    /// The time limit with which it waits, where it has one and no more, and
    /// that can be seen.
    #[must_use]
    pub fn time_limit(&self) -> Option<Duration> {
        self.let_it_come_to_rest();
        self.judged().time_limit()
    }

    /// Whether a thread of it is seen to wait for one socket, or to sleep, though
    /// it has an event loop that waits for all of them.
    #[must_use]
    pub fn blocks_its_event_loop(&self) -> bool {
        self.judged().blocks_its_event_loop().unwrap_or(false)
    }

    /// Lets time pass in which nothing is sent, so that a program which gives
    /// up on silent peers does so: until the time limit is over, up to half a
    /// minute, with which a thread of it is seen to wait. For 1 s where nobody
    /// can see that.
    pub fn stay_silent(&self) {
        const UNSEEN: Duration = Duration::from_secs(1);
        const LONGEST: Duration = Duration::from_secs(31);
        // A clock with several hands, as Tokio's, looks at a limit a few times
        // before it is over, each time closer to its end.
        const LOOKS: usize = 3;
        let mut waited = Duration::ZERO;
        for _ in 0..LOOKS {
            self.let_it_come_to_rest();
            let Some(limit) = self.judged().longest_wait(LONGEST.saturating_sub(waited)) else {
                rest(UNSEEN);
                return;
            };
            if limit.is_zero() {
                break;
            }
            rest(limit);
            waited += limit;
        }
        self.let_it_come_to_rest();
    }

    /// Until it waits for something, and has done what it had to; for a second
    /// at most.
    fn let_it_come_to_rest(&self) {
        for _ in 0..10 {
            match Work::during(self.judged(), A_WHILE) {
                Some(work) if !work.is_at_rest() => {}
                _ => return,
            }
        }
    }

    /// What it uses now, to compare with later.
    #[must_use]
    pub fn baseline(&self) -> Baseline {
        Baseline(self.usage())
    }

    /// Threads and descriptors must come back to what they were.
    ///
    /// # Panics
    /// When more than a handful of them stay.
    #[track_caller]
    pub fn expect_back_to(&self, baseline: &Baseline) {
        let Baseline(Some(before)) = baseline else {
            return;
        };
        let mut now = *before;
        let back = until(PATIENCE, || {
            now = self.usage().unwrap_or(*before);
            now.threads <= before.threads + Baseline::SLACK
                && now.descriptors <= before.descriptors + Baseline::SLACK
        });
        if back {
            return;
        }
        let expected = format!(
            "{} and {} file descriptors (open files and connections), as before",
            threads(before.threads),
            before.descriptors
        );
        let got = format!(
            "{} and {} file descriptors, {} after the last client has gone",
            threads(now.threads),
            now.descriptors,
            readable(PATIENCE)
        );
        let cause = if now.threads > before.threads + Baseline::SLACK {
            Cause::LeakingThreads
        } else {
            Cause::LeakingDescriptors
        };
        fail(self.scene(), cause, &expected, &got);
    }

    /// Memory must not have grown by more than `most` bytes since `baseline`.
    ///
    /// # Panics
    /// When it has.
    #[track_caller]
    pub fn expect_memory_within(&self, baseline: &Baseline, most: u64) {
        let (Baseline(Some(before)), Some(now)) = (baseline, self.usage()) else {
            return;
        };
        let grown = now.memory.saturating_sub(before.memory);
        if grown > most {
            let expected = format!("your program takes at most {} more memory", mib(most));
            fail(
                self.scene(),
                Cause::GrowingMemory,
                &expected,
                &format!("it took {} more", mib(grown)),
            );
        }
    }

    /// Must run on at most `most` threads now.
    ///
    /// # Panics
    /// When there are more.
    #[track_caller]
    pub fn expect_threads_at_most(&self, most: usize) {
        let Some(now) = self.usage() else { return };
        if now.threads > most {
            let got = threads(now.threads);
            fail(
                self.scene(),
                Cause::LeakingThreads,
                &format!("at most {most} threads"),
                &got,
            );
        }
    }
}

fn threads(count: usize) -> String {
    match count {
        1 => "1 thread".into(),
        count => format!("{} threads", grouped(count)),
    }
}

fn mib(bytes: u64) -> String {
    const KIB: u64 = 1024;
    // Tenths, in whole numbers: no program takes so much that this overflows.
    let tenths = (bytes / KIB).saturating_mul(10) / KIB;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}
