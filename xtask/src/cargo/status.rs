//! What Cargo says of its progress: lines with a verb, and a bar that it draws
//! over and over again.

use std::io::{self, BufRead, ErrorKind};

/// A line in which Cargo says what it is doing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Status<'a> {
    Compiling(&'a str),
    /// `done` of all steps `of` a build are over, and these crates are built now.
    Building {
        done: usize,
        of: usize,
        now: &'a str,
    },
    Waiting,
    Other,
}

impl Status<'_> {
    /// Cargo aligns the verb of a status line to the right of 12 columns; no
    /// line of the compiler's begins like that.
    pub(super) fn of(line: &str) -> Option<Status<'_>> {
        const VERB_WIDTH: usize = 12;
        let (verb, rest) = line.split_at_checked(VERB_WIDTH)?;
        let rest = rest.strip_prefix(' ')?.trim_end();
        let verb = verb.trim_start();
        if rest.starts_with("waiting for file lock") {
            return Some(Status::Waiting);
        }
        let is_verb = verb.starts_with(|c: char| c.is_ascii_uppercase())
            && verb.bytes().all(|byte| byte.is_ascii_alphabetic());
        match verb {
            "Compiling" | "Checking" | "Documenting" => {
                Some(Status::Compiling(rest.split(' ').next().unwrap_or(rest)))
            }
            "Building" => Some(building(rest).unwrap_or(Status::Other)),
            _ if is_verb => Some(Status::Other),
            _ => None,
        }
    }
}

/// `[=====>      ] 8/47: anstyle, quote(build)`.
fn building(bar: &str) -> Option<Status<'_>> {
    let (_, rest) = bar.split_once("] ")?;
    let (share, now) = rest.split_once(": ").unwrap_or((rest, ""));
    let (done, of) = share.split_once('/')?;
    Some(Status::Building {
        done: done.parse().ok()?,
        of: of.parse().ok()?,
        now,
    })
}

/// The next line, or what is drawn over later; empty at the end.
pub(super) fn next_piece(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    /// Cargo wipes away what it has drawn before it goes on.
    const WIPE: &[u8] = b"\x1b[K";
    let mut piece = Vec::new();
    loop {
        let available = match reader.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            available => available?,
        };
        let end = available
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'));
        let used = end.map_or(available.len(), |end| end + 1);
        piece.extend_from_slice(&available[..used]);
        reader.consume(used);
        if end.is_some() || used == 0 {
            let wiped = piece.strip_prefix(WIPE).map(<[u8]>::to_vec);
            return Ok(wiped.unwrap_or(piece));
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::compiling("   Compiling rstest v0.28.0\n", Some(Status::Compiling("rstest")))]
    #[case::finished(
        "    Finished `test` profile [unoptimized] target(s) in 0.10s\n",
        Some(Status::Other)
    )]
    #[case::executable(
        "  Executable tests/checks.rs (target/debug/deps/checks-1)\n",
        Some(Status::Other)
    )]
    #[case::lock(
        "    Blocking waiting for file lock on build directory\n",
        Some(Status::Waiting)
    )]
    #[case::progress(
        "    Building [=====>      ] 8/47: anstyle, quote(build)   \r",
        Some(Status::Building { done: 8, of: 47, now: "anstyle, quote(build)" })
    )]
    #[case::progress_without_names(
        "    Building [>           ] 0/47\r",
        Some(Status::Building { done: 0, of: 47, now: "" })
    )]
    #[case::download("  Downloaded 3 crates (1.2 MB) in 0.5s\n", Some(Status::Other))]
    #[case::error("error[E0308]: mismatched types\n", None)]
    #[case::place("   --> src/main.rs:31:5\n", None)]
    #[case::note("   = note: expected type `u8`\n", None)]
    #[case::source("  12 |     let Compiling = 1;\n", None)]
    #[case::empty("\n", None)]
    #[case::not_ascii("  ééééééé é é é\n", None)]
    fn status_lines_are_told_from_words(#[case] line: &str, #[case] expected: Option<Status<'_>>) {
        assert_eq!(Status::of(line), expected);
    }

    #[test]
    fn what_is_drawn_over_a_line_comes_at_once() {
        let stderr = b"   Compiling a\n    Building [>] 0/2\r\x1b[K    Building [=>] 1/2\r\x1b[Kerror: x\nend";
        let mut reader = &stderr[..];
        let pieces: Vec<String> = std::iter::from_fn(|| {
            let piece = next_piece(&mut reader)
                .ok()
                .filter(|piece| !piece.is_empty())?;
            Some(String::from_utf8_lossy(&piece).into_owned())
        })
        .collect();
        let expected = [
            "   Compiling a\n",
            "    Building [>] 0/2\r",
            "    Building [=>] 1/2\r",
            "error: x\n",
            "end",
        ];
        assert_eq!(pieces, expected);
    }
}
