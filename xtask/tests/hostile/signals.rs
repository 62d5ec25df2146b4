//! A signal to the runner ends the program as well, whatever it has done to
//! stay.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;

use crate::hangup;
use crate::judgement::Case;
use crate::leftovers::{assert_none, children, marked, words_of};

#[rstest]
fn nothing_outlives_the_runner(
    #[values("ignores-signals", "forks", "daemonises")] behaviour: &str,
    #[values("INT", "TERM", "HUP", "KILL")] signal: &str,
) {
    end_the_runner(behaviour, signal);
}

/// Without `KILL`: a check that is stopped once more after its runner has gone
/// has nobody left who would let it go on.
#[rstest]
fn a_stopped_judge_does_not_either(#[values("INT", "TERM", "HUP")] signal: &str) {
    end_the_runner("stops-its-parent", signal);
}

/// How long a program is left to do what it does before the signal comes, in
/// milliseconds. The verdict on some is quicker than that: then less is tried.
const PAUSES: [u64; 5] = [300, 100, 30, 10, 0];

fn end_the_runner(behaviour: &str, signal: &str) {
    if hangup::is_ignored(signal) {
        return;
    }
    let mut statuses = Vec::new();
    for pause in PAUSES.map(Duration::from_millis) {
        let case = Case::new(behaviour);
        let mut runner = case
            .command("json")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the runner starts");
        wait_for_the_program(&case);
        std::thread::sleep(pause);
        let id = runner.id().to_string();
        let kill = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(kill.expect("kill").success());
        let status = runner.wait().expect("the runner ends");
        assert_none(&case.mark);
        if signal != "KILL" {
            assert!(case.rubbish().is_empty(), "{:?}", case.rubbish());
        }
        if status.code().is_none() {
            return;
        }
        statuses.push(status);
    }
    panic!("it never dies of the signal: {statuses:?}");
}

/// Waits until the program runs.
fn wait_for_the_program(case: &Case) {
    let end = Instant::now() + Duration::from_secs(60);
    let is_check = |pid: &u32| words_of(*pid, "cmdline").any(|word| word == "--exact");
    let runs = || {
        let checks = marked(&case.mark).into_iter().filter(is_check);
        checks.flat_map(children).next().is_some()
    };
    while !runs() {
        assert!(Instant::now() < end, "the program never ran");
        std::thread::sleep(Duration::from_millis(10));
    }
}
