//! Does several jobs at once, and takes their results in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does `jobs`, `at_once` of them at a time. `take` gets each result as soon as
/// it and all before it are known, on the thread that calls this.
pub(crate) fn in_order<J: Sync, R: Send>(
    jobs: &[J],
    at_once: usize,
    work: impl Fn(usize, &J) -> R + Sync,
    mut take: impl FnMut(R),
) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let one_after_the_other = |sender: mpsc::Sender<(usize, R)>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(index) else { return };
            if sender.send((index, work(index, job))).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let mut started = false;
        for _ in 0..at_once.min(jobs.len()) {
            let sender = sender.clone();
            // One that cannot be started leaves its share to the others.
            let worker = std::thread::Builder::new();
            started |= worker
                .spawn_scoped(scope, || one_after_the_other(sender))
                .is_ok();
        }
        if !started {
            one_after_the_other(sender.clone());
        }
        drop(sender);
        let mut known = BTreeMap::new();
        let mut due = 0;
        for (index, result) in receiver {
            known.insert(index, result);
            while let Some(result) = known.remove(&due) {
                due += 1;
                take(result);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn results_come_in_order_though_jobs_end_in_any() {
        // The first job ends only when the last has begun.
        let barrier = Barrier::new(2);
        let work = |index: usize, letter: &char| {
            if index == 0 || index == 4 {
                barrier.wait();
            }
            letter.to_ascii_uppercase()
        };
        let mut results = String::new();
        in_order(&['a', 'b', 'c', 'd', 'e'], 2, work, |letter| {
            results.push(letter)
        });
        assert_eq!(results, "ABCDE");
    }
}
