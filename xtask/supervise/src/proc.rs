//! Linux: reads `/proc` by hand; one sample takes a few microseconds.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::{Burden, Spent, Usage, auxiliary};

/// `pid` and all its descendants, parents first.
///
/// A process that leaves its process group or its session still has its
/// parent, and an orphan is adopted by the nearest subreaper; so the tree, not
/// the group, is what cannot be escaped.
pub(crate) fn tree(pid: u32) -> Vec<u32> {
    tree_up_to(pid, usize::MAX)
}

/// As [`tree`], but looks for no more as soon as it has found `enough`: a
/// program that forks may do so faster than anybody can look.
fn tree_up_to(pid: u32, enough: usize) -> Vec<u32> {
    below(vec![pid], enough)
}

/// `found` and all their descendants, up to `enough`.
fn below(mut found: Vec<u32>, enough: usize) -> Vec<u32> {
    let mut next = 0;
    while let Some(&parent) = found.get(next)
        && found.len() < enough
    {
        found.extend(children(parent));
        next += 1;
    }
    found
}

/// `leader` and all that came from it: where this process adopts orphans, all
/// that it has started, for nobody can tell whose orphan an orphan was.
pub(crate) fn offspring(leader: u32, enough: usize) -> Vec<u32> {
    if !crate::sys::adopts_orphans() {
        return tree_up_to(leader, enough);
    }
    // Linux gives orphans to the first thread of whoever adopts them. The others
    // are not asked: what was looked up of a thread in `/proc` makes its end dear,
    // and whoever collects this process waits for that without letting go of a core.
    let own = std::process::id();
    let mut found = children_of_thread(own, &own.to_string());
    let started = crate::group::leaders().into_iter();
    let elsewhere: Vec<u32> = started.filter(|pid| !found.contains(pid)).collect();
    found.extend(elsewhere);
    below(found, enough)
}

/// The direct children of `pid`; empty when it is gone.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let tasks = entries(Path::new(&format!("/proc/{pid}/task")));
    let of_each = tasks.iter().map(|task| children_of_thread(pid, task));
    of_each.flatten().collect()
}

fn children_of_thread(pid: u32, task: &str) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{task}/children"));
    let list = list.unwrap_or_default();
    let children = list.split_whitespace().map(str::parse);
    children.map_while(Result::ok).collect()
}

/// The parent of `pid`: `None` when it is gone.
pub(crate) fn parent(pid: u32) -> Option<u32> {
    stat(&pid.to_string(), 1)?.parse().ok()
}

pub(crate) fn usage(pid: u32) -> Option<Usage> {
    let mut sum = one(pid)?;
    for child in tree(pid).into_iter().skip(1) {
        let Some(usage) = one(child) else { continue };
        sum.cpu += usage.cpu;
        sum.wanted += usage.wanted;
        sum.ready += usage.ready;
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
    let is_ready = |task: &&String| {
        let state = stat(&format!("{pid}/task/{task}"), 0);
        state.is_some_and(|state| state == "R")
    };
    Some(Usage {
        cpu,
        wanted: cpu + waited,
        ready: tasks.iter().filter(is_ready).count(),
        threads: tasks.len(),
        descriptors: entries(Path::new(&format!("/proc/{pid}/fd"))).len(),
        memory: resident(pid),
    })
}

/// Resident memory in bytes, shared pages among it.
fn resident(pid: u32) -> u64 {
    let line = fs::read_to_string(format!("/proc/{pid}/statm")).unwrap_or_default();
    let pages = line.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0) * auxiliary::page_size()
}

/// Resident memory in bytes, of each shared page its share. Much dearer than
/// [`resident`].
fn proportional(pid: u32) -> u64 {
    1024 * number_after(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

/// The number behind `label` in a file of `label number` lines; 0 without.
fn number_after(file: &str, label: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(label));
    let number = lines.next().and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// How much memory this machine has, in bytes.
pub(crate) fn memory_of_the_machine() -> u64 {
    1024 * number_after("/proc/meminfo", "MemTotal:")
}

/// How many threads there are on this machine, whoever's they are.
pub(crate) fn threads_of_the_machine() -> Option<usize> {
    let line = fs::read_to_string("/proc/loadavg").ok()?;
    let (_, all) = line.split(' ').nth(3)?.split_once('/')?;
    all.parse().ok()
}

pub(crate) fn burden(leader: u32, enough: usize) -> Burden {
    let all = offspring(leader, enough);
    if all.len() >= enough {
        // There is no time to lose.
        return Burden {
            processes: all.len(),
            ..Burden::default()
        };
    }
    let sum = |of: fn(u32) -> u64| all.iter().map(|pid| of(*pid)).sum();
    Burden {
        memory: sum(resident),
        processes: all.len(),
        threads: all.iter().map(|pid| threads(*pid)).sum(),
        written: sum(|pid| number_after(&format!("/proc/{pid}/io"), "write_bytes:")),
    }
}

/// The memory of all that came from `leader`, each shared page counted once.
pub(crate) fn memory_without_repeats(leader: u32) -> u64 {
    offspring(leader, usize::MAX)
        .into_iter()
        .map(proportional)
        .sum()
}

fn threads(pid: u32) -> usize {
    let number = stat(&pid.to_string(), 17).and_then(|number| number.parse().ok());
    number.unwrap_or(0)
}

/// Whether a signal has stopped `pid`; `None` when it is gone.
pub(crate) fn is_stopped(pid: u32) -> Option<bool> {
    Some(stat(&pid.to_string(), 0)? == "T")
}

/// The word at `place` behind the command's name, which may have any character
/// in it, a bracket too; `of` is a process, or a `PROCESS/task/THREAD`.
fn stat(of: &str, place: usize) -> Option<String> {
    let line = fs::read_to_string(format!("/proc/{of}/stat")).ok()?;
    let (_, rest) = line.rsplit_once(") ")?;
    rest.split(' ').nth(place).map(str::to_owned)
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
    let ticks_per_second = auxiliary::ticks_per_second() as f64;
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

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::Instant;

    use super::*;

    /// Whether `shell` is ready to run, once it has come to be or not to be.
    fn comes_to_be_ready(shell: &str, expected: bool) -> bool {
        let mut program = Command::new("sh")
            .args(["-c", shell])
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut seen = false;
        while !seen && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
            let usage = usage(program.id()).expect("it runs");
            seen = (usage.ready > 0) == expected;
        }
        program.kill().expect("it runs");
        program.wait().expect("it is ours");
        seen
    }

    #[test]
    fn who_never_waits_is_ready_and_who_reads_is_not() {
        assert!(comes_to_be_ready("while :; do :; done", true));
        assert!(comes_to_be_ready("read line", false));
    }
}
