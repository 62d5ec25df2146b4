//! Room on the disks, and whether anything can be written.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::Place;
use crate::report::diagnosis::Finding;

const MIB: u64 = 1 << 20;

/// All lessons together, once built, take 310 MiB. Below this the course does
/// not come to its end.
const NEEDED: u64 = 400 * MIB;

/// After an update, or with another toolchain, much of it is there twice.
const COMFORTABLE: u64 = 1024 * MIB;

/// What the compiler and the checks put into the temporary folder.
const TEMPORARY: u64 = 50 * MIB;

pub(super) fn space(place: &Place) -> anyhow::Result<Finding> {
    let temp = supervise::temporary_folder();
    let room = |path: &Path| supervise::free_space(existing(path));
    let (target, temp_room) = match (room(&place.target), room(&temp)) {
        (Ok(target), Ok(temp)) => (target, temp),
        (Err(error), _) | (_, Err(error)) if error.kind() == ErrorKind::Unsupported => {
            return Ok(Finding::skipped("how full the disk is cannot be seen here"));
        }
        (Err(error), _) | (_, Err(error)) => return Err(error.into()),
    };
    Ok(judge(target, temp_room, &place.shown(&place.target), &temp))
}

fn judge(target: u64, temp_room: u64, target_name: &str, temp: &Path) -> Finding {
    let free = format!("{} free for {target_name}", amount(target));
    let cure = "make room: `cargo clean` in other projects gives back the most";
    if target < NEEDED {
        return Finding::wrong(format!("{free}; the lessons need {}", amount(NEEDED)), cure);
    }
    if temp_room < TEMPORARY {
        return Finding::wrong(
            format!("{} free in {}", amount(temp_room), temp.display()),
            "empty it, or set TMPDIR to a folder with more room",
        );
    }
    if target < COMFORTABLE {
        return Finding::doubtful(format!("{free}, enough for the lessons alone"), cure);
    }
    Finding::fine(free)
}

/// The folder itself, or the nearest one above that is there.
fn existing(path: &Path) -> &Path {
    path.ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(path)
}

fn amount(bytes: u64) -> String {
    match bytes / MIB {
        mib @ 0..=1023 => format!("{mib} MiB"),
        mib => format!("{:.1} GiB", mib as f64 / 1024.0),
    }
}

/// Whether files can be made wherever the course makes some.
pub(super) fn writing(place: &Place) -> anyhow::Result<Finding> {
    let ours = [
        place.root.clone(),
        place.root.join("exercises"),
        place.target.clone(),
        place.target.join("debug"),
        place.target.join("on-the-wire"),
    ];
    if let Err(error) = fs::create_dir_all(&place.target) {
        return Ok(refused(&place.target, &error));
    }
    for folder in ours.iter().filter(|folder| folder.is_dir()) {
        if let Err(error) = write_in(folder) {
            return Ok(refused(folder, &error));
        }
    }
    for program in programs(&place.root.join("exercises")) {
        if let Err(error) = File::options().append(true).open(&program) {
            return Ok(refused(&program, &error));
        }
    }
    let temp = supervise::temporary_folder();
    if let Err(error) = write_in(&temp) {
        return Ok(Finding::wrong(
            format!("{} cannot be written to: {error}", temp.display()),
            "set TMPDIR (on Windows TEMP) to a folder of your own",
        ));
    }
    Ok(match &place.cargo_home {
        Some(home) if home.is_dir() && write_in(home).is_err() => Finding::doubtful(
            format!("Cargo cannot write to {}", home.display()),
            owner_cure(home),
        ),
        _ => Finding::fine("the course, its target and the temporary folder"),
    })
}

/// The learner's own programs.
fn programs(exercises: &Path) -> Vec<PathBuf> {
    let lessons = fs::read_dir(exercises).into_iter().flatten().flatten();
    let mains = lessons.map(|lesson| lesson.path().join("src/main.rs"));
    mains.filter(|main| main.is_file()).collect()
}

fn write_in(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".on-the-wire-doctor-{}", std::process::id()));
    let written = File::create_new(&path).and_then(|mut file| file.write_all(b"it can be written"));
    match written {
        // What cannot be removed again is not writable either.
        Ok(()) => fs::remove_file(&path),
        Err(error) => {
            drop(fs::remove_file(&path));
            Err(error)
        }
    }
}

fn refused(path: &Path, error: &io::Error) -> Finding {
    let says = format!("{} cannot be written to: {error}", path.display());
    match error.kind() {
        ErrorKind::ReadOnlyFilesystem => Finding::wrong(
            says,
            "its disk is mounted read-only: copy the course to your home folder",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Finding::wrong(
            says,
            "make room: `cargo clean` in other projects gives back the most",
        ),
        // To whom it belongs is not what is wrong with a file, or with /proc.
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::NotFound => {
            Finding::wrong(
                says,
                "no folder can be made there: unset CARGO_TARGET_DIR, or move away what is there",
            )
        }
        _ => Finding::wrong(says, owner_cure(path)),
    }
}

/// Files that belong to somebody else come from `sudo cargo …`.
fn owner_cure(path: &Path) -> String {
    let path = path.display();
    if cfg!(windows) {
        return format!("attrib -r \"{path}\\*\" /s, and close what has its files open");
    }
    format!("sudo chown -R \"$(id -un)\" '{path}' && chmod -R u+w '{path}'")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::diagnosis::State;

    #[rstest]
    #[case::room(9_000, 9_000, State::Fine)]
    #[case::enough(700, 9_000, State::Doubtful)]
    #[case::full(20, 9_000, State::Wrong)]
    #[case::full_temp(9_000, 20, State::Wrong)]
    fn room_is_judged(#[case] target: u64, #[case] temp: u64, #[case] expected: State) {
        let finding = judge(target * MIB, temp * MIB, "target", Path::new("/tmp"));
        assert_eq!(finding.state, expected, "{finding:?}");
    }

    #[test]
    fn what_is_not_there_yet_will_be_on_its_parents_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(existing(&folder.path().join("a/b")), folder.path());
    }

    #[test]
    fn nobody_is_told_to_own_what_is_no_folder() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        for path in [file.path().to_path_buf(), file.path().join("target")] {
            let error = fs::create_dir_all(&path).expect_err("a file is there");
            let cure = refused(&path, &error).cure.expect("a cure");
            assert!(!cure.contains("chown"), "{cure}");
        }
    }

    #[test]
    fn a_trial_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        write_in(folder.path()).expect("written");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        assert!(write_in(&folder.path().join("nowhere")).is_err());
    }
}
