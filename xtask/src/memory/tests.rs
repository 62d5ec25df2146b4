//! A wrong hit would be a lie: each ingredient is changed, and none is found
//! again then.

use std::fs;

use rstest::rstest;

use super::*;
use crate::cargo::{Artifact, LocalPackages};
use crate::course::Lesson;
use crate::report::samples;
use crate::starter;
use crate::verdict::CheckVerdict;

/// A course of two lessons in a folder of its own.
struct Kitchen {
    _folder: tempfile::TempDir,
    course: Course,
    circumstances: Circumstances,
}

const FILES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "exercises/Cargo.toml",
    "exercises/Cargo.lock",
    "exercises/tcp-server/Cargo.toml",
    "exercises/tcp-server/src/main.rs",
    "exercises/tcp-server/tests/checks.rs",
    "exercises/tcp-server/tests/snapshots/checks__a.snap",
    "exercises/tcp-client/tests/netcat/mod.rs",
    "xtask/probe/src/lib.rs",
    "xtask/supervise/src/lib.rs",
    "xtask/wire/src/lib.rs",
    "bin/cargo",
    "bin/rustc",
    "bin/xtask",
    "home/config.toml",
];

impl Kitchen {
    fn new() -> Kitchen {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().to_path_buf();
        let lessons = ["tcp-server", "tcp-client"].map(|name| Lesson {
            name: name.to_string(),
            title: String::new(),
            part: String::new(),
        });
        let environment = [
            ("RUST_LOG", "info".into()),
            ("CARGO_HOME", root.join("home")),
        ];
        let kitchen = Kitchen {
            circumstances: Circumstances {
                options: "all false, seed None".to_string(),
                environment: environment
                    .map(|(name, value)| (name.into(), value.into()))
                    .to_vec(),
                cargo: root.join("bin/cargo"),
                runner: root.join("bin/xtask"),
            },
            course: Course {
                root,
                lessons: lessons.to_vec(),
            },
            _folder: folder,
        };
        for file in FILES {
            kitchen.write(file, "original");
        }
        kitchen
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.course.root.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn ingredients(&self) -> Ingredients {
        self.try_ingredients().expect("ingredients")
    }

    fn try_ingredients(&self) -> std::io::Result<Ingredients> {
        let lesson = &self.course.lessons[0];
        Ingredients::collect(&self.course, lesson, &self.circumstances)
    }

    fn keep(&self, verdict: &LessonVerdict) {
        let inputs = [self.course.root.join("exercises/tcp-server/src/main.rs")];
        let lesson = &self.course.lessons[0];
        keep(&self.course, lesson, verdict, &self.ingredients(), &inputs);
    }

    fn recall(&self) -> Option<LessonVerdict> {
        recall(&self.course, &self.course.lessons[0], &self.ingredients())
    }
}

fn passed() -> CheckVerdict {
    samples::check("a", Status::Passed)
}

fn failed() -> CheckVerdict {
    CheckVerdict {
        notes: Vec::new(),
        ..samples::failed("b")
    }
}

#[test]
fn what_is_kept_is_recalled_whole() {
    let kitchen = Kitchen::new();
    let not_run = samples::check("c", Status::NotRun);
    let verdict = samples::judged(Build::Done, vec![passed(), failed(), not_run]);
    kitchen.keep(&verdict);
    let recalled = kitchen.recall().expect("it is known");
    assert!(recalled.recalled.is_some());
    let fresh = LessonVerdict {
        recalled: None,
        ..recalled
    };
    assert_eq!(json::lesson(&fresh), json::lesson(&verdict));
}

#[test]
fn each_file_counts() {
    let kitchen = Kitchen::new();
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    for file in FILES {
        assert!(kitchen.recall().is_some(), "before {file}");
        let path = kitchen.course.root.join(file);
        let time = fs::metadata(&path).and_then(|metadata| metadata.modified());
        kitchen.write(file, "0riginal, and more");
        assert!(kitchen.recall().is_none(), "{file} was changed");
        kitchen.write(file, "original");
        // Of programs the time counts, and not the content.
        let restored = fs::File::options()
            .append(true)
            .open(&path)
            .expect("a file");
        restored
            .set_modified(time.expect("a time"))
            .expect("a time");
    }
    assert!(kitchen.recall().is_some());
}

#[rstest]
#[case::program("exercises/tcp-server/src/bytes.rs")]
#[case::cargo("exercises/.cargo/config.toml")]
#[case::lesson_config("exercises/tcp-server/.cargo/config.toml")]
#[case::toolchain("exercises/rust-toolchain.toml")]
#[case::snapshot("exercises/tcp-server/tests/snapshots/new.snap")]
#[case::probe("xtask/probe/src/more.rs")]
fn a_new_file_counts(#[case] file: &str) {
    let kitchen = Kitchen::new();
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    kitchen.write(file, "");
    assert!(kitchen.recall().is_none());
}

#[test]
fn a_file_that_goes_counts() {
    let kitchen = Kitchen::new();
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    let snapshot = "exercises/tcp-server/tests/snapshots/checks__a.snap";
    fs::remove_file(kitchen.course.root.join(snapshot)).expect("removed");
    assert!(kitchen.recall().is_none());
}

#[rstest]
#[case::options(|all: &mut Circumstances| all.options = "all true, seed None".to_string())]
#[case::variable(|all: &mut Circumstances| all.environment[0].1 = "debug".into())]
#[case::new_variable(|all: &mut Circumstances| all.environment.push(("RUSTFLAGS".into(), "".into())))]
#[case::no_variable(|all: &mut Circumstances| drop(all.environment.remove(0)))]
fn circumstances_count(#[case] change: fn(&mut Circumstances)) {
    let mut kitchen = Kitchen::new();
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    change(&mut kitchen.circumstances);
    assert!(kitchen.recall().is_none());
}

#[test]
fn terminals_and_editors_do_not_count() {
    let mut kitchen = Kitchen::new();
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    kitchen
        .circumstances
        .environment
        .push(("TERM".into(), "dumb".into()));
    kitchen.write("exercises/tcp-server/src/.main.rs.swp", "vim");
    kitchen.write("exercises/tcp-server/src/main.rs~", "emacs");
    assert!(kitchen.recall().is_some());
}

/// What may change without a trace in any file is judged each time.
#[rstest]
#[case::skipped(samples::check("a", Status::Skipped { why: "no IPv6".to_string() }))]
#[case::broken(samples::check("a", Status::Broken { why: "no memory".to_string() }))]
#[case::remark(samples::failed("a"))]
fn what_depends_on_the_machine_is_not_kept(#[case] check: CheckVerdict) {
    let kitchen = Kitchen::new();
    kitchen.keep(&samples::judged(Build::Done, vec![check]));
    assert!(kitchen.recall().is_none());
}

#[test]
fn a_program_that_was_changed_is_told_from_the_judged_one() {
    let kitchen = Kitchen::new();
    let lesson = &kitchen.course.lessons[0];
    let is_another = || {
        let files = starter::of_learner(&kitchen.course, lesson).expect("files");
        is_of_another_program(&kitchen.course, lesson, &files)
    };
    assert!(!is_another(), "nothing was judged");
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    assert!(!is_another());
    kitchen.write("exercises/tcp-server/src/main.rs~", "emacs");
    assert!(!is_another(), "that is an editor's");
    for text in ["origina", "originals", ""] {
        kitchen.write("exercises/tcp-server/src/main.rs", text);
        assert!(is_another(), "`{text}` is new");
    }
    kitchen.write("exercises/tcp-server/src/main.rs", "original");
    assert!(!is_another(), "it is as it was");
    kitchen.write("exercises/tcp-server/src/more.rs", "");
    assert!(is_another(), "a file is new");
    kitchen.write("exercises/tcp-server/src/.draft.rs", "");
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    assert!(!is_another());
    let place = kitchen.course.exercise(lesson).join("src/more.rs");
    fs::remove_file(place).expect("removed");
    assert!(is_another(), "a file is gone");
}

#[test]
fn a_program_with_other_sources_is_not_kept() {
    let kitchen = Kitchen::new();
    let elsewhere = [kitchen.course.root.join("elsewhere/lib.rs")];
    let verdict = samples::judged(Build::Done, vec![passed()]);
    let lesson = &kitchen.course.lessons[0];
    keep(
        &kitchen.course,
        lesson,
        &verdict,
        &kitchen.ingredients(),
        &elsewhere,
    );
    assert!(kitchen.recall().is_none());
}

#[test]
fn a_build_script_may_do_anything() {
    let kitchen = Kitchen::new();
    kitchen.write("exercises/tcp-server/build.rs", "fn main() {}");
    kitchen.try_ingredients().expect_err("a build script");
}

#[test]
fn a_damaged_memory_is_none() {
    let kitchen = Kitchen::new();
    kitchen.keep(&samples::judged(Build::Done, vec![passed()]));
    let path = file(&kitchen.course, &kitchen.course.lessons[0]);
    let whole = fs::read(&path).expect("a verdict");
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).expect("written");
        assert!(kitchen.recall().is_none(), "cut at {length}");
    }
}

