//! The programs that the tests need, and what happens where one is missing.

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What was found on this machine.
pub(crate) struct Tools {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
    pub(crate) axe: PathBuf,
}

/// Set by who knows that this machine can have no browser, with the reason.
const WITHOUT: &str = "ON_THE_WIRE_NO_BROWSER";

/// The tools, or `None` where the test is to be skipped.
///
/// # Panics
/// Where `CI` is set and a tool is missing: there, nothing is skipped unseen.
pub(crate) fn find() -> Option<Tools> {
    let missing = match look() {
        Ok(tools) => return Some(tools),
        Err(missing) => missing,
    };
    let without = env::var_os(WITHOUT);
    assert!(
        without.is_some() || env::var_os("CI").is_none(),
        "{missing}"
    );
    let reason = without.map_or(missing, |reason| reason.display().to_string());
    // Not with `eprintln`: of a test that passes, nobody would see that.
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    drop(writeln!(std::io::stderr(), "skipped: {test}: {reason}"));
    None
}

fn look() -> Result<Tools, String> {
    let program = |variable: &str, names: &[&str]| {
        let said = env::var_os(variable).map(PathBuf::from);
        said.or_else(|| names.iter().find_map(|name| on_path(name)))
            .ok_or_else(|| {
                format!(
                    "no {} here: `bash .ci/run` tells how it is installed",
                    names[0]
                )
            })
    };
    let axe = env::var_os("AXE").map_or_else(axe_in_target, PathBuf::from);
    if !axe.is_file() {
        return Err(format!(
            "no axe-core at {}: `bash .ci/axe` gets it",
            axe.display()
        ));
    }
    Ok(Tools {
        chromium: program("CHROMIUM", &["chromium", "google-chrome", "chrome"])?,
        driver: program("CHROMEDRIVER", &["chromedriver"])?,
        axe,
    })
}

/// Where `.ci/axe` puts it.
fn axe_in_target() -> PathBuf {
    course_root().join("target/axe-core/package/axe.min.js")
}

/// The folder of the course that these tests belong to.
pub(crate) fn course_root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
}

fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let mut files = env::split_paths(&folders).map(|folder| folder.join(name));
    files.find(|file| file.is_file())
}
