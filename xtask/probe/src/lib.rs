//! Starts a program, talks to it over real sockets, hurts it the way networks
//! do, watches it, and says what is wrong when it does not keep its promise.
//!
//! A check is an ordinary test that reads like the sentence it proves:
//!
//! ```no_run
//! # fn check(program: probe::Program) {
//! let server = program.arg("127.0.0.1:0").serve();
//! let client = server.connect();
//! client.send(b"so long\n");
//! client.end_stream();
//! client.expect(b"SO LONG\n");
//! client.expect_end();
//! # }
//! ```
//!
//! A verb whose expectation is not met panics, and so fails the check, after
//! it has collected the evidence: what was expected, what came, the cause, the
//! program's last output and the timeline of the conversation. No verb waits
//! for ever ([`PATIENCE`]), and nothing of the program survives the check.
//!
//! This crate knows no lesson and nothing of who runs the checks: a report for
//! a machine is written only where `ON_THE_WIRE_REPORT` names a file.

mod addresses;
mod announce;
mod cause;
mod clue;
mod crash;
mod crowd;
mod datagrams;
mod delivery;
mod durations;
mod exit;
mod failure;
mod forged;
mod forwarding;
mod inquiry;
mod judged;
mod listener;
mod loopback;
mod observe;
mod output;
mod peer;
mod pitfall;
mod program;
mod random;
mod recording;
mod relay;
mod report;
mod rule;
mod running;
mod scene;
mod server;
mod silence;
mod snapshot;
mod stuck;
mod timeline;
mod transfer;
mod trial;
mod verdict;
mod wait;
mod warden;
mod work;

pub use addresses::{BlackHole, OnDefault, Refused};
pub use cause::Cause;
pub use datagrams::{Datagram, UdpPeer};
pub use delivery::Delivery;
pub use exit::Ended;
pub use listener::Listener;
pub use observe::Baseline;
pub use peer::Peer;
pub use program::Program;
pub use random::Rng;
pub use relay::Link;
pub use rule::Rule;
pub use running::Running;
pub use server::Server;
pub use supervise::{Usage, raise_descriptor_limit};
pub use wait::PATIENCE;
pub use wire::{Event, What, amount};

#[doc(hidden)]
pub use insta;
#[doc(hidden)]
pub use recording::judge_recording;
#[doc(hidden)]
pub use snapshot::judge_snapshot;

/// The program under judgement, as a [`Program`] that is not started yet: the
/// one that `ON_THE_WIRE_PROGRAM` names, else the binary of the package that
/// the check belongs to.
#[macro_export]
macro_rules! program {
    () => {
        $crate::Program::under_judgement(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))))
    };
}

/// Compares a [`Running`] program's stdout so far, addresses replaced by roles,
/// with the snapshot `tests/snapshots/NAME.snap`. A third argument may rewrite
/// each line first, where the promise leaves a part of it free.
#[macro_export]
macro_rules! expect_snapshot {
    ($name:expr, $running:expr) => {
        $crate::expect_snapshot!($name, $running, |line: &str| line.to_owned())
    };
    ($name:expr, $running:expr, $edit:expr) => {
        $crate::judge_snapshot(
            &$running,
            $name,
            $edit,
            (
                std::path::Path::new(env!("CARGO_MANIFEST_DIR")),
                std::path::Path::new(file!()),
            ),
            |text| $crate::insta::assert_snapshot!($name, text),
        )
    };
}

/// Compares what has happened so far between a [`Running`] program and its peers
/// with `book/recorded/NAME.json`, which a diagram of the book is drawn from. When
/// something happened, and in how many pieces, may differ.
/// `INSTA_UPDATE=always` records it. The story ends here.
#[macro_export]
macro_rules! expect_recording {
    ($name:expr, $running:expr) => {
        $crate::judge_recording(
            &$running,
            $name,
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")),
        )
    };
}
