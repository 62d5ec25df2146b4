//! Each verb of the probe, seen to pass and seen to fail.
