//! The content security policy of each page.
//!
//! mdBook writes a few scripts into its pages (the theme is set before anything
//! is drawn). Each script that stands in a page as it was built is allowed by its
//! hash, and no other: what comes into it later does not run. The builder has no
//! script in the text of a page (`book::rendered`). Styles may stand in the page,
//! because mdBook sets some, and so do the diagrams.

use sha2::{Digest as _, Sha256};

/// What a page may load and run: what this server has, and its own scripts.
pub(crate) fn of_page(page: &str) -> String {
    let mut hashes: Vec<String> = inline_scripts(page).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    let hashes = hashes.iter().map(|hash| format!(" 'sha256-{hash}'"));
    format!(
        "default-src 'self'; script-src 'self'{}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; \
         frame-ancestors 'self'",
        hashes.collect::<String>()
    )
}

/// The content of each script that stands in the page.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    let scripts = page.split("<script").skip(1);
    scripts.filter_map(|script| {
        let (attributes, rest) = script.split_once('>')?;
        let content = rest.split_once("</script")?.0;
        (!attributes.contains(" src=")).then_some(content)
    })
}

fn hash(script: &str) -> String {
    base64(&Sha256::digest(script.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() {
                '='
            } else {
                letter.into()
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_its_padding() {
        let encoded = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }

    /// The hash is what a browser computes: `printf 'alert(1)' | openssl dgst
    /// -sha256 -binary | base64`.
    #[test]
    fn each_script_of_the_page_is_allowed_and_no_other() {
        let page = "<script>alert(1)</script><script src=\"a.js\"></script>";
        let policy = of_page(page);
        let scripts = "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';";
        assert!(policy.contains(scripts), "{policy}");
        assert!(!policy.contains("script-src 'self' 'unsafe"), "{policy}");
    }
}
