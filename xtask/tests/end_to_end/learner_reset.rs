//! `reset`: the starter comes back, and nothing that was written is lost,
//! whatever happens on the way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rstest::rstest;

use crate::course::{Course, Ran};

fn main_of(lesson: &str) -> String {
    format!("exercises/{lesson}/src/main.rs")
}

fn read(course: &Course, file: &str) -> String {
    fs::read_to_string(course.path(file)).expect(file)
}

#[track_caller]
fn assert_is_starter(course: &Course, lesson: &str) {
    for file in ["Cargo.toml", "src/main.rs"] {
        assert_eq!(
            read(course, &format!("exercises/{lesson}/{file}")),
            read(course, &format!("solutions/starters/{lesson}/{file}")),
            "{file}"
        );
    }
    let sources = fs::read_dir(course.path(&format!("exercises/{lesson}/src")));
    assert_eq!(sources.expect("a folder").count(), 1, "nothing else");
}

/// All backups that are whole: they have their name.
fn backups(course: &Course) -> Vec<PathBuf> {
    let entries = fs::read_dir(course.path("backups")).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| {
        !path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .starts_with('.')
    });
    paths.sort();
    paths
}

#[track_caller]
fn the_backup(course: &Course) -> PathBuf {
    let mut backups = backups(course);
    assert_eq!(backups.len(), 1, "{backups:?}");
    backups.remove(0)
}

#[track_caller]
fn expect(ran: &Ran, text: &str) {
    let all = format!("{}\n{}", ran.stdout, ran.stderr);
    assert!(all.contains(text), "`{text}` is missing:\n{all}");
}

#[test]
fn the_starter_comes_back_and_what_was_written_is_kept() {
    let course = Course::new(&["begun"]);
    course.run(&["check"]).ended_with(0);
    course.run(&["hint", "begun", "--all"]).ended_with(0);
    course.write("exercises/begun/src/deep/mine.rs", "//! Mine.\n");
    let written = read(&course, &main_of("begun"));
    let ran = course.run(&["reset", "begun", "--yes"]).ended_with(0);
    assert_is_starter(&course, "begun");
    let backup = the_backup(&course);
    assert_eq!(
        fs::read_to_string(backup.join("src/main.rs")).expect("kept"),
        written
    );
    assert!(backup.join("src/deep/mine.rs").is_file());
    assert!(backup.join("Cargo.toml").is_file());
    let name = backup.strip_prefix(course.path("")).expect("inside");
    expect(
        &ran,
        &format!("cp -r {}/. exercises/begun/", name.display()),
    );
    let progress = read(&course, "progress.txt");
    assert!(progress.contains("\n  finished 20"), "{progress}");
    assert!(
        !progress.contains("passed") && !progress.contains("hint "),
        "{progress}"
    );
    expect(
        &course.run(&["reset", "begun"]).ended_with(0),
        "there is nothing to do",
    );
    // What the output says brings it back.
    let copied = Command::new("cp")
        .arg("-r")
        .args([backup.join("."), course.path("exercises/begun/")])
        .status();
    assert!(copied.expect("cp").success());
    course.run(&["check"]).ended_with(0);
}

#[rstest]
#[case::broken("broken-toml", |course: &Course, file: &Path| { let _ = course; fs::write(file, "[package").expect("written"); }, true)]
#[case::lost("lost-toml", |_: &Course, file: &Path| fs::remove_file(file).expect("removed"), true)]
fn a_manifest_is_restored(
    #[case] lesson: &str,
    #[case] change: fn(&Course, &Path),
    #[case] keeps: bool,
) {
    let course = Course::new(&[lesson]);
    change(
        &course,
        &course.path(&format!("exercises/{lesson}/Cargo.toml")),
    );
    course.run(&["reset", lesson, "--yes"]).ended_with(0);
    assert_is_starter(&course, lesson);
    assert_eq!(backups(&course).len(), usize::from(keeps));
}

#[test]
fn what_is_only_missing_is_put_back_without_a_question() {
    let course = Course::new(&["emptied"]);
    course.run(&["reset", "emptied", "--yes"]).ended_with(0);
    fs::remove_dir_all(course.path("exercises/emptied/src")).expect("removed");
    course.run(&["reset", "emptied"]).ended_with(0);
    assert_is_starter(&course, "emptied");
    assert_eq!(backups(&course).len(), 1);
}

#[test]
fn where_nobody_can_be_asked_nothing_is_taken() {
    let course = Course::new(&["unasked"]);
    let before = read(&course, &main_of("unasked"));
    let ran = course.run(&["reset", "unasked"]).ended_with(2);
    expect(&ran, "say --yes where nobody can be asked");
    let ran = course.run(&["reset"]).ended_with(2);
    expect(&ran, "<LESSON>");
    assert_eq!(read(&course, &main_of("unasked")), before);
    assert!(!course.path("backups").exists());
}

