//! One thing that must hold, and whether it does.

use std::fmt;
use std::time::Duration;

use crate::exit::Exit;
use crate::report::{Look, Tone};

/// A statement about the course, proven or refuted.
#[derive(Debug)]
pub(crate) struct Proof {
    /// What must hold: `tcp-server: the solution passes all checks`.
    pub(super) claim: String,
    /// Why it does not hold, if it does not, and what would mend it.
    pub(super) refutation: Option<String>,
    /// What else is worth knowing.
    pub(super) remark: Option<String>,
    pub(super) took: Duration,
}

impl Proof {
    /// A proof of `claim`, which fails if there are any `problems`.
    pub(super) fn new(claim: impl Into<String>, problems: &[String]) -> Proof {
        Proof {
            claim: claim.into(),
            refutation: (!problems.is_empty()).then(|| problems.join("\n")),
            remark: None,
            took: Duration::ZERO,
        }
    }

    pub(super) fn took(self, took: Duration) -> Proof {
        Proof { took, ..self }
    }

    pub(super) fn remark(self, remark: Option<String>) -> Proof {
        Proof { remark, ..self }
    }

    /// The proof as it is printed.
    pub(super) fn line(&self, look: &Look) -> String {
        let (tone, sign) = match self.refutation {
            None => (Tone::Good, look.passed),
            Some(_) => (Tone::Bad, look.failed),
        };
        let sign = look.paint(tone, sign);
        let mut text = format!("{sign} {:5.1} s  {}\n", self.took.as_secs_f64(), self.claim);
        for line in self
            .remark
            .iter()
            .chain(&self.refutation)
            .flat_map(|text| text.lines())
        {
            text += &format!("           {line}\n");
        }
        text
    }
}

/// How many proofs there were, and those that failed.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    failed: Vec<String>,
    pub(super) took: Duration,
}

impl Tally {
    pub(super) fn add(&mut self, proof: Proof) {
        match proof.refutation {
            None => self.passed += 1,
            Some(why) => self.failed.push(format!(
                "{}\n    {}",
                proof.claim,
                why.replace('\n', "\n    ")
            )),
        }
    }

    pub(crate) fn failed(&self) -> usize {
        self.failed.len()
    }

    pub(crate) fn exit(&self) -> Exit {
        if self.failed.is_empty() {
            Exit::Passed
        } else {
            Exit::Failed
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.failed.is_empty() {
            writeln!(f, "What does not hold:")?;
        }
        for failure in &self.failed {
            writeln!(f, "  {failure}")?;
        }
        let seconds = self.took.as_secs_f64();
        write!(
            f,
            "{} proofs hold, {} do not ({seconds:.0} s).",
            self.passed,
            self.failed.len()
        )
    }
}
