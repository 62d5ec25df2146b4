//! What a program has printed: the body of a snapshot that a test compares.

use super::course::Course;
use super::fault::Problem;

/// The body of the snapshot at `path`, below the course's root.
pub(crate) fn output(course: &Course, path: &str) -> Result<String, Problem> {
    if !path.ends_with(".snap") || path.split('/').any(|part| part == "..") {
        let what = format!("`{path}` is no snapshot of the course");
        return Err(Problem::new(
            what,
            "name a `.snap` file from the course's root",
        ));
    }
    let text = course.file(path).map_err(|error| {
        let what = format!("the snapshot {path} cannot be read ({error})");
        let cure = "run the test that writes it with INSTA_UPDATE=always, or mend the path";
        Problem::new(what, cure)
    })?;
    let body = body(&text).ok_or_else(|| {
        let what = format!("{path} is no snapshot: it has no header");
        Problem::new(what, "name a file that `insta` has written")
    })?;
    if body.trim().is_empty() {
        let what = format!("there is nothing in the snapshot {path}");
        return Err(Problem::new(what, "show one in which something is printed"));
    }
    Ok(body)
}

/// What stands below insta's header, a few lines between two of `---`.
fn body(snapshot: &str) -> Option<String> {
    let rest = snapshot.strip_prefix("---\n")?;
    let (_, body) = rest.split_once("\n---\n")?;
    // What a terminal would obey is shown; a tab is only a distance.
    let lines = body.trim_end().split('\t').map(wire::harmless);
    Some(lines.collect::<Vec<_>>().join("\t"))
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn a_header_is_taken_off() {
        let text = "---\nsource: x.rs\nexpression: \"a\"\n---\none\n---\ntwo\n\n";
        assert_eq!(body(text).as_deref(), Some("one\n---\ntwo"));
        assert_eq!(body("one\n"), None);
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let shown = body("---\na: b\n---\na\tb\n\u{1b}[2J\0\u{202e}\n");
        assert_eq!(shown.as_deref(), Some("a\tb\n\\x1b[2J\\x00\\u{202e}"));
    }
}
