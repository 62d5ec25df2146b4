//! What happens to one file of the course when a new version comes: a pure
//! function of what upstream did to it, and of what is found on the disk.

/// What upstream did to a file between the version that the learner has and the
/// new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upstream {
    Same,
    Changed,
    Added,
    Removed,
}

/// What is on the disk in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disk {
    /// What the learner's version of the course has.
    Before,
    /// What the new version has: an update was interrupted, or upstream has
    /// taken over what the learner wrote.
    After,
    /// Something else, which the learner has made of it.
    Own,
    Missing,
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing: it is as it shall be.
    Done,
    /// The new version takes its place.
    Bring,
    /// It goes, as it has gone upstream.
    Remove,
    /// It is the learner's and stays as it is, whatever upstream did.
    Keep,
    /// The learner has changed a file of the course that upstream has changed
    /// as well: the new version takes its place, after a backup.
    Replace,
    /// The same, and upstream has no such file any more.
    Discard,
    /// The learner has changed a file of the course that upstream has not.
    Leave,
}

/// The fate of one file.
pub(super) fn decide(is_learners: bool, upstream: Upstream, disk: Disk) -> Fate {
    match (upstream, disk) {
        (Upstream::Same, Disk::Before | Disk::After) => Fate::Done,
        (Upstream::Same, Disk::Own | Disk::Missing) if !is_learners => Fate::Leave,
        (Upstream::Changed | Upstream::Added, Disk::After) => Fate::Done,
        (Upstream::Removed, Disk::Missing) => Fate::Done,
        (Upstream::Removed, Disk::Before | Disk::After) => Fate::Remove,
        (Upstream::Changed | Upstream::Added, Disk::Before) => Fate::Bring,
        (Upstream::Added, Disk::Missing) => Fate::Bring,
        // A program without a file that it once had was meant so.
        (Upstream::Changed, Disk::Missing) if !is_learners => Fate::Bring,
        (_, Disk::Own | Disk::Missing) if is_learners => Fate::Keep,
        (Upstream::Removed, _) => Fate::Discard,
        _ => Fate::Replace,
    }
}

/// Whether the file at `path` is for the learner to write.
pub(super) fn is_learners(path: &str) -> bool {
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("exercises"), Some(_), Some("Cargo.toml"), None)
        | (Some("exercises"), Some(_), Some("src"), Some(_)) => true,
        (Some(first), ..) => path == "progress.txt" || first == "backups",
        _ => false,
    }
}

/// Whether the file at `path` is Cargo's: a learner who adds a dependency
/// changes it in passing.
pub(super) fn is_lock(path: &str) -> bool {
    matches!(path, "Cargo.lock" | "exercises/Cargo.lock")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("exercises/tcp-server/src/main.rs", true)]
    #[case("exercises/tcp-server/src/deep/mod.rs", true)]
    #[case("exercises/tcp-server/Cargo.toml", true)]
    #[case("progress.txt", true)]
    #[case("exercises/tcp-server/src", false)]
    #[case("exercises/tcp-server/README.md", false)]
    #[case("exercises/tcp-server/tests/src/main.rs", false)]
    #[case("exercises/Cargo.toml", false)]
    #[case("exercises/Cargo.lock", false)]
    #[case("solutions/tcp-server/src/main.rs", false)]
    #[case("Cargo.toml", false)]
    fn a_learner_writes_programs(#[case] path: &str, #[case] expected: bool) {
        assert_eq!(is_learners(path), expected);
    }

    /// All that can be: first for a learner's file, then for one of the course.
    #[rstest]
    #[case(Upstream::Same, Disk::Before, Fate::Done, Fate::Done)]
    #[case(Upstream::Same, Disk::Own, Fate::Keep, Fate::Leave)]
    #[case(Upstream::Same, Disk::Missing, Fate::Keep, Fate::Leave)]
    #[case(Upstream::Changed, Disk::Before, Fate::Bring, Fate::Bring)]
    #[case(Upstream::Changed, Disk::After, Fate::Done, Fate::Done)]
    #[case(Upstream::Changed, Disk::Own, Fate::Keep, Fate::Replace)]
    #[case(Upstream::Changed, Disk::Missing, Fate::Keep, Fate::Bring)]
    #[case(Upstream::Added, Disk::After, Fate::Done, Fate::Done)]
    #[case(Upstream::Added, Disk::Own, Fate::Keep, Fate::Replace)]
    #[case(Upstream::Added, Disk::Missing, Fate::Bring, Fate::Bring)]
    #[case(Upstream::Removed, Disk::Before, Fate::Remove, Fate::Remove)]
    #[case(Upstream::Removed, Disk::Own, Fate::Keep, Fate::Discard)]
    #[case(Upstream::Removed, Disk::Missing, Fate::Done, Fate::Done)]
    fn each_file_has_one_fate(
        #[case] upstream: Upstream,
        #[case] disk: Disk,
        #[case] learners: Fate,
        #[case] courses: Fate,
    ) {
        assert_eq!(decide(true, upstream, disk), learners);
        assert_eq!(decide(false, upstream, disk), courses);
    }

    #[rstest]
    fn what_a_learner_wrote_is_never_overwritten(
        #[values(Upstream::Same, Upstream::Changed, Upstream::Added, Upstream::Removed)]
        upstream: Upstream,
    ) {
        assert_eq!(decide(true, upstream, Disk::Own), Fate::Keep);
    }
}
