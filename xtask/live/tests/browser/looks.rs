//! Nobody is shut out, in light and in dark; nothing is wider than a phone.

use serde_json::json;

use super::browser::{Device, Reader, with_browser};
use super::course::{self, Course};

/// The elements that reach over the right edge and cannot be scrolled to.
const TOO_WIDE: &str = "
    const width = document.documentElement.clientWidth;
    const scrolls = (element) => {
      for (let it = element.parentElement; it && it.tagName !== 'MAIN'; it = it.parentElement)
        if (['auto', 'scroll'].includes(getComputedStyle(it).overflowX)) return true;
      return false;
    };
    const wide = Array.from(document.querySelectorAll('main *')).filter((element) => {
      const { right, width: own } = element.getBoundingClientRect();
      return own > 0 && right > width + 1 && !scrolls(element)
        && !element.closest('.quiz-news, .live-words');
    });
    const found = wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
    if (document.documentElement.scrollWidth > width) found.push('the page itself');
    return found;";

async fn has_no_barriers(theme: &str, reader: &Reader) {
    let course = Course::serve();
    course.judge("tcp-server", &course::failing());
    for name in course::kinds() {
        reader.open(&course.page(&name)).await;
        reader.choose_theme(theme).await;
        if name == "tcp-server.html" {
            reader.sees("section.live", "spinning").await;
            reader.click("form.quiz .options label").await;
        }
        let barriers = reader.barriers().await;
        assert!(
            barriers.is_empty(),
            "{name} in {theme}:\n{}",
            barriers.join("\n")
        );
    }
}

#[test]
fn axe_finds_nothing_serious_in_light() {
    with_browser(Device::Desk, async |reader: Reader| {
        has_no_barriers("light", &reader).await
    });
}

#[test]
fn axe_finds_nothing_serious_in_dark() {
    with_browser(Device::Desk, async |reader: Reader| {
        has_no_barriers("navy", &reader).await
    });
}

#[test]
fn no_page_is_wider_than_a_phone() {
    with_browser(Device::Phone, async |reader: Reader| {
        for name in course::names() {
            reader.open(&course::file(&name)).await;
            assert_eq!(reader.run("return innerWidth").await, json!(360), "{name}");
            let wide = reader.run(TOO_WIDE).await;
            assert_eq!(wide, json!([]), "{name}");
        }
    });
}

#[test]
fn a_verdict_is_no_wider_than_a_phone() {
    with_browser(Device::Phone, async |reader: Reader| {
        let course = Course::serve();
        let mut verdict = course::failing();
        verdict["lessons"][0]["checks"][1]["got"] = json!("x".repeat(500));
        course.judge("tcp-server", &verdict);
        reader.open(&course.page("tcp-server.html")).await;
        reader.sees("section.live", "spinning").await;
        assert_eq!(reader.run(TOO_WIDE).await, json!([]));
    });
}
