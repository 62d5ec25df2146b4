//! On paper nothing is cut off.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::browser::{Device, Reader, with_browser};
use super::course;
use super::tools;

/// A page of A4 between the margins of `paper.css`, in CSS pixels.
const WIDTH: u32 = 672;
const HEIGHT: u32 = 986;

/// The drawings, listings and tables that do not fit on a page, and a title above
/// the first one.
const CUT_OFF: &str = "
    const [width, height] = arguments;
    if (document.querySelector('main h1').getBoundingClientRect().top < 0) return ['the title'];
    const boxes = document.querySelectorAll('main :is(svg, pre > code, table, fieldset)');
    const cut = Array.from(boxes).filter((box) => {
      const { right, height: own } = box.getBoundingClientRect();
      const isWide = right > width + 1 || box.scrollWidth > box.clientWidth + 1;
      const isDrawing = box.matches('.wire-diagram, .drawing svg');
      const isSplit = getComputedStyle(box.closest('.drawing') ?? box).breakInside !== 'avoid';
      return isWide || (isDrawing && (own > height || isSplit));
    });
    return cut.slice(0, 5).map((box) => box.outerHTML.slice(0, 120));";

#[test]
fn nothing_is_cut_off() {
    with_browser(Device::Desk, async |reader: Reader| {
        // The page prints itself as soon as it is there: to whom, in a test?
        let source = json!({ "source": "window.print = () => {}" });
        reader
            .protocol("Page.addScriptToEvaluateOnNewDocument", source)
            .await;
        reader.open(&course::file("print.html")).await;
        reader
            .protocol("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await;
        let metrics = json!({
            "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false,
        });
        reader
            .protocol("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let arguments = vec![json!(WIDTH), json!(HEIGHT)];
        let cut = reader
            .client
            .execute(CUT_OFF, arguments)
            .await
            .expect("the boxes");
        assert_eq!(cut, json!([]));
    });
}

#[test]
fn what_is_folded_on_the_screen_is_open_on_paper() {
    with_browser(Device::Desk, async |reader: Reader| {
        reader.open(&course::file("tcp-server.html")).await;
        reader
            .run("window.dispatchEvent(new Event('beforeprint'))")
            .await;
        let folded = "return document.querySelectorAll('main details:not([open])').length";
        assert_eq!(reader.run(folded).await, json!(0));
        reader
            .run("window.dispatchEvent(new Event('afterprint'))")
            .await;
        assert_ne!(reader.run(folded).await, json!(0));
    });
}

/// By Chromium alone: its driver allows ten seconds for a hundred pages.
#[test]
fn the_whole_book_becomes_a_pdf() {
    let Some(tools) = tools::find() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let paper = folder.path().join("book.pdf");
    let mut chromium = Command::new(&tools.chromium)
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("--print-to-pdf={}", paper.display()))
        .arg(course::file("print.html"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromium starts");
    let end = Instant::now() + Duration::from_secs(180);
    while chromium.try_wait().expect("its state").is_none() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(chromium.kill());
    drop(chromium.wait());
    let bytes = fs::read(&paper).expect("a PDF");
    assert!(bytes.starts_with(b"%PDF"), "no PDF");
    assert!(bytes.len() > 200_000, "{} bytes are no book", bytes.len());
}
