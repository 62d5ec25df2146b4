//! Asking a notebook, and what its wrong answers mean.

use std::time::Duration;

use probe::{Cause, Server, UdpPeer};

/// Sends `request`; the answer must be `answer`, from the address that was asked.
#[track_caller]
pub(crate) fn ask(server: &Server, client: &UdpPeer, request: &[u8], answer: &[u8]) {
    ask_wary(server, client, request, answer, &[]);
}

/// The same; `telltales` are wrong answers, and the pitfall behind each.
#[track_caller]
pub(crate) fn ask_wary(
    server: &Server,
    client: &UdpPeer,
    request: &[u8],
    answer: &[u8],
    telltales: &[(&[u8], &'static str)],
) {
    let mut known = telltales.to_vec();
    let with_equals_sign = [answer, b"="].concat();
    match answer.iter().position(|&byte| byte == b'=') {
        None => known.push((&with_equals_sign, "confuses-empty-with-missing")),
        Some(at) if at + 1 == answer.len() => {
            known.push((&answer[..at], "confuses-empty-with-missing"));
        }
        Some(at) => known.push((&answer[at + 1..], "answers-in-its-own-words")),
    }
    server.telltales(&known);
    client.send_to(server.addr(), request);
    client.expect_from(server.addr(), answer);
}

/// One client writes `entry` about tea, and both ask for it; `earlier` is what
/// the notebook held before.
#[track_caller]
pub(crate) fn write_and_ask(
    server: &Server,
    (writer, reader): (&UdpPeer, &UdpPeer),
    entry: &str,
    earlier: (&[u8], &'static str),
) {
    let own_words = "answers-in-its-own-words";
    let causes = [Cause::Mangled, Cause::Extra, Cause::Silent];
    server.suspect(&causes.map(|cause| (cause, own_words)));
    ask_wary(
        server,
        writer,
        entry.as_bytes(),
        entry.as_bytes(),
        &[earlier],
    );
    server.suspect(&[]);
    let forgotten = (&b"tea"[..], "forgets-what-it-was-told");
    ask_wary(
        server,
        writer,
        b"tea",
        entry.as_bytes(),
        &[forgotten, earlier],
    );
    let kept_apart = (&b"tea"[..], "keeps-clients-apart");
    ask_wary(
        server,
        reader,
        b"tea",
        entry.as_bytes(),
        &[kept_apart, earlier],
    );
}

/// What a failure means depends on what is odd in `request`, or in its answer.
pub(crate) fn suspect_the_kind_of(server: &Server, request: &[u8], answer: &[u8]) {
    use Cause::{Exited, Mangled, Panicked, Partial, Silent};
    let is_text = std::str::from_utf8(request)
        .and(std::str::from_utf8(answer))
        .is_ok();
    let (ends, gone) = match () {
        () if request.is_empty() => ("takes-an-empty-datagram-for-the-end", None),
        () if !is_text => ("insists-on-text", Some("mangles-bytes-through-utf8")),
        () if answer.contains(&0) => ("ends-at-a-zero-byte", Some("ends-at-a-zero-byte")),
        () if answer.starts_with(b"=") || answer.ends_with(b"=") => {
            let empty = "confuses-empty-with-missing";
            (empty, Some(empty))
        }
        () => return server.suspect(&[]),
    };
    server.suspect(&[Exited, Panicked, Silent].map(|cause| (cause, ends)));
    if let Some(gone) = gone {
        server.suspect_when(|_| true, &[Mangled, Partial].map(|cause| (cause, gone)));
    }
}

/// Whether it prints at last when much has been asked: then its lines have
/// waited in a buffer.
pub(crate) fn prints_in_bulk(server: &Server) -> bool {
    let before = server.printed();
    let client = server.udp();
    (0..3000).any(|_| {
        client.send_to(server.addr(), b"tea");
        let answered = client.receive_within(Duration::from_millis(200)).is_some();
        !answered || server.printed() > before
    });
    server.printed() > before
}

/// How many lines it has printed so far.
pub(crate) fn lines_printed(server: &Server) -> usize {
    server.transcript().lines().count()
}
