//! What a program that crashed has said of it, in the way of its language.

/// The reason of a crash, in the program's own words: the message of a Rust
/// panic, the last line of a Python traceback, the first of Go's, Java's or
/// Node's. `None` where stderr tells of no crash.
pub(crate) fn message(stderr: &str) -> Option<&str> {
    panic(stderr)
        .or_else(|| traceback(stderr))
        .or_else(|| uncaught(stderr))
}

/// Rust: `thread 'main' panicked at src/main.rs:31:5:`, and the message below.
fn panic(stderr: &str) -> Option<&str> {
    let mut lines = stderr.lines();
    lines.find(|line| line.contains(" panicked at "))?;
    Some(lines.next().unwrap_or_default().trim())
}

/// Python: the frames are indented, the error below them is not.
fn traceback(stderr: &str) -> Option<&str> {
    let mut lines = stderr.lines();
    lines.find(|line| line.starts_with("Traceback (most recent call last)"))?;
    let is_frame = |line: &&str| line.starts_with(' ') || line.is_empty();
    Some(lines.find(|line| !is_frame(line)).unwrap_or_default())
}

/// Go, Java and Node say it in one line.
fn uncaught(stderr: &str) -> Option<&str> {
    let mut lines = stderr.lines();
    lines.find_map(|line| {
        line.strip_prefix("panic: ")
            .or_else(|| line.strip_prefix("Exception in thread "))
            .or_else(|| line.strip_prefix("Uncaught "))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::message;

    #[rstest]
    #[case::rust(
        "log\nthread 'main' (7) panicked at src/main.rs:31:5:\nno luck\nnote: run with",
        Some("no luck")
    )]
    #[case::python(
        "Traceback (most recent call last):\n  File \"x.py\", line 3\n    go()\nOSError: [Errno 24] Too many open files\n",
        Some("OSError: [Errno 24] Too many open files")
    )]
    #[case::go(
        "panic: read tcp: connection reset\n\ngoroutine 1 [running]:\n",
        Some("read tcp: connection reset")
    )]
    #[case::cut_short("thread 'main' panicked at src/main.rs:31:5:\n", Some(""))]
    #[case::an_error("Error: cannot listen on 127.0.0.1:1\n", None)]
    fn a_crash_has_a_reason(#[case] stderr: &str, #[case] expected: Option<&str>) {
        assert_eq!(message(stderr), expected);
    }
}
