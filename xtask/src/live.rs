//! What the book shows of a lesson beside its text, while `cargo xtask book`
//! serves it: the last verdict, and what is being judged now. Both are files in
//! `target/on-the-wire/live`, so that neither side waits for the other.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use wire::json;

use crate::course::{Course, Lesson};
use crate::report::live as report;
use crate::safely;
use crate::session::News;
use crate::verdict::LessonVerdict;

fn folder(course: &Course) -> PathBuf {
    course.cache().join("live")
}

fn file(course: &Course, lesson: &str) -> PathBuf {
    folder(course).join(format!("{lesson}.json"))
}

/// Keeps the verdict for the book. What is the same is not written again.
///
/// # Errors
///
/// Whatever the file system says. Nothing but the book's panel needs the file.
pub(crate) fn keep(course: &Course, verdict: &LessonVerdict) -> io::Result<()> {
    let path = file(course, &verdict.lesson);
    let document = report::document(verdict).to_string();
    take_away_what_is_no_file(&path)?;
    if fs::read(&path).is_ok_and(|kept| kept == document.as_bytes()) {
        return Ok(());
    }
    safely::write_lightly(&path, document.as_bytes())
}

/// A program that was judged may have put a pipe there, at which we would wait for
/// ever, or a link to somebody else's file.
fn take_away_what_is_no_file(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(known) if !known.is_file() => fs::remove_file(path),
        _ => Ok(()),
    }
}

/// Forgets a verdict on a program that is no more.
pub(crate) fn forget(course: &Course, lesson: &Lesson) {
    drop(fs::remove_file(file(course, &lesson.name)));
}

/// Says what is being judged, as long as it is: the file is locked, and a lock
/// goes with its process however that ends. Where it cannot be said, it is not.
pub(crate) struct Now {
    path: PathBuf,
    file: Option<File>,
}

impl Now {
    pub(crate) fn begin(course: &Course, lesson: &Lesson) -> Now {
        let path = folder(course).join(format!("{}.now", lesson.name));
        let mut now = Now {
            file: open(&path).ok(),
            path,
        };
        now.write("", 0, 0);
        now
    }

    /// Takes the next news of the judgement.
    pub(crate) fn tell(&mut self, news: &News<'_>) {
        match news {
            News::Judging { first } => self.write(&first.name, 0, 0),
            News::Known {
                next: Some(next),
                known,
                of,
                ..
            } => self.write(&next.name, *known, *of),
            _ => {}
        }
    }

    fn write(&mut self, check: &str, known: usize, of: usize) {
        let Some(file) = &mut self.file else { return };
        let text = json!({ "check": check, "known": known, "of": of }).to_string();
        // Whoever reads half of it knows that something is judged, and reads again.
        let written = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(text.as_bytes()));
        drop(written);
    }
}

impl Drop for Now {
    fn drop(&mut self) {
        if self.file.is_some() {
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Another runner that judges the same lesson has it already, then.
fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    take_away_what_is_no_file(path)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    file.try_lock()?;
    Ok(file)
}

/// The address of the server that shows the book of this course, if one runs.
pub(crate) fn server(course: &Course) -> Option<String> {
    let folder = folder(course);
    let lock = File::open(folder.join("server.lock")).ok()?;
    let Err(TryLockError::WouldBlock) = lock.try_lock_shared() else {
        return None;
    };
    let address = fs::read_to_string(folder.join("server.address")).ok()?;
    let is_ours = address.starts_with("http://127.0.0.1:") && address.ends_with('/');
    is_ours.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::verdict::Build;

    fn failing() -> LessonVerdict {
        samples::judged(Build::Done, vec![samples::failed("mangles")])
    }

    fn course(folder: &tempfile::TempDir) -> (Course, Lesson) {
        let lesson = Lesson {
            name: failing().lesson,
            title: String::new(),
            part: String::new(),
        };
        let course = Course {
            root: folder.path().to_path_buf(),
            lessons: vec![lesson.clone()],
        };
        (course, lesson)
    }

    #[test]
    fn a_verdict_is_written_once_and_goes_with_its_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let (course, lesson) = course(&folder);
        let verdict = failing();
        keep(&course, &verdict).expect("kept");
        let path = file(&course, &lesson.name);
        fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(std::time::UNIX_EPOCH))
            .expect("an old file");
        keep(&course, &verdict).expect("kept");
        let written = fs::metadata(&path).and_then(|file| file.modified());
        assert_eq!(written.expect("a time"), std::time::UNIX_EPOCH);
        forget(&course, &lesson);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_a_verdict_stops_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let (course, lesson) = course(&folder);
        fs::create_dir_all(super::folder(&course)).expect("a folder");
        let paths = ["json", "now"].map(|end| {
            let path = super::folder(&course).join(format!("{}.{end}", lesson.name));
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.expect("mkfifo").success());
            path
        });
        let now = Now::begin(&course, &lesson);
        keep(&course, &failing()).expect("kept");
        assert!(paths.iter().all(|path| path.is_file()));
        drop(now);
    }

    #[test]
    fn what_is_judged_is_said_by_one_at_a_time_and_only_meanwhile() {
        let folder = tempfile::tempdir().expect("a folder");
        let (course, lesson) = course(&folder);
        let now = Now::begin(&course, &lesson);
        let path = now.path.clone();
        assert!(
            fs::read_to_string(&path)
                .expect("a file")
                .contains("\"of\":0")
        );
        drop(Now::begin(&course, &lesson));
        assert!(path.exists(), "another one has taken it away");
        drop(now);
        assert!(!path.exists());
    }

    #[test]
    fn a_server_is_known_as_long_as_it_lives() {
        let folder = tempfile::tempdir().expect("a folder");
        let (course, _) = course(&folder);
        let folder = super::folder(&course);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("server.address"), "http://127.0.0.1:3000/").expect("a file");
        let lock = File::create(folder.join("server.lock")).expect("a file");
        assert_eq!(server(&course), None);
        lock.lock().expect("a lock");
        assert_eq!(server(&course).as_deref(), Some("http://127.0.0.1:3000/"));
    }
}
