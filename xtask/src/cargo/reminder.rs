//! Where nobody sees how far Cargo is, a line now and then says that it goes on:
//! a build script may never end, and a log that says nothing explains nothing.

use std::time::{Duration, Instant};

/// A build that takes longer than this is unusual.
const FIRST: Duration = Duration::from_secs(30);

/// Rare enough for a log.
const THEN: Duration = Duration::from_secs(60);

/// What Cargo was last seen at, and when that is to be told.
pub(super) struct Reminder {
    begun: Instant,
    due: Duration,
    doing: Doing,
}

#[derive(Debug, PartialEq, Eq)]
enum Doing {
    /// These crates, where it has named any.
    Building(String),
    Waiting,
}

impl Reminder {
    pub(super) fn new() -> Reminder {
        Reminder {
            begun: Instant::now(),
            due: FIRST,
            doing: Doing::Building(String::new()),
        }
    }

    /// It builds, or gets, what `now` names.
    pub(super) fn builds(&mut self, now: &str) {
        self.doing = Doing::Building(now.trim().to_string());
    }

    /// It waits for another one.
    pub(super) fn waits(&mut self) {
        self.doing = Doing::Waiting;
    }

    /// The line that is due by now, about the build of `what`, which `limit`
    /// would limit.
    pub(super) fn line(&mut self, what: &str, limit: Option<&str>) -> Option<String> {
        self.line_after(self.begun.elapsed(), what, limit)
    }

    fn line_after(&mut self, passed: Duration, what: &str, limit: Option<&str>) -> Option<String> {
        if passed < self.due {
            return None;
        }
        // A machine that was asleep has no lines to catch up with.
        self.due = passed + THEN;
        let seconds = passed.as_secs();
        Some(match &self.doing {
            Doing::Waiting => format!(
                "Still waiting for another cargo after {seconds} s. \
                 `cargo xtask doctor` looks for it; Ctrl-C ends the wait."
            ),
            Doing::Building(now) => {
                let at = if now.is_empty() { "" } else { ": " };
                let limit = limit.map(|limit| format!("; `{limit}` sets a limit"));
                format!(
                    "Still building {what} after {seconds} s{at}{now}. Ctrl-C ends it{}.",
                    limit.unwrap_or_default()
                )
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_build_is_told_after_half_a_minute_and_then_rarely() {
        let mut reminder = Reminder::new();
        let told: Vec<u64> = (0..300)
            .filter(|&second| {
                let passed = Duration::from_secs(second);
                reminder.line_after(passed, "alpha", None).is_some()
            })
            .collect();
        assert_eq!(told, [30, 90, 150, 210, 270]);
    }

    #[test]
    fn it_is_told_what_takes_so_long() {
        let told =
            |reminder: &mut Reminder| reminder.line_after(FIRST, "alpha", None).expect("a line");
        let mut reminder = Reminder::new();
        assert!(told(&mut reminder).starts_with("Still building alpha after 30 s. Ctrl-C"));
        let mut reminder = Reminder::new();
        reminder.waits();
        assert!(told(&mut reminder).starts_with("Still waiting for another cargo after 30 s."));
        let mut reminder = Reminder::new();
        reminder.builds("alpha(build)");
        assert!(told(&mut reminder).contains("after 30 s: alpha(build). Ctrl-C"));
    }

    #[test]
    fn a_limit_is_told_where_there_is_one() {
        let told = |limit| Reminder::new().line_after(FIRST, "alpha", limit);
        let line = "Still building alpha after 30 s. Ctrl-C ends it";
        assert_eq!(told(None), Some(format!("{line}.")));
        let limited = format!("{line}; `check --budget 9` sets a limit.");
        assert_eq!(told(Some("check --budget 9")), Some(limited));
    }
}
