//! The checks of timeouts: a patient reader. The harness is its server: a quick
//! one, a slow one, a silent one, one that breaks. What they have in common
//! stands in `patience/`.

mod patience;

use std::thread;
use std::time::{Duration, Instant};

use patience::{
    SLOW, end_every_stream, expect_duration, expect_good_end, expect_promptness, expect_time,
    start, suspect_of_late_lines, suspect_of_the_deadline, suspect_of_the_timeout,
    suspect_of_the_total,
};
use probe::{Cause, PATIENCE, Program};
use rstest::{fixture, rstest};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";
/// The largest number of 64 bits: more milliseconds than any clock can count.
const HUGE: &str = "18446744073709551615";

#[fixture]
fn program() -> Program {
    probe::program!()
}

/// Prints `connected to SERVER`, `read N bytes` and `end of stream after N
/// bytes`; ends with exit code 0.
#[rstest]
fn reads_to_the_end(program: Program) {
    let (running, server) = start(&program, &["5000", "30000"]);
    server.send(b"hello");
    server.end_stream();
    expect_good_end(&running);
    probe::expect_snapshot!("reads_to_the_end", running);

    // Whether names can be looked up depends on the machine: where that fails,
    // an error is right.
    let name = format!("localhost:{}", end_every_stream().port());
    let running = program.arg(name).start();
    running.expect_end_without_panic();
    let said = running.transcript();
    running.suspect(&[(Cause::WrongOutput, "prints-what-it-was-told")]);
    running.expect_that(
        said.lines().all(|line| !line.contains("localhost")),
        Cause::WrongOutput,
        "an address as `IP:PORT`, also where it was told a name",
        &format!("`{}`", said.trim_end()),
    );
}

/// A stream without a single byte is no error: it ends after 0 bytes.
#[rstest]
fn tells_an_empty_stream(program: Program) {
    let (running, server) = start(&program, &["5000", "30000"]);
    server.end_stream();
    expect_good_end(&running);
    probe::expect_snapshot!("tells_an_empty_stream", running);
}

/// Counts every byte of a long stream: the numbers of the `read` lines add up
/// to the last one.
#[rstest]
fn counts_every_byte(program: Program) {
    let bytes = program.rng().bytes(4_050_003);
    let (running, server) = start(
        &program.clone().stdout_cap(64 * 1024 * 1024),
        &["5000", "30000"],
    );
    // Whether all of it was read, the lines tell.
    server.send_regardless(&bytes);
    server.end_stream();
    running.expect_line("connected to [server]");
    let _ = running.ends_within(PATIENCE);
    suspect_of_the_total(&running, bytes.len());
    let mut total = 0;
    while total < bytes.len() {
        let line = running.expect_line_starting("read ");
        let count = line
            .strip_prefix("read ")
            .and_then(|rest| rest.strip_suffix(" bytes"))
            .and_then(|count| count.parse::<usize>().ok())
            .filter(|&count| count > 0);
        running.expect_that(
            count.is_some(),
            Cause::WrongOutput,
            "`read N bytes`, where N is above 0",
            &format!("`{line}`"),
        );
        total += count.unwrap_or_default();
    }
    running.expect_line("end of stream after 4050003 bytes");
    expect_good_end(&running);
}

/// Prints each line when it happens, not at the end.
#[rstest]
fn prints_each_read_at_once(program: Program) {
    let (running, server) = start(&program, &["20000", "30000"]);
    server.send(b"one");
    suspect_of_late_lines(&running, &server);
    running.expect_line("connected to [server]");
    running.expect_line("read 3 bytes");
    server.send(b"three");
    running.expect_line("read 5 bytes");
    server.end_stream();
    running.expect_line_starting("end of stream");
    expect_good_end(&running);
}

/// When no data comes for TIMEOUT_MS, ends with exit code 1 and an `Error: …`
/// that says `timed out` and the time.
// Slow: the times of its promise.
#[rstest]
#[case::from_the_start(300, b"")]
#[case::after_some_data(700, b"one moment")]
fn times_out_in_silence(program: Program, #[case] timeout: u64, #[case] data: &[u8]) {
    let (running, server) = start(&program, &[&timeout.to_string(), "30000"]);
    let timeout = Duration::from_millis(timeout);
    let connected = Instant::now();
    server.send(data);
    suspect_of_the_timeout(&program, &running, timeout, data);
    running.expect_end_without_panic();
    let ended = running.expect_error(&["timed out"]);
    running.suspect(&[(Cause::Late, "ignores-its-argument")]);
    expect_duration(&running, &ended, timeout);
    expect_time(&running, &ended, timeout);
    if connected.elapsed() > timeout + SLOW {
        expect_promptness(&program, timeout);
    }
}

/// Each piece of data gives the server TIMEOUT_MS again: it reads on for longer
/// than that, as long as no single wait is too long.
// Slow: the times of its promise.
#[rstest]
fn waits_again_after_each_read(program: Program) {
    // A busy machine may take these waits for too long, but hardly the others.
    let quick = program.try_out(|program| reads_on(program, 400, 150));
    if quick.is_none() {
        reads_on(&program, 2_000, 450);
    }
}

