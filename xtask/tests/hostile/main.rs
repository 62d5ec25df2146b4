//! Hostile programs cannot hurt: each gets a verdict soon, the harness stays
//! small, and nothing of it is left.
//!
//! They are judged by the real runner with the real checks of a lesson. What
//! they do is in `program/`.
#![cfg(target_os = "linux")]

#[path = "../end_to_end/hangup.rs"]
mod hangup;
mod judgement;
mod leftovers;
mod signals;
mod terminal;
mod verdicts;
