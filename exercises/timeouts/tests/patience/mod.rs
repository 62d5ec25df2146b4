//! What the checks of the patient reader have in common: its start, its time,
//! and which mistake a failure means.

mod arguments;
mod clock;
mod stream;

use std::net::{SocketAddr, TcpListener};
use std::thread;

use probe::{Peer, Program, Running};

pub(crate) use arguments::{expect_error_about_a_number, what_it_takes_it_for};
pub(crate) use clock::{
    SLOW, expect_duration, expect_promptness, expect_time, suspect_of_the_deadline,
    suspect_of_the_timeout,
};
pub(crate) use stream::{expect_good_end, suspect_of_late_lines, suspect_of_the_total};

/// Starts it with the harness's address and `limits`; it must connect.
#[track_caller]
pub(crate) fn start(program: &Program, limits: &[&str]) -> (Running, Peer) {
    let listener = program.listen();
    let addr = listener.addr().to_string();
    let running = program.clone().arg(addr).args(limits).start();
    let server = listener.accept();
    (running, server)
}

/// A server for a program that may come or not: it ends each stream at once.
pub(crate) fn end_every_stream() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = listener.local_addr().expect("it is bound");
    thread::spawn(move || listener.incoming().for_each(drop));
    addr
}
