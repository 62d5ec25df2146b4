//! The leash: `cargo xtask book` holds the other end of our stdin, and whatever
//! ends it ends us.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// Ends this process as soon as its stdin ends, and takes the pages along that
/// are half built in `scratch`.
pub(crate) fn end_with_whoever_started_us(scratch: &Path) {
    let scratch = scratch.to_path_buf();
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut nothing = [0; 64];
        loop {
            match stdin.read(&mut nothing) {
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => break,
            }
        }
        drop(fs::remove_dir_all(&scratch));
        std::process::exit(0);
    });
}
