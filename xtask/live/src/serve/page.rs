//! What the server adds to a page: the script and the styles of the live parts,
//! and which book it is a part of. The pages that `--build` makes have none of it.

use wire::escape;

/// Where the added files are; no page of the book has such a name.
pub(crate) const SCRIPT: &str = "live/live.js";
pub(crate) const STYLES: &str = "live/live.css";

/// The page with our script and styles, and with the `id` of the book that it is a part of: a
/// page of another book loads itself anew.
pub(crate) fn with_live_parts(page: Vec<u8>, id: &str) -> Vec<u8> {
    let Ok(text) = str::from_utf8(&page) else {
        return page;
    };
    let Some((head, rest)) = text.split_once("</head>") else {
        return page;
    };
    let Some((body, end)) = rest.rsplit_once("</body>") else {
        return page;
    };
    let parts = format!(
        "<meta name=\"on-the-wire-book\" content=\"{id}\">\n\
         <link rel=\"stylesheet\" href=\"/{STYLES}\">\n"
    );
    let script = format!("<script src=\"/{SCRIPT}\"></script>\n");
    format!("{head}{parts}</head>{body}{script}</body>{end}").into_bytes()
}

/// The page that stands in for a book that could not be built yet.
pub(crate) fn of_fault(fault: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <title>The book does not build</title></head>\n\
         <body><main><h1>The book does not build</h1>\n<pre>{}</pre>\n\
         <p>This page shows the book as soon as it does.</p></main></body></html>\n",
        escape(fault)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_which_book_it_is_a_part_of() {
        let page = "<html><head></head><body><pre></head></body></pre></body></html>";
        let page = String::from_utf8(with_live_parts(page.into(), "7")).expect("text");
        let head = "<html><head><meta name=\"on-the-wire-book\" content=\"7\">\n";
        assert!(page.starts_with(head), "{page}");
        let end = "<script src=\"/live/live.js\"></script>\n</body></html>";
        assert!(page.ends_with(end), "{page}");
        assert_eq!(page.matches("live/live").count(), 2);
    }

    #[test]
    fn a_fault_is_text() {
        let page = of_fault("<script>alert(1)</script>");
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    }
}
