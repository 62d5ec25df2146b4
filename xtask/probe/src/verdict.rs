//! What a check judges with its own eyes: a duration, a number, a choice of
//! answers that are all right.

use supervise::Usage;

use crate::cause::Cause;
use crate::failure::fail;
use crate::program::Program;
use crate::running::Running;
use crate::scene::Proof;

impl Running {
    /// Says what a failure means from here on: each cause that is named here
    /// is, in this place of this check, the sign of that pitfall, unless the
    /// evidence shows another. Replaces what was said before.
    pub fn suspect(&self, suspects: &[(Cause, &'static str)]) {
        self.scene().set_suspects(suspects);
    }

    /// Adds to what [`Running::suspect`] has said: this is what those causes
    /// mean where the program's stdout makes `when` true.
    pub fn suspect_when(&self, when: fn(&str) -> bool, suspects: &[(Cause, &'static str)]) {
        self.scene().add_suspects(Proof::Stdout(when), suspects);
    }

    /// Adds to what [`Running::suspect`] has said: this is what those causes
    /// mean where what the program uses, when it has failed, makes `when` true.
    /// Where that cannot be seen, they mean nothing more.
    pub fn suspect_by_usage(&self, when: fn(Usage) -> bool, suspects: &[(Cause, &'static str)]) {
        self.scene().add_suspects(Proof::Usage(when), suspects);
    }

    /// Says which datagram is, where another is due, the sign of which pitfall.
    /// Replaces what was said before.
    pub fn telltales(&self, telltales: &[(&[u8], &'static str)]) {
        self.scene().set_telltales(telltales);
    }

    /// Says that the check knows the program's mistake: whatever fails from here
    /// on is the sign of that, however it looks.
    pub fn has_a_habit(&self, pitfall: Option<&'static str>) {
        self.scene().set_habit(pitfall);
    }

    /// `holds` must be true: `expected` was promised, and `got` came.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn expect_that(&self, holds: bool, cause: Cause, expected: &str, got: &str) {
        if !holds {
            fail(self.scene(), cause, expected, got);
        }
    }
}

impl Program {
    /// As [`Running::suspect`], before the program is started.
    pub fn suspect(&self, suspects: &[(Cause, &'static str)]) {
        self.scene().set_suspects(suspects);
    }
}