/// Six times it waits for `each` milliseconds, though not for `timeout` in one.
#[track_caller]
fn reads_on(program: &Program, timeout: u64, each: u64) {
    let (running, server) = start(program, &[&timeout.to_string(), "30000"]);
    for _ in 0..6 {
        thread::sleep(Duration::from_millis(each));
        server.send_regardless(b"tick");
    }
    server.end_stream();
    running.suspect(&[(Cause::WrongExitCode, "times-out-as-a-whole")]);
    running.expect_exit(0);
}

/// DEADLINE_MS after its start, ends with exit code 1 and an `Error: …` that
/// says `deadline`: however steadily data comes, and in the middle of a wait.
// Slow: the times of its promise.
#[rstest]
#[case::while_data_comes("3000", b"tick", true)]
#[case::while_data_never_ceases("3000", &[b'x'; 64 * 1024], true)]
#[case::in_silence("20000", b"", false)]
#[case::after_some_data("20000", b"one moment", false)]
fn stops_at_the_deadline(
    program: Program,
    #[case] timeout: &str,
    #[case] data: &[u8],
    #[case] again: bool,
) {
    let program = program.stdout_cap(64 * 1024 * 1024);
    let (running, server) = start(&program, &[timeout, "800"]);
    server.send(data);
    let give_up = Instant::now() + PATIENCE;
    while again && Instant::now() < give_up && !running.stderr().contains("Error: ") {
        server.send_regardless(data);
        if data.len() < 1024 {
            thread::sleep(Duration::from_millis(50));
        }
    }
    suspect_of_the_deadline(&running, again);
    let ended = running.expect_error(&["deadline"]);
    expect_duration(&running, &ended, Duration::from_millis(800));
}

/// Connecting takes TIMEOUT_MS at most, and ends with exit code 1 and an
/// `Error: …` that says `timed out` and the time.
#[rstest]
fn bounds_the_connect(program: Program) {
    let Some(black_hole) = program.black_hole() else {
        return;
    };
    let addr = black_hole.addr().to_string();
    let running = program.args([&addr, "400", "30000"]).start();
    // Where it has another limit, of five seconds perhaps, it is seen to keep that.
    let _ = running.ends_within(PATIENCE + Duration::from_millis(1_500));
    running.suspect(&[
        (Cause::StillRunning, "connects-without-a-limit"),
        (Cause::Late, "ignores-its-argument"),
    ]);
    let ended = running.expect_error(&[&addr, "timed out"]);
    expect_duration(&running, &ended, Duration::from_millis(400));
    expect_time(&running, &ended, Duration::from_millis(400));
}

/// A connection that breaks is neither a timeout nor the end of the stream: exit
/// code 1 and an `Error: …` of its own.
#[rstest]
#[case::from_the_start(b"")]
#[case::after_some_data(b"one moment")]
fn reports_a_reset(program: Program, #[case] data: &[u8]) {
    let (running, server) = start(&program, &["20000", "30000"]);
    server.send(data);
    // Now it waits for more, on most machines: right programs do not mind.
    thread::sleep(Duration::from_millis(100));
    server.reset();
    running.expect_end_without_panic();
    if running.transcript().contains("end of stream") {
        running.suspect(&[(Cause::WrongExitCode, "treats-a-reset-as-the-end")]);
    }
    let ended = running.expect_error(&[]);
    // What it says of a connection that broke.
    let told = [ended.error(), running.transcript().to_lowercase()].concat();
    for (other, mistake) in [
        ("timed out", "tells-every-failure-as-a-timeout"),
        ("deadline", "tells-every-failure-as-a-timeout"),
        ("end of stream", "treats-a-reset-as-the-end"),
    ] {
        running.suspect(&[(Cause::WrongOutput, mistake)]);
        running.expect_that(
            !told.contains(other),
            Cause::WrongOutput,
            "an error of its own for a connection that breaks (a reset)",
            &format!("`{other}` in what it says: `{}`", ended.stderr.trim_end()),
        );
    }
}

/// Where nobody listens, ends with exit code 1 and an `Error: …` that names the
/// address and the reason.
#[rstest]
fn reports_a_refusal(program: Program) {
    let nobody = program.refused_tcp();
    let addr = nobody.addr().to_string();
    let running = program.args([&addr, "20000", "30000"]).start();
    running.suspect(&[
        (Cause::StillRunning, "retries-for-ever"),
        (Cause::Spinning, "retries-for-ever"),
        (Cause::Flooding, "retries-for-ever"),
    ]);
    let _ = running.ends_within(PATIENCE);
    let said = running.stderr();
    if said.contains("timed out") && !said.contains("refused") {
        let mistake = match running.waited() > Duration::from_secs(2) {
            true => "retries-for-ever",
            false => "tells-every-failure-as-a-timeout",
        };
        running.suspect(&[(Cause::WrongError, mistake)]);
    }
    running.expect_error(&[&addr, "refused"]);
}

