//! `sent N bytes, received M bytes`.

use std::thread;
use std::time::Duration;

use probe::{Cause, Running};

/// Its stderr must have the line that says what it carried.
#[track_caller]
pub(crate) fn expect_counts(running: &Running, sent: usize, received: usize) {
    let line = format!("sent {sent} bytes, received {received} bytes");
    let stderr = running.stderr();
    let mistake = match stderr.lines().find_map(numbers) {
        // `io::copy` says its number when it has finished.
        Some([0, said]) if sent > 0 && said == received => "counts-when-it-has-finished",
        Some([said, 0]) if received > 0 && said == sent => "counts-when-it-has-finished",
        Some(_) => "counts-what-it-did-not-send",
        None => "prints-too-late-or-not-at-all",
    };
    running.suspect(&[(Cause::WrongOutput, mistake)]);
    running.expect_that(
        stderr.lines().any(|said| said == line),
        Cause::WrongOutput,
        &format!("the line `{line}` on stderr"),
        &match stderr.trim_end() {
            "" => "nothing on stderr".to_owned(),
            said => format!("`{said}`"),
        },
    );
    running.suspect(&[]);
}

/// The server has the bytes a moment before whoever sent them has counted them.
pub(crate) fn let_it_count() {
    thread::sleep(Duration::from_millis(100));
}

/// The two numbers of a line that has two.
fn numbers(line: &str) -> Option<[usize; 2]> {
    let words = line.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<usize> = words.filter_map(|word| word.parse().ok()).collect();
    numbers.try_into().ok()
}
