//! The book in a real browser: what a reader sees, clicks and types.
//!
//! These tests need Chromium, its driver and axe-core ([`tools`] says where they
//! are looked for). Where one is missing they are skipped, and say so; where `CI`
//! is set they fail.

mod alone;
mod browser;
mod command;
mod course;
mod driver;
mod live;
mod looks;
mod paper;
mod quiz;
mod reading;
mod requests;
mod safety;
mod tools;
