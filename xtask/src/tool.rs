//! Runs Cargo for its verdict and not for what it makes: fmt, clippy, test, doc.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::cargo;
use crate::screen::Screen;

/// One call of Cargo whose words matter only if it fails.
pub(crate) struct Tool<'a> {
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: &'a Path,
    pub(crate) environment: &'a [(&'a str, &'a str)],
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) success: bool,
    /// All that was written to stdout and stderr.
    pub(crate) output: Vec<u8>,
    pub(crate) took: Duration,
}

impl Tool<'_> {
    /// Runs it, shows in one line what it is at, and passes its words on if it
    /// fails.
    pub(crate) fn run(&self, screen: &Screen) -> anyhow::Result<Done> {
        let start = Instant::now();
        let mut expression = duct::cmd(cargo::program(), &self.arguments)
            .dir(self.folder)
            .stdin_null()
            .stderr_to_stdout()
            .unchecked();
        for (name, value) in self.environment {
            expression = expression.env(name, value);
        }
        if screen.relays_colour() {
            expression = expression.env("CARGO_TERM_COLOR", "always");
        }
        let handle = cargo::start(&expression)?;
        screen.progress("  cargo");
        let output = collect(&handle, screen)?;
        let status = handle
            .try_wait()?
            .context("Cargo closed its output but did not end")?
            .status;
        if !status.success() {
            screen.relay(&output);
        }
        Ok(Done {
            success: status.success(),
            output,
            took: start.elapsed(),
        })
    }
}

fn collect(handle: &duct::ReaderHandle, screen: &Screen) -> anyhow::Result<Vec<u8>> {
    let mut reader = BufReader::new(handle);
    let mut output = Vec::new();
    loop {
        let begin = output.len();
        if reader
            .read_until(b'\n', &mut output)
            .context("reading what Cargo says")?
            == 0
        {
            return Ok(output);
        }
        let line = String::from_utf8_lossy(&output[begin..]);
        let line = anstream::adapter::strip_str(&line).to_string();
        screen.progress_goes_on(&format!("  {}", line.trim()));
    }
}
