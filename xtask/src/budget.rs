//! A grader's limit: how long a judgement may take, all in all. What was not
//! judged by then is said to be so.

use std::time::{Duration, Instant};

use crate::verdict::{CheckVerdict, Status};

/// A number of seconds that has begun to run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    seconds: u64,
    end: Instant,
}

impl Budget {
    /// One that begins now.
    pub(crate) fn of(seconds: u64) -> Budget {
        Budget {
            seconds,
            end: Instant::now() + Duration::from_secs(seconds),
        }
    }

    /// Whether it is used up.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Why something was not judged.
    pub(crate) fn why(&self) -> String {
        format!("the budget of {} s was used up", self.seconds)
    }

    /// Tells what was not run because of it from what waits for a check before
    /// it: without `all`, that is everything behind the first failure.
    pub(crate) fn explain(&self, checks: &mut [CheckVerdict], all: bool) {
        let mut waits = false;
        for check in checks {
            match check.status {
                Status::NotRun if !waits => {
                    check.status = Status::OutOfTime { why: self.why() };
                }
                Status::Failed(_) | Status::Broken { .. } => waits = !all,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::samples;

    #[rstest]
    #[case::all(true, ["passed", "failed", "out of time"])]
    #[case::up_to_the_first_failure(false, ["passed", "failed", "waits"])]
    fn what_waits_for_a_failure_is_not_out_of_time(#[case] all: bool, #[case] expected: [&str; 3]) {
        let mut checks = [
            samples::check("a", Status::Passed),
            samples::failed("b"),
            samples::check("c", Status::NotRun),
        ];
        Budget::of(30).explain(&mut checks, all);
        let statuses = checks.map(|check| match check.status {
            Status::NotRun => "waits",
            Status::OutOfTime { why } => {
                assert_eq!(why, "the budget of 30 s was used up");
                "out of time"
            }
            status => status.name(),
        });
        assert_eq!(statuses, expected);
    }
}
