//! What is read of a page, and what the book's own pages have to hold.

use super::*;

const PAGE: &str = "\
# Streams

### Your server hums. {#hums}

A deeper heading is no mistake of its own.

## Your server spins. {#spins}

It reads `Ok(0)`
for ever.

**What you see.** Much heat.

## A heading without an id

## Your server sleeps. {#sleeps}

It waits.
";

fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the root")
}

#[test]
fn a_section_is_a_title_an_id_and_a_paragraph() {
    let page = Page {
        path: "book/src/pitfalls/streams.md".to_string(),
        text: PAGE.to_string(),
    };
    let found = page.pitfalls();
    let expected = Pitfall {
        id: "spins".to_string(),
        page: "book/src/pitfalls/streams.md".to_string(),
        title: "Your server spins.".to_string(),
        text: "It reads `Ok(0)` for ever.".to_string(),
    };
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], expected);
    assert_eq!(found[0].place(), "book/src/pitfalls/streams.md, spins");
    assert_eq!(found[1].id, "sleeps");
}

#[test]
fn real_systems_are_counted() {
    let section = "Spins. {#spins}\n\nIssue a/b#1.\n\n**Where it bites.** In c/d#23, and\n\
        e/f#4; rule #one of all.\n";
    assert_eq!(cases(section), 2);
    assert_eq!(cases("Spins. {#spins}\n"), 0);
}

#[test]
fn a_name_that_the_book_does_not_have_leads_to_the_overview() {
    let pitfall = find(root(), "hums");
    assert_eq!(pitfall.place(), "book/src/pitfalls.md, hums");
    assert!(pitfall.title.is_empty());
}

#[test]
fn the_book_has_them() {
    let ids = ids(root());
    assert!(ids.len() >= 140, "{}", ids.len());
    for id in &ids {
        let pitfall = find(root(), id);
        assert!(
            !pitfall.title.is_empty() && !pitfall.text.is_empty(),
            "{id}"
        );
        assert!(pitfall.text.len() <= 400, "{id} is too long for a terminal");
        assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id}");
    }
}

/// A page that the summary does not list is never found.
#[test]
fn the_summary_lists_each_page() {
    let folder = root().join("book/src/pitfalls");
    let files = std::fs::read_dir(folder).expect("the pages").map(|entry| {
        let path = entry.expect("a page").path();
        format!(
            "book/src/pitfalls/{}",
            path.file_name().expect("a name").display()
        )
    });
    let mut files: Vec<String> = files.collect();
    let mut listed: Vec<String> = pages(root()).map(|page| page.path).collect();
    files.sort();
    listed.sort();
    assert_eq!(listed, files);
}

/// What it looks like, why it happens, a program that shows it, what to do,
/// and whom it has bitten.
#[test]
fn each_section_is_complete() {
    for page in pages(root()) {
        for section in page.sections() {
            let title = section.lines().next().unwrap_or_default();
            for part in [
                "**What you see.**",
                "**Why it happens.**",
                "**How to put it right.**",
                "**Where it bites.**",
            ] {
                assert!(section.contains(part), "{title} lacks {part}");
            }
            let programs = section.matches("\n```rust").count();
            assert!(programs >= 2, "{title} shows {programs} programs");
        }
    }
}

#[test]
fn the_overview_counts_them() {
    let overview = std::fs::read_to_string(root().join(OVERVIEW)).expect("the overview");
    for page in pages(root()) {
        let count = page.pitfalls().len();
        let link = page.path.replace("book/src/", "](") + ")";
        let mut rows = overview.lines();
        let row = rows.find(|row| row.contains(&link)).unwrap_or_default();
        assert!(
            row.contains(&format!(" | {count} | ")),
            "{link} {count}: {row}"
        );
    }
}

/// The overview leads to each of them, by what is seen from outside, and to
/// nothing else.
#[test]
fn the_overview_links_each_one() {
    let overview = std::fs::read_to_string(root().join(OVERVIEW)).expect("the overview");
    let mut links: Vec<&str> = overview
        .split("](pitfalls/")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(link, _)| link))
        .filter(|link| link.contains('#'))
        .collect();
    links.sort_unstable();
    links.dedup();
    let mut all: Vec<String> = pages(root())
        .flat_map(|page| page.pitfalls())
        .map(|pitfall| {
            let page = pitfall.page.replace("book/src/pitfalls/", "");
            format!("{page}#{}", pitfall.id)
        })
        .collect();
    all.sort();
    let missing: Vec<&String> = all
        .iter()
        .filter(|link| !links.contains(&link.as_str()))
        .collect();
    let wrong: Vec<&&str> = links
        .iter()
        .filter(|link| !all.iter().any(|one| one == *link))
        .collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "{OVERVIEW} does not lead to {missing:?}, and leads nowhere with {wrong:?}"
    );
}
