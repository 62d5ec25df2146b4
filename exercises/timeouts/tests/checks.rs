//! The checks of timeouts.
