//! Quizzes answer, by mouse and by keyboard, and remember.

use fantoccini::key::Key;
use serde_json::json;

use super::browser::{Device, Reader, with_browser};
use super::course;

const FIRST: &str = "form.quiz fieldset";

/// The place of an option of the first question, right or wrong.
async fn option(reader: &Reader, class: &str) -> String {
    let script =
        format!("return document.querySelector('{FIRST} .answers > ol > .{class}').dataset.option");
    let number = reader.run(&script).await;
    let number = number.as_str().expect("an option").to_owned();
    format!("{FIRST} .options input[value=\"{number}\"]")
}

#[test]
fn a_click_shows_the_reason_and_the_answer_is_kept() {
    with_browser(Device::Desk, async |reader: Reader| {
        reader.open(&course::file("tcp-server.html")).await;
        assert_eq!(reader.text(".chosen-reason").await, "");
        let wrong = option(&reader, "wrong").await;
        reader.click(&wrong).await;
        reader.sees(".chosen-reason", "Not this one.").await;
        let right = option(&reader, "right").await;
        reader.click(&right).await;
        reader.sees(".chosen-reason", "Right.").await;
        reader.sees(".quiz-score", "1 right").await;
        let said = reader.text(".chosen-reason").await;
        assert!(said.len() > "✓ Right. ".len(), "no reason: {said}");

        reader.client.refresh().await.expect("the page again");
        reader.sees(".chosen-reason", &said).await;
        reader.open(&course::file("quizzes.html")).await;
        reader
            .sees("form[data-quiz=\"tcp-server\"] .chosen-reason", &said)
            .await;
        reader.open(&course::file("tcp-server.html")).await;

        reader.click(".quiz-reset").await;
        assert_eq!(reader.text(".chosen-reason").await, "");
        reader.client.refresh().await.expect("the page again");
        assert_eq!(reader.text(".chosen-reason").await, "");
    });
}

#[test]
fn keys_are_enough() {
    with_browser(Device::Desk, async |reader: Reader| {
        reader.open(&course::file("tcp-server.html")).await;
        let page = reader.client.current_url().await.expect("an address");
        reader
            .run(&format!("document.querySelector('{FIRST} input').focus()"))
            .await;
        reader.press(" ").await;
        reader
            .sees(&format!("{FIRST} li:nth-child(1) .chosen-reason"), ".")
            .await;
        reader.press(&Key::Down.to_string()).await;
        reader
            .sees(&format!("{FIRST} li:nth-child(2) .chosen-reason"), ".")
            .await;
        // Left and right go to other chapters, but not from within a quiz.
        reader.press(&Key::Right.to_string()).await;
        reader
            .sees(&format!("{FIRST} li:nth-child(3) .chosen-reason"), ".")
            .await;
        assert_eq!(reader.client.current_url().await.expect("an address"), page);
        let news = reader
            .run("return document.querySelector('.quiz-news').textContent")
            .await;
        assert!(
            news.as_str().is_some_and(|news| news.contains(". ")),
            "{news}"
        );
        let focus = reader.run("return document.activeElement.type").await;
        assert_eq!(focus, json!("radio"));
    });
}
