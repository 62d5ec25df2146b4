//! `new`: a lesson that holds at once, or nothing at all.

use std::fs;
use std::path::{Path, PathBuf};

use rstest::rstest;

use crate::course::Course;

/// All files of the course with their contents.
fn snapshot(course: &Course) -> Vec<(PathBuf, Vec<u8>)> {
    fn add(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let kind = fs::symlink_metadata(&path).expect("an entry").file_type();
            if kind.is_dir() {
                add(&path, files);
            } else if kind.is_file() {
                let content = fs::read(&path).expect("a file");
                files.push((path, content));
            }
        }
    }
    let mut files = Vec::new();
    add(&course.path(""), &mut files);
    files.sort();
    files
}

#[rstest]
#[case::capitals("new-capitals", &["new", "Proxy"], "lowercase letters")]
#[case::path("new-path", &["new", "../proxy"], "lowercase letters")]
#[case::keyword("new-keyword", &["new", "match"], "a keyword of Rust")]
#[case::device("new-device", &["new", "com1"], "a device on Windows")]
#[case::nothing("new-nothing", &["new", ""], "begins with a letter")]
#[case::no_name("new-no-name", &["new"], "<LESSON>")]
#[case::lesson("new-lesson", &["new", "new-lesson"], "there is a lesson `new-lesson` already")]
#[case::package("new-package", &["new", "anyhow"], "there is a package `anyhow` already")]
#[case::page("new-page", &["new", "pitfalls"], "book/src/pitfalls.md is there already")]
#[case::title("new-title", &["new", "proxy", "--title", "A\n[proxy]"], "brackets")]
fn a_name_that_cannot_be_is_refused(
    #[case] lesson: &str,
    #[case] arguments: &[&str],
    #[case] told: &str,
) {
    let course = Course::new(&[lesson]);
    course.write("book/src/pitfalls.md", "# Pitfalls\n");
    let before = snapshot(&course);
    let ran = course.run(arguments).ended_with(2);
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    assert!(snapshot(&course) == before, "something was written");
}

#[test]
fn without_a_place_for_one_file_none_is_written() {
    let course = Course::new(&["cramped"]);
    // A file in the place of a folder.
    course.write("crates", "");
    let before = snapshot(&course);
    let ran = course.run(&["new", "proxy"]).ended_with(3);
    assert!(ran.stderr.contains("nothing was written"), "{}", ran.stderr);
    assert!(snapshot(&course) == before, "something was written");
}

/// The manifests are the course's own, as the new packages take theirs from
/// them.
#[test]
fn a_new_lesson_holds_at_once() {
    let course = Course::new(&["older"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let own = |file: &str| fs::read_to_string(root.join(file)).expect(file);
    let with_paths = |manifest: String, old: &str| {
        let folder = root.canonicalize().expect("the course");
        manifest.replace(old, &format!("path = \"{}/xtask/", folder.display()))
    };
    let manifest: String = with_paths(own("Cargo.toml"), "path = \"xtask/")
        .lines()
        .map(|line| match line.starts_with("members = ") {
            true => "members = [\"crates/*\", \"solutions/*\"]\n".to_string(),
            false => format!("{line}\n"),
        })
        .collect();
    course.write("Cargo.toml", &manifest);
    let inner = with_paths(own("exercises/Cargo.toml"), "path = \"../xtask/");
    course.write("exercises/Cargo.toml", &inner);
    course.write(
        "solutions/wrong/Cargo.toml",
        &own("solutions/wrong/Cargo.toml"),
    );
    let pitfalls = "book/src/pitfalls/starting.md";
    course.write(pitfalls, &own(pitfalls));
    let ran = course
        .run(&["new", "newer", "--title", "A proxy"])
        .ended_with(0);
    assert!(
        ran.stdout.contains("cargo xtask verify newer"),
        "{}",
        ran.stdout
    );
    let summary = fs::read_to_string(course.path("book/src/SUMMARY.md")).expect("a summary");
    assert!(
        summary.contains("(older.md)\n- [A proxy](newer.md)\n"),
        "{summary}"
    );
    // Cargo takes what does not belong to this course out of the lock files.
    course.run(&["check", "newer"]).ended_with(1);
    let locks = ["Cargo.lock", "exercises/Cargo.lock"].map(|file| course.path(file));
    fs::copy(&locks[0], &locks[1]).expect("copied");
    course.run(&["check", "newer"]).ended_with(1);
    let ran = course.run(&["verify", "newer"]).ended_with(0);
    for claim in [
        "newer: the starter fails announces_its_address",
        "newer: the solution passes 1 check",
        "newer--announces-what-it-was-told is caught by announces_its_address",
        "its pages say how long it takes",
    ] {
        assert!(ran.stdout.contains(claim), "{}\n{}", ran.stdout, ran.stderr);
    }
}
