//! What cannot be updated: one line, and nothing changed.

use std::path::Path;

use super::world::World;
use crate::course::Ran;

/// One line of error, with these words; all is as it was.
#[track_caller]
fn assert_refused(world: &World, arguments: &[&str], code: i32, words: &str) {
    let learner = &world.learner;
    let head = || learner.try_git(&["rev-parse", "HEAD"]).stdout;
    let state = || {
        (
            learner.files(),
            head(),
            learner.try_git(&["status", "--porcelain"]).stdout,
        )
    };
    let before = state();
    let ran = learner.update(arguments).ended_with(code);
    assert!(ran.stderr.contains(words), "{}", ran.stderr);
    let errors = ran
        .stderr
        .lines()
        .filter(|line| !line.starts_with("Looking for"));
    assert_eq!(errors.count(), 1, "one line: {}", ran.stderr);
    assert_eq!(state(), before);
    assert!(!learner.has("backups"));
}

fn published() -> World {
    let world = World::new();
    world.learner.work_on("alpha");
    world.publish();
    world
}

#[test]
fn commits_that_change_the_course_are_a_job_for_git() {
    let world = published();
    world
        .learner
        .write("xtask/src/main.rs", "fn main() { todo!() }\n");
    world.learner.write("docs/old.md", "Better.\n");
    world.learner.commit("another course");
    assert_refused(
        &world,
        &[],
        3,
        "your commits change the course itself (docs/old.md and 1 more): that is a job for `git merge ",
    );
}

#[test]
fn without_a_network_another_folder_may_help() {
    let world = published();
    std::fs::remove_dir_all(world.path("upstream")).expect("upstream");
    assert_refused(&world, &[], 3, "no new version came from origin");
}

#[test]
fn without_a_remote_there_is_nothing_to_ask() {
    let world = published();
    world.learner.git(&["remote", "remove", "origin"]);
    assert_refused(&world, &[], 3, "git remote add upstream URL");
}

#[test]
fn a_folder_without_git_is_no_clone() {
    let world = published();
    std::fs::remove_dir_all(world.learner.0.join(".git")).expect("git's own folder");
    assert_refused(&world, &[], 3, "is no git clone of the course");
}

#[test]
fn a_course_within_another_clone_is_none() {
    let world = published();
    std::fs::remove_dir_all(world.learner.0.join(".git")).expect("git's own folder");
    world.learner.git(&["init", "-q", ".."]);
    assert_refused(&world, &[], 3, "is no git clone of the course");
}

#[test]
fn a_merge_is_finished_first() {
    let world = published();
    let learner = &world.learner;
    learner.git(&["commit", "-q", "-a", "-m", "my work"]);
    learner
        .try_git(&["pull", "-q", "--no-rebase"])
        .ended_with(1);
    assert_refused(&world, &[], 3, "git merge --abort");
}

#[test]
fn a_git_that_is_at_work_is_not_disturbed() {
    let world = published();
    world.learner.write(".git/index.lock", "");
    assert_refused(&world, &[], 3, "another git is at work here");
}

#[test]
fn another_history_is_not_joined() {
    let world = published();
    let other = World::new();
    other
        .author()
        .git(&["commit", "-q", "--amend", "-m", "another first"]);
    let path = other.path("author").display().to_string();
    assert_refused(&world, &["--from", &path], 3, "no history in common");
}

#[test]
fn something_else_is_not_the_course() {
    let world = published();
    let other = World::new();
    other.author().git(&["rm", "-q", "-r", "book"]);
    other.author().commit("no book");
    let path = other.path("author").display().to_string();
    assert_refused(&world, &["--from", &path], 3, "is not the course");
}

#[test]
fn a_path_that_is_no_source_is_wrong_usage() {
    let world = published();
    std::fs::write(world.path("new.tar.gz"), "").expect("a file");
    std::fs::create_dir(world.path("empty")).expect("a folder");
    assert_refused(
        &world,
        &["--from", "nowhere"],
        2,
        "there is nothing at nowhere",
    );
    assert_refused(
        &world,
        &["--from", "../new.tar.gz"],
        2,
        "is an archive: unpack it",
    );
    assert_refused(
        &world,
        &["--from", "../empty"],
        2,
        "is no git clone of the course",
    );
    std::fs::write(world.path("junk"), "junk").expect("a file");
    assert_refused(
        &world,
        &["--from", "../junk"],
        3,
        "no new version came from",
    );
}

#[test]
fn without_git_nothing_can_be_fetched() {
    let world = published();
    let mut command = world.learner.xtask(&["update"]);
    command.env("PATH", Path::new("/nowhere"));
    let ran = Ran::of(command.output().expect("the runner starts")).ended_with(3);
    assert!(
        ran.stderr.contains("git is needed for this"),
        "{}",
        ran.stderr
    );
}
