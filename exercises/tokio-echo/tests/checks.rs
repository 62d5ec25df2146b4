//! The checks of tokio-echo: the promise of tcp-server, kept for a thousand
//! clients.
//!
//! What they have in common with tcp-server stands in that lesson's `shout/`.

#[path = "../../tcp-server/tests/shout/mod.rs"]
mod shout;

use std::net::TcpStream;
use std::time::{Duration, Instant};

use probe::{Cause, Peer, Program, Server, amount};
use rstest::{fixture, rstest};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

#[fixture]
fn program() -> Program {
    probe::program!()
}

/// Binds ADDR and no other address, and prints `listening on ADDR` with the
/// real port as its first line.
#[rstest]
fn announces_its_address(program: Program) {
    shout::announces_its_address(&program);
}

/// Answers what a client sends in upper case: ASCII letters, and no other byte.
#[rstest]
#[case::a_word(b"so long\n".to_vec())]
#[case::lines(b"one\r\ntwo\r\n\r\nthree\n".to_vec())]
#[case::utf8("Grüße, ñandú, ĳs, ﬁn, dotless ı, 漢字 🦀\n".into())]
#[case::all_values((0..=255).chain(*b"\n").collect())]
fn answers_in_upper_case(program: Program, #[case] bytes: Vec<u8>) {
    shout::answers(&program, &bytes, &shout::shouted(&bytes));
}

/// Answers at once: it waits neither for a newline, nor for more, nor for the
/// end of the stream.
#[rstest]
fn answers_at_once(program: Program) {
    shout::answers_at_once(&program);
}

/// When a client ends its side of the stream, answers what is left, closes,
/// and rests.
#[rstest]
fn closes_when_the_client_does(program: Program) {
    shout::closes_when_the_client_does(&program);
}

/// Prints a line when a client connects, when it has been served to its end,
/// and when its connection breaks.
#[rstest]
fn prints_what_happens(program: Program) {
    let server = shout::serve(&program);
    shout::tells_what_happens(&server);
    probe::expect_snapshot!("prints_what_happens", server, shout::without_reason);
}

/// Answers every byte, in order, when a client sends megabytes in odd pieces,
/// and when it reads slowly.
// Slow: a slow reader takes its time.
#[rstest]
#[case::in_odd_pieces(shout::answers_every_byte_in_order)]
#[case::to_a_slow_reader(shout::waits_for_a_slow_reader)]
fn answers_every_byte_in_order(program: Program, #[case] talk: fn(&Program)) {
    talk(&program);
}

/// Serves its clients at the same time: those that are silent, that never
/// read, or that send without end, change nothing for the others. It also
/// outlives a pause: being stopped and continued.
// Slow: silence takes its time.
#[rstest]
#[case::that_wait(beside_clients_that_wait)]
#[case::that_never_cease(beside_a_client_that_never_ceases)]
fn serves_clients_side_by_side(program: Program, #[case] serves: fn(&Program)) {
    serves(&program);
}

fn beside_clients_that_wait(program: &Program) {
    // A runtime has one thread for each core.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    shout::serves_clients_side_by_side(program, |silent| match silent == cores {
        true => "blocks-the-runtime",
        false => "serves-only-so-many-clients",
    });
}

fn beside_a_client_that_never_ceases(program: &Program) {
    let bytes = program.rng().bytes(1024 * 1024);
    let answer = shout::shouted(&bytes);
    let server = shout::serve(program);
    let stalls = "lets-one-client-stop-all";
    server.suspect(&[(Cause::Silent, stalls), (Cause::Late, stalls)]);
    let (hog, client) = (server.connect(), server.connect());
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let times = (0..30).map(|_| client.ask(b"hello\n", b"HELLO\n"));
            times.collect()
        });
        while !asking.is_finished() {
            hog.exchange(&[&bytes], &answer);
        }
        let times = asking.join().expect("it has not panicked");
        shout::expect_at_once(&server, times);
    });
}

/// A connection that breaks ends that conversation and nothing else.
// Slow: a client that never reads takes its time.
#[rstest]
fn survives_resets(program: Program) {
    shout::survives_resets(&program);
}

/// Keeps nothing of clients that have gone: no thread, no file descriptor (the
/// number of an open connection), no work.
#[rstest]
fn returns_to_its_baseline(program: Program) {
    shout::returns_to_its_baseline(&program);
}

