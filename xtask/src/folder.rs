//! Copies folders.

use std::fs;
use std::io;
use std::path::Path;

/// Copies all in `from` to `to`, besides what is called like one of `skipped`.
pub(crate) fn copy(from: &Path, to: &Path, skipped: &[&str]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if skipped.iter().any(|skipped| name == *skipped) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target, skipped)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_copied_but_what_is_skipped() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path);
        for path in ["from/a/b", "from/target"] {
            fs::create_dir_all(at(path)).expect("a folder");
            fs::write(at(path).join("file"), path).expect("a file");
        }
        copy(&at("from"), &at("to"), &["target"]).expect("copied");
        assert_eq!(
            fs::read_to_string(at("to/a/b/file")).expect("a file"),
            "from/a/b"
        );
        assert!(!at("to/target").exists());
    }
}
