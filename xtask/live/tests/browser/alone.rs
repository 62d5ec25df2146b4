//! The book is complete as files: without the server, and without any script.

use fantoccini::Locator;

use super::browser::{Device, Reader, with_browser};
use super::course;

/// What is shown of the first element; found and read without the page's script.
async fn shown(reader: &Reader, selector: &str) -> String {
    let found = reader
        .client
        .find(Locator::Css(selector))
        .await
        .expect(selector);
    assert!(
        found.is_displayed().await.expect(selector),
        "{selector} is not shown"
    );
    found.text().await.expect(selector)
}

#[test]
fn without_script_and_server_all_of_a_chapter_can_be_read() {
    with_browser(Device::WithoutScript, async |reader: Reader| {
        reader.open(&course::file("tcp-server.html")).await;
        let class = reader
            .client
            .find(Locator::Css("html"))
            .await
            .expect("the page");
        let class = class
            .attr("class")
            .await
            .expect("its class")
            .unwrap_or_default();
        assert!(
            !class.split(' ').any(|name| name == "js"),
            "scripts run: {class}"
        );

        assert!(shown(&reader, "figure.listing pre").await.contains("fn "));
        shown(&reader, "figure.wire svg").await;
        shown(&reader, "section.live").await;
        assert!(
            shown(&reader, "section.live")
                .await
                .contains("cargo xtask check tcp-server")
        );
        shown(&reader, "form.quiz .options label").await;
        reader.click("form.quiz .answers summary").await;
        assert!(
            shown(&reader, "form.quiz .answers .right")
                .await
                .contains("Right.")
        );

        reader.click(".nav-wide-wrapper .next").await;
        let next = reader.client.current_url().await.expect("an address");
        assert!(!next.path().ends_with("/tcp-server.html"), "{next}");
    });
}

#[test]
fn as_files_every_page_shows_its_text_and_has_no_error() {
    with_browser(Device::Desk, async |reader: Reader| {
        for name in course::kinds() {
            reader.open(&course::file(&name)).await;
            assert_ne!(reader.text("main h1").await, "", "{name}");
            let others = reader.requests().await;
            let strange: Vec<_> = others
                .iter()
                .filter(|url| !url.starts_with("file:") && !url.starts_with("data:"))
                .collect();
            assert!(strange.is_empty(), "{name} asks for {strange:?}");
        }
    });
}