/// Serves 1,000 clients at the same time, without delay, on no more threads
/// than there are cores and 8 more; an idle client costs less than 64 KiB.
#[rstest]
fn serves_a_thousand_clients(program: Program) {
    const CLIENTS: u64 = 1_000;
    if let Err(error) = probe::raise_descriptor_limit(2 * CLIENTS) {
        program.skip(&format!("1,000 clients at once are not possible: {error}"));
        return;
    }
    let server = shout::serve(&program.descriptors(2 * CLIENTS));
    shout::talk(&server);
    let before = server.baseline();
    server.suspect(&[
        (Cause::LeakingThreads, "a-thread-for-each-client"),
        (Cause::GrowingMemory, "spends-memory-on-silent-clients"),
        (Cause::Reset, "serves-only-so-many-clients"),
        (Cause::Silent, "serves-only-so-many-clients"),
        (Cause::Late, "blocks-the-runtime"),
        (Cause::ClosedEarly, "serves-only-so-many-clients"),
    ]);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut clients: Vec<Peer> = Vec::new();
    for number in 0..CLIENTS {
        clients.push(arrive(&server, number));
        // Not at the end alone: who runs out of threads falls silent before.
        if number.is_multiple_of(100) {
            server.expect_threads_at_most(cores + 8);
        }
    }
    server.expect_threads_at_most(cores + 8);
    server.expect_memory_within(&before, CLIENTS * 64 * KIB);
    server.expect_idle();

    // A busy machine may be slow now and then, but not each time.
    let soon = Duration::from_secs(2);
    let mut times = (0..5).map(|_| all_at_once(&clients));
    server.expect_that(
        times.any(|time| time < soon),
        Cause::Late,
        "1,000 clients that speak at the same time are answered within 2 s",
        "it took longer, five times in a row",
    );
    server.expect_threads_at_most(cores + 8);
}

/// One more client; every fourth one is asked to speak, so that never more of
/// them wait to be accepted than any listener has room for.
#[track_caller]
fn arrive(server: &Server, number: u64) -> Peer {
    let client = server.connect();
    if number.is_multiple_of(4) {
        client.ask(b"hello\n", b"HELLO\n");
    }
    client
}

#[track_caller]
fn all_at_once(clients: &[Peer]) -> Duration {
    let asked = Instant::now();
    for client in clients {
        client.send(b"all of us\n");
    }
    for client in clients {
        client.expect(b"ALL OF US\n");
    }
    asked.elapsed()
}

/// A client that sends and never reads costs a fixed amount of memory, however
/// much it has to say.
// Slow: that nothing more is taken takes its time.
#[rstest]
fn bounds_a_client_that_never_reads(program: Program) {
    let server = shout::serve(&program);
    shout::talk(&server);
    let before = server.baseline();
    server.suspect(&[(Cause::GrowingMemory, "queues-without-bound")]);
    let stalled = server.connect();
    stalled.send_until_stuck(&vec![b'x'; shout::MIB], 64 * shout::MIB);
    // A fixed amount may well be some MiB: a queue with a limit, or a heap that
    // is tidied up now and then. Whoever keeps everything takes more than 50.
    server.expect_memory_within(&before, 24 * MIB);
    server.expect_idle();
    shout::talk(&server);
}

/// When it runs out of file descriptors (numbers of open files and
/// connections), goes on serving the clients that it has, without spinning or
/// filling a log, and serves others once some leave.
// Slow: what it does by itself takes its time.
#[rstest]
fn recovers_from_running_out_of_descriptors(program: Program) {
    let server = shout::serve(&program.descriptors(64));
    let client = server.connect();
    client.ask(b"early\n", b"EARLY\n");
    let printed = server.printed();
    // More than fit; the last ones may wait in the queue, or not even that.
    let patience = Duration::from_millis(500);
    let crowd: Vec<TcpStream> = (0..70)
        .map_while(|_| TcpStream::connect_timeout(&server.addr(), patience).ok())
        .collect();

    let dies = "dies-when-accept-fails";
    let ends = [
        Cause::Exited,
        Cause::Panicked,
        Cause::Killed,
        Cause::ClosedEarly,
        Cause::Reset,
    ];
    server.suspect(&ends.map(|cause| (cause, dies)));
    server.suspect_when(|_| true, &[(Cause::Silent, "blocks-the-runtime")]);
    client.ask(b"still here\n", b"STILL HERE\n");
    // Nothing to wait for: it is what happens by itself that counts.
    std::thread::sleep(Duration::from_millis(500));
    let more = server.printed() - printed;
    server.expect_that(
        // A line or two for each of the crowd, and some remarks.
        more < 4 * KIB + 70 * 64,
        Cause::Flooding,
        "hardly a line while it waits for free file descriptors",
        &format!(
            "{} on stdout and stderr within about 0.5 s",
            amount(more as usize)
        ),
    );
    server.expect_idle();

    drop(crowd);
    // Where the old client is not answered either, all of it stands still.
    client.ask(b"and now?\n", b"AND NOW?\n");
    server.suspect(&ends.map(|cause| (cause, dies)));
    server.suspect_when(
        |_| true,
        &[
            (Cause::Silent, "stops-accepting"),
            (Cause::Refused, "stops-accepting"),
        ],
    );
    shout::talk(&server);
    server.expect_alive();
}

/// Goes on serving when nobody reads its stdout any more.
#[rstest]
fn keeps_serving_without_stdout(program: Program) {
    shout::keeps_serving_without_stdout(&program);
}

/// Where its address is taken (127.0.0.1:7878 without an argument) or is no
/// address, ends with exit code 1 and an error that names it.
#[rstest]
fn refuses_what_it_cannot_use(program: Program) {
    shout::refuses_a_taken_address(&program);
    shout::refuses_wrong_arguments(&program);
    program.expect_default_address("127.0.0.1:7878");
}
