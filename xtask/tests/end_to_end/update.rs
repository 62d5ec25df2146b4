//! `update`, with real git: an upstream, an author's clone, a learner's clone.

mod interruption;
mod pull;
mod refusals;
mod ways;
mod world;