#[test]
fn the_compilers_list_of_files_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let deps = folder.path().join("deps");
    fs::create_dir(&deps).expect("a folder");
    let write = |name: &str, rule: &str| fs::write(deps.join(name), rule).expect("written");
    write(
        "a_b-1f.d",
        "/t/a b: a/src/main.rs /c/my\\ files/x.rs\n\na/src/main.rs:\n",
    );
    write("a_b-2e.d", "/t/a b: a/src/old.rs\n");
    write("a_b_c-3d.d", "/t/c: another/crate.rs\n");
    let mut built = Built {
        program: folder.path().join("a-b"),
        checks: PathBuf::new(),
        local: LocalPackages {
            artifacts: vec![Artifact {
                package: "path+file:///c/a#0.1.0".to_string(),
                manifest: "/c/a/Cargo.toml".into(),
                target: "a".to_string(),
                source: "/c/a/src/main.rs".into(),
                file: "/t/a".into(),
                fresh: true,
            }],
            ran_a_script: false,
        },
    };
    let mut found = inputs(&built, Path::new("/e")).expect("a list");
    found.sort();
    let expected = [
        "/c/a/Cargo.toml",
        "/c/my files/x.rs",
        "/e/a/src/main.rs",
        "/e/a/src/old.rs",
    ];
    assert_eq!(found, expected.map(Path::new));
    built.local.ran_a_script = true;
    assert_eq!(inputs(&built, Path::new("/e")), None);
    built.local.ran_a_script = false;
    fs::remove_dir_all(&deps).expect("removed");
    assert_eq!(inputs(&built, Path::new("/e")), None);
}
