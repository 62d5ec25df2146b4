//! Which fences are excused from running, and how many of them.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// How many programs of the pitfalls may be shown without being run. Smaller is
/// better; never raise it.
const MOST_IN_PITFALLS: usize = 5;

/// The same for all other pages.
const MOST_IN_CHAPTERS: usize = 6;

/// What keeps a fence from running to its end.
const EXCUSES: &[&str] = &["no_run", "ignore", "should_panic", "compile_fail"];

/// A fence that is excused.
#[derive(Debug, PartialEq, Eq)]
struct Excused {
    /// The line of its first mark, counted from 1.
    line: usize,
    excuse: String,
    /// What the line above it says.
    reason: Option<String>,
}

/// The fences of a page that are excused, without those that quote a file: it is
/// compiled, and run, elsewhere.
fn excused(page: &str) -> Vec<Excused> {
    let lines: Vec<&str> = page.lines().collect();
    let mut found = Vec::new();
    let mut inside = false;
    for (index, line) in lines.iter().enumerate() {
        let Some(info) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        inside = !inside;
        let mut words = info.split(',').map(str::trim);
        let excuse = words.find(|word| EXCUSES.iter().any(|excuse| is(word, excuse)));
        let Some(excuse) = excuse.filter(|_| inside) else {
            continue;
        };
        let body = lines.get(index + 1).copied().unwrap_or_default();
        if body.starts_with("{{#include ") {
            continue;
        }
        let above = index.checked_sub(1).map(|above| lines[above]);
        found.push(Excused {
            line: index + 1,
            excuse: excuse.to_string(),
            reason: above.and_then(|above| reason(above, excuse)),
        });
    }
    found
}

/// Rustdoc knows `ignore-windows` and the like, too.
fn is(word: &str, excuse: &str) -> bool {
    let rest = word.strip_prefix(excuse);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// `<!-- no_run: it waits for a client for ever -->`: of more than one word.
fn reason(line: &str, excuse: &str) -> Option<String> {
    let comment = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    let reason = comment.trim().strip_prefix(excuse)?.strip_prefix(':')?;
    let reason = reason.trim();
    reason.contains(' ').then(|| reason.to_string())
}

/// All pages, with their names.
fn pages(folder: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(pages(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path)?;
            found.push((path, text));
        }
    }
    Ok(found)
}

fn book() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let pages = pages(&folder).expect("the book's pages");
    assert!(pages.len() > 10, "the pages are somewhere else");
    pages
}

/// A fence that does not run proves nothing, so it says why.
#[test]
fn each_fence_runs_or_says_why_it_does_not() {
    for (path, text) in book() {
        for fence in excused(&text) {
            let Excused { line, excuse, .. } = &fence;
            assert!(
                fence.reason.is_some(),
                "{}:{line}: make it run, or say why it does not, on the line above: \
                 <!-- {excuse}: reason -->",
                path.display()
            );
            assert!(
                !excuse.starts_with("ignore"),
                "{}:{line}: only a quotation is ignored",
                path.display()
            );
        }
    }
}

/// What calls nothing is compiled, and runs to no purpose.
#[test]
fn no_fence_pretends_to_run() {
    for (path, text) in book() {
        let mut lines = text.lines().enumerate();
        let pretends = lines.find(|(_, line)| line.trim_start() == "# fn main() {}");
        assert_eq!(
            pretends,
            None,
            "{}: let `main` call what is shown, and see what comes of it",
            path.display()
        );
    }
}

#[test]
fn few_fences_do_not_run() {
    let (pitfalls, chapters): (Vec<_>, Vec<_>) = book().into_iter().partition(|(path, _)| {
        let mut folders = path.iter().rev();
        folders.nth(1).is_some_and(|folder| folder == "pitfalls")
    });
    for (pages, most) in [(pitfalls, MOST_IN_PITFALLS), (chapters, MOST_IN_CHAPTERS)] {
        let found: Vec<String> = pages
            .iter()
            .flat_map(|(path, text)| {
                let fences = excused(text).into_iter();
                fences.map(move |fence| format!("{}:{}", path.display(), fence.line))
            })
            .collect();
        assert!(
            found.len() <= most,
            "{most} fences may be shown without being run: {found:#?}"
        );
    }
}

const PAGE: &str = "\
```rust
runs();
```

```rust,ignore
{{#include ../../crates/tcp-server/src/main.rs:echo}}
```

<!-- no_run: it waits for ever -->
```rust,no_run
waits();
```

<!-- no_run: later -->
```rust,no_run
waits();
```

```rust,ignore-windows
fork();
```

```text
no_run
```
";

#[test]
fn an_excuse_has_its_reason_on_the_line_above() {
    let excused = excused(PAGE);
    let found: Vec<_> = excused
        .iter()
        .map(|fence| (fence.line, fence.excuse.as_str(), fence.reason.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            (10, "no_run", Some("it waits for ever")),
            (15, "no_run", None),
            (19, "ignore-windows", None),
        ]
    );
}
