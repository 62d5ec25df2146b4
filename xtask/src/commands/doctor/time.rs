//! Cargo tells by the time of a file what is to be built: a clock that is wrong,
//! or was, has it build too much, or too little.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Place;
use crate::report::diagnosis::Finding;

/// Differences that do not matter: some disks keep time by two seconds.
const CLOSE: Duration = Duration::from_secs(5);

/// How long the clock is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// The beginning of 2025: before it there was no course.
const BEFORE_THE_COURSE: Duration = Duration::from_secs(1_735_689_600);

pub(super) fn clock(place: &Place) -> anyhow::Result<Finding> {
    let now = SystemTime::now();
    if now < UNIX_EPOCH + BEFORE_THE_COURSE {
        return Ok(Finding::wrong(
            "it is years behind: downloads will be refused",
            set_it(),
        ));
    }
    if let Some(ahead) = ahead_on_disk(&place.root)? {
        return Ok(Finding::doubtful(
            format!(
                "the disk of the course is {} off this machine's clock",
                span(ahead)
            ),
            "set both clocks, or move the course to a disk of this machine",
        ));
    }
    let debug = place.target.join("debug");
    let built = [
        debug.clone(),
        debug.join("deps"),
        debug.join(".fingerprint"),
    ];
    let built = built
        .into_iter()
        .chain(entries(&debug.join(".fingerprint")));
    if let Some((path, by)) = most_ahead(built, now) {
        return Ok(Finding::wrong(
            format!(
                "{} was built {} from now: your changes would not be",
                place.shown(&path),
                span(by)
            ),
            format!("{}, and then: cargo clean", set_it()),
        ));
    }
    if let Some((path, by)) = most_ahead(sources(&place.root), now) {
        let path = place.shown(&path);
        return Ok(Finding::doubtful(
            format!(
                "{path} was saved {} from now: it is built again each time",
                span(by)
            ),
            format!("touch '{path}', once the clock is right"),
        ));
    }
    Ok(match is_steady() {
        true => Finding::fine("steady, and no file is from the future"),
        false => Finding::doubtful("it was set while we looked", "let it settle, and ask again"),
    })
}

fn set_it() -> &'static str {
    match supervise::is_wsl() {
        true => "sudo hwclock -s",
        false => "have the system set its clock by the network",
    }
}

/// How far the time of a new file is from this machine's.
fn ahead_on_disk(folder: &Path) -> anyhow::Result<Option<Duration>> {
    let path = folder.join(format!(".on-the-wire-doctor-{}.time", std::process::id()));
    if fs::write(&path, "now").is_err() {
        // That is another question's business.
        return Ok(None);
    }
    let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
    fs::remove_file(&path)?;
    let now = SystemTime::now();
    let modified = modified?;
    let off = now
        .duration_since(modified)
        .unwrap_or_else(|error| error.duration());
    Ok((off > CLOSE).then_some(off))
}

/// The one of `paths` that is farthest in the future, and how far.
fn most_ahead(
    paths: impl Iterator<Item = PathBuf>,
    now: SystemTime,
) -> Option<(PathBuf, Duration)> {
    let ahead = paths.filter_map(|path| {
        let modified = fs::metadata(&path).ok()?.modified().ok()?;
        let by = modified.duration_since(now).ok()?;
        (by > CLOSE).then_some((path, by))
    });
    ahead.max_by_key(|(_, by)| *by)
}

/// What Cargo builds the lessons from.
fn sources(root: &Path) -> impl Iterator<Item = PathBuf> {
    let exercises = entries(&root.join("exercises"));
    exercises.flat_map(|lesson| {
        let sources = entries(&lesson.join("src")).chain(entries(&lesson.join("tests")));
        sources.chain([lesson.join("Cargo.toml")])
    })
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Whether the clock goes as fast as time does.
fn is_steady() -> bool {
    let (begin, real) = (SystemTime::now(), Instant::now());
    std::thread::sleep(LOOK);
    let (passed, real) = (begin.elapsed(), real.elapsed());
    passed.is_ok_and(|passed| passed.abs_diff(real) < Duration::from_secs(1))
}

/// `40 s`, `5 min`, `3 h`, `12 days`.
fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds / 60),
        seconds @ 7200..=172_799 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
