//! What came of each check in each run, and what came of it only sometimes.

use std::collections::BTreeMap;

use crate::verdict::{CheckVerdict, Status};

/// One judgement of all programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) seed: u64,
}

/// All that came of all checks, by program and check.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: BTreeMap<(usize, String), Vec<Seen>>,
}

/// What came of a check in some runs.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) outcome: String,
    pub(super) times: usize,
    /// The first of these runs, and its verdict.
    pub(super) first: Run,
    pub(super) verdict: CheckVerdict,
}

/// How many checks were run, and how many of them had another outcome than the
/// same check of the same program has most of the time.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) run: usize,
    pub(super) skipped: usize,
    pub(super) differed: usize,
}

impl Ledger {
    /// Enters what came of a check of `program`. Returns what comes of it as a
    /// rule, if this was something else.
    ///
    /// A check that was not run, because an earlier one has failed, says
    /// nothing: that earlier one is what differs.
    pub(super) fn enter(&mut self, program: usize, check: &CheckVerdict, run: Run) -> Option<Seen> {
        let outcome = outcome(check)?;
        let seen = self
            .entries
            .entry((program, check.name.clone()))
            .or_default();
        let usual = most_frequent(seen).cloned();
        match seen.iter_mut().find(|seen| seen.outcome == outcome) {
            Some(again) => again.times += 1,
            None => seen.push(Seen {
                outcome: outcome.clone(),
                times: 1,
                first: run,
                verdict: check.clone(),
            }),
        }
        usual.filter(|usual| usual.outcome != outcome)
    }

    /// The counts of the programs for which `counts` holds.
    pub(super) fn counts(&self, counted: impl Fn(usize) -> bool) -> Counts {
        let mut counts = Counts::default();
        let entries = self.entries.iter();
        for (_, seen) in entries.filter(|((program, _), _)| counted(*program)) {
            let all: usize = seen.iter().map(|seen| seen.times).sum();
            let skipped = seen.iter().filter(|seen| seen.outcome.starts_with(SKIPPED));
            let skipped: usize = skipped.map(|seen| seen.times).sum();
            counts.run += all - skipped;
            counts.skipped += skipped;
            counts.differed += all - most_frequent(seen).map_or(0, |seen| seen.times);
        }
        counts
    }
}

/// What was seen most often; where that is a draw, what was seen first.
fn most_frequent(seen: &[Seen]) -> Option<&Seen> {
    seen.iter().rev().max_by_key(|seen| seen.times)
}

const SKIPPED: &str = "skipped";

/// As much of a verdict as must be the same each time, in words. What was
/// expected and what came depends on the random bytes.
pub(super) fn outcome(check: &CheckVerdict) -> Option<String> {
    match &check.status {
        Status::Passed => Some("passed".to_string()),
        Status::Failed(evidence) => {
            let pitfall = evidence.pitfall.as_ref();
            let pitfall = pitfall.map(|pitfall| format!(", {}", pitfall.id));
            let pitfall = pitfall.unwrap_or_default();
            Some(format!("failed: {}{pitfall}", evidence.cause))
        }
        Status::Skipped { why } => Some(format!("{SKIPPED}: {why}")),
        Status::Broken { .. } => Some("the check itself broke".to_string()),
        Status::NotRun | Status::OutOfTime { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Evidence;

    fn check(status: Status) -> CheckVerdict {
        CheckVerdict {
            status,
            ..CheckVerdict::not_run("greets", "")
        }
    }

    fn failed(cause: &str) -> Status {
        Status::Failed(Box::new(Evidence {
            cause: cause.to_string(),
            ..Evidence::default()
        }))
    }

    /// Enters these, one in each run; the numbers of the runs that differed.
    fn enter_all(ledger: &mut Ledger, statuses: &[Status]) -> Vec<usize> {
        let runs = (1..).map(|number| Run { number, seed: 7 });
        let verdicts = statuses.iter().cloned().map(check);
        runs.zip(verdicts)
            .filter_map(|(run, check)| ledger.enter(0, &check, run).map(|_| run.number))
            .collect()
    }

    #[test]
    fn what_is_always_the_same_does_not_differ() {
        let mut ledger = Ledger::default();
        let silent = || failed("silent");
        assert!(enter_all(&mut ledger, &[silent(), silent(), silent()]).is_empty());
        let expected = Counts {
            run: 3,
            ..Counts::default()
        };
        assert_eq!(ledger.counts(|_| true), expected);
        assert_eq!(ledger.counts(|program| program != 0), Counts::default());
    }

    #[test]
    fn another_cause_differs() {
        let mut ledger = Ledger::default();
        let statuses = [failed("silent"), failed("silent"), failed("reset")];
        assert_eq!(enter_all(&mut ledger, &statuses), [3]);
        assert_eq!(ledger.counts(|_| true).differed, 1);
    }

    #[test]
    fn an_odd_first_run_is_not_taken_for_the_rule() {
        let mut ledger = Ledger::default();
        let passed = || Status::Passed;
        let statuses = [failed("silent"), passed(), passed(), passed(), passed()];
        // The rule is known once it was seen more often than the exception.
        assert_eq!(enter_all(&mut ledger, &statuses), [2, 3]);
        assert_eq!(ledger.counts(|_| true).differed, 1);
    }

    #[test]
    fn what_was_not_run_says_nothing_and_what_was_skipped_is_counted_apart() {
        let mut ledger = Ledger::default();
        let why = "no raw sockets".to_string();
        let statuses = [Status::NotRun, Status::Skipped { why }, Status::NotRun];
        assert!(enter_all(&mut ledger, &statuses).is_empty());
        let expected = Counts {
            skipped: 1,
            ..Counts::default()
        };
        assert_eq!(ledger.counts(|_| true), expected);
    }
}
