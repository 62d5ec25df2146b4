//! What a check judges with its own eyes: a duration, a number, a choice of
//! answers that are all right.

use crate::cause::Cause;
use crate::failure::fail;
use crate::running::Running;

impl Running {
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
