//! What this process has spent so far, and what its children have.

use std::time::Duration;

/// CPU time, user and system together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Of this process, all its threads together.
    pub own: Duration,
    /// Of the children that have ended and were waited for, and of what these
    /// have waited for in turn.
    pub children: Duration,
}

impl Spent {
    /// What was spent up to now, where that can be seen: on Linux.
    #[must_use]
    pub fn so_far() -> Option<Spent> {
        #[cfg(target_os = "linux")]
        return crate::proc::spent();
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// What was spent after `earlier`.
    #[must_use]
    pub fn since(self, earlier: Spent) -> Spent {
        Spent {
            own: self.own.saturating_sub(earlier.own),
            children: self.children.saturating_sub(earlier.children),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_children_spend_is_told_from_ones_own() {
        let before = Spent::so_far().expect("Linux shows it");
        // The child stops on its own once it has used a whole second.
        let child = Command::new("sh")
            .args(["-c", "ulimit -t 1; while :; do :; done"])
            .status();
        assert!(!child.expect("a shell").success());
        let spent = Spent::so_far().expect("Linux shows it").since(before);
        // The limit and the account are kept by two clocks, one of them coarse.
        assert!(spent.children >= Duration::from_millis(500), "{spent:?}");
        assert!(spent.own < spent.children, "{spent:?}");
    }
}
