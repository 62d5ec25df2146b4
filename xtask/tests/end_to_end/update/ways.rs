//! What a learner may have done, and what becomes of it.

use super::world::{Clone, WORK, World};

const ALPHA: &str = "exercises/alpha/src/main.rs";

/// All of the new version is there.
#[track_caller]
fn assert_updated(world: &World, learner: &Clone) {
    for file in [
        "CHANGELOG.md",
        "Cargo.lock",
        "exercises/Cargo.lock",
        "exercises/beta/tests/checks.rs",
        "exercises/delta/src/main.rs",
        "solutions/starters/alpha/src/main.rs",
        "xtask/src/main.rs",
        "xtask/src/new.rs",
    ] {
        assert_eq!(learner.read(file), world.author().read(file), "{file}");
    }
    assert!(!learner.has("docs"), "what is gone upstream goes");
}

#[test]
fn whoever_has_changed_nothing_gets_the_new_version() {
    let world = World::new();
    world.publish();
    let learner = &world.learner;
    let ran = learner.update(&[]).ended_with(0);
    assert_updated(&world, learner);
    assert_eq!(learner.read(ALPHA), world.author().read(ALPHA));
    assert_eq!(learner.status(), "");
    let head = learner.git(&["rev-parse", "HEAD"]);
    assert_eq!(head, world.author().git(&["rev-parse", "HEAD"]));
    assert!(ran.stdout.contains("- A new lesson: delta."), "{ran:?}");
    assert!(ran.stdout.contains("1 new lesson: delta"), "{ran:?}");
    assert!(!learner.has("backups"), "nothing to be saved");
    let again = learner.update(&[]).ended_with(0);
    assert!(again.stdout.contains("is up to date"), "{again:?}");
}

#[test]
fn what_a_learner_is_working_on_stays() {
    let world = World::new();
    let learner = &world.learner;
    learner.work_on("alpha");
    learner.work_on("beta");
    learner.write("exercises/beta/src/lines.rs", "// New.\n");
    learner.write("exercises/gamma/Cargo.toml", "[package]\n# Mine.\n");
    learner.git(&["add", "exercises/beta"]);
    world.publish();
    let ran = learner.update(&[]).ended_with(0);
    assert_updated(&world, learner);
    for file in [ALPHA, "exercises/beta/src/main.rs"] {
        assert_eq!(learner.read(file), WORK);
        assert_eq!(learner.backup().read(file), WORK);
    }
    assert_eq!(
        learner.backup().read("exercises/beta/src/lines.rs"),
        "// New.\n"
    );
    assert_eq!(
        learner.status(),
        " M exercises/alpha/src/main.rs\n M exercises/beta/src/main.rs\n M exercises/gamma/Cargo.toml\n?? exercises/beta/src/lines.rs"
    );
    let how_to_look = "-- solutions/starters/alpha";
    assert!(ran.stdout.contains(how_to_look), "{ran:?}");
    assert!(!ran.stdout.contains("solutions/starters/beta"), "{ran:?}");
    let command = ran.stdout.lines().find(|line| line.contains(how_to_look));
    let command: Vec<&str> = command
        .expect("a line")
        .split_whitespace()
        .skip(1)
        .collect();
    let shown = learner.git(&command);
    assert!(shown.contains("+//! alpha, version 2."), "{shown}");
}

#[test]
fn changed_files_of_the_course_are_saved_before_they_are_replaced() {
    let world = World::new();
    let learner = &world.learner;
    learner.write("exercises/beta/tests/checks.rs", "// None.\n");
    learner.write("docs/old.md", "Notes.\n");
    learner.write("README.md", "My course.\n");
    learner.write("exercises/delta/README.md", "Mine.\n");
    world.publish();
    let ran = learner.update(&[]).ended_with(0);
    assert_updated(&world, learner);
    let backup = learner.backup();
    assert_eq!(backup.read("exercises/beta/tests/checks.rs"), "// None.\n");
    assert_eq!(backup.read("docs/old.md"), "Notes.\n");
    assert_eq!(backup.read("exercises/delta/README.md"), "Mine.\n");
    assert_eq!(learner.read("exercises/delta/README.md"), "The task.\n");
    // Upstream has nothing new there.
    assert_eq!(learner.read("README.md"), "My course.\n");
    assert_eq!(learner.status(), " M README.md");
    for told in [
        "exercises/beta/tests/checks.rs",
        "docs/old.md",
        "README.md",
        "backups/",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {ran:?}");
    }
}

