//! Variables that change what Cargo does, or where connections go.

use super::Place;
use crate::report::diagnosis::Finding;

/// Variables of Cargo's and rustc's that `cargo run` does not set itself.
const NAMES: &[&str] = &[
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_TARGET_DIR",
    "RUSTC",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

const PREFIXES: &[&str] = &["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_"];

pub(super) fn variables(_place: &Place) -> anyhow::Result<Finding> {
    let changed = building(&set_variables());
    Ok(match changed.is_empty() {
        true => Finding::fine("nothing in it changes how Cargo builds"),
        false => Finding::doubtful(
            format!(
                "{} may change how and where Cargo builds",
                changed.join(", ")
            ),
            format!("unset {}", changed.join(" ")),
        ),
    })
}

fn building(set: &[String]) -> Vec<String> {
    let counts = |name: &&String| {
        NAMES.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
    };
    let mut names: Vec<String> = set.iter().filter(counts).cloned().collect();
    names.sort();
    names.dedup();
    names
}

/// The names alone: a proxy's address may have a password in it.
fn set_variables() -> Vec<String> {
    let variables = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    variables
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .collect()
}

pub(super) fn proxies(_place: &Place) -> anyhow::Result<Finding> {
    let spared = ["no_proxy", "NO_PROXY"].map(|name| std::env::var(name).unwrap_or_default());
    Ok(judge_proxies(&set_variables(), &spared.join(",")))
}

fn judge_proxies(set: &[String], spared: &str) -> Finding {
    let is_set = |name: &&str| set.iter().any(|set| set == name);
    // These put themselves between every program and its sockets.
    let preloaded = ["LD_PRELOAD", "DYLD_INSERT_LIBRARIES"];
    if let Some(name) = preloaded.iter().find(|name| is_set(name)) {
        return Finding::doubtful(
            format!("{name} is set: what it loads may catch connections (proxychains, torsocks)"),
            format!("unset {name}"),
        );
    }
    let names = [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ];
    let Some(name) = names.iter().find(|name| is_set(name)) else {
        return Finding::fine("none");
    };
    let mut spared = spared.split(',').map(str::trim);
    let spares_loopback =
        spared.any(|host| matches!(host, "*" | "127.0.0.1" | "127.0.0.0/8" | "127.0.0.1/8"));
    match spares_loopback {
        true => Finding::fine(format!("{name} is set, and spares 127.0.0.1")),
        false => Finding::doubtful(
            format!("{name} is set, and would catch 127.0.0.1 (curl, browsers; not the checks)"),
            "export NO_PROXY=localhost,127.0.0.1,::1 no_proxy=localhost,127.0.0.1,::1",
        ),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::diagnosis::State;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_string()).collect()
    }

    #[test]
    fn only_what_cargo_did_not_set_itself_counts() {
        let set = names(&[
            "RUSTFLAGS",
            "CARGO_BUILD_TARGET",
            "CARGO",
            "CARGO_MANIFEST_DIR",
            "CARGO_PKG_NAME",
            "RUSTUP_TOOLCHAIN",
        ]);
        assert_eq!(building(&set), ["CARGO_BUILD_TARGET", "RUSTFLAGS"]);
    }

    #[rstest]
    #[case::none(&[], "", State::Fine)]
    #[case::catches(&["ALL_PROXY"], "localhost", State::Doubtful)]
    #[case::spares(&["http_proxy"], "localhost, 127.0.0.1", State::Fine)]
    #[case::preloaded(&["LD_PRELOAD"], "127.0.0.1", State::Doubtful)]
    fn a_proxy_has_to_spare_loopback(
        #[case] set: &[&str],
        #[case] spared: &str,
        #[case] expected: State,
    ) {
        let finding = judge_proxies(&names(set), spared);
        assert_eq!(finding.state, expected, "{finding:?}");
    }
}
