//! Whatever a learner's program prints, in the page it is text.

use serde_json::json;

use super::browser::{Device, Reader, with_browser};
use super::course::{self, Course};

const MARKUP: &str = "<img src=x onerror=\"window.isHacked=1;alert(1)\">\
    <script>window.isHacked=1;alert(2)</script><svg onload=\"window.isHacked=1\"></svg>\
    <a href=\"javascript:window.isHacked=1\">go</a>";

const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" \
    onload=\"window.isHacked=1\"><script>window.isHacked=1</script>\
    <a href=\"javascript:window.isHacked=1\"><text x=\"1\" y=\"9\">go</text></a>\
    <foreignObject><img xmlns=\"http://www.w3.org/1999/xhtml\" src=\"x\" \
    onerror=\"window.isHacked=1\"/></foreignObject>\
    <image href=\"http://127.0.0.1:9/x\"/><text x=\"1\" y=\"5\">a word</text></svg>";

#[test]
fn hostile_output_stays_text() {
    with_browser(Device::Desk, async |reader: Reader| {
        let course = Course::serve();
        let mut verdict = course::failing();
        for field in ["name", "says", "cause", "expected", "got"] {
            verdict["lessons"][0]["checks"][1][field] = json!(format!("{field} {MARKUP}"));
        }
        verdict["pitfall"] = json!({
            "id": MARKUP, "title": MARKUP, "text": MARKUP,
            "place": "book/src/javascript:window.isHacked=1.md, x",
        });
        verdict["drawing"] = json!(DRAWING);
        verdict["sentences"] = json!([MARKUP]);
        course.judge("tcp-server", &verdict);
        reader.open(&course.page("tcp-server.html")).await;
        reader.sees("section.live", "got <img src=x onerror=").await;
        reader.sees("section.live .drawing", "a word").await;

        let strange = "return Array.from(document.querySelectorAll( \
            'section.live :is(img, script, image, foreignObject, [onload], [onerror])'), \
            (it) => it.outerHTML)";
        assert_eq!(reader.run(strange).await, json!([]));
        let links = "return Array.from(document.querySelectorAll('section.live a[href]'), \
            (it) => it.href).filter((href) => href.startsWith('javascript'))";
        assert_eq!(reader.run(links).await, json!([]));
        assert_eq!(
            reader.run("return window.isHacked ?? null").await,
            json!(null)
        );
        reader
            .client
            .get_alert_text()
            .await
            .expect_err("an alert is open");
    });
}

/// A word that every object of JavaScript knows is still only a word.
#[test]
fn a_state_that_nobody_knows_is_shown_as_it_is() {
    with_browser(Device::Desk, async |reader: Reader| {
        let course = Course::serve();
        reader.open(&course.page("tcp-server.html")).await;
        for state in ["constructor", "__proto__", "to come"] {
            let mut verdict = course::failing();
            verdict["lessons"][0]["checks"][0]["status"] = json!(state);
            course.judge("tcp-server", &verdict);
            let told = format!("{state}: Answers in upper case.");
            reader.sees("section.live", &told).await;
        }
    });
}

#[test]
fn the_page_allows_no_script_that_it_did_not_bring() {
    with_browser(Device::Desk, async |reader: Reader| {
        let course = Course::serve();
        reader.open(&course.page("tcp-server.html")).await;
        reader
            .run(
                "const script = document.createElement('script'); \
                 script.textContent = 'window.isHacked = 1'; document.body.append(script); \
                 const image = document.createElement('img'); \
                 image.setAttribute('onerror', 'window.isHacked = 1'); image.src = 'x'; \
                 document.body.append(image); window.isTried = true",
            )
            .await;
        reader
            .waits_for("return window.isTried && document.images[0].complete")
            .await;
        assert_eq!(
            reader.run("return window.isHacked ?? null").await,
            json!(null)
        );
    });
}