/// To be stopped and continued (Ctrl-Z, `fg`) is neither a timeout nor an error:
/// it goes on reading.
// Slow: the times of its promise.
#[rstest]
fn takes_an_interruption_in_its_stride(program: Program) {
    let (running, server) = start(&program, &["5000", "30000"]);
    for _ in 0..3 {
        // In the middle of its wait.
        thread::sleep(Duration::from_millis(100));
        if !running.pause() {
            program.skip("programs cannot be stopped and continued here");
            return;
        }
        thread::sleep(Duration::from_millis(50));
        running.resume();
        server.send_regardless(b"tick");
    }
    server.end_stream();
    let gave_up = [Cause::WrongExitCode, Cause::WrongOutput, Cause::Exited];
    running.suspect(&gave_up.map(|cause| (cause, "takes-an-interruption-for-a-failure")));
    running.expect_exit(0);
    running.expect_that(
        running
            .transcript()
            .contains("end of stream after 12 bytes"),
        Cause::WrongOutput,
        "all 12 bytes, and then the end of the stream",
        &format!("`{}`", running.transcript().trim_end()),
    );
}

/// Rests while it waits: a silent server costs it no CPU time.
#[rstest]
fn rests_while_it_waits(program: Program) {
    let (running, server) = start(&program, &["20000", "30000"]);
    server.send(b"one moment");
    thread::sleep(Duration::from_millis(200));
    running.suspect(&[(Cause::Spinning, "busy-waits")]);
    running.expect_idle();
    running.suspect(&[]);
    server.end_stream();
    running.expect_exit(0);
}

/// Without arguments, reads from 127.0.0.1:7878, and its timeout is 5 seconds.
// Slow: the times of its promise.
#[rstest]
fn knows_its_defaults(program: Program) {
    let others = [
        Cause::NeverCame,
        Cause::Exited,
        Cause::Panicked,
        Cause::StillRunning,
        Cause::Late,
    ];
    let suspects = others.map(|cause| (cause, "another-default"));
    program.suspect(&suspects);
    if let Some(listener) = program.listen_on_default(DEFAULT_ADDR) {
        let running = program.clone().start();
        let server = listener.accept();
        server.send(b"hello");
        server.end_stream();
        running.expect_exit(0);
    }
    let (running, server) = start(&program, &[]);
    // Where it is seen to wait for no longer than that, and not much less, its end
    // need not be waited for.
    let five = Duration::from_secs(5);
    let about_five = Duration::from_millis(4_500)..=five;
    if running
        .time_limit()
        .is_some_and(|limit| about_five.contains(&limit))
    {
        return;
    }
    // The harness's own patience for the end begins after this.
    server.expect_silence(Duration::from_secs(2));
    let ended = running.expect_error(&[]);
    expect_duration(&running, &ended, five);
}

/// Refuses what is no address, and a time that is no number or a timeout of 0,
/// with exit code 1 and an `Error: …` that names it. No number makes it panic.
#[rstest]
#[case::no_port(0, "127.0.0.1")]
#[case::no_address(0, "nonsense")]
#[case::no_number_for_a_port(0, "127.0.0.1:notaport")]
#[case::no_such_port(0, "127.0.0.1:65536")]
#[case::no_timeout(1, "0")]
#[case::no_number(1, "abc")]
#[case::a_negative_number(1, "-1")]
#[case::a_number_and_more(1, "15x")]
#[case::no_deadline(2, "abc")]
#[case::a_huge_timeout(1, HUGE)]
#[case::a_huge_deadline(2, HUGE)]
fn refuses_wrong_arguments(program: Program, #[case] position: usize, #[case] wrong: &str) {
    let addr = end_every_stream().to_string();
    let mut arguments = [addr.as_str(), "20000", "30000"];
    arguments[position] = wrong;
    // Whoever falls back to the default meets somebody there, and stays.
    let _silent = match position {
        0 => program.listen_on_default(DEFAULT_ADDR),
        _ => None,
    };
    let running = program.clone().args(arguments).start();
    if wrong != HUGE {
        let _ = running.ends_within(PATIENCE);
        let passed_over = patience::what_it_takes_it_for(&program, &running, wrong);
        let accepted = match running.stderr().contains("rror") {
            true => "exits-with-zero-on-failure",
            false => passed_over,
        };
        running.suspect(&[
            (Cause::WrongExitCode, accepted),
            (Cause::StillRunning, passed_over),
            (Cause::WrongError, "hides-the-address-in-errors"),
            (Cause::Killed, "panics-on-an-error"),
        ]);
        match position {
            0 => drop(running.expect_error(&[wrong])),
            _ => patience::expect_error_about_a_number(&running, wrong, &addr),
        }
        return;
    }
    running.suspect(&[
        (Cause::Panicked, "panics-on-an-error"),
        (Cause::Killed, "panics-on-an-error"),
    ]);
    // To be ready to wait that long is as right as to refuse.
    running.expect_end_without_panic();
}
