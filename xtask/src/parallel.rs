//! Does several jobs at once, and takes their results in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Jobs, by their places, that are begun one after the other, so many of them at
/// a time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) order: Vec<usize>,
    pub(crate) at_once: usize,
}

impl Line {
    /// All of `count` jobs in their order.
    pub(crate) fn of_all(count: usize, at_once: usize) -> Line {
        Line {
            order: (0..count).collect(),
            at_once,
        }
    }
}

/// Does `jobs`, each of which stands in one of `lines`. `take` gets each result
/// as soon as it and all before it are known, on the thread that calls this.
pub(crate) fn in_order<J: Sync, R: Send>(
    jobs: &[J],
    lines: &[Line],
    work: impl Fn(&J) -> R + Sync,
    mut take: impl FnMut(&J, R),
) {
    let next: Vec<AtomicUsize> = lines.iter().map(|_| AtomicUsize::new(0)).collect();
    let (sender, receiver) = mpsc::channel();
    let one_after_the_other = |number: usize, sender: mpsc::Sender<(usize, R)>| {
        loop {
            let turn = next[number].fetch_add(1, Ordering::Relaxed);
            let Some(&index) = lines[number].order.get(turn) else {
                return;
            };
            if sender.send((index, work(&jobs[index]))).is_err() {
                return;
            }
        }
    };
    let one_after_the_other = &one_after_the_other;
    std::thread::scope(|scope| {
        for (number, line) in lines.iter().enumerate() {
            let mut started = false;
            for _ in 0..line.at_once.min(line.order.len()) {
                let sender = sender.clone();
                // One that cannot be started leaves its share to the others.
                let worker = std::thread::Builder::new();
                started |= worker
                    .spawn_scoped(scope, move || one_after_the_other(number, sender))
                    .is_ok();
            }
            if !started {
                one_after_the_other(number, sender.clone());
            }
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
        let line = |order: &[usize], at_once| Line {
            order: order.to_vec(),
            at_once,
        };
        for lines in [
            vec![Line::of_all(5, 2)],
            vec![line(&[3, 4, 1, 0, 2], 2)],
            vec![line(&[1, 3, 4], 1), line(&[0, 2], 1)],
        ] {
            let mut results = String::new();
            in_order(&jobs, &lines, work, |_, letter| results.push(letter));
            assert_eq!(results, "ABCDE");
        }
    }

    #[test]
    fn jobs_begin_in_the_order_of_their_line() {
        let begun = std::sync::Mutex::new(String::new());
        let work = |letter: &char| begun.lock().expect("nobody panics").push(*letter);
        let line = Line {
            order: vec![2, 0, 1],
            at_once: 1,
        };
        in_order(&['a', 'b', 'c'], &[line], work, |_, ()| {});
        assert_eq!(begun.into_inner().expect("nobody panics"), "cab");
    }
}
