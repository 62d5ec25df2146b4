//! Linux: reads `/proc` by hand; one sample takes a few microseconds.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::{Spent, Usage};

/// `pid` and all its descendants, parents first.
///
/// A process that leaves its process group or its session still has its
/// parent, and an orphan is adopted by the nearest subreaper; so the tree, not
/// the group, is what cannot be escaped.
pub(crate) fn tree(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(children(parent));
        next += 1;
    }
    found
}

/// The direct children of `pid`; empty when it is gone.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let tasks = entries(Path::new(&format!("/proc/{pid}/task")));
    let mut found = Vec::new();
    for task in tasks {
        let list = fs::read_to_string(format!("/proc/{pid}/task/{task}/children"));
        found.extend(
            list.unwrap_or_default()
                .split_whitespace()
                .filter_map(|c| c.parse::<u32>().ok()),
        );
    }
    found
}

pub(crate) fn usage(pid: u32) -> Option<Usage> {
    let mut sum = one(pid)?;
    for child in tree(pid).into_iter().skip(1) {
        let Some(usage) = one(child) else { continue };
        sum.cpu += usage.cpu;
        sum.wanted += usage.wanted;
        sum.threads += usage.threads;
        sum.descriptors += usage.descriptors;
        sum.memory += usage.memory;
    }
    Some(sum)
}

fn one(pid: u32) -> Option<Usage> {
    let tasks = entries(Path::new(&format!("/proc/{pid}/task")));
    if tasks.is_empty() {
        return None;
    }
    let (mut cpu, mut waited) = (Duration::ZERO, Duration::ZERO);
    for task in &tasks {
        let (ran, queued) = schedule(pid, task).unwrap_or_default();
        cpu += ran;
        waited += queued;
    }
    let resident_pages = fs::read_to_string(format!("/proc/{pid}/statm"))
        .ok()
        .and_then(|line| line.split(' ').nth(1)?.parse::<u64>().ok());
    Some(Usage {
        cpu,
        wanted: cpu + waited,
        threads: tasks.len(),
        descriptors: entries(Path::new(&format!("/proc/{pid}/fd"))).len(),
        memory: resident_pages.unwrap_or(0) * rustix::param::page_size() as u64,
    })
}

/// How long a thread ran, and how long it was ready to run but did not.
///
/// `schedstat` counts nanoseconds; `stat` counts ticks of 10 ms, too coarse to
/// tell an idle server from one that wakes up now and then.
fn schedule(pid: u32, task: &str) -> Option<(Duration, Duration)> {
    let line = fs::read_to_string(format!("/proc/{pid}/task/{task}/schedstat")).ok()?;
    let mut times = line
        .split_whitespace()
        .map(str::parse)
        .map_while(Result::ok);
    Some((
        Duration::from_nanos(times.next()?),
        Duration::from_nanos(times.next()?),
    ))
}

/// The four times of `/proc/self/stat`, which are in ticks.
pub(crate) fn spent() -> Option<Spent> {
    let line = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name may hold anything, but it is the last in parentheses;
    // the next field is the third, and the times begin with the fourteenth.
    let (_, fields) = line.rsplit_once(") ")?;
    let times: Vec<u64> = fields
        .split(' ')
        .skip(11)
        .take(4)
        .map_while(|ticks| ticks.parse().ok())
        .collect();
    let [user, system, children_user, children_system] = times[..] else {
        return None;
    };
    let ticks_per_second = rustix::param::clock_ticks_per_second() as f64;
    let time = |ticks: u64| Duration::from_secs_f64(ticks as f64 / ticks_per_second);
    Some(Spent {
        own: time(user + system),
        children: time(children_user + children_system),
    })
}

pub(crate) fn entries(folder: &Path) -> Vec<String> {
    let Ok(read) = fs::read_dir(folder) else {
        return Vec::new();
    };
    read.flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
