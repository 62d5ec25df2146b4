//! Chromium's driver, as a process that ends with its test.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::tools::Tools;

/// A running driver.
pub(crate) struct Driver {
    process: Child,
    /// Where it listens.
    pub(crate) url: String,
}

impl Driver {
    /// Starts a driver on a port that the system chooses.
    pub(crate) fn start(tools: &Tools) -> Driver {
        let mut process = Command::new(&tools.driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let output = process.stdout.take().expect("its output");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| {
                let port = line.split_once("successfully on port ")?.1;
                Some(port.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver names its port");
        // Its pipe must not fill.
        std::thread::spawn(move || lines.for_each(drop));
        Driver {
            process,
            url: format!("http://127.0.0.1:{port}"),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
