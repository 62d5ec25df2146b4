//! Makes a module of each page of the book, so that its fences become doctests
//! and a mistake in one of them is told with the page's own line.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let folder = folder.canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut modules = String::new();
    for page in pages(&folder)? {
        let name = module(page.strip_prefix(&folder).unwrap_or(&page));
        let path = page.display().to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(modules, "#[doc = include_str!({path:?})]\nmod {name} {{}}");
    }
    let out = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    fs::write(out.join("pages.rs"), modules)
}

/// `page_pitfalls_time` for `pitfalls/time.md`. Two pages with one name do not compile.
fn module(page: &Path) -> String {
    let parts = page.with_extension("");
    let parts: Vec<String> = parts
        .iter()
        .map(|part| part.to_string_lossy().replace('-', "_").to_lowercase())
        .collect();
    format!("page_{}", parts.join("_"))
}

/// All pages, in the order of their names.
fn pages(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            pages.extend(self::pages(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(pages)
}
