//! A course whose doctor is called, and what is read in his answers.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::course::{Course, Ran};

/// A course with a target folder of its own: nobody else builds in it.
pub(super) struct Patient {
    pub(super) course: Course,
    pub(super) target: PathBuf,
}

impl Patient {
    pub(super) fn new(name: &str) -> Patient {
        let course = Course::new(&[name]);
        let target = course.path("target");
        fs::create_dir_all(target.join("debug")).expect("a folder");
        Patient { course, target }
    }

    /// The doctor, not called yet.
    pub(super) fn call(&self) -> Command {
        let mut command = self.course.command(&["doctor"]);
        command.env_remove("CARGO_TARGET_DIR");
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.to_lowercase().ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        command
    }

    /// The doctor, started by a shell that has done `first`.
    #[cfg(unix)]
    pub(super) fn call_after(&self, wrapper: &[&str], first: &str) -> Command {
        let doctor = self.call();
        let (program, arguments) = wrapper.split_first().unwrap_or((&"sh", &[]));
        let mut command = Command::new(program);
        command.args(arguments);
        if *program != "sh" {
            command.arg("sh");
        }
        command
            .args(["-c", &format!("{first} && exec \"$@\"")])
            .arg("sh")
            .arg(doctor.get_program())
            .args(doctor.get_args())
            .current_dir(doctor.get_current_dir().expect("a folder"));
        for (name, value) in doctor.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}

pub(super) fn examine(mut command: Command) -> Ran {
    Ran::of(command.output().expect("the runner starts"))
}

/// Looks for a line of the doctor's, and for the cure below it.
#[track_caller]
pub(super) fn expect(ran: &Ran, line: &str, cure: &str) {
    let mut lines = ran.stdout.lines();
    let found = lines.any(|other| other.starts_with(line));
    assert!(found, "no `{line}` in\n{}\n{}", ran.stdout, ran.stderr);
    let below = lines.next().unwrap_or_default();
    assert!(
        below.starts_with("  cure: ") && below.contains(cure),
        "`{line}` has the cure `{below}`"
    );
}

/// Whether `wrapper`, which makes a place of its own, works here.
#[cfg(target_os = "linux")]
pub(super) fn works(wrapper: &[&str]) -> bool {
    let tried = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg("true")
        .output();
    let works = tried.is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("skipped: `{}` does not work here", wrapper.join(" "));
    }
    works
}

/// A PATH on which there is Rust and nothing else, besides `tools`.
#[cfg(target_os = "linux")]
pub(super) fn bare_path(folder: &std::path::Path, tools: &[(&str, &str)]) -> String {
    use std::os::unix::fs::PermissionsExt as _;

    fs::create_dir_all(folder).expect("a folder");
    for (name, script) in tools {
        let tool = folder.join(name);
        fs::write(&tool, format!("#!/bin/sh\n{script}\n")).expect("a tool");
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("executable");
    }
    let cargo = std::env::var("CARGO").expect("tests are started by Cargo");
    let rust = std::path::Path::new(&cargo).parent().expect("a folder");
    format!("{}:{}", folder.display(), rust.display())
}
