//! The program under judgement, before it is started.

use std::ffi::{OsStr, OsString};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use supervise::Limits;
use wire::{What, harmless};

use crate::announce;
use crate::cause::Cause;
use crate::failure::fail;
use crate::judged::Judged;
use crate::random::Rng;
use crate::running::Running;
use crate::scene::Scene;
use crate::server::Server;
use crate::wait;

/// A program with its arguments and limits, and the scene in which it is
/// judged: clones share the clock, the seed and the timeline.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    limits: Limits,
    stdout_cap: usize,
    scene: Arc<Scene>,
}

impl Program {
    /// The program that `ON_THE_WIRE_PROGRAM` names, else `own`; see [`crate::program!`].
    #[doc(hidden)]
    #[must_use]
    pub fn under_judgement(own: &str) -> Program {
        wait::hold_the_leash();
        let path = std::env::var_os("ON_THE_WIRE_PROGRAM").unwrap_or_else(|| own.into());
        Program::at(Path::new(&path))
    }

    /// The program at `path`.
    #[must_use]
    pub fn at(path: &Path) -> Program {
        Program {
            path: path.into(),
            args: Vec::new(),
            limits: Limits::default(),
            stdout_cap: 1024 * 1024,
            scene: Scene::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Program {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Program {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Lets it open at most `limit` file descriptors, its first three among them.
    #[must_use]
    pub fn descriptors(mut self, limit: u64) -> Program {
        self.limits.descriptors = Some(limit);
        self
    }

    /// Lets its address space grow to at most `bytes`.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Program {
        self.limits.memory = Some(bytes);
        self
    }

    /// Keeps up to `bytes` of its stdout, instead of 1 MiB; more is a flood.
    #[must_use]
    pub fn stdout_cap(mut self, bytes: usize) -> Program {
        self.stdout_cap = bytes;
        self
    }

    /// Random payloads from this check's seed: the same at each call.
    #[must_use]
    pub fn rng(&self) -> Rng {
        Rng::new(self.scene.seed)
    }

    /// Starts it; its stdin stays open until it is closed.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    #[must_use]
    pub fn start(self) -> Running {
        let mut command = Command::new(&self.path);
        // A backtrace would push the panic's own message out of the evidence.
        command
            .args(&self.args)
            .env("RUST_BACKTRACE", "0")
            // Where it is set, Python programs that never flush look right.
            .env_remove("PYTHONUNBUFFERED");
        if let Some(folder) = std::env::var_os("ON_THE_WIRE_FOLDER") {
            command.current_dir(&folder);
            for temporary in ["TMPDIR", "TEMP", "TMP"] {
                command.env(temporary, &folder);
            }
        }
        for ours in [
            "ON_THE_WIRE_PROGRAM",
            "ON_THE_WIRE_REPORT",
            "ON_THE_WIRE_SEED",
            "ON_THE_WIRE_LEASH",
            "ON_THE_WIRE_FOLDER",
        ] {
            command.env_remove(ours);
        }
        let arguments = self.scene.with_roles(&shown(&self.args));
        self.scene
            .record(self.scene.program_name(), "", What::Started(arguments));
        match Judged::start(&mut command, self.limits, self.stdout_cap, &self.scene) {
            Ok(judged) => Running::new(judged, Arc::clone(&self.scene)),
            Err(error) => {
                let got = format!("{}: {error}", self.path.display());
                let cause = match supervise::is_shortage(&error) {
                    // The machine is at its end, not the program.
                    true => Cause::Harness,
                    false => Cause::NotStarted,
                };
                fail(&self.scene, cause, "a program that can be started", &got)
            }
        }
    }

    /// Starts it as a server: its first argument is the address to listen on,
    /// and its first line must say `listening on` that address.
    ///
    /// # Panics
    /// When the announcement does not come, or names another address.
    #[track_caller]
    #[must_use]
    pub fn serve(self) -> Server {
        let asked = self
            .args
            .first()
            .map(|arg| arg.to_string_lossy().into_owned())
            .unwrap_or_default();
        self.scene.program_plays("server");
        let running = self.start();
        let addr = announce::expect(&running, &asked);
        Server::new(running, addr)
    }

    /// Tries something out with the same program on a scene of its own: what
    /// happens there is not told, and an expectation that is not met there
    /// fails nothing. `None` then.
    ///
    /// For what a failure means, which one more start may show.
    pub fn try_out<T>(&self, experiment: impl FnOnce(&Program) -> T) -> Option<T> {
        let program = Program {
            scene: Scene::apart(),
            ..self.clone()
        };
        std::panic::catch_unwind(AssertUnwindSafe(|| experiment(&program))).ok()
    }

    /// Says out loud that this check cannot judge here, and why; the check
    /// returns after this.
    pub fn skip(&self, why: &str) {
        eprintln!("skipped: {why}");
        self.scene.skip(why);
    }

    pub(crate) fn scene(&self) -> &Arc<Scene> {
        &self.scene
    }
}

/// `args` as one would type them, and of a long one its beginning.
fn shown(args: &[OsString]) -> String {
    const LONGEST: usize = 40;
    let one = |arg: &OsString| {
        let arg = arg.to_string_lossy();
        let begin: String = arg.chars().take(LONGEST).collect();
        let more = if begin.len() < arg.len() { "…" } else { "" };
        match arg.is_empty() || arg.contains(' ') {
            true => format!("\"{begin}{more}\""),
            false => format!("{begin}{more}"),
        }
    };
    let shown: Vec<String> = args.iter().map(one).collect();
    harmless(&shown.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_shown_as_one_types_them() {
        let args = ["[server]", "", "two words", &"x".repeat(50)].map(OsString::from);
        let long = "x".repeat(40);
        let expected = format!("[server] \"\" \"two words\" {long}…");
        assert_eq!(shown(&args), expected);
    }
}
