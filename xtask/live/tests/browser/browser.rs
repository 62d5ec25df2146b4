//! One browser for one test, and what a reader does with it.

use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::command::Extension;
use super::driver::Driver;
use super::tools::{self, Tools};

/// How long a test waits for something: far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the reader reads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// A window of 1280 × 900.
    Desk,
    /// A phone of 360 × 740.
    Phone,
    /// A window in which no page may run a script.
    WithoutScript,
}

/// The pages of one browser.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) client: Client,
    axe: String,
}

/// Runs `test` in a browser of its own; skips it where there is none.
pub(crate) fn with_browser<F>(device: Device, test: impl FnOnce(Reader) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(tools) = tools::find() else { return };
    let driver = Driver::start(&tools);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let result = runtime.block_on(async {
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&tools, device))
            .connect(&driver.url)
            .await
            .expect("a browser");
        let axe = std::fs::read_to_string(&tools.axe).expect("axe-core");
        let reader = Reader { client, axe };
        // In a task of its own: also after a panic the browser is closed.
        let result = tokio::spawn(test(reader.clone())).await;
        drop(reader.client.close().await);
        result
    });
    if let Err(failed) = result {
        std::panic::resume_unwind(failed.into_panic());
    }
}

fn capabilities(tools: &Tools, device: Device) -> serde_json::Map<String, Value> {
    let mut options = json!({
        "binary": tools.chromium,
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900",
            "--disable-dev-shm-usage", "--disable-background-networking",
            // Whoever asks for a name gets none: a test needs no network.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
    });
    match device {
        Device::Desk => {}
        Device::Phone => {
            let metrics = json!({ "width": 360, "height": 740, "pixelRatio": 2.0, "touch": true });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        Device::WithoutScript => {
            let never = 2;
            options["prefs"] =
                json!({ "profile.managed_default_content_settings.javascript": never });
        }
    }
    let all = json!({
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "performance": "ALL" },
        "unhandledPromptBehavior": "ignore",
        // axe-core looks at the whole book on one page, maybe on a busy machine.
        "timeouts": { "script": 300_000, "pageLoad": 300_000 },
    });
    all.as_object().cloned().unwrap_or_default()
}

impl Reader {
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.expect(url);
    }

    /// What `script` returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect(script)
    }

    /// The text that `selector` shows; empty where nothing is shown.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let arguments = vec![json!(selector)];
        let text = self
            .client
            .execute(script, arguments)
            .await
            .expect("a page");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until `selector` shows `words`.
    pub(crate) async fn sees(&self, selector: &str, words: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.text(selector).await;
            if text.contains(words) {
                return;
            }
            assert!(Instant::now() < end, "no {words:?} in {selector}: {text:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until `script` returns true.
    pub(crate) async fn waits_for(&self, script: &str) {
        let end = Instant::now() + PATIENCE;
        while self.run(script).await != json!(true) {
            assert!(Instant::now() < end, "never true: {script}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn click(&self, selector: &str) {
        let found = self.client.find(Locator::Css(selector)).await;
        found.expect(selector).click().await.expect(selector);
    }

    /// Presses keys where the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("a focus");
        focused.send_keys(keys).await.expect("keys");
    }

    /// Sets the theme for all pages at this address, and loads the page anew.
    pub(crate) async fn choose_theme(&self, theme: &str) {
        self.run(&format!("localStorage.setItem('mdbook-theme', '{theme}')"))
            .await;
        self.client.refresh().await.expect("the page again");
    }

    /// A command of Chromium's own protocol.
    pub(crate) async fn protocol(&self, name: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": name, "params": parameters });
        let command = Extension::new("goog/cdp/execute", body);
        self.client.issue_cmd(command).await.expect(name)
    }

    /// The address of each request since the last call.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let command = Extension::new("se/log", json!({ "type": "performance" }));
        let log = self.client.issue_cmd(command).await.expect("the log");
        let entries = log.as_array().cloned().unwrap_or_default();
        let messages = entries.iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            let is_request = message["method"] == "Network.requestWillBeSent";
            let url = message["params"]["request"]["url"].as_str()?;
            is_request.then(|| url.to_owned())
        });
        messages.collect()
    }

    /// What axe-core finds serious or critical on this page.
    pub(crate) async fn barriers(&self) -> Vec<String> {
        // In the page's own place: `execute` gives the script a scope of its own.
        self.run(&self.axe).await;
        let script = "const done = arguments[0]; \
            axe.run(document, { resultTypes: ['violations'] }).then( \
            (found) => done(found.violations), (error) => done([{ impact: 'critical', \
            id: String(error), nodes: [] }]))";
        let found = self
            .client
            .execute_async(script, Vec::new())
            .await
            .expect("axe");
        let found = found.as_array().cloned().unwrap_or_default();
        let grave = found
            .iter()
            .filter(|it| it["impact"] == "serious" || it["impact"] == "critical");
        grave.map(told).collect()
    }
}

/// A violation with the first places where it is.
fn told(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
    let places: Vec<String> = nodes
        .iter()
        .take(3)
        .map(|node| format!("{} {}", node["html"], node["failureSummary"]))
        .collect();
    format!(
        "{} ({} times): {}",
        violation["id"],
        nodes.len(),
        places.join(" | ")
    )
}
