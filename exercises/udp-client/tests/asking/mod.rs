//! What the client is asked to do, and what its wrong requests mean.

mod waits;

use std::time::Duration;

pub(crate) use waits::{
    came_in_time, expect_an_end_of, expect_no_haste, lose_tries, suspect_no_end,
};

use probe::{Cause, Datagram, Ended, Program, Rule, Running, UdpPeer, amount};

/// How it looks when the right answer came and was not taken.
pub(crate) const NOT_TAKEN: [Cause; 4] = [
    Cause::Exited,
    Cause::Panicked,
    Cause::Silent,
    Cause::StillRunning,
];

/// Starts it with the harness's address and `request` as its arguments.
#[track_caller]
pub(crate) fn start(program: &Program, server: &UdpPeer, request: &str) -> Running {
    let addr = server.addr().to_string();
    program.clone().args([&addr, request]).start()
}

/// It must get its answer over a link with these `rules`.
#[track_caller]
pub(crate) fn crosses(program: &Program, rules: &[Rule]) {
    let server = program.udp_server();
    let link = program.link_to(&server, rules);
    let addr = link.addr().to_string();
    let running = program.clone().args([&addr, "tea"]).start();
    running.suspect(&[
        (Cause::WrongOutput, "takes-any-answer"),
        (Cause::Exited, "gives-up-on-a-wrong-datagram"),
    ]);
    server.answer_all(b"tea=green");
    expect_answer(&running, 9, "tea=green");
}

/// The next datagram to `server` must be `request`.
#[track_caller]
pub(crate) fn expect_request(running: &Running, server: &UdpPeer, request: &str) -> Datagram {
    let asked = server.receive();
    let is_right = asked.bytes == request.as_bytes();
    if !is_right && let Some(mistake) = mistake_in(&asked.bytes, request.as_bytes()) {
        running.suspect(&[(Cause::Mangled, mistake)]);
    }
    let expected = format!(
        "the request and nothing else: {}",
        shown(request.as_bytes())
    );
    running.expect_that(is_right, Cause::Mangled, &expected, &shown(&asked.bytes));
    asked
}

/// The datagram `bytes`, in words: its beginning only where it is long, and
/// spaces as dots where one could overlook them.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
    let hidden = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    let (text, note) = match hidden {
        true => (text.replace(' ', "·"), " (each `·` is a space)"),
        false => (text, ""),
    };
    let more = if bytes.len() > 60 { "…" } else { "" };
    format!(
        "a datagram of {}, `{text}{more}`{note}",
        amount(bytes.len())
    )
}

/// Which mistake sends `sent` for `request`.
fn mistake_in(sent: &[u8], request: &[u8]) -> Option<&'static str> {
    const DEFAULT: &[u8] = b"hello";
    let zeros = sent.strip_prefix(request).unwrap_or_default();
    match sent {
        DEFAULT if request.is_empty() => Some("confuses-empty-with-missing"),
        DEFAULT => Some("ignores-its-argument"),
        _ if request == DEFAULT => Some("another-default"),
        _ if zeros.len() > 1 && zeros.iter().all(|&byte| byte == 0) => {
            Some("sends-the-whole-buffer")
        }
        _ if request.starts_with(sent) && sent.len() > 400 => Some("cuts-its-request"),
        _ if request.starts_with(sent) || request.ends_with(sent) => Some("changes-its-request"),
        _ if sent.trim_ascii() == request.trim_ascii() => Some("changes-its-request"),
        _ if sent.starts_with(request) || sent.ends_with(request) => Some("changes-its-request"),
        _ if sent.starts_with(b"\"") || sent.starts_with(b"b'") => Some("changes-its-request"),
        _ if sent == String::from_utf8_lossy(request).to_lowercase().as_bytes() => {
            Some("changes-its-request")
        }
        _ => None,
    }
}

/// It must print that it received `count` bytes, `text`, and end. Further tries
/// are no mistake: for them, a machine that stands still is a slow network.
#[track_caller]
pub(crate) fn expect_answer(running: &Running, count: usize, text: &str) {
    running.expect_line_past("sent ", &format!("received {count} bytes: {text}"));
    let ended = running.expect_exit(0);
    let is_text = std::str::from_utf8(&ended.stdout).is_ok();
    running.suspect(&[(Cause::WrongOutput, "prints-bytes-that-are-no-text")]);
    let expected = "UTF-8 on stdout: what is none is replaced";
    running.expect_that(is_text, Cause::WrongOutput, expected, "bytes that are none");
}

/// How many tries its stdout tells of.
pub(crate) fn tries_told(stdout: &str) -> usize {
    stdout.matches("sent ").count()
}

/// What it means when it does not end well, now that the right answer is there.
pub(crate) fn suspect_after_the_answer(running: &Running) {
    running.suspect_when(
        |told| tries_told(told) > 1,
        &[(Cause::WrongExitCode, "leaves-its-answer-alone")],
    );
    running.suspect_when(
        |told| {
            let (_, after) = told.split_once("received ").unwrap_or_default();
            tries_told(after) > 0
        },
        &[(Cause::WrongOutput, "asks-too-often")],
    );
}

/// Whether the error names what was waited in all, or for each of three tries.
pub(crate) fn says_how_long(ended: &Ended) -> bool {
    let all = Duration::from_millis(1400)..=ended.after + Duration::from_millis(500);
    let each = Duration::from_millis(500);
    let three = ended.error().contains('3') || ended.error().contains("three");
    let named = ended.durations();
    named.iter().any(|waited| all.contains(waited)) || (three && named.contains(&each))
}