#[test]
fn all_lessons_are_reset_in_one_go() {
    let course = Course::new(&["all-one", "all-two"]);
    course.run(&["reset", "all-two", "--yes"]).ended_with(0);
    course.run(&["reset", "--all", "--yes"]).ended_with(0);
    assert_is_starter(&course, "all-one");
    assert_is_starter(&course, "all-two");
    assert_eq!(backups(&course).len(), 2, "each has one");
    let ran = course.run(&["reset", "--all", "--yes"]).ended_with(0);
    expect(&ran, "there is nothing to do");
}

/// A disk that takes nothing more: every write to a file fails.
#[cfg(target_os = "linux")]
#[test]
fn without_a_backup_nothing_is_touched() {
    let course = Course::new(&["full-disk"]);
    let before = read(&course, &main_of("full-disk"));
    let runner = course.command(&["reset", "full-disk", "--yes"]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(runner.get_program())
        .args(runner.get_args())
        .current_dir(course.path(""))
        .env_remove("CARGO_MANIFEST_DIR");
    let ran = Ran::of(command.output().expect("sh")).ended_with(3);
    expect(
        &ran,
        "nothing was changed: no copy of full-disk could be made",
    );
    assert_eq!(read(&course, &main_of("full-disk")), before);
    assert!(backups(&course).is_empty());
    let left = fs::read_dir(course.path("backups"))
        .expect("a folder")
        .count();
    assert_eq!(left, 0, "no half of a backup stays");
    // A file in the place of the folder is another way to have none.
    fs::remove_dir(course.path("backups")).expect("removed");
    course.write("backups", "mine");
    course.run(&["reset", "full-disk", "--yes"]).ended_with(3);
    assert_eq!(read(&course, &main_of("full-disk")), before);
    assert_eq!(read(&course, "backups"), "mine");
}

#[test]
fn without_a_starter_nothing_is_touched() {
    let course = Course::new(&["starterless"]);
    let before = read(&course, &main_of("starterless"));
    fs::remove_dir_all(course.path("solutions/starters/starterless")).expect("removed");
    let ran = course.run(&["reset", "starterless", "--yes"]).ended_with(3);
    expect(&ran, "has no starter for starterless");
    assert_eq!(read(&course, &main_of("starterless")), before);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_goes_out_of_the_way() {
    let course = Course::new(&["linked"]);
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::write(elsewhere.path().join("precious.rs"), "//! Mine.\n").expect("written");
    let link = |name: &str| course.path(&format!("exercises/linked/src/{name}"));
    std::os::unix::fs::symlink(elsewhere.path(), link("shared")).expect("a link");
    std::os::unix::fs::symlink("nowhere", link("dangling")).expect("a link");
    fs::remove_file(link("main.rs")).expect("removed");
    fs::create_dir(link("main.rs")).expect("a folder");
    fs::write(link("main.rs/part.rs"), "//! A part.\n").expect("written");
    course.run(&["reset", "linked", "--yes"]).ended_with(0);
    assert_is_starter(&course, "linked");
    let backup = the_backup(&course);
    assert!(backup.join("src/shared/precious.rs").is_file());
    assert!(backup.join("src/dangling").is_symlink());
    assert!(backup.join("src/main.rs/part.rs").is_file());
    assert!(elsewhere.path().join("precious.rs").is_file());
}

#[cfg(unix)]
#[rstest]
#[case::empty("replaced-empty", &[])]
#[case::hidden("replaced-hidden", &[".notes"])]
#[case::both("replaced-both", &[".notes", "part.rs"])]
fn a_folder_in_the_place_of_a_file_is_kept_whole(#[case] lesson: &str, #[case] files: &[&str]) {
    let course = Course::new(&[lesson]);
    let main = course.path(&main_of(lesson));
    for place in [main, course.path(&format!("exercises/{lesson}/Cargo.toml"))] {
        fs::remove_file(&place).expect("removed");
        fs::create_dir(&place).expect("a folder");
        for file in files {
            fs::write(place.join(file), "mine").expect("written");
        }
    }
    course.run(&["reset", lesson, "--yes"]).ended_with(0);
    assert_is_starter(&course, lesson);
    let backup = the_backup(&course);
    for place in ["src/main.rs", "Cargo.toml"] {
        let kept = fs::read_dir(backup.join(place)).expect("a folder").count();
        assert_eq!(kept, files.len(), "{place}");
    }
}

/// What can be opened, but never read to its end, is not read at all.
#[cfg(unix)]
#[rstest]
#[case::pipe("replaced-pipe", "mkfifo main.rs")]
#[case::link_without_an_end("replaced-loop", "ln -s main.rs main.rs")]
#[case::link_to_nowhere("replaced-nowhere", "ln -s nowhere main.rs")]
fn what_stands_in_the_place_of_a_program_is_kept(#[case] lesson: &str, #[case] make: &str) {
    let course = Course::new(&[lesson]);
    fs::remove_file(course.path(&main_of(lesson))).expect("removed");
    let made = Command::new("sh")
        .args(["-c", make])
        .current_dir(course.path(&format!("exercises/{lesson}/src")))
        .status();
    assert!(made.expect("sh").success());
    course.run(&["reset", lesson, "--yes"]).ended_with(0);
    assert_is_starter(&course, lesson);
    let kept = the_backup(&course).join("src/main.rs");
    assert!(fs::symlink_metadata(kept).is_ok());
}

/// Killed at any moment, what was written is in its place or in a whole backup;
/// and the next reset works.
#[cfg(unix)]
#[test]
fn killed_at_any_moment_nothing_is_lost() {
    let course = Course::new(&["killed"]);
    let main = read(&course, &main_of("killed"));
    let written = [
        ("src/main.rs", main.as_str()),
        ("src/more.rs", "//! More.\n"),
        ("Cargo.toml", "[mine"),
    ];
    let put = || {
        for (file, text) in written {
            course.write(&format!("exercises/killed/{file}"), text);
        }
    };
    put();
    let start = Instant::now();
    course.run(&["reset", "killed", "--yes"]).ended_with(0);
    let whole = start.elapsed();
    let (mut cut_short, mut half_done) = (0, 0);
    for round in 0..120_u32 {
        drop(fs::remove_dir_all(course.path("backups")));
        put();
        let mut child = course
            .command(&["reset", "killed", "--yes"])
            .spawn()
            .expect("starts");
        // Spread over the whole of it, and a little beyond.
        std::thread::sleep(whole * (round * 37 % 120) / 100);
        drop(child.kill());
        let status = child.wait().expect("ends");
        cut_short += u32::from(!status.success());
        let kept = backups(&course);
        let mut in_place = 0;
        for (file, text) in written {
            let is = |path: &Path| fs::read_to_string(path).is_ok_and(|now| now == text);
            let stays = is(&course.path(&format!("exercises/killed/{file}")));
            in_place += u32::from(stays);
            assert!(
                stays || kept.iter().any(|backup| is(&backup.join(file))),
                "{file} was lost in round {round}"
            );
        }
        half_done += u32::from(in_place == 1 || in_place == 2);
        course.run(&["reset", "killed", "--yes"]).ended_with(0);
        assert_is_starter(&course, "killed");
    }
    eprintln!("{cut_short} of 120 were cut short, {half_done} in the middle of the files");
    assert!(cut_short >= 10, "{cut_short} only");
}

#[cfg(target_os = "linux")]
mod asked {
    use super::*;
    use crate::pty::Terminal;

    #[rstest]
    #[case::no("asked-no", "n\n", false)]
    #[case::nothing("asked-nothing", "\n", false)]
    #[case::end_of_input("asked-eof", "\u{4}", false)]
    #[case::yes("asked-yes", "Y\n", true)]
    fn on_a_terminal_it_asks(#[case] lesson: &str, #[case] keys: &str, #[case] resets: bool) {
        let course = Course::new(&[lesson]);
        let mut terminal = Terminal::start(&course.command(&["reset", lesson]));
        let screen = terminal.expect("[y/N]");
        assert!(
            screen.contains("src/main.rs: 12 lines of yours"),
            "{screen}"
        );
        terminal.press(keys);
        assert!(terminal.expect_end().success());
        if resets {
            terminal.expect("is as it was at the beginning.");
            assert_is_starter(&course, lesson);
        } else {
            terminal.expect("Nothing was changed.");
            assert!(!course.path("backups").exists());
        }
    }

    #[test]
    fn ctrl_c_is_a_no() {
        let course = Course::new(&["asked-ctrl-c"]);
        let before = read(&course, &main_of("asked-ctrl-c"));
        let mut terminal = Terminal::start(&course.command(&["reset", "asked-ctrl-c"]));
        terminal.expect("[y/N]");
        terminal.press("\u{3}");
        assert!(!terminal.expect_end().success());
        assert_eq!(read(&course, &main_of("asked-ctrl-c")), before);
        assert!(!course.path("backups").exists());
    }
}
