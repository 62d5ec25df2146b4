//! How hard a program works while nothing is asked of it.

use std::fmt;
use std::time::Duration;

use crate::judged::Judged;
use crate::wait::rest;

/// Shares of one core, 1.0 being all of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    /// What it used.
    used: f64,
    /// What it would have used on a machine without other work.
    wanted: f64,
}

impl Work {
    /// Watches for as long as `window`. `None` where that cannot be seen.
    pub(crate) fn during(judged: &Judged, window: Duration) -> Option<Work> {
        let before = judged.usage()?;
        rest(window);
        let after = judged.usage()?;
        let share = |after: Duration, before: Duration| {
            after.saturating_sub(before).as_secs_f64() / window.as_secs_f64()
        };
        Some(Work {
            used: share(after.cpu, before.cpu),
            wanted: share(after.wanted, before.wanted),
        })
    }

    /// It never rests: whenever it could run, it wanted to. How much it got of
    /// a core says nothing: on a busy machine that can be next to none.
    pub(crate) fn is_spinning(self) -> bool {
        self.wanted > 0.6
    }

    /// It waited for something all the time.
    pub(crate) fn is_at_rest(self) -> bool {
        self.wanted < 0.02
    }

    /// It (almost) always rests. A good idle server uses no CPU at all.
    pub(crate) fn is_idle(self) -> bool {
        self.used < 0.05 && self.wanted < 0.3
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
