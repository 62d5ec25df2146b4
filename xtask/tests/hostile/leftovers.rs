//! Processes that should not be there any more.

use std::fs;
use std::time::{Duration, Instant};

/// Killed is killed, but to die takes a moment, and a core.
const A_MOMENT: Duration = Duration::from_secs(3);

/// Checks that no process is left that has `mark` in its environment: whoever
/// its parent is, and whatever session it is in.
#[track_caller]
pub(crate) fn assert_none(mark: &str) {
    let end = Instant::now() + A_MOMENT;
    loop {
        let left = marked(mark);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < end, "{} are left: {left:?}", left.len());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The processes that have `mark` in their environment.
pub(crate) fn marked(mark: &str) -> Vec<u32> {
    let pids = fs::read_dir("/proc").expect("the processes").flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| words_of(*pid, "environ").any(|word| word == mark))
        .collect()
}

/// The words of `/proc/PID/cmdline` or `/proc/PID/environ`; none for a process
/// that has ended.
pub(crate) fn words_of(pid: u32, file: &str) -> impl Iterator<Item = String> {
    let bytes = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let words: Vec<String> = bytes
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    words.into_iter()
}

/// The direct children of `pid`.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let threads = threads.into_iter().flatten().flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect()
}
