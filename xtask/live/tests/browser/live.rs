//! The learner's own verdict appears beside the text, in every open tab.

use serde_json::json;

use super::browser::{Device, Reader, with_browser};
use super::course::{self, Course};

const SUMMARY: &str = "section.live .live-summary";

#[test]
fn a_verdict_changes_from_failing_to_passing_without_a_reload() {
    with_browser(Device::Desk, async |reader: Reader| {
        let course = Course::serve();
        reader.open(&course.page("tcp-server.html")).await;
        reader.run("window.isTheSamePage = true").await;
        course.judge("tcp-server", &course::failing());
        reader.sees(SUMMARY, "1 of 2 checks pass").await;
        for words in [
            "closes",
            "spinning",
            "nothing for 5.0 s",
            "Closes when the client does.",
        ] {
            reader.sees("section.live", words).await;
        }
        course.judge("tcp-server", &course::passing());
        course.finish("tcp-server");
        reader.sees(SUMMARY, "passes all 2 checks").await;
        reader.sees("#mdbook-sidebar .active", "finished").await;
        assert!(!reader.text("section.live").await.contains("spinning"));
        assert_eq!(reader.run("return window.isTheSamePage").await, json!(true));
    });
}

#[test]
fn nine_tabs_all_get_the_verdict() {
    with_browser(Device::Desk, async |reader: Reader| {
        let course = Course::serve();
        course.judge("tcp-server", &course::failing());
        reader.open(&course.page("tcp-server.html")).await;
        for _ in 1..9 {
            let tab = reader.client.new_window(true).await.expect("a tab").handle;
            reader.client.switch_to_window(tab).await.expect("the tab");
            reader.open(&course.page("tcp-server.html")).await;
        }
        let tabs = reader.client.windows().await.expect("the tabs");
        assert_eq!(tabs.len(), 9);
        let turn = async |words: &str| {
            for tab in &tabs {
                reader
                    .client
                    .switch_to_window(tab.clone())
                    .await
                    .expect("the tab");
                reader.sees(SUMMARY, words).await;
            }
        };
        turn("1 of 2 checks pass").await;
        course.judge("tcp-server", &course::passing());
        turn("passes all 2 checks").await;
    });
}
