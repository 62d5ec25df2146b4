//! What there is to do, in which order it is begun, and what need not be done
//! any more.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::{Case, DEADLINE, Pace};
use crate::parallel::Line;

/// One case of a check.
#[derive(Debug)]
pub(super) struct Job<'a> {
    /// Which check, and which of its cases.
    pub(super) check: usize,
    pub(super) number: usize,
    /// The last case of its check.
    pub(super) is_last: bool,
    /// It takes its time, mostly with waiting.
    pub(super) is_slow: bool,
    /// `None`: the test binary does not have it.
    pub(super) test: Option<&'a str>,
}

/// All cases of all checks, in their order.
pub(super) fn of<'a>(case: &Case<'a>) -> Vec<Job<'a>> {
    let checks = case.checks.iter().enumerate();
    let of_each = checks.map(|(index, check)| {
        let tests = case.tests.get(&check.name).map_or(&[][..], Vec::as_slice);
        let job = move |(number, test)| Job {
            check: index,
            number,
            is_last: number + 1 >= tests.len(),
            is_slow: check.is_slow,
            test,
        };
        let named = tests.iter().map(|test| Some(test.as_str()));
        let missing = tests.is_empty().then_some(None);
        named
            .chain(missing)
            .enumerate()
            .map(job)
            .collect::<Vec<_>>()
    });
    of_each.flatten().collect()
}

/// Who is begun when. Slow ones hardly work and mostly wait, so that they need
/// not wait for their beginning as well: nobody is held up by them, and the last
/// verdict is not late.
pub(super) fn lines(jobs: &[Job<'_>], pace: Pace) -> Vec<Line> {
    const SLOW: usize = 16;
    let indices = |slow| (0..jobs.len()).filter(move |&index| jobs[index].is_slow == slow);
    let (mut quick, mut slow) = (indices(false), indices(true));
    match pace {
        Pace::Alone => {
            let cores = std::thread::available_parallelism().map_or(2, usize::from);
            let line = |order: Vec<usize>, at_once| Line { order, at_once };
            vec![
                line(quick.collect(), (2 * cores).clamp(4, 16)),
                line(slow.collect(), SLOW),
            ]
        }
        Pace::AmongOthers(at_once) => {
            // By turns the next one and the next slow one.
            let mut order = Vec::with_capacity(jobs.len());
            while order.len() < jobs.len() {
                order.extend(quick.next());
                order.extend(slow.next());
            }
            vec![Line { order, at_once }]
        }
    }
}

/// How long the others wait for the first case at most. A right program has passed
/// it in a moment; one that does not even start, or that eats the machine instead,
/// is known or ended by then, and is not begun twenty times in vain.
const HEAD_START: Duration = Duration::from_secs(1);

/// What is decided already.
pub(super) struct Board {
    /// The first check that has failed, where one failure is enough.
    failed: AtomicUsize,
    checks: Vec<Row>,
    all: bool,
    first_is_known: Mutex<bool>,
    first_became_known: Condvar,
}

/// The same for the cases of one check: its first failure is enough always.
struct Row {
    failed: AtomicUsize,
    deadline: OnceLock<Instant>,
}

impl Board {
    pub(super) fn new(case: &Case<'_>) -> Board {
        Board::of(case.checks.len(), case.all)
    }

    fn of(checks: usize, all: bool) -> Board {
        let row = |_| Row {
            failed: AtomicUsize::new(usize::MAX),
            deadline: OnceLock::new(),
        };
        Board {
            failed: AtomicUsize::new(usize::MAX),
            checks: (0..checks).map(row).collect(),
            all,
            first_is_known: Mutex::new(false),
            first_became_known: Condvar::new(),
        }
    }

    /// Returns when it is time to begin with `job`.
    pub(super) fn wait_for_the_first(&self, job: &Job<'_>) {
        if (job.check, job.number) == (0, 0) {
            return;
        }
        let known = self.first_is_known.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        let wait = self
            .first_became_known
            .wait_timeout_while(known, HEAD_START, |known| !*known);
        // From now on, nobody waits any more.
        *wait.unwrap_or_else(PoisonError::into_inner).0 = true;
    }

    pub(super) fn note(&self, job: &Job<'_>, failed: bool) {
        if failed {
            let row = &self.checks[job.check];
            row.failed.fetch_min(job.number, Ordering::Relaxed);
            if !self.all {
                self.failed.fetch_min(job.check, Ordering::Relaxed);
            }
        }
        if (job.check, job.number) == (0, 0) {
            let known = self.first_is_known.lock();
            *known.unwrap_or_else(PoisonError::into_inner) = true;
            self.first_became_known.notify_all();
        }
    }

    /// Whether a case before `job` makes it worthless.
    pub(super) fn is_decided(&self, job: &Job<'_>) -> bool {
        let row = &self.checks[job.check];
        job.check > self.failed.load(Ordering::Relaxed)
            || job.number > row.failed.load(Ordering::Relaxed)
    }

    /// When all cases of the check of `job` must be over: it begins with the
    /// first of them.
    pub(super) fn deadline(&self, job: &Job<'_>) -> Instant {
        let row = &self.checks[job.check];
        *row.deadline.get_or_init(|| Instant::now() + DEADLINE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(check: usize, number: usize, is_slow: bool) -> Job<'static> {
        Job {
            check,
            number,
            is_last: true,
            is_slow,
            test: None,
        }
    }

    #[test]
    fn slow_ones_do_not_wait_for_their_beginning() {
        let slow = [false, false, true, false, true, true, true];
        let jobs: Vec<_> = (0..).zip(slow).map(|(at, slow)| job(at, 0, slow)).collect();
        let orders = |pace| {
            let lines = lines(&jobs, pace).into_iter();
            lines.map(|line| line.order).collect::<Vec<_>>()
        };
        assert_eq!(orders(Pace::Alone), [vec![0, 1, 3], vec![2, 4, 5, 6]]);
        assert_eq!(orders(Pace::AmongOthers(4)), [vec![0, 2, 1, 4, 3, 5, 6]]);
    }

    fn board(all: bool) -> Board {
        Board::of(3, all)
    }

    #[test]
    fn the_first_case_has_a_head_start() {
        let board = board(false);
        let begun = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| board.wait_for_the_first(&job(0, 0, false)));
            scope.spawn(|| board.wait_for_the_first(&job(2, 0, true)));
        });
        assert!(begun.elapsed() >= HEAD_START);
        let known = Board::of(3, false);
        known.note(&job(0, 0, false), true);
        known.wait_for_the_first(&job(1, 0, false));
        assert!(known.is_decided(&job(1, 0, false)));
    }

    #[test]
    fn nothing_behind_the_first_failure_counts() {
        let board = board(false);
        board.note(&job(1, 2, false), true);
        board.note(&job(2, 0, false), false);
        let decided = |check, number| board.is_decided(&job(check, number, false));
        assert!(!decided(0, 7) && !decided(1, 2) && decided(1, 3) && decided(2, 0));
        // One that comes before it is found later.
        board.note(&job(1, 1, false), true);
        assert!(!decided(1, 1) && decided(1, 2));
    }

    #[test]
    fn where_all_are_wanted_a_failure_decides_its_own_check_only() {
        let board = board(true);
        board.note(&job(1, 0, false), true);
        let decided = |check, number| board.is_decided(&job(check, number, false));
        assert!(!decided(1, 0) && decided(1, 1) && !decided(2, 0));
    }
}
