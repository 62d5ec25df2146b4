//! The book's pages as documentation: `cargo test -p book-fences` compiles each
//! fence that is written into them, and runs those that do not say `no_run`.

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

#[cfg(test)]
mod tests;
