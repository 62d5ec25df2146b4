//! The checks of tcp-server: a server that shouts, to each of its clients.
//!
//! What they have in common with tokio-echo stands in `shout/`.

mod shout;

use probe::Program;
use rstest::{fixture, rstest};

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

/// Answers what a client sends in upper case.
#[rstest]
#[case::a_word("so long\n", "SO LONG\n")]
#[case::mixed("On The Wire, 1st lesson!\n", "ON THE WIRE, 1ST LESSON!\n")]
#[case::lines("one\r\ntwo\r\n\r\nthree\n", "ONE\r\nTWO\r\n\r\nTHREE\n")]
fn answers_in_upper_case(program: Program, #[case] text: &str, #[case] answer: &str) {
    shout::answers(&program, text.as_bytes(), answer.as_bytes());
}

/// Changes ASCII letters and nothing else: bytes need not be text.
#[rstest]
#[case::nul(b"\0\0\0\n".to_vec())]
#[case::utf8("Grüße, ñandú, ĳs, ﬁn, dotless ı, 漢字 🦀\n".into())]
#[case::all_values((0..=255).chain(*b"\n").collect())]
fn passes_other_bytes_through(program: Program, #[case] bytes: Vec<u8>) {
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

/// Answers every byte, in order, when a client sends megabytes in odd pieces.
#[rstest]
fn answers_every_byte_in_order(program: Program) {
    shout::answers_every_byte_in_order(&program);
}

/// Waits for a client that reads slowly, loses nothing of its answer, and
/// rests meanwhile.
// Slow: a slow reader takes its time.
#[rstest]
fn waits_for_a_slow_reader(program: Program) {
    shout::waits_for_a_slow_reader(&program);
}

/// Serves its clients at the same time: those that are silent, and those that
/// never read, change nothing for the others. It also outlives a pause: being
/// stopped and continued.
// Slow: silence takes its time.
#[rstest]
fn serves_clients_side_by_side(program: Program) {
    shout::serves_clients_side_by_side(&program, |_| "serves-only-so-many-clients");
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

/// Goes on serving when nobody reads its stdout any more.
#[rstest]
fn keeps_serving_without_stdout(program: Program) {
    shout::keeps_serving_without_stdout(&program);
}

/// Where its address is taken, ends with exit code 1 and an error that names
/// it; without an argument, that address is 127.0.0.1:7878.
#[rstest]
fn refuses_a_taken_address(program: Program) {
    shout::refuses_a_taken_address(&program);
    program.expect_default_address("127.0.0.1:7878");
}

/// Where its argument is no address, ends with exit code 1 and an error that
/// names it.
#[rstest]
fn refuses_wrong_arguments(program: Program) {
    shout::refuses_wrong_arguments(&program);
}
