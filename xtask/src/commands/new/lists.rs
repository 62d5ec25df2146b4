//! The lists that a new lesson stands in: the book's summary, and the two lock
//! files.

use crate::course::Lesson;

/// The summary with a new entry behind the one of `last`, or behind the first
/// part's heading where there is no lesson yet.
pub(super) fn summary(
    summary: &str,
    last: Option<&Lesson>,
    name: &str,
    title: &str,
) -> Option<String> {
    let entry = format!("- [{title}]({name}.md)\n");
    let is_last = |line: &str| match last {
        Some(last) => {
            line.trim_start().starts_with("- [") && line.contains(&format!("]({}.md)", last.name))
        }
        None => line.starts_with("# ") && line.trim() != "# Summary",
    };
    let mut text = String::new();
    let mut found = false;
    for line in summary.split_inclusive('\n') {
        text += line;
        if !found && is_last(line) {
            found = true;
            if !line.ends_with('\n') {
                text += "\n";
            }
            if last.is_none() {
                text += "\n";
            }
            text += &entry;
        }
    }
    found.then_some(text)
}

/// A lock file with these packages of version `version`, which have the
/// `dependencies`; as Cargo would write it.
pub(super) fn lock(
    lock: &str,
    packages: &[String],
    version: &str,
    dependencies: &[&str],
) -> String {
    let (head, blocks) = match lock.find("[[package]]") {
        Some(start) => lock.split_at(start),
        None => (lock, ""),
    };
    let mut blocks: Vec<String> = blocks
        .split("\n\n")
        .map(|block| block.trim().to_string())
        .filter(|block| !block.is_empty())
        .collect();
    let dependencies: String = dependencies
        .iter()
        .map(|name| format!(" {},\n", as_written(lock, name)))
        .collect();
    for package in packages {
        blocks.push(format!(
            "[[package]]\nname = \"{package}\"\nversion = \"{version}\"\ndependencies = [\n{dependencies}]"
        ));
    }
    blocks.sort_by(|a, b| name_of(a).cmp(name_of(b)));
    format!("{head}{}\n", blocks.join("\n\n"))
}

/// Whether there is a package of this name.
pub(super) fn has_package(lock: &str, name: &str) -> bool {
    lock.lines()
        .any(|line| line == format!("name = \"{name}\""))
}

/// Where there are two versions of a dependency, its entries name one.
fn as_written(lock: &str, name: &str) -> String {
    let bare = format!("\"{name}\"");
    let with_version = format!(" \"{name} ");
    let found = lock.lines().find(|line| line.starts_with(&with_version));
    found.map_or(bare, |line| line.trim().trim_end_matches(',').to_string())
}

fn name_of(block: &str) -> &str {
    let line = block
        .lines()
        .find_map(|line| line.strip_prefix("name = \""));
    line.map_or("", |name| name.trim_end_matches('"'))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    const SUMMARY: &str =
        "# Summary\n\n# Core\n\n- [A](a.md)\n- [B](b.md)\n\n# Reference\n\n- [P](p.md)\n";

    #[test]
    fn a_new_entry_follows_the_last_lesson() {
        let last = Lesson {
            name: "b".to_string(),
            title: "B".to_string(),
            part: "Core".to_string(),
        };
        let text = summary(SUMMARY, Some(&last), "c-d", "C, and D").expect("an entry");
        assert!(
            text.contains("- [B](b.md)\n- [C, and D](c-d.md)\n\n# Reference"),
            "{text}"
        );
        let text = summary("# Summary\n\n# Core\n", None, "a", "A").expect("an entry");
        assert_eq!(text, "# Summary\n\n# Core\n\n- [A](a.md)\n");
        assert_eq!(summary("# Summary\n", None, "a", "A"), None);
    }

    #[test]
    fn packages_are_put_where_cargo_puts_them() {
        let old = "# It is generated.\nversion = 4\n\n[[package]]\nname = \"anyhow\"\nversion = \"1.0.1\"\n\n\
            [[package]]\nname = \"wire\"\nversion = \"0.1.0\"\ndependencies = [\n \"rand 0.9.1\",\n]\n";
        let packages = ["tcp-proxy".to_string(), "tcp-proxy-solution".to_string()];
        let text = lock(old, &packages, "0.1.0", &["anyhow", "rand"]);
        assert_snapshot!(text, @r#"
        # It is generated.
        version = 4

        [[package]]
        name = "anyhow"
        version = "1.0.1"

        [[package]]
        name = "tcp-proxy"
        version = "0.1.0"
        dependencies = [
         "anyhow",
         "rand 0.9.1",
        ]

        [[package]]
        name = "tcp-proxy-solution"
        version = "0.1.0"
        dependencies = [
         "anyhow",
         "rand 0.9.1",
        ]

        [[package]]
        name = "wire"
        version = "0.1.0"
        dependencies = [
         "rand 0.9.1",
        ]
        "#);
        assert!(has_package(&text, "tcp-proxy") && !has_package(&text, "tcp"));
    }
}
