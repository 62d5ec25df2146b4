//! Looks for new verdicts: what `check` and `watch` leave in the target folder,
//! and how far the learner has come.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::hub::Hub;
use super::view;

/// How often it is looked: a page shall show a verdict at once.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// No verdict is as large as that.
const LARGEST: u64 = 4 << 20;

/// The folder of the verdicts.
pub(crate) fn folder(root: &Path) -> PathBuf {
    root.join("target/on-the-wire/live")
}

/// Tells `hub` of each new verdict, for ever.
pub(crate) fn watch(root: &Path, hub: &Hub) {
    let mut seen = Seen::default();
    loop {
        look(root, &mut seen, hub);
        std::thread::sleep(LOOK_EVERY);
    }
}

/// What is known of a file without reading it: each verdict is a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    number: u64,
}

/// What was there when it was last looked.
#[derive(Default)]
struct Seen {
    verdicts: BTreeMap<String, Stamp>,
    judging: BTreeMap<String, Value>,
    progress: Option<Stamp>,
}

fn look(root: &Path, seen: &mut Seen, hub: &Hub) {
    let folder = folder(root);
    let (mut verdicts, mut judging) = (BTreeMap::new(), BTreeMap::new());
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some((lesson, end)) = name.to_str().and_then(|name| name.rsplit_once('.')) else {
            continue;
        };
        match end {
            _ if !is_lesson(lesson) => {}
            "json" => verdicts.extend(stamp(&entry.path()).map(|it| (lesson.to_owned(), it))),
            "now" => judging.extend(under_way(&entry.path()).map(|it| (lesson.to_owned(), it))),
            _ => {}
        }
    }
    let verdict = |lesson: &str| read(&folder.join(format!("{lesson}.json")));
    let changed = changed(&seen.verdicts, &verdicts);
    let changed = changed.map(|lesson| (lesson.clone(), verdict(lesson).unwrap_or_default()));
    let lessons: serde_json::Map<String, Value> = changed.collect();
    if !lessons.is_empty() {
        hub.change(json!({ "lessons": lessons }));
    }
    if judging != seen.judging {
        let over = seen
            .judging
            .keys()
            .map(|lesson| (lesson.clone(), Value::Null));
        let now = judging
            .iter()
            .map(|(lesson, it)| (lesson.clone(), it.clone()));
        let all: serde_json::Map<String, Value> = over.chain(now).collect();
        hub.change(json!({ "judging": all }));
    }
    let file = root.join("progress.txt");
    let progress = stamp(&file);
    if progress != seen.progress {
        let bytes = bytes(&file).unwrap_or_default();
        hub.change(json!({ "finished": finished(&String::from_utf8_lossy(&bytes)) }));
    }
    *seen = Seen {
        verdicts,
        judging,
        progress,
    };
}

/// The lessons whose verdict is another one now, or has gone.
fn changed<'s>(
    before: &'s BTreeMap<String, Stamp>,
    now: &'s BTreeMap<String, Stamp>,
) -> impl Iterator<Item = &'s String> {
    let gone = before.keys().filter(|lesson| !now.contains_key(*lesson));
    let new = now
        .iter()
        .filter(|(lesson, stamp)| before.get(*lesson) != Some(stamp));
    gone.chain(new.map(|(lesson, _)| lesson))
}

/// What the names of lessons are made of.
fn is_lesson(name: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !name.is_empty() && name.len() <= 100 && name.bytes().all(is_fit)
}

/// `None` where there is no such file: a link, a folder or a pipe is none.
fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = fs::symlink_metadata(file)
        .ok()
        .filter(fs::Metadata::is_file)?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let number = 0;
    Some(Stamp {
        modified: metadata.modified().ok(),
        length: metadata.len(),
        number,
    })
}

fn bytes(file: &Path) -> Option<Vec<u8>> {
    stamp(file).filter(|stamp| stamp.length <= LARGEST)?;
    let mut bytes = Vec::new();
    let file = File::open(file).ok()?;
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The verdict for a page; `null` where there is none that can be read.
fn read(file: &Path) -> Option<Value> {
    let document: Value = serde_json::from_slice(&bytes(file)?).ok()?;
    view::of_verdict(&document)
}

/// What is judged at this moment. A runner that was killed has left the file,
/// but not its lock.
fn under_way(file: &Path) -> Option<Value> {
    stamp(file)?;
    let lock = File::open(file).ok()?;
    let Err(TryLockError::WouldBlock) = lock.try_lock_shared() else {
        return None;
    };
    let document = bytes(file).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Some(view::of_judging(&document.unwrap_or_default()))
}

/// The finished lessons: those with a line `  finished DATE`.
fn finished(progress: &str) -> Vec<&str> {
    let mut finished = Vec::new();
    let mut lesson = "";
    for line in progress.lines() {
        match line.strip_prefix("  ") {
            Some(fact) if fact.starts_with("finished ") && is_lesson(lesson) => {
                finished.push(lesson);
            }
            Some(_) => {}
            None => lesson = line.trim_end(),
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_says_which_lessons_are_finished() {
        let text = "# Your progress\n\ntcp-server\n  finished 2026-11-26\n  passed a b\n\n\
            tcp-client\n  passed finished\n\n<b>\n  finished 2026-11-26\n";
        assert_eq!(finished(text), ["tcp-server"]);
    }

    #[test]
    fn what_is_judged_is_told_only_as_long_as_somebody_judges() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.now");
        fs::write(&path, r#"{"check":"greets","known":1,"of":3}"#).expect("a file");
        assert_eq!(under_way(&path), None);
        let lock = File::options().write(true).open(&path).expect("a file");
        lock.lock().expect("a lock");
        let judging = under_way(&path).expect("somebody judges");
        assert_eq!(judging["check"], "greets");
        drop(lock);
        assert_eq!(under_way(&path), None);
    }

    #[test]
    fn a_verdict_is_told_when_it_comes_when_it_changes_and_when_it_goes() {
        let root = tempfile::tempdir().expect("a folder");
        let file = folder(root.path()).join("a.json");
        fs::create_dir_all(folder(root.path())).expect("a folder");
        let (hub, mut seen) = (Hub::default(), Seen::default());
        let (_, mut told) = hub.listen();
        let mut look = || {
            look(root.path(), &mut seen, &hub);
            let change = told.try_recv().ok()?;
            let change: Value = serde_json::from_str(&change).expect("JSON");
            Some(change["lessons"]["a"].clone())
        };
        assert_eq!(look(), None);
        let verdict = |passed: bool| {
            let lesson = json!({ "lesson": "a", "passed": passed, "build": "ok", "checks": [] });
            fs::write(
                &file,
                json!({ "format": 1, "lessons": [lesson] }).to_string(),
            )
        };
        verdict(false).expect("a file");
        assert_eq!(look().expect("news")["passed"], false);
        assert_eq!(look(), None);
        verdict(true).expect("a file");
        assert_eq!(look().expect("news")["passed"], true);
        fs::remove_file(&file).expect("removed");
        assert_eq!(look(), Some(Value::Null));
    }
}
