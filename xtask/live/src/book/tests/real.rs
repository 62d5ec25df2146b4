//! The book of this repository builds.

use std::path::Path;
use std::time::Instant;

use crate::book::{self, Mode};

#[test]
fn the_real_book_has_no_fault() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("book");
    let begin = Instant::now();
    if let Err(error) = book::build(&root, &out, Mode::Static) {
        panic!("{error:#}");
    }
    println!("built in {:.1} s", begin.elapsed().as_secs_f64());
    for page in ["index.html", "print.html", "programs/tcp-server.html"] {
        assert!(out.join(page).is_file(), "{page}");
    }
}
