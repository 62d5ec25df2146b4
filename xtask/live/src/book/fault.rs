//! What is wrong with the book, where, and what to do about it.

use std::fmt;

/// What is wrong and what to do, before it is known where that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    what: String,
    cure: String,
}

impl Problem {
    pub(crate) fn new(what: impl Into<String>, cure: impl Into<String>) -> Problem {
        let (what, cure) = (what.into(), cure.into());
        Problem { what, cure }
    }

    /// The same, with its place: a path below the course's root, and a line.
    pub(crate) fn at(self, file: impl Into<String>, line: usize) -> Fault {
        let Problem { what, cure } = self;
        Fault {
            file: file.into(),
            line,
            what,
            cure,
        }
    }
}

/// Something that must be put right before the book can be built.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    file: String,
    line: usize,
    what: String,
    cure: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault {
            file,
            line,
            what,
            cure,
        } = self;
        // What stands in a file may be anything; a terminal shall only show it.
        let told = format!("{file}:{line}: {what}; {cure}");
        f.write_str(&wire::harmless(&told))
    }
}

/// All faults of a book: whoever mends one should know of the others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.0.extend(faults);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An error that tells each fault once, by file and line.
    pub(crate) fn into_result(mut self) -> Result<(), Faults> {
        self.0.sort();
        self.0.dedup();
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}")?;
        }
        match self.0.len() {
            1 => write!(f, "1 fault in the book"),
            count => write!(f, "{count} faults in the book"),
        }
    }
}

impl std::error::Error for Faults {}
