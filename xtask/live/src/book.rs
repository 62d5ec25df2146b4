//! From the chapters to the pages.

use std::path::Path;

use anyhow::Context as _;
use mdbook_driver::MDBook;

/// Builds the book of the course in `root` into the folder `out`.
pub(crate) fn build(root: &Path, out: &Path) -> anyhow::Result<()> {
    let mut book = MDBook::load(root.join("book")).context("reading the book")?;
    book.config.build.build_dir = out.to_path_buf();
    book.build().context("building the book")
}
