//! What a command costs.

use std::ops::{Add, Div};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};
use supervise::Spent;

/// What is spent on something.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cost {
    /// Seconds of CPU time, user and system, of a process and all that came from
    /// it; where that can be seen: on Linux.
    pub(super) cpu: Option<f64>,
    /// Seconds on the clock.
    pub(super) wall: f64,
}

impl Cost {
    pub(super) fn wall(&self) -> f64 {
        self.wall
    }

    pub(super) fn cpu(&self) -> f64 {
        self.cpu.unwrap_or_default()
    }
}

impl Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost {
            cpu: self.cpu.zip(other.cpu).map(|(one, other)| one + other),
            wall: self.wall + other.wall,
        }
    }
}

impl Div<u32> for Cost {
    type Output = Cost;

    fn div(self, by: u32) -> Cost {
        Cost {
            cpu: self.cpu.map(|cpu| cpu / f64::from(by)),
            wall: self.wall / f64::from(by),
        }
    }
}

/// Runs what `command` makes, `times` in a row; gives the cost of one. A check
/// that fails is as good as one that passes.
pub(super) fn of(command: impl Fn() -> Command, times: u32) -> anyhow::Result<Cost> {
    let start = Instant::now();
    let before = Spent::so_far();
    for _ in 0..times {
        let mut command = command();
        let shown = format!("{command:?}");
        let output = command
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("starting {shown}"))?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            let words = String::from_utf8_lossy(&output.stderr);
            bail!("{shown} failed, {}:\n{}", output.status, words.trim_end());
        }
    }
    let spent = Spent::so_far().zip(before);
    let cost = Cost {
        cpu: spent.map(|(now, before)| now.since(before).children.as_secs_f64()),
        wall: start.elapsed().as_secs_f64(),
    };
    Ok(cost / times)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn shell(script: &'static str) -> impl Fn() -> Command {
        move || {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        }
    }

    #[test]
    fn what_the_children_of_a_command_spend_counts() {
        // Each stops on its own once it has used a whole second.
        let script = "(ulimit -t 1; while :; do :; done); true";
        let cost = of(shell(script), 2).expect("a shell");
        let cpu = cost.cpu.expect("Linux shows it");
        // Tests run side by side, and some of them start programs, too.
        assert!(cpu >= 0.5, "{cost:?}");
        assert!(cost.wall >= 0.5, "{cost:?}");
    }

    #[test]
    fn what_fails_is_no_measure() {
        let error = of(shell("echo broken >&2; exit 3"), 1).expect_err("it failed");
        assert!(
            error.to_string().ends_with("exit status: 3:\nbroken"),
            "{error}"
        );
        of(shell("exit 1"), 1).expect("a check that failed");
    }
}
