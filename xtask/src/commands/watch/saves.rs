//! Notices each save of an exercise: at once where the system tells of changes,
//! and by looking again and again where it does not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use supervise::FolderWatch;

use crate::memory::is_an_editors;

/// How often somebody looks who is not told.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long nothing may happen before a save is over: editors write in steps.
const SETTLE: Duration = Duration::from_millis(10);

/// A file that never settles is judged as it is.
const SETTLE_AT_MOST: Duration = Duration::from_millis(500);

/// Files larger than this are known by their length and their time only.
const LARGEST: u64 = 1 << 20;

/// What is in a folder: a content, and when it was written.
type Content = BTreeMap<PathBuf, (Option<SystemTime>, Vec<u8>)>;

/// How a save was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noticed {
    Told,
    /// By looking: the system does not tell of changes in this folder.
    Looked,
}

/// The folder that is watched; another can take its place.
#[derive(Clone)]
pub(super) struct Saves {
    watched: Arc<Mutex<Watched>>,
}

struct Watched {
    folder: PathBuf,
    content: Content,
}

impl Saves {
    /// Watches `folder` as it is now. Whatever is saved after this call counts.
    pub(super) fn of(folder: &Path) -> Saves {
        Saves {
            watched: Arc::new(Mutex::new(Watched::of(folder))),
        }
    }

    /// Watches `folder` instead, as it is now.
    pub(super) fn turn_to(&self, folder: &Path) {
        *self.watched() = Watched::of(folder);
    }

    /// Tells of each save until `tell` says that nobody wants to know any more.
    pub(super) fn watch(&self, mut tell: impl FnMut(Noticed) -> bool) {
        let mut watch = FolderWatch::new().ok();
        let mut was_there = true;
        loop {
            self.follow(watch.as_mut());
            let told = wait(watch.as_mut(), LOOK_EVERY);
            if !self.has_changed() {
                continue;
            }
            // A change in the very moment between the wait and the look is told
            // a moment later.
            let told = told || (watch.is_some() && wait(watch.as_mut(), SETTLE));
            self.settle(watch.as_mut());
            // Of a folder that goes, or that has come back, nobody could be told.
            let is_there = self.watched().folder.is_dir();
            let told = told || !is_there || !was_there;
            was_there = is_there;
            let noticed = match told {
                true => Noticed::Told,
                false => Noticed::Looked,
            };
            if !tell(noticed) {
                return;
            }
        }
    }

    /// Has the system tell of changes in all folders of now. One that cannot be
    /// watched is looked at.
    fn follow(&self, watch: Option<&mut FolderWatch>) {
        let Some(watch) = watch else { return };
        let folder = self.watched().folder.clone();
        for folder in folders(&folder) {
            drop(watch.add(&folder));
        }
    }

    /// Whether there is anything new; from then on it is not new any more.
    fn has_changed(&self) -> bool {
        let mut watched = self.watched();
        let now = content(&watched.folder);
        let changed = now != watched.content;
        watched.content = now;
        changed
    }

    fn settle(&self, mut watch: Option<&mut FolderWatch>) {
        let begin = Instant::now();
        loop {
            let calm = !wait(watch.as_deref_mut(), SETTLE);
            let same = !self.has_changed();
            if (calm && same) || begin.elapsed() > SETTLE_AT_MOST {
                return;
            }
        }
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    fn of(folder: &Path) -> Watched {
        Watched {
            content: content(folder),
            folder: folder.to_path_buf(),
        }
    }
}

/// Waits for the system to tell of a change; where it cannot, time passes.
fn wait(watch: Option<&mut FolderWatch>, patience: Duration) -> bool {
    let told = watch.and_then(|watch| watch.wait(patience).ok());
    if told.is_none() {
        std::thread::sleep(patience);
    }
    told.unwrap_or(false)
}

/// A folder and all below it, without what was built there.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_path_buf()];
    for entry in entries(folder) {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && entry.file_name() != "target" {
            all.extend(folders(&entry.path()));
        }
    }
    all
}

