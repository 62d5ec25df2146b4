//! Does several jobs at once, and takes their results in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does `jobs`, `at_once` of them at a time, begun in the order in which `order`
/// names their places. `take` gets each result as soon as it and all before it
/// are known, on the thread that calls this.
pub(crate) fn in_order<J: Sync, R: Send>(
    jobs: &[J],
    order: &[usize],
    at_once: usize,
    work: impl Fn(&J) -> R + Sync,
    mut take: impl FnMut(&J, R),
) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let one_after_the_other = |sender: mpsc::Sender<(usize, R)>| {
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(&index) = order.get(turn) else {
                return;
            };
            if sender.send((index, work(&jobs[index]))).is_err() {
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
                take(&jobs[due], result);
                due += 1;
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
        let work = |letter: &char| {
            if "ae".contains(*letter) {
                barrier.wait();
            }
            letter.to_ascii_uppercase()
        };
        let jobs = ['a', 'b', 'c', 'd', 'e'];
        for order in [[0, 1, 2, 3, 4], [3, 4, 1, 0, 2]] {
            let mut results = String::new();
            in_order(&jobs, &order, 2, work, |_, letter| results.push(letter));
            assert_eq!(results, "ABCDE");
        }
    }

    #[test]
    fn jobs_begin_in_the_order_that_is_asked_for() {
        let begun = std::sync::Mutex::new(String::new());
        let work = |letter: &char| begun.lock().expect("nobody panics").push(*letter);
        in_order(&['a', 'b', 'c'], &[2, 0, 1], 1, work, |_, ()| {});
        assert_eq!(begun.into_inner().expect("nobody panics"), "cab");
    }
}
