//! `offline`: an archive of the course itself, on a laptop without a network.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::course::Ran;

/// The course that this test belongs to, as it was committed last; none where
/// there is no git.
fn course() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = root.expect("the course's folder").to_path_buf();
    let is_clone = root.join(".git").exists();
    if !is_clone {
        say("skipped: the course is no git clone here, and an archive is made of one");
    }
    is_clone.then_some(root)
}

/// Tells it also when the test passes.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "offline: {words}");
}

fn offline(root: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["offline", "--out"])
        .arg(out)
        .current_dir(root)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(folder);
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "somebody");
        git.env(format!("GIT_{role}_EMAIL"), "somebody@localhost");
    }
    let ran = Ran::of(git.output().expect("git")).ended_with(0);
    ran.stdout
}

/// Unpacks `archive` in a new folder and returns that of the course.
fn unpack(archive: &Path, folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder");
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(archive).current_dir(folder);
    assert!(tar.status().expect("tar").success());
    folder.join("on-the-wire/course")
}

#[test]
fn an_archive_needs_no_network_and_can_be_updated() {
    let Some(root) = course() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("wire.tar.gz");
    let output = offline(&root, &archive).output().expect("the runner");
    let ran = Ran::of(output).ended_with(0);
    assert!(ran.stdout.contains("tar -xzf wire.tar.gz"), "{ran:?}");
    let old = unpack(&archive, &folder.path().join("old"));
    let new = unpack(&archive, &folder.path().join("new"));
    // Nothing but what git has, and the book, where somebody has built it.
    let brought = match root.join("book/book/index.html").is_file() {
        true => "!! book/book/\n",
        false => "",
    };
    assert_eq!(git(&old, &["status", "--porcelain", "--ignored"]), brought);
    check_without_network(&old, folder.path());
    assert_eq!(git(&old, &["status", "--porcelain"]), "");
    update(&old, &new);
}

/// Nothing that was downloaded can help: Cargo's home is empty.
fn check_without_network(course: &Path, folder: &Path) {
    let home = folder.join("cargo-home");
    fs::create_dir(&home).expect("a folder");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string());
    let mut command = match has_namespaces() {
        true => {
            let mut unshare = Command::new("unshare");
            let script = "ip link set lo up && exec \"$@\"";
            unshare.args(["-rn", "sh", "-c", script, "sh", &cargo]);
            unshare
        }
        false => {
            say("no network namespace can be had here: Cargo is told to stay off the network");
            let mut plain = Command::new(&cargo);
            plain.env("CARGO_NET_OFFLINE", "true");
            plain
        }
    };
    command
        .args(["xtask", "check"])
        .current_dir(course)
        .env("CARGO_HOME", &home)
        .env_remove("CARGO_TARGET_DIR")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().expect("Cargo")).ended_with(1);
    assert!(
        ran.stdout.contains("failed announces_its_address"),
        "{ran:?}"
    );
}

/// Whether a network of its own can be had for a process.
fn has_namespaces() -> bool {
    let mut unshare = Command::new("unshare");
    unshare.args(["-rn", "ip", "link", "set", "lo", "up"]);
    unshare.output().is_ok_and(|output| output.status.success())
}

/// A learner's copy of the course gets the version of a newer archive, and the
/// crates that it needs.
fn update(old: &Path, new: &Path) {
    let program = old.join("exercises/tcp-server/src/main.rs");
    fs::write(&program, "fn main() {}\n").expect("a file");
    fs::write(new.join("docs/new.md"), "New.\n").expect("a file");
    git(new, &["add", "--all"]);
    git(new, &["commit", "-q", "-m", "a new version"]);
    let crates = "vendor/new-1.0.0/src";
    let above = |course: &Path| course.parent().expect("a folder").to_path_buf();
    fs::create_dir_all(above(new).join(crates)).expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["update", "--from"]).arg(above(new));
    let output = command.current_dir(old).output().expect("the runner");
    Ran::of(output).ended_with(0);
    assert!(old.join("docs/new.md").is_file());
    assert!(above(old).join(crates).is_dir());
    assert_eq!(
        fs::read_to_string(program).expect("a file"),
        "fn main() {}\n"
    );
    let changed = git(old, &["status", "--porcelain"]);
    assert_eq!(changed, " M exercises/tcp-server/src/main.rs\n");
}

/// A folder for PATH whose `tar` does this.
fn other_tar(folder: &Path, script: &str) -> std::ffi::OsString {
    fs::create_dir_all(folder).expect("a folder");
    let tar = folder.join("tar");
    fs::write(&tar, format!("#!/bin/sh\n{script}\n")).expect("a script");
    fs::set_permissions(&tar, fs::Permissions::from_mode(0o755)).expect("executable");
    let path = std::env::var_os("PATH").expect("a PATH");
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).expect("a PATH")
}

#[test]
fn an_archive_that_fails_leaves_the_old_one() {
    let Some(root) = course() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("wire.tar.gz");
    fs::write(&archive, "the old one").expect("a file");
    let tar = "echo half > \"$2\"; echo 'tar: no space left' >&2; exit 1";
    let mut command = offline(&root, &archive);
    command.env("PATH", other_tar(&folder.path().join("bin"), tar));
    let ran = Ran::of(command.output().expect("the runner")).ended_with(3);
    assert!(ran.stderr.contains("no space left"), "{ran:?}");
    let kept = fs::read_to_string(&archive).expect("a file");
    assert_eq!(kept, "the old one");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
}

#[test]
fn an_archive_that_is_interrupted_is_none() {
    let Some(root) = course() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("wire.tar.gz");
    let place = folder.path().join("place");
    let tar = format!("pwd > {0}.new; mv {0}.new {0}; sleep 1000", place.display());
    let mut command = offline(&root, &archive);
    command
        .env("PATH", other_tar(&folder.path().join("bin"), &tar))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut runner = command.spawn().expect("the runner starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !place.exists() {
        assert!(Instant::now() < deadline, "tar was never called");
        std::thread::sleep(Duration::from_millis(10));
    }
    let kill = Command::new("kill")
        .args(["-INT", &runner.id().to_string()])
        .status();
    assert!(kill.expect("kill").success());
    assert_eq!(runner.wait().expect("it ends").code(), None);
    assert!(!archive.exists());
    let place = fs::read_to_string(place).expect("a path");
    assert!(
        !Path::new(place.trim_end()).exists(),
        "the scratch folder goes"
    );
}

#[test]
fn a_place_that_does_not_exist_is_wrong_usage() {
    let Some(root) = course() else { return };
    let output = offline(&root, Path::new("/nowhere/wire.tar.gz")).output();
    let ran = Ran::of(output.expect("the runner")).ended_with(2);
    assert!(ran.stderr.contains("does not exist"), "{ran:?}");
}

/// A pipe stands for a device here: root has replaced one by an archive.
#[test]
fn what_is_no_file_is_not_replaced() {
    let Some(root) = course() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let output = offline(&root, &pipe).output();
    let ran = Ran::of(output.expect("the runner")).ended_with(2);
    assert!(ran.stderr.contains("pipe is no file"), "{ran:?}");
}
