//! How hard a program works while nothing is asked of it.

use std::fmt;
use std::time::Duration;

use supervise::Usage;

use crate::judged::Judged;
use crate::wait::rest;

/// Long enough to see whether a program does anything.
pub(crate) const A_WHILE: Duration = Duration::from_millis(75);

/// A program that rests wants no more of a core, in so short a time.
pub(crate) const REST: Duration = Duration::from_millis(1);

/// Shares of one core, 1.0 being all of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    /// What it used.
    used: f64,
    /// What it would have used on a machine without other work.
    wanted: f64,
    /// It was ready to run at the end.
    ready: bool,
    /// It wanted a core all the time and got none, on a machine that is so busy:
    /// what it would have done with one, nobody knows. The system counts such a
    /// wait only when it is over.
    starved: bool,
}

impl Work {
    /// Watches for as long as `window`. `None` where that cannot be seen.
    pub(crate) fn during(judged: &Judged, window: Duration) -> Option<Work> {
        let before = judged.usage()?;
        rest(window);
        Some(Work::between(before, judged.usage()?, window))
    }

    fn between(before: Usage, after: Usage, window: Duration) -> Work {
        let used = after.cpu.saturating_sub(before.cpu);
        let wanted = after.wanted.saturating_sub(before.wanted);
        let share = |time: Duration| time.as_secs_f64() / window.as_secs_f64();
        Work {
            used: share(used),
            wanted: share(wanted),
            ready: after.ready > 0,
            // Whoever was ready before and has not run meanwhile has not gone to
            // sleep.
            starved: wanted < REST && before.ready > 0 && after.ready > 0,
        }
    }

    /// It never rests: whenever it could run, it wanted to. How much it got of
    /// a core says nothing: on a busy machine that can be next to none.
    pub(crate) fn is_spinning(self) -> bool {
        self.wanted > 0.6
    }

    /// It waited for something all the time.
    pub(crate) fn is_at_rest(self) -> bool {
        self.wanted < 0.02 && !self.ready
    }

    /// It (almost) always rests. A good idle server uses no CPU at all.
    pub(crate) fn is_idle(self) -> bool {
        self.used < 0.05 && self.wanted < 0.3 && !self.starved
    }

    pub(crate) fn is_starved(self) -> bool {
        self.starved
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "keeps a core busy for {:.0} % of the time",
            self.wanted.min(1.0) * 100.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_millis(100);

    /// The work of a program that used so much and waited so long for a core, both
    /// in milliseconds, and was ready to run before and after.
    fn work(used: u64, waited: u64, ready: [usize; 2]) -> Work {
        let usage = |cpu: u64, wanted: u64, ready: usize| Usage {
            cpu: Duration::from_millis(cpu),
            wanted: Duration::from_millis(wanted),
            ready,
            ..Usage::default()
        };
        let [before, after] = ready;
        let (before, after) = (
            usage(7, 9, before),
            usage(7 + used, 9 + used + waited, after),
        );
        Work::between(before, after, WINDOW)
    }

    #[test]
    fn who_waits_for_a_core_all_the_time_neither_rests_nor_spins() {
        let starved = work(0, 0, [1, 1]);
        assert!(starved.is_starved());
        assert!(!starved.is_at_rest() && !starved.is_idle() && !starved.is_spinning());
    }

    #[test]
    fn who_wakes_up_at_the_end_is_idle_and_not_at_rest_yet() {
        let woken = work(0, 0, [0, 1]);
        assert!(woken.is_idle() && !woken.is_at_rest() && !woken.is_starved());
    }

    #[test]
    fn who_sleeps_rests_whatever_it_did_before() {
        let resting = work(0, 0, [0, 0]);
        assert!(resting.is_at_rest() && resting.is_idle());
        assert!(work(1, 0, [1, 0]).is_idle());
    }

    #[test]
    fn who_got_little_of_a_core_and_always_wanted_it_spins() {
        let spinning = work(4, 90, [1, 1]);
        assert!(spinning.is_spinning() && !spinning.is_idle() && !spinning.is_starved());
    }
}
