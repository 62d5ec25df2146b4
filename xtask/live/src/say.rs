//! What is said in the terminal. Nobody may be there to read it any more
//! (`cargo xtask book | head -1`, a terminal that was closed): then it is not
//! said, and the book stays open.

use std::fmt;
use std::io::{self, Write as _};

/// Says one line.
pub(crate) fn line(text: fmt::Arguments<'_>) {
    drop(writeln!(io::stdout(), "{text}"));
}

/// Says one line of what is wrong.
pub(crate) fn wrong(text: fmt::Arguments<'_>) {
    drop(writeln!(io::stderr(), "{text}"));
}
