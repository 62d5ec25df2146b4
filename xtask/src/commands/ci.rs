//! `cargo xtask ci`: everything that must hold before a change is shared.

use std::time::{Duration, Instant};

use clap::{ArgMatches, Command};

use crate::cargo;
use crate::commands::verify::{self, Terms};
use crate::course::Course;
use crate::exit::Exit;
use crate::report::{Look, Tone};
use crate::screen::Screen;
use crate::tool::{Done, Tool};

/// A step that is one call of Cargo.
struct Step {
    name: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        arguments: &["fmt", "--all", "--check"],
        environment: &[],
    },
    Step {
        name: "fmt exercises",
        arguments: &[
            "fmt",
            "--all",
            "--check",
            "--manifest-path",
            "exercises/Cargo.toml",
        ],
        environment: &[],
    },
    Step {
        name: "fmt book",
        arguments: &["fmt", "--check", "--manifest-path", "xtask/live/Cargo.toml"],
        environment: &[],
    },
    Step {
        name: "clippy",
        arguments: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny=warnings",
        ],
        environment: &[],
    },
    Step {
        name: "clippy exercises",
        arguments: &[
            "clippy",
            "--locked",
            "--manifest-path",
            "exercises/Cargo.toml",
            "--workspace",
            "--all-targets",
            "--",
            "--deny=warnings",
        ],
        environment: &[],
    },
    Step {
        name: "clippy book",
        arguments: &[
            "clippy",
            "--locked",
            "--manifest-path",
            "xtask/live/Cargo.toml",
            "--all-targets",
            "--",
            "--deny=warnings",
        ],
        environment: &[],
    },
    Step {
        name: "test",
        arguments: &["test", "--workspace", "--no-fail-fast"],
        environment: &[],
    },
    Step {
        name: "test book",
        arguments: &[
            "test",
            "--locked",
            "--manifest-path",
            "xtask/live/Cargo.toml",
            "--no-fail-fast",
        ],
        environment: &[],
    },
    Step {
        name: "doc",
        arguments: &["doc", "--workspace", "--no-deps"],
        environment: &[("RUSTDOCFLAGS", "--deny=warnings")],
    },
];

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("ci")
        .about("Runs everything that must hold before a change is shared")
        .after_help("Example:\n  cargo xtask ci")
}

pub(crate) fn run(course: &Course, _matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let mut summary = Summary {
        look: screen.look(),
        lines: Vec::new(),
        passed: 0,
        failed: 0,
    };
    for step in STEPS {
        screen.print(&format!(
            "== {}: cargo {}\n",
            step.name,
            step.arguments.join(" ")
        ));
        let tool = Tool {
            arguments: step
                .arguments
                .iter()
                .flat_map(|argument| cargo::arguments([argument]))
                .collect(),
            folder: &course.root,
            environment: step.environment,
        };
        let done = tool.run(screen)?;
        // Of a step that passes, nothing else is told.
        for line in skips(&String::from_utf8_lossy(&done.output)) {
            screen.print(&format!("{line}\n"));
        }
        summary.add_step(step.name, &done);
    }
    screen.print("== verify: cargo xtask verify\n");
    let start = Instant::now();
    let lessons = course.select(&[])?;
    let tally = verify::prove(course, &lessons, Terms::fresh(), screen)?;
    screen.print(&format!("\n{tally}\n"));
    summary.add("verify", tally.passed, tally.failed(), start.elapsed());
    screen.print(&summary.text());
    Ok(if summary.failed == 0 {
        Exit::Passed
    } else {
        Exit::Failed
    })
}

/// What tests say that did not try what they are for, each once: `skipped: why`.
fn skips(output: &str) -> Vec<&str> {
    let mut skips: Vec<&str> = Vec::new();
    for line in output.lines() {
        if let Some(at) = line.find("skipped: ")
            && !skips.contains(&&line[at..])
        {
            skips.push(&line[at..]);
        }
    }
    skips
}

/// What is told at the end.
struct Summary {
    look: Look,
    lines: Vec<String>,
    passed: usize,
    failed: usize,
}

impl Summary {
    /// A step counts as one, or as the tests that it has run.
    fn add_step(&mut self, name: &str, done: &Done) {
        let (passed, failed) = match test_results(&String::from_utf8_lossy(&done.output)) {
            (0, 0) => (usize::from(done.success), usize::from(!done.success)),
            // Something besides the tests went wrong: they did not build.
            (passed, 0) if !done.success => (passed, 1),
            counts => counts,
        };
        self.add(name, passed, failed, done.took);
    }

    fn add(&mut self, name: &str, passed: usize, failed: usize, took: Duration) {
        let (tone, sign) = match failed {
            0 => (Tone::Good, self.look.passed),
            _ => (Tone::Bad, self.look.failed),
        };
        let sign = self.look.paint(tone, sign);
        let seconds = took.as_secs_f64();
        self.lines.push(format!(
            "{sign} {name:<18} {seconds:6.1} s  {passed:>4} passed, {failed} failed\n"
        ));
        self.passed += passed;
        self.failed += failed;
    }

    /// The last line is for machines, too.
    fn text(&self) -> String {
        format!(
            "\n{}{} passed, {} failed\n",
            self.lines.concat(),
            self.passed,
            self.failed
        )
    }
}

/// How many tests passed and failed, by the summaries of all test binaries.
fn test_results(output: &str) -> (usize, usize) {
    let output = anstream::adapter::strip_str(output).to_string();
    let summaries = output
        .lines()
        .filter_map(|line| line.strip_prefix("test result: "));
    summaries.fold((0, 0), |(passed, failed), summary| {
        (
            passed + count(summary, " passed"),
            failed + count(summary, " failed"),
        )
    })
}

/// The number in front of `word`.
fn count(summary: &str, word: &str) -> usize {
    let before = summary.split(word).next().unwrap_or_default();
    before
        .rsplit(' ')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_over_all_binaries() {
        let output = "running 2 tests\n..\ntest result: ok. 2 passed; 0 failed; 0 ignored\n\
            test result: FAILED. 11 passed; 3 failed; 0 ignored\n";
        assert_eq!(test_results(output), (13, 3));
    }

    #[test]
    fn what_was_skipped_is_told_once() {
        let output = "test a ... skipped: a: no browser\nskipped: b: no browser\n\
            skipped: b: no browser\ntest a_skipped_test ... ok\n";
        assert_eq!(
            skips(output),
            ["skipped: a: no browser", "skipped: b: no browser"]
        );
    }

    #[test]
    fn other_words_are_no_tests() {
        assert_eq!(test_results("    Finished in 1 s\n"), (0, 0));
    }
}
