//! One file for each command.

pub(crate) mod check;
pub(crate) mod ci;
pub(crate) mod list;
pub(crate) mod verify;
