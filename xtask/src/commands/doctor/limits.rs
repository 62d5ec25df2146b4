//! How much of itself the machine lets one user have.

use supervise::Limit;

use super::Place;
use crate::report::diagnosis::Finding;

/// The lesson on Tokio has a thousand clients: both ends of each connection.
const CROWD: u64 = 2000;

/// Below this, programs that are tried out by hand run out of descriptors.
const USUAL_DESCRIPTORS: u64 = 256;

/// Cargo, its compilers and their threads, and a program with a thread for each
/// of its clients.
const PROCESSES: u64 = 256;
const USUAL_PROCESSES: u64 = 1024;

const GIB: u64 = 1 << 30;

/// Each thread takes the room for its stack and for its own heap, though hardly
/// any memory: a program with few threads has them here, one with many does not.
const SPACE: u64 = 5 * GIB / 4;
const USUAL_SPACE: u64 = 16 * GIB;

pub(super) fn descriptors(_place: &Place) -> anyhow::Result<Finding> {
    Ok(match supervise::descriptor_limit() {
        None => Finding::skipped("there is no such limit on this system"),
        Some(limit) => judge_descriptors(limit),
    })
}

fn judge_descriptors(limit: Limit) -> Finding {
    let shown = |limit: Option<u64>| match limit {
        Some(limit) => limit.to_string(),
        None => "as many as wanted".to_string(),
    };
    let (soft, hard) = (shown(limit.soft), shown(limit.hard));
    if limit.hard.is_some_and(|hard| hard < CROWD) {
        return Finding::wrong(
            format!("{hard} for a program at most; the lesson tokio-echo needs {CROWD}"),
            "sudo prlimit --pid $$ --nofile=4096, or a line for you in /etc/security/limits.conf",
        );
    }
    if limit.soft.is_some_and(|soft| soft < USUAL_DESCRIPTORS) {
        return Finding::doubtful(
            format!("{soft} for a program: few, though the checks may raise it to {hard}"),
            "ulimit -n 4096",
        );
    }
    Finding::fine(format!("{soft} for a program, up to {hard}"))
}

pub(super) fn processes(_place: &Place) -> anyhow::Result<Finding> {
    Ok(match supervise::process_limit() {
        None => Finding::skipped("there is no such limit on this system"),
        Some(Limit { soft: None, .. }) => Finding::fine("as many as wanted"),
        Some(Limit {
            soft: Some(soft), ..
        }) => judge_processes(soft),
    })
}

fn judge_processes(limit: u64) -> Finding {
    let says = format!("{limit} for all of your programs, threads among them");
    let cure = "ulimit -u 4096, or for a container: --pids-limit 4096";
    match limit {
        0..PROCESSES => Finding::wrong(format!("{says}: too few to build and judge"), cure),
        PROCESSES..USUAL_PROCESSES => Finding::doubtful(says, cure),
        _ => Finding::fine(says),
    }
}

pub(super) fn address_space(_place: &Place) -> anyhow::Result<Finding> {
    Ok(match supervise::address_space_limit() {
        None => Finding::skipped("there is no such limit on this system"),
        Some(Limit { soft: None, .. }) => Finding::fine("as much as wanted"),
        Some(Limit {
            soft: Some(soft),
            hard,
        }) => judge_address_space(soft, hard.is_some()),
    })
}

fn judge_address_space(limit: u64, is_hard: bool) -> Finding {
    let says = format!("{} for a program (`ulimit -v`)", in_gib(limit));
    let cure = match is_hard {
        true => "a new terminal, or sudo prlimit --pid $$ --as=unlimited",
        false => "ulimit -v unlimited",
    };
    match limit {
        0..SPACE => Finding::wrong(
            format!("{says}: too little for a thread for each client"),
            cure,
        ),
        SPACE..USUAL_SPACE => Finding::doubtful(says, cure),
        _ => Finding::fine(says),
    }
}

fn in_gib(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / GIB as f64)
}

pub(super) fn memory(_place: &Place) -> anyhow::Result<Finding> {
    let Some(memory) = supervise::memory_of_the_machine() else {
        return Ok(Finding::skipped("how much there is cannot be seen here"));
    };
    Ok(judge_memory(memory))
}

fn judge_memory(memory: u64) -> Finding {
    let says = in_gib(memory);
    if memory < 3 * GIB / 2 {
        return Finding::doubtful(
            format!("{says}: little for a compiler"),
            "close the browser while you build, or set CARGO_BUILD_JOBS=1",
        );
    }
    Finding::fine(says)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::diagnosis::State;

    #[rstest]
    #[case::linux(Some(1024), Some(1_048_576), State::Fine)]
    #[case::no_limit(None, None, State::Fine)]
    #[case::mac_of_old(Some(128), None, State::Doubtful)]
    #[case::class_room(Some(1024), Some(1024), State::Wrong)]
    fn descriptors_are_judged(
        #[case] soft: Option<u64>,
        #[case] hard: Option<u64>,
        #[case] expected: State,
    ) {
        let finding = judge_descriptors(Limit { soft, hard });
        assert_eq!(finding.state, expected, "{finding:?}");
    }

    #[rstest]
    #[case(100, State::Wrong)]
    #[case(512, State::Doubtful)]
    #[case(30_000, State::Fine)]
    fn processes_are_judged(#[case] limit: u64, #[case] expected: State) {
        assert_eq!(judge_processes(limit).state, expected);
    }

    #[rstest]
    #[case(GIB, State::Wrong)]
    #[case(6 * GIB, State::Doubtful)]
    #[case(64 * GIB, State::Fine)]
    fn address_space_is_judged(#[case] limit: u64, #[case] expected: State) {
        assert_eq!(judge_address_space(limit, true).state, expected);
    }

    #[test]
    fn memory_is_judged() {
        assert_eq!(judge_memory(GIB).state, State::Doubtful);
        assert_eq!(judge_memory(8 * GIB).state, State::Fine);
    }
}
