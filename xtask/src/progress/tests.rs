//! What is written is read again, whatever else is in the file.

use rstest::rstest;

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

/// The course in a folder with this `progress.txt`.
fn course_with(text: &str) -> (tempfile::TempDir, Course) {
    let folder = tempfile::tempdir().expect("a folder");
    let course = Course {
        root: folder.path().to_path_buf(),
        lessons: Vec::new(),
    };
    std::fs::write(Progress::file(&course), text).expect("written");
    (folder, course)
}

#[rstest]
#[case::nothing("", None)]
#[case::all_is_well(
    "# Mine.\na\n  finished 2026-11-26\n  failed b\nof-another-version\n",
    None
)]
#[case::a_number("\na\n  hint b many\n", Some("line 3: \"hint b many\" is not"))]
#[case::a_day(
    "a\n  finished yesterday\n",
    Some("line 2: \"finished yesterday\" is not")
)]
#[case::no_lesson("  passed a\n", Some("line 1: \"passed a\" is not"))]
#[case::a_tab(
    "a\n\tpassed a\n",
    Some("line 2: \"passed a\" is not understood. It stays")
)]
#[case::a_merge(
    "a\n<<<<<<< HEAD\n  passed b\n=======\n  passed b c\n>>>>>>> x\n",
    Some("line 2: \"<<<<<<< HEAD\" is not understood, nor are 2 more lines.")
)]
#[case::terminal("a\n  \u{1b}[2J x\n", Some(r#"line 2: "\u{1b}[2J x" is not"#))]
fn what_is_not_understood_is_told_with_its_line(#[case] text: &str, #[case] told: Option<&str>) {
    let (_folder, course) = course_with(text);
    let remark = Progress::not_understood(&course);
    match told {
        None => assert_eq!(remark, None),
        Some(told) => {
            let remark = remark.expect("a remark");
            assert!(remark.starts_with("progress.txt, "), "{remark}");
            assert!(remark.contains(told), "{remark}");
        }
    }
}

/// All that is not understood is there after the next verdict.
#[test]
fn nothing_is_lost_when_it_is_written() {
    let text = "a\n<<<<<<< HEAD\n  finished yesterday\n  hint b many\n\tpassed a\n";
    let (_folder, course) = course_with(text);
    let learn = |progress: &mut Progress| progress.of_mut("b").passed.push("c".to_string());
    Progress::update(&course, learn).expect("written");
    let written = std::fs::read_to_string(Progress::file(&course)).expect("a file");
    for line in text.lines().skip(1) {
        assert!(
            written.contains(&format!("\n{line}\n")),
            "{line}: {written}"
        );
    }
}

/// Whoever keeps it in a folder that machines share has a link to it here.
#[cfg(unix)]
#[test]
fn it_is_written_where_a_link_leads() {
    let (folder, course) = course_with("");
    let file = Progress::file(&course);
    let elsewhere = folder.path().join("shared.txt");
    std::fs::rename(&file, &elsewhere).expect("moved");
    std::os::unix::fs::symlink("shared.txt", &file).expect("a link");
    let learn = |progress: &mut Progress| progress.of_mut("b").passed.push("c".to_string());
    Progress::update(&course, learn).expect("written");
    assert!(file.is_symlink(), "the link was replaced");
    let written = std::fs::read_to_string(elsewhere).expect("a file");
    assert!(written.contains("passed c"), "{written}");
}
