//! No page asks anybody else for anything.

use super::browser::{Device, Reader, with_browser};
use super::course::{self, Course};

#[test]
fn no_page_makes_an_external_request() {
    with_browser(Device::Desk, async |reader: Reader| {
        let course = Course::serve();
        course.judge("tcp-server", &course::failing());
        for name in course::kinds() {
            reader.open(&course.page(&name)).await;
            if name == "tcp-server.html" {
                reader.sees("section.live", "spinning").await;
            }
            let requests = reader.requests().await;
            assert!(!requests.is_empty(), "{name}: the log is empty");
            let is_own = |url: &String| url.starts_with(&course.url) || url.starts_with("data:");
            let strange: Vec<_> = requests.iter().filter(|url| !is_own(url)).collect();
            assert!(strange.is_empty(), "{name} asks for {strange:?}");
        }
    });
}
