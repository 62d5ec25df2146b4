//! The book's pages as documentation: `cargo test -p book-fences` compiles each
//! fence that is written into them, and runs those that do not say `no_run`.

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

#[cfg(test)]
mod tests {
    //! Which fences are excused.

    use std::path::Path;

    /// A fence that is not compiled proves nothing, unless it quotes a file that
    /// is compiled elsewhere.
    #[test]
    fn only_quotations_are_ignored() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
        for entry in std::fs::read_dir(folder).expect("the book's pages") {
            let path = entry.expect("a page").path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let mut lines = text.lines().enumerate();
            while let Some((number, line)) = lines.next() {
                if line.starts_with("```") && line.contains("ignore") {
                    let quotes = lines
                        .next()
                        .is_some_and(|(_, line)| line.starts_with("{{#include "));
                    assert!(quotes, "{}:{}", path.display(), number + 1);
                }
            }
        }
    }
}