#[test]
fn what_is_only_staged_is_saved() {
    let world = World::new();
    let learner = &world.learner;
    learner.write(ALPHA, "// Staged.\n");
    learner.git(&["add", ALPHA]);
    learner.work_on("alpha");
    world.publish();
    learner.update(&[]).ended_with(0);
    assert_eq!(learner.read(ALPHA), WORK);
    assert_eq!(learner.backup().read(ALPHA), WORK);
    let staged = format!("staged/{ALPHA}");
    assert_eq!(learner.backup().read(&staged), "// Staged.\n");
}

#[test]
fn committed_work_is_joined_with_the_new_version() {
    let world = World::new();
    let learner = &world.learner;
    learner.work_on("alpha");
    learner.write("notes.md", "Mine.\n");
    // Cargo writes it when a learner adds a dependency.
    learner.write("exercises/Cargo.lock", "version = 4\n# Mine.\n");
    learner.commit("my work");
    learner.work_on("beta");
    world.publish();
    let mine = learner.git(&["rev-parse", "HEAD"]);
    let ran = learner.update(&[]).ended_with(0);
    assert_updated(&world, learner);
    assert!(ran.stdout.contains("merge commit"), "{ran:?}");
    assert_eq!(learner.read(ALPHA), WORK);
    assert_eq!(learner.read("exercises/beta/src/main.rs"), WORK);
    assert_eq!(learner.status(), " M exercises/beta/src/main.rs");
    let parents = learner.git(&["log", "-1", "--format=%P"]);
    let new = world.author().git(&["rev-parse", "HEAD"]);
    assert_eq!(parents, format!("{mine} {new}"));
    assert_eq!(learner.git(&["show", "HEAD:notes.md"]), "Mine.");
    // The next version comes the same way.
    world
        .author()
        .write("CHANGELOG.md", "# Changelog\n\n- Third.\n");
    world.push("the third version");
    learner.update(&[]).ended_with(0);
    assert_eq!(
        learner.read("CHANGELOG.md"),
        world.author().read("CHANGELOG.md")
    );
    assert_eq!(learner.read(ALPHA), WORK);
    assert_eq!(learner.status(), " M exercises/beta/src/main.rs");
}

#[test]
fn a_removed_file_of_a_program_stays_removed() {
    let world = World::new();
    let learner = &world.learner;
    std::fs::remove_file(learner.0.join(ALPHA)).expect("a file");
    std::fs::remove_file(learner.0.join("CHANGELOG.md")).expect("a file");
    world.publish();
    learner.update(&[]).ended_with(0);
    assert!(!learner.has(ALPHA));
    assert!(learner.has("CHANGELOG.md"));
}

#[test]
fn a_lesson_that_is_gone_goes_with_the_work_in_the_backup() {
    let world = World::new();
    let (learner, other) = (&world.learner, world.second_learner());
    learner.work_on("gamma");
    learner.write("exercises/gamma/notes.md", "Mine.\n");
    learner.commit("my work");
    world.retire_gamma();
    let ran = learner.update(&[]).ended_with(0);
    assert!(
        !learner.has("exercises/gamma"),
        "Cargo needs a manifest in each folder"
    );
    let backup = learner.backup();
    assert_eq!(backup.read("exercises/gamma/src/main.rs"), WORK);
    assert_eq!(backup.read("exercises/gamma/notes.md"), "Mine.\n");
    assert!(ran.stdout.contains("No lessons any more"), "{ran:?}");
    assert_eq!(learner.status(), "");
    other.write("exercises/gamma/notes.md", "Mine.\n");
    other.update(&[]).ended_with(0);
    assert!(!other.has("exercises/gamma"));
    assert_eq!(other.backup().read("exercises/gamma/notes.md"), "Mine.\n");
}

