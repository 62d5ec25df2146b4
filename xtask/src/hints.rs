//! The hints of a lesson: `exercises/<lesson>/hints.md` has a section for each
//! check (`## its_name`), with a numbered list: a question, a pointer, nearly
//! the code.

use std::path::Path;

use anyhow::Context as _;

/// The hints for one check, the vaguest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// The name of the check.
    pub(crate) check: String,
    pub(crate) levels: Vec<String>,
}

/// All sections of the file at `path`.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Section>> {
    let text = std::fs::read_to_string(path).with_context(|| {
        let path = path.display();
        format!("the hints in {path} cannot be read; `git restore {path}` brings them back")
    })?;
    Ok(parse(&text))
}

/// Reads them. An item runs up to the next number in turn; its lines are one
/// paragraph.
pub(crate) fn parse(text: &str) -> Vec<Section> {
    let text = text.replace("\r\n", "\n");
    let sections = text.split("\n## ").skip(1);
    let sections = sections.map(|section| section.split_once('\n').unwrap_or((section, "")));
    sections
        .map(|(heading, text)| Section {
            check: heading.trim().to_string(),
            levels: levels(text),
        })
        .collect()
}

fn levels(text: &str) -> Vec<String> {
    let mut levels: Vec<String> = Vec::new();
    for line in text.lines() {
        let number = format!("{}. ", levels.len() + 1);
        if let Some(start) = line.strip_prefix(&number) {
            levels.push(start.trim().to_string());
        } else if let Some(level) = levels.last_mut()
            && !line.trim().is_empty()
        {
            *level += " ";
            *level += line.trim();
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_an_item_of_a_list() {
        let text = "# Hints\n\n## a\n\n1. What?\n2. Where?\n   2. is no item.\n3. This.\n\n## b\n";
        let sections = parse(text);
        assert_eq!(sections.len(), 2);
        assert_eq!(sections[0].check, "a");
        assert_eq!(
            sections[0].levels,
            ["What?", "Where? 2. is no item.", "This."]
        );
        assert!(sections[1].levels.is_empty());
        assert_eq!(parse(&text.replace('\n', "\r\n")), sections);
    }

    #[test]
    fn each_check_of_the_course_has_three() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises");
        for lesson in ["tcp-server", "udp-client"] {
            let sections = read(&root.join(lesson).join("hints.md")).expect("hints");
            assert!(sections.len() >= 10);
            for section in sections {
                assert_eq!(section.levels.len(), 3, "{section:?}");
            }
        }
    }
}
