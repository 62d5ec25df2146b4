//! A verdict that names a cause, and soon.

use std::net::TcpListener;
use std::time::Duration;

use rstest::rstest;

use crate::judgement::{Case, Judged};
use crate::leftovers::assert_none;

/// The longest that anybody should wait for a verdict, on a machine that does
/// nothing else.
const SOON: Duration = Duration::from_secs(15);

/// [`SOON`] for as many others as want each core at this time.
fn soon() -> Duration {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let waiting: f64 = load
        .split(' ')
        .next()
        .map_or(0.0, |load| load.parse().unwrap_or(0.0));
    let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
    SOON.mul_f64((waiting / cores).max(1.0))
}

/// KiB that the runner, and one check, may have in memory: a check carries the
/// megabytes that it sends.
const RUNNER: u64 = 64 * 1024;
const CHECK: u64 = 256 * 1024;

#[rstest]
#[case::silent("never-announces", "never announced")]
#[case::slow("announces-slowly", "never announced")]
#[case::mute("closes-its-output", "never announced")]
#[case::binary("prints-binary", "wrong output")]
#[case::deaf("ignores-signals", "never announced")]
#[case::killed("kills-itself", "killed by a signal")]
#[case::segfault("uses-memory-of-others", "killed by a signal")]
#[case::aborted("aborts", "killed by a signal")]
#[case::stopped("stops-itself", "never announced")]
#[case::kills_its_group("kills-its-group", "killed by a signal")]
#[case::kills_its_judge("kills-its-parent", "killed its judge")]
#[case::terminates_its_judge("terminates-its-parent", "killed its judge")]
#[case::stops_its_judge("stops-its-parent", "never announced")]
#[case::daemon("daemonises", "exited")]
#[case::heir("leaves-its-output-open", "exited")]
#[case::nobody("announces-nobodys-port", "refused")]
#[case::homeless("removes-its-folder", "never announced")]
fn a_cause_is_named(#[case] behaviour: &str, #[case] cause: &str) {
    judge(&Case::new(behaviour), cause);
}

#[rstest]
#[case::spins("spins", "spinning")]
#[case::floods("floods-stdout", "flooding its output")]
#[case::one_line("floods-one-line", "flooding its output")]
#[case::logs("floods-stderr", "flooding its output")]
#[case::floods_later("floods-later", "flooding its output")]
#[case::logs_later("floods-stderr-later", "flooding its output")]
#[case::forks("forks", "too many processes")]
#[case::bomb("forks-like-a-bomb", "too many processes")]
#[case::sessions("forks-sessions", "too many processes")]
#[case::memory("allocates", "growing memory")]
#[case::descriptors("opens-descriptors", "never announced")]
#[case::threads("starts-threads", "leaking threads")]
#[case::disk("fills-the-disk", "filling the disk")]
fn greed_is_named(#[case] behaviour: &str, #[case] cause: &str) {
    judge(&Case::new(behaviour).greedy(), cause);
}

#[test]
fn the_port_of_another_is_not_taken_for_its_own() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port();
    let case = Case::new("announces-another-ones-port");
    let mut command = case.command("json");
    command.env("PORT_OF_ANOTHER", port.to_string());
    let judged = case.judge_by(command);
    assert_harmless(&case, &judged, "announced a wrong address");
    let got = judged.failure()["got"].to_string();
    assert!(got.contains("another program"), "{got}");
}

fn judge(case: &Case, cause: &str) {
    let judged = case.judge("json");
    assert_harmless(case, &judged, cause);
}

#[track_caller]
fn assert_harmless(case: &Case, judged: &Judged, cause: &str) {
    let Judged {
        took,
        runner,
        check,
        ..
    } = judged;
    println!("{took:.1?}; the runner took {runner} KiB, a check {check} KiB");
    assert_none(&case.mark);
    assert_eq!(judged.code, Some(1), "{judged:?}");
    let failure = judged.failure();
    println!("{:#}", failure["got"]);
    assert_eq!(failure["cause"], cause, "{failure:#}");
    assert!(*took < soon(), "{took:?}");
    assert!(*runner < RUNNER && *check < CHECK, "{judged:?}");
    assert!(case.rubbish().is_empty(), "{:?}", case.rubbish());
    let beside_it = std::fs::read_dir(case.folder())
        .expect("its folder")
        .count();
    assert_eq!(beside_it, 1, "nothing but the program itself");
    let exercise = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises/tcp-server");
    for file in ["in-the-way", "rubbish-0", "rubbish-1"] {
        assert!(!exercise.join(file).exists(), "{file} is in the exercise");
    }
}
