//! Where the compiler points to: it names files from its own workspace on, and
//! whoever reads that is at the course's root.

use std::path::Path;

/// The learner's workspace, below the course's root.
const WORKSPACE: &str = "exercises";

/// `piece` with the file that it points to (`--> tcp-server/src/main.rs:46:5`) named
/// from `root` on, where it is one of the learner's workspace. `None` where there is
/// nothing to change. `text` is `piece` without colours.
pub(super) fn from_root(piece: &[u8], text: &str, root: &Path) -> Option<Vec<u8>> {
    let line = text.trim();
    let place = ["--> ", "::: "]
        .into_iter()
        .find_map(|arrow| line.strip_prefix(arrow))?;
    // The line and the column come last.
    let file = place.rsplitn(3, ':').nth(2)?;
    if file.is_empty() || root.join(file).exists() || !root.join(WORKSPACE).join(file).exists() {
        return None;
    }
    let at = piece
        .windows(file.len())
        .position(|bytes| bytes == file.as_bytes())?;
    let (before, after) = piece.split_at(at);
    Some([before, WORKSPACE.as_bytes(), b"/", after].concat())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain(
        "  --> probe/src/lib.rs:46:5\n",
        Some("  --> exercises/probe/src/lib.rs:46:5\n")
    )]
    #[case::in_colour(
        "\x1b[1m\x1b[94m  ::: \x1b[0mprobe/src/lib.rs:7:1\n",
        Some("\x1b[1m\x1b[94m  ::: \x1b[0mexercises/probe/src/lib.rs:7:1\n")
    )]
    #[case::already_from_there("  --> exercises/probe/src/lib.rs:46:5\n", None)]
    #[case::a_file_that_is_not_there("  --> nowhere/src/main.rs:1:1\n", None)]
    #[case::no_place("46 |     let probe = \"probe/src/lib.rs:1:1\";\n", None)]
    #[case::no_numbers("  --> probe/src/lib.rs\n", None)]
    fn a_file_of_the_learners_is_named_from_the_root(
        #[case] line: &str,
        #[case] expected: Option<&str>,
    ) {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("exercises/probe/src");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("lib.rs"), "").expect("a file");
        let text = anstream::adapter::strip_str(line).to_string();
        let named = from_root(line.as_bytes(), &text, root.path());
        let named = named.map(|bytes| String::from_utf8(bytes).expect("text"));
        assert_eq!(named.as_deref(), expected);
    }
}
