//! Reading a program's output, with a reader that can be called off.

use std::io::{self, PipeReader, PipeWriter, Read};
use std::process::ChildStdin;
use std::time::Duration;

use crate::sys;

/// The reading end of a program's stdout or stderr.
#[derive(Debug)]
pub struct OutputPipe<P> {
    pipe: P,
    interrupt: PipeReader,
}

/// Calls off the reading of an [`OutputPipe`] when it is dropped.
#[derive(Debug)]
pub struct Interrupt {
    _open_until_dropped: PipeWriter,
}

#[cfg(unix)]
impl<P: Read + std::os::fd::AsFd> OutputPipe<P> {
    /// Waits for output: `Some(bytes)`, zero at its end; `None` once called off.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        if sys::readable(&self.pipe, &self.interrupt)? {
            self.pipe.read(buffer).map(Some)
        } else {
            Ok(None)
        }
    }
}

#[cfg(not(unix))]
impl<P: Read> OutputPipe<P> {
    /// Waits for output: `Some(bytes)`, zero at its end.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        if sys::readable(&self.pipe, &self.interrupt)? {
            self.pipe.read(buffer).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl<P> OutputPipe<P> {
    /// Takes `pipe` over; whoever holds the [`Interrupt`] can end the reading.
    ///
    /// # Errors
    /// When the process has run out of descriptors.
    pub fn new(pipe: P) -> io::Result<(OutputPipe<P>, Interrupt)> {
        let (interrupt, writer) = io::pipe()?;
        Ok((
            OutputPipe { pipe, interrupt },
            Interrupt {
                _open_until_dropped: writer,
            },
        ))
    }
}

/// Writes `bytes` to a program's stdin.
///
/// # Errors
/// `TimedOut` when the program took nothing for `patience`; `BrokenPipe` when
/// nobody reads there any more; else what the operating system says.
pub fn write_stdin(stdin: &mut ChildStdin, bytes: &[u8], patience: Duration) -> io::Result<()> {
    sys::write_within(stdin, bytes, patience)
}
