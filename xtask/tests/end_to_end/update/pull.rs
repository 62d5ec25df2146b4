//! What plain git does with a learner's work, as docs/learners.md tells it: it
//! refuses or merges, and never loses anything in silence.

use std::path::Path;

use super::world::{WORK, World};

const ALPHA: &str = "exercises/alpha/src/main.rs";
const BETA: &str = "exercises/beta/src/main.rs";

#[test]
fn a_pull_leaves_work_alone_where_upstream_has_nothing_new() {
    let world = World::new();
    world.learner.work_on("beta");
    world.publish();
    world.learner.git(&["pull", "-q"]);
    assert_eq!(world.learner.read(BETA), WORK);
    assert!(world.learner.has("exercises/delta"));
}

#[test]
fn a_pull_refuses_to_overwrite_work_that_is_not_committed() {
    let world = World::new();
    world.learner.work_on("alpha");
    world.publish();
    let ran = world.learner.try_git(&["pull", "-q"]).ended_with(1);
    assert!(
        ran.stderr.contains("would be overwritten"),
        "{}",
        ran.stderr
    );
    assert_eq!(world.learner.read(ALPHA), WORK);
    assert!(
        !world.learner.has("exercises/delta"),
        "nothing was brought in"
    );
    world.learner.update(&[]).ended_with(0);
    assert_eq!(world.learner.read(ALPHA), WORK);
    assert!(world.learner.has("exercises/delta"));
}

#[test]
fn a_pull_of_committed_work_asks_how_or_ends_in_a_conflict() {
    let world = World::new();
    let learner = &world.learner;
    learner.work_on("alpha");
    learner.commit("my work");
    world.publish();
    let ran = learner.try_git(&["pull", "-q"]).ended_with(128);
    assert!(ran.stderr.contains("divergent branches"), "{}", ran.stderr);
    assert_eq!(learner.read(ALPHA), WORK);
    learner
        .try_git(&["pull", "-q", "--no-rebase"])
        .ended_with(1);
    let conflict = learner.read(ALPHA);
    assert!(
        conflict.contains("<<<<<<<") && conflict.contains("mine"),
        "{conflict}"
    );
    learner.git(&["merge", "--abort"]);
    learner.update(&[]).ended_with(0);
    assert_eq!(learner.read(ALPHA), WORK);
    assert!(learner.has("exercises/delta"));
}

/// The archive of the recipe for another machine is no change of the course.
#[test]
fn packed_work_is_nothing_to_commit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect("a file");
    let recipe = read("docs/learners.md");
    let mut packs = recipe
        .lines()
        .filter_map(|line| line.strip_prefix("tar -czf "));
    let archive = packs.next().and_then(|rest| rest.split(' ').next());
    let ignored = format!("/{}", archive.expect("a recipe"));
    assert!(
        read(".gitignore").lines().any(|line| line == ignored),
        "{ignored}"
    );
}
