//! An update that is killed: no work is touched, and the next one finishes it.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rstest::rstest;

use super::world::{Clone, WORK, World};

/// All that counts: files, what git takes for changed, the tree of HEAD.
type State = (BTreeMap<PathBuf, String>, String, String);

fn state(clone: &Clone) -> State {
    let tree = clone.git(&["rev-parse", "HEAD^{tree}"]);
    (clone.files(), clone.status(), tree)
}

/// A learner who has changed all kinds of files.
fn busy_world(committed: bool, many: u32) -> World {
    let world = World::new();
    let learner = &world.learner;
    learner.work_on("alpha");
    if committed {
        learner.commit("my work");
    }
    learner.work_on("beta");
    learner.work_on("gamma");
    learner.write("exercises/beta/tests/checks.rs", "// None.\n");
    for number in 0..many {
        world
            .author()
            .write(&format!("docs/many/{number}.md"), "New.\n");
    }
    world.publish();
    world.retire_gamma();
    world
}

/// The learner's clone once more.
fn copy(world: &World, name: &str) -> Clone {
    let to = world.path(name);
    let _ = fs::remove_dir_all(&to);
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([&world.learner.0, &to])
        .status();
    assert!(copied.expect("cp").success());
    Clone(to)
}

/// A folder for PATH whose `git` kills its caller at the n-th call: before it
/// has done its work, or after.
fn deadly_git(folder: &Path) -> PathBuf {
    let path = std::env::var_os("PATH").expect("a PATH");
    let git = std::env::split_paths(&path)
        .map(|folder| folder.join("git"))
        .find(|git| git.is_file())
        .expect("git");
    let script = format!(
        "#!/bin/sh\n\
         calls=$(($(cat \"$COUNTER\" 2>/dev/null || echo 0) + 1))\n\
         echo $calls > \"$COUNTER\"\n\
         test $calls = \"$BEFORE\" && kill -9 $PPID && exit 1\n\
         test $calls = \"$AFTER\" || exec {git} \"$@\"\n\
         {git} \"$@\"\nkill -9 $PPID\n",
        git = git.display()
    );
    fs::create_dir_all(folder).expect("a folder");
    let file = folder.join("git");
    fs::write(&file, script).expect("a script");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("executable");
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).expect("a PATH").into()
}

/// Runs the update until it is killed at this call; whether it was.
fn run_until(clone: &Clone, world: &World, when: &str, call: usize) -> bool {
    let counter = world.path("counter");
    let _ = fs::remove_file(&counter);
    let mut command = clone.xtask(&["update"]);
    command
        .env("PATH", deadly_git(&world.path("bin")))
        .env("COUNTER", &counter)
        .env(when, call.to_string());
    let output = command.output().expect("the runner starts");
    output.status.code().is_none()
}

#[track_caller]
fn assert_work_is_safe(clone: &Clone, when: &str) {
    for lesson in ["alpha", "beta"] {
        let file = format!("exercises/{lesson}/src/main.rs");
        assert_eq!(clone.read(&file), WORK, "{when}: {file}");
    }
    // The retired lesson's program is here or there, whole.
    let file = "exercises/gamma/src/main.rs";
    let places = fs::read_dir(clone.0.join("backups")).into_iter().flatten();
    let places = places.flatten().map(|entry| entry.path().join(file));
    let mut places = std::iter::once(clone.0.join(file)).chain(places);
    assert!(
        places.any(|place| fs::read_to_string(place).is_ok_and(|text| text == WORK)),
        "{when}: {file}"
    );
}

#[rstest]
#[case::with_work("AFTER", false)]
#[case::with_commits("BEFORE", true)]
fn killed_at_any_call_of_git_the_next_update_ends_the_same(
    #[case] when: &str,
    #[case] committed: bool,
) {
    let world = busy_world(committed, 10);
    let smooth = copy(&world, "smooth");
    smooth.update(&[]).ended_with(0);
    let end = state(&smooth);
    // Whoever is killed before that has only looked.
    let mut call = 12;
    loop {
        let clone = copy(&world, "killed");
        let killed = run_until(&clone, &world, when, call);
        wait_for_git(&clone);
        let what = format!("killed {when} call {call}");
        assert_work_is_safe(&clone, &what);
        clone.update(&[]).ended_with(0);
        assert_work_is_safe(&clone, &what);
        assert!(state(&clone) == end, "{what}: another end");
        if !killed {
            break;
        }
        call += 1;
    }
    assert!(call > 20, "{call} calls are too few to be all");
}

#[test]
fn killed_at_any_time_the_next_update_ends_the_same() {
    let world = busy_world(false, 300);
    let smooth = copy(&world, "smooth");
    let start = Instant::now();
    smooth.update(&[]).ended_with(0);
    let whole = start.elapsed();
    let end = state(&smooth);
    const TIMES: u32 = 20;
    for time in 1..=TIMES {
        let clone = copy(&world, "killed");
        let mut command = clone.xtask(&["update"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut runner = command.spawn().expect("the runner starts");
        std::thread::sleep(whole * time / TIMES);
        runner.kill().expect("it can be killed");
        runner.wait().expect("it ends");
        // Its git, which may be at work still, is not ours to kill.
        wait_for_git(&clone);
        let what = format!("killed after {time} of {TIMES}");
        assert_work_is_safe(&clone, &what);
        clone.update(&[]).ended_with(0);
        assert_work_is_safe(&clone, &what);
        assert!(state(&clone) == end, "{what}: another end");
    }
}

/// Waits until no process works in the clone any more, where that can be seen.
fn wait_for_git(clone: &Clone) {
    let works_there = |entry: fs::DirEntry| {
        let folder = fs::read_link(entry.path().join("cwd"));
        folder.is_ok_and(|folder| folder.starts_with(&clone.0))
    };
    let is_busy = || {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        clone.has(".git/index.lock") || processes.into_iter().any(works_there)
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while is_busy() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_second_version_after_an_interruption_leaves_no_trace_of_the_first() {
    let world = busy_world(false, 10);
    let smooth = copy(&world, "smooth");
    let clone = copy(&world, "killed");
    // All is in place, and only the branch has not moved.
    let mut call = 1;
    while !clone.has("docs/many/9.md") || !clone.has("xtask/src/new.rs") {
        assert!(
            run_until(&clone, &world, "BEFORE", call),
            "it was never killed there"
        );
        call += 1;
    }
    for folder in ["exercises", "solutions/starters"] {
        let file = format!("{folder}/delta/src/main.rs");
        world.author().write(&file, "// Version 3.\n");
    }
    world.push("the third version");
    clone.update(&[]).ended_with(0);
    smooth.update(&[]).ended_with(0);
    assert!(state(&clone) == state(&smooth));
    assert_eq!(clone.read("exercises/delta/src/main.rs"), "// Version 3.\n");
}
