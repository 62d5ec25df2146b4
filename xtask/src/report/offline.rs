//! What is told about an archive for laptops without a network.

use std::time::Duration;

use super::plural;

/// In the archive, for whoever unpacks it.
pub(crate) const START_HERE: &str = "\
On the Wire, with all that it needs: no network from here on.

You need Rust 1.89 or newer (https://rustup.rs). Then, in the folder course:

    cargo xtask check

It says which file to open. README.md there tells the rest.

The folder .cargo beside this file tells Cargo to take all crates from vendor.
";

/// An archive that has been made.
#[derive(Debug)]
pub(crate) struct Packed {
    /// Where it is, and its name alone.
    pub(crate) archive: String,
    pub(crate) name: String,
    /// The version of the course, as people write it.
    pub(crate) commit: String,
    pub(crate) bytes: u64,
    pub(crate) crates: usize,
    pub(crate) has_book: bool,
    pub(crate) took: Duration,
}

/// What it is, and what to do with it.
pub(crate) fn text(packed: &Packed) -> String {
    let Packed {
        archive,
        name,
        commit,
        crates,
        ..
    } = packed;
    let megabytes = packed.bytes as f64 / 1e6;
    let seconds = packed.took.as_secs_f64();
    let crates = plural(crates, "crate");
    let book = match packed.has_book {
        true => ", the built book",
        false => "; not the built book, since there is none here",
    };
    format!(
        "{archive}: {megabytes:.1} MB, made in {seconds:.1} s.\n\
         In it: the course at {commit}, {crates} for all platforms{book}.\n\n\
         On a laptop that has Rust and no network:\n  \
         tar -xzf {name}\n  \
         cd on-the-wire/course\n  \
         cargo xtask check\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_comes_with_what_to_do() {
        insta::assert_snapshot!(text(&Packed {
            archive: "/media/stick/wire.tar.gz".to_string(),
            name: "wire.tar.gz".to_string(),
            commit: "0a1b2c3d4".to_string(),
            bytes: 16_349_000,
            crates: 75,
            has_book: false,
            took: Duration::from_millis(8123),
        }));
    }
}
