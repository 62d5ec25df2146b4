//! What to do where the system has no more to give to this user.

use std::io::{self, ErrorKind};

/// What helps against `error`, where it is that something has run out.
pub(crate) fn cure(error: &anyhow::Error) -> Option<&'static str> {
    // An error that was told in other words has lost its number, but not the text.
    let told = format!("{error:#}");
    if told.contains(TOO_MANY_FILES) {
        return Some("`ulimit -n 1024` in this terminal allows more of them");
    }
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    let is_refused = causes.any(|cause: &io::Error| cause.kind() == ErrorKind::WouldBlock);
    // Whoever reads where nothing has come yet gets the same error.
    let starts = told.contains("start");
    (is_refused && starts)
        .then_some("this user may start no more programs and threads: end some, or see `ulimit -u`")
}

#[cfg(unix)]
const TOO_MANY_FILES: &str = "(os error 24)";

/// As Windows counts its errors.
#[cfg(not(unix))]
const TOO_MANY_FILES: &str = "(os error 4)";

#[cfg(all(test, unix))]
mod tests {
    use anyhow::Context as _;

    use super::*;

    fn cure_of(number: i32) -> Option<&'static str> {
        let failed: io::Result<()> = Err(io::Error::from_raw_os_error(number));
        cure(&failed.context("starting").expect_err("it has failed"))
    }

    #[test]
    fn what_has_run_out_has_a_cure() {
        let files = rustix::io::Errno::MFILE.raw_os_error();
        assert!(cure_of(files).is_some_and(|cure| cure.contains("ulimit -n")));
        let processes = rustix::io::Errno::AGAIN.raw_os_error();
        assert!(cure_of(processes).is_some_and(|cure| cure.contains("ulimit -u")));
        let missing = rustix::io::Errno::NOENT.raw_os_error();
        assert_eq!(cure_of(missing), None);
    }
}
