//! Search, and all that a reader does by keyboard.

use fantoccini::key::Key;
use serde_json::json;

use super::browser::{Device, Reader, with_browser};
use super::course;

#[test]
fn search_finds_a_word_and_leads_to_it() {
    with_browser(Device::Desk, async |reader: Reader| {
        reader.open(&course::file("index.html")).await;
        reader.press("/").await;
        reader
            .waits_for("return document.activeElement.id === 'mdbook-searchbar'")
            .await;
        reader.press("half-close").await;
        reader
            .sees("#mdbook-searchresults", "A server that shouts")
            .await;
        reader.press(&Key::Enter.to_string()).await;
        reader.press(&Key::Enter.to_string()).await;
        reader
            .waits_for("return location.pathname.endsWith('index.html') === false")
            .await;
        let mark = "document.querySelector('main mark')?.textContent.toLowerCase()";
        reader
            .waits_for(&format!("return {mark} === 'half-close'"))
            .await;
    });
}

#[test]
fn chapters_the_sidebar_and_the_text_are_reached_by_keys() {
    with_browser(Device::Desk, async |reader: Reader| {
        reader.open(&course::file("tcp-server.html")).await;
        reader.press(&Key::Tab.to_string()).await;
        assert_eq!(
            reader.run("return document.activeElement.className").await,
            json!("skip")
        );
        reader.press(&Key::Enter.to_string()).await;
        assert_eq!(
            reader.run("return document.activeElement.tagName").await,
            json!("MAIN")
        );

        let toggle = "document.getElementById('mdbook-sidebar-toggle')";
        reader.run(&format!("{toggle}.focus()")).await;
        let is_open = format!("return {toggle}.getAttribute('aria-expanded')");
        let before = reader.run(&is_open).await;
        reader.press(&Key::Enter.to_string()).await;
        assert_ne!(reader.run(&is_open).await, before);
        reader.press(" ").await;
        assert_eq!(reader.run(&is_open).await, before);

        reader.run("document.activeElement.blur()").await;
        reader.press(&Key::Right.to_string()).await;
        reader
            .waits_for("return location.pathname.endsWith('tcp-client.html')")
            .await;
    });
}

#[test]
fn two_themes_are_offered_and_one_of_another_book_does_no_harm() {
    with_browser(Device::Desk, async |reader: Reader| {
        reader.open(&course::file("index.html")).await;
        reader.click("#mdbook-theme-toggle").await;
        let names = reader.text("#mdbook-theme-list").await;
        assert_eq!(
            names.split_whitespace().collect::<Vec<_>>().join(" "),
            "As the system Light Dark"
        );
        reader.click("#mdbook-theme-navy").await;
        let ground = "return getComputedStyle(document.documentElement).backgroundColor";
        let dark = reader.run(ground).await;
        reader.choose_theme("coal").await;
        assert_eq!(reader.run(ground).await, dark);
        reader.choose_theme("rust").await;
        assert_ne!(reader.run(ground).await, dark);
    });
}