#[test]
fn a_dry_run_changes_nothing() {
    let world = World::new();
    let learner = &world.learner;
    learner.work_on("alpha");
    world.publish();
    learner.git(&["add", ALPHA]);
    let state = || {
        (
            learner.files(),
            learner.git(&["rev-parse", "HEAD"]),
            learner.status(),
        )
    };
    let before = state();
    let ran = learner.update(&["--dry-run"]).ended_with(0);
    assert!(ran.stdout.contains("There is a new version"), "{ran:?}");
    assert!(ran.stdout.contains("Nothing was changed."), "{ran:?}");
    assert_eq!(before, state());
    assert!(!learner.has("backups"));
}

#[test]
fn a_folder_or_a_bundle_is_as_good_as_a_network() {
    let world = World::new();
    let (learner, other) = (&world.learner, world.second_learner());
    learner.work_on("alpha");
    other.work_on("alpha");
    world.publish();
    std::fs::remove_dir_all(world.path("upstream")).expect("upstream");
    learner.update(&["--from", "../author"]).ended_with(0);
    assert_updated(&world, learner);
    assert_eq!(learner.read(ALPHA), WORK);
    world
        .author()
        .git(&["bundle", "create", "-q", "../new.bundle", "HEAD"]);
    other.update(&["--from", "../new.bundle"]).ended_with(0);
    assert_updated(&world, &other);
    assert_eq!(other.read(ALPHA), WORK);
}

#[test]
fn a_fork_gets_the_new_version_from_its_upstream() {
    let world = World::new();
    world
        .author()
        .git(&["clone", "-q", "--bare", "../upstream", "../fork"]);
    let learner = &world.learner;
    learner.git(&["remote", "rename", "origin", "upstream"]);
    learner.git(&["remote", "add", "origin", "../fork"]);
    learner.work_on("alpha");
    learner.write("progress.txt", "alpha\n  hint starts 1\n");
    learner.git(&["add", "--force", "progress.txt"]);
    learner.commit("my work");
    learner.git(&["push", "-q", "--set-upstream", "origin", "main"]);
    world.publish();
    learner.update(&[]).ended_with(0);
    assert_updated(&world, learner);
    assert_eq!(learner.read(ALPHA), WORK);
    learner.git(&["push", "-q"]);
    // Another machine has it all from the fork.
    learner.git(&["clone", "-q", "../fork", "../elsewhere"]);
    let elsewhere = Clone(world.path("elsewhere"));
    assert_eq!(elsewhere.files(), learner.files());
}

#[test]
fn a_shallow_clone_is_updated_too() {
    let world = World::new();
    let upstream = format!("file://{}", world.path("upstream").display());
    world
        .author()
        .git(&["clone", "-q", "--depth=1", &upstream, "../shallow"]);
    let shallow = Clone(world.path("shallow"));
    shallow.work_on("alpha");
    shallow.commit("my work");
    world.author().write("README.md", "Better.\n");
    world.push("a better text");
    world.publish();
    shallow.update(&[]).ended_with(0);
    assert_updated(&world, &shallow);
    assert_eq!(shallow.read(ALPHA), WORK);
    assert_eq!(shallow.status(), "");
}

/// Nobody reads it, and nobody takes it away.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_program_stays() {
    use std::os::unix::fs::FileTypeExt as _;

    let world = World::new();
    world.publish();
    let learner = &world.learner;
    let place = learner.0.join(ALPHA);
    std::fs::remove_file(&place).expect("removed");
    let made = std::process::Command::new("mkfifo").arg(&place).status();
    assert!(made.expect("mkfifo").success());
    crate::no_file::run_to_its_end(&mut learner.xtask(&["update"])).ended_with(0);
    assert_updated(&world, learner);
    let kind = std::fs::symlink_metadata(&place).expect("there");
    assert!(kind.file_type().is_fifo());
}