fn content(folder: &Path) -> Content {
    let all = folders(folder);
    let files = all.iter().flat_map(|folder| entries(folder));
    let files = files.filter(|entry| !is_an_editors(&entry.file_name().to_string_lossy()));
    let content = files.filter_map(|entry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let bytes = match metadata.len() {
            0..=LARGEST => fs::read(entry.path()).ok()?,
            length => length.to_le_bytes().to_vec(),
        };
        Some((entry.path(), (metadata.modified().ok(), bytes)))
    });
    content.collect()
}

/// What cannot be read is not there.
fn entries(folder: &Path) -> impl Iterator<Item = fs::DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    struct Exercise {
        folder: tempfile::TempDir,
        saves: Saves,
        noticed: mpsc::Receiver<Noticed>,
    }

    impl Exercise {
        fn new() -> Exercise {
            let folder = tempfile::tempdir().expect("a folder");
            fs::create_dir(folder.path().join("src")).expect("a folder");
            fs::write(folder.path().join("src/main.rs"), "old").expect("a file");
            let saves = Saves::of(folder.path());
            let (sender, noticed) = mpsc::channel();
            let watching = saves.clone();
            std::thread::spawn(move || watching.watch(|noticed| sender.send(noticed).is_ok()));
            Exercise {
                folder,
                saves,
                noticed,
            }
        }

        fn write(&self, file: &str, text: &str) {
            fs::write(self.folder.path().join(file), text).expect("a file");
        }

        #[track_caller]
        fn expect_save(&self) -> Noticed {
            self.noticed
                .recv_timeout(Duration::from_secs(60))
                .expect("a save")
        }

        #[track_caller]
        fn expect_none(&self) {
            let calm = self.noticed.recv_timeout(3 * LOOK_EVERY);
            assert_eq!(calm, Err(mpsc::RecvTimeoutError::Timeout));
        }
    }

    #[test]
    fn a_save_is_noticed_once() {
        let exercise = Exercise::new();
        exercise.expect_none();
        exercise.write("src/main.rs", "new");
        exercise.expect_save();
        exercise.expect_none();
    }

    /// Many editors write another file and rename it.
    #[test]
    fn a_rename_is_a_save() {
        let exercise = Exercise::new();
        exercise.write("new.rs", "new");
        exercise.expect_save();
        let folder = exercise.folder.path();
        fs::rename(folder.join("new.rs"), folder.join("src/main.rs")).expect("renamed");
        exercise.expect_save();
        exercise.write("src/main.rs", "newer");
        exercise.expect_save();
    }

    #[test]
    fn a_new_folder_is_watched_as_well() {
        let exercise = Exercise::new();
        fs::create_dir(exercise.folder.path().join("src/deep")).expect("a folder");
        exercise.write("src/deep/a.rs", "a");
        exercise.expect_save();
        exercise.write("src/deep/a.rs", "b");
        exercise.expect_save();
    }

    /// Where the folder itself goes and comes, nobody could be told: that says
    /// nothing about the disk.
    #[test]
    fn a_folder_that_goes_and_comes_back_is_no_fault_of_the_disk() {
        let exercise = Exercise::new();
        let folder = exercise.folder.path();
        let away = folder.with_extension("away");
        fs::rename(folder, &away).expect("renamed");
        assert_eq!(exercise.expect_save(), Noticed::Told);
        fs::remove_dir_all(&away).expect("removed");
        fs::create_dir_all(folder.join("src")).expect("a folder");
        exercise.write("src/main.rs", "another");
        assert_eq!(exercise.expect_save(), Noticed::Told);
    }

    #[test]
    fn what_an_editor_keeps_for_itself_is_no_save() {
        let exercise = Exercise::new();
        exercise.write("src/.main.rs.swp", "vim");
        exercise.write("src/main.rs~", "emacs");
        exercise.expect_none();
    }

    #[test]
    fn another_folder_can_be_watched() {
        let exercise = Exercise::new();
        let other = tempfile::tempdir().expect("a folder");
        fs::write(other.path().join("a"), "old").expect("a file");
        exercise.saves.turn_to(other.path());
        exercise.expect_none();
        fs::write(other.path().join("a"), "new").expect("a file");
        exercise.expect_save();
        exercise.write("src/main.rs", "nobody looks");
        exercise.expect_none();
    }
}
