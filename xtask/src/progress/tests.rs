//! What is written is read again, whatever else is in the file.

use crate::report::samples;
use crate::verdict::Build;

use super::*;

const TEXT: &str = "\
# A remark of the learner's goes.
tcp-server
  finished 2026-11-26
  passed a b
  failed c spins
  hint c 2
  loved by everybody

not-in-this-course
  passed z
";

fn today() -> Moment {
    Moment::from_seconds(86_400)
}

#[test]
fn what_is_written_can_be_read() {
    let progress = Progress::parse(TEXT);
    assert_eq!(Progress::parse(&progress.text()), progress);
    let state = progress.of("tcp-server");
    assert_eq!(state.finished.as_deref(), Some("2026-11-26"));
    assert_eq!(state.passed, ["a", "b"]);
    assert_eq!(
        state.failed,
        Some(("c".to_string(), Some("spins".to_string())))
    );
    assert_eq!(state.hints["c"], 2);
}

#[test]
fn what_is_not_understood_is_kept() {
    let text = Progress::parse(TEXT).text();
    assert!(text.contains("\n  loved by everybody\n"), "{text}");
    assert!(
        text.contains("\nnot-in-this-course\n  passed z\n"),
        "{text}"
    );
}

#[test]
fn garbage_is_no_reason_to_give_up() {
    let progress = Progress::parse("\u{0}\n  \n  hint x many\nx\n  finished\n");
    assert_eq!(Progress::parse(&progress.text()), progress);
}

#[test]
fn a_lesson_stays_finished_when_a_later_program_fails() {
    let mut progress = Progress::default();
    progress.learn(
        &samples::judged(Build::Done, vec![samples::check("a", Status::Passed)]),
        today(),
    );
    progress.learn(
        &samples::judged(Build::Done, vec![samples::failed("a")]),
        Moment::from_seconds(0),
    );
    let state = progress.of("tcp-server");
    assert_eq!(state.finished.as_deref(), Some("1970-01-02"));
    assert_eq!(
        state.failed,
        Some(("a".to_string(), Some("mangles-bytes".to_string())))
    );
    assert!(state.passed.is_empty());
}

#[test]
fn a_program_that_does_not_build_takes_nothing_away() {
    let mut progress = Progress::parse(TEXT);
    let verdict = samples::does_not_build();
    progress.learn(&verdict, today());
    assert_eq!(progress, Progress::parse(TEXT));
}

#[test]
fn the_current_lesson_is_the_first_that_does_not_pass() {
    let lesson = |name: &str| Lesson {
        name: name.to_string(),
        title: String::new(),
        part: String::new(),
    };
    let course = Course {
        root: PathBuf::new(),
        lessons: ["a", "b", "c"].map(lesson).to_vec(),
    };
    let current = |text: &str| {
        let lesson = Progress::parse(text).current(&course).cloned();
        lesson.map(|lesson| lesson.name)
    };
    assert_eq!(current("").as_deref(), Some("a"));
    assert_eq!(
        current("a\n  finished 2026-11-26\nc\n  failed x").as_deref(),
        Some("b")
    );
    let all = "a\n  finished x\nb\n  finished x\nc\n  finished x\n";
    assert_eq!(current(all), None);
    assert_eq!(current(&format!("{all}  failed z\n")).as_deref(), Some("c"));
}

#[test]
fn who_starts_again_has_finished_once() {
    let mut progress = Progress::parse(TEXT);
    progress.of_mut("tcp-server").start_again();
    assert!(
        progress
            .text()
            .ends_with("\ntcp-server\n  finished 2026-11-26\n  loved by everybody\n"),
        "{}",
        progress.text()
    );
}

#[test]
fn another_encoding_loses_nothing() {
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(TEXT.encode_utf16());
        units.flat_map(to_bytes).collect()
    };
    let saved = [
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        [b"\xef\xbb\xbf", TEXT.replace('\n', "\r\n").as_bytes()].concat(),
    ];
    for bytes in saved {
        assert_eq!(Progress::parse(&decode(&bytes)), Progress::parse(TEXT));
    }
}
