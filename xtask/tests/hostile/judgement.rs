//! The runner at work on a hostile program, watched from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Once, RwLock};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::leftovers::{children, words_of};

/// Programs that use a core, or all there is of something, are judged alone:
/// what the others take would be told of them.
static MACHINE: RwLock<()> = RwLock::new(());

/// A hostile program, ready to be judged.
pub(crate) struct Case {
    /// The behaviour's name, as a link to the program.
    program: PathBuf,
    /// Where everything is meant to put its temporary files.
    temp: TempDir,
    links: TempDir,
    /// What all processes that come from this one have in their environment.
    pub(crate) mark: String,
    greedy: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
    /// The most that the runner itself ever had in memory, in KiB.
    pub(crate) runner: u64,
    /// The same for the largest of the processes that run a check.
    pub(crate) check: u64,
}

impl Case {
    /// `behaviour` is one of the names in `program/`.
    pub(crate) fn new(behaviour: &str) -> Case {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        build_the_checks();
        let links = tempfile::tempdir().expect("a folder");
        let program = links.path().join(behaviour);
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_hostile"), &program).expect("a link");
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Case {
            program,
            temp: tempfile::tempdir().expect("a folder"),
            links,
            mark: format!("HOSTILE_MARK={}-{count}-", std::process::id()),
            greedy: false,
        }
    }

    /// Judged alone.
    pub(crate) fn greedy(self) -> Case {
        Case {
            greedy: true,
            ..self
        }
    }

    /// The runner, not started yet.
    pub(crate) fn command(&self, format: &str) -> Command {
        let (name, value) = self.mark.split_once('=').expect("a variable");
        let mut command = runner(&self.program, format);
        command.env(name, value).env("TMPDIR", self.temp.path());
        command
    }

    /// Judges it, and watches the judges meanwhile.
    pub(crate) fn judge(&self, format: &str) -> Judged {
        self.judge_by(self.command(format))
    }

    /// As [`Case::judge`]; `command` is ours, changed a little.
    pub(crate) fn judge_by(&self, mut command: Command) -> Judged {
        let (_shared, _alone);
        if self.greedy {
            _alone = MACHINE.write();
        } else {
            _shared = MACHINE.read();
        }
        let begun = Instant::now();
        let runner = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the runner starts");
        let (output, peaks) = watch(runner);
        Judged {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            took: begun.elapsed(),
            runner: peaks.0,
            check: peaks.1,
        }
    }

    /// What is left in the folder for temporary files.
    pub(crate) fn rubbish(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.temp.path()).expect("the folder");
        entries.flatten().map(|entry| entry.path()).collect()
    }

    /// The folder that holds nothing but the link to the program.
    pub(crate) fn folder(&self) -> &Path {
        self.links.path()
    }
}

impl Judged {
    /// The first failed check of the JSON document.
    pub(crate) fn failure(&self) -> Value {
        let document: Value = serde_json::from_str(&self.stdout).expect("a document in JSON");
        let checks = document["lessons"][0]["checks"].as_array().cloned();
        let mut checks = checks.unwrap_or_default().into_iter();
        let failed = checks.find(|check| check["status"] == "failed");
        failed.unwrap_or_else(|| panic!("no check has failed: {self:?}"))
    }
}

fn runner(program: &Path, format: &str) -> Command {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let runner = Path::new(env!("CARGO_BIN_EXE_xtask"));
    let target = runner.ancestors().nth(2).expect("the target folder");
    let mut command = Command::new(runner);
    command
        .args(["check", "tcp-server", "--seed=7", "--format", format])
        .arg("--program")
        .arg(program)
        .current_dir(here.parent().expect("the course"))
        .env("CARGO_TARGET_DIR", target)
        // Everything was downloaded for the tests themselves.
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("CARGO_MANIFEST_DIR")
        .stdin(Stdio::null());
    command
}

/// Cargo's work is none of the verdict's time.
fn build_the_checks() {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let judged = runner(Path::new("/bin/false"), "json").output();
        let judged = judged.expect("the runner starts");
        assert_eq!(judged.status.code(), Some(1), "{judged:?}");
    });
}

/// Waits for the runner's end, and looks at its memory and that of the checks
/// all the time.
fn watch(runner: Child) -> (Output, (u64, u64)) {
    let id = runner.id();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let peaks = scope.spawn(|| {
            let (mut of_runner, mut of_checks) = (0, 0);
            while !over.load(Ordering::Relaxed) {
                of_runner = peak(id).max(of_runner);
                for child in children(id) {
                    if words_of(child, "cmdline").any(|word| word == "--exact") {
                        of_checks = peak(child).max(of_checks);
                    }
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            (of_runner, of_checks)
        });
        let output = runner.wait_with_output().expect("the runner ends");
        over.store(true, Ordering::Relaxed);
        (output, peaks.join().expect("the watch ends"))
    })
}

/// The most that `pid` ever had in memory, in KiB.
fn peak(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
