//! From a save to its verdict, where `watch` is at work.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::{Cost, Place};

/// What `watch` says when a verdict was told.
const TOLD: &str = "Waiting for the next save";
/// Much longer than any verdict takes.
const PATIENCE: Duration = Duration::from_secs(120);
/// Whoever saves does so a while after the verdict.
const PAUSE: Duration = Duration::from_millis(500);

/// Saves `times`, and waits for the verdict each time.
pub(super) fn measure(place: &Place, lesson: &str, times: u32) -> anyhow::Result<Vec<Cost>> {
    let mut watch = place
        .cargo(&["xtask", "watch", lesson])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("starting `cargo xtask watch`")?;
    let words = watch.stderr.take().context("a pipe from it")?;
    let told = verdicts(words);
    let costs = save(place, lesson, times, &told);
    if let Some(mut keys) = watch.stdin.take() {
        // One that has ended needs no key.
        let _ = keys.write_all(b"q\n");
    }
    if costs.is_err() {
        let _ = watch.kill();
    }
    watch.wait().context("waiting for `watch` to end")?;
    costs
}

fn save(
    place: &Place,
    lesson: &str,
    times: u32,
    told: &Receiver<Instant>,
) -> anyhow::Result<Vec<Cost>> {
    let file = place.main_of(lesson);
    let text = fs::read_to_string(&file)?;
    let next = || {
        let verdict = told.recv_timeout(PATIENCE);
        verdict.context("`watch` has told no verdict")
    };
    next()?;
    let mut costs = Vec::new();
    for number in 1..=times {
        std::thread::sleep(PAUSE);
        if told.try_recv().is_ok() {
            bail!("`watch` has told a verdict though nothing was saved");
        }
        let saved = Instant::now();
        fs::write(&file, format!("{text}\n// Save {number}.\n"))?;
        costs.push(Cost {
            cpu: None,
            wall: next()?.duration_since(saved).as_secs_f64(),
        });
    }
    fs::write(&file, text)?;
    next()?;
    Ok(costs)
}

/// The moments at which a verdict was told.
fn verdicts(words: impl std::io::Read + Send + 'static) -> Receiver<Instant> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(words).lines().map_while(Result::ok) {
            if line.contains(TOLD) {
                // Whoever has gone needs no more of them.
                let _ = sender.send(Instant::now());
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_told_when_the_watch_waits_again() {
        let words =
            "Watching …\nWaiting for the next save …\n\nSaved.\nWaiting for the next save …\n";
        let told = verdicts(std::io::Cursor::new(words));
        assert_eq!(told.iter().count(), 2);
    }
}
