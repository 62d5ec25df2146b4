//! What Cargo has made, by the messages that it prints for programs.

use std::path::PathBuf;

use wire::Value;

/// The packages of this machine that went into a build.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct LocalPackages {
    pub(crate) artifacts: Vec<Artifact>,
    /// One of them has done something of its own to be built.
    pub(crate) ran_a_script: bool,
}

/// Something that was made of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Artifact {
    /// Cargo's own name of the package.
    pub(crate) package: String,
    pub(crate) manifest: PathBuf,
    pub(crate) target: String,
    /// The source file of its crate root.
    pub(crate) source: PathBuf,
    /// The first of the files that it is.
    pub(crate) file: PathBuf,
    /// Cargo has found it up to date.
    pub(crate) fresh: bool,
}

/// A program that Cargo has made, or found up to date.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Executable {
    pub(crate) target: String,
    pub(crate) kind: Kind,
    /// The source file of its crate root.
    pub(crate) source: PathBuf,
    pub(crate) path: PathBuf,
}

/// What an executable is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Program,
    IntegrationTest,
}

/// The executables among Cargo's JSON messages. Their paths are never guessed:
/// `CARGO_TARGET_DIR`, a profile or a target triple would prove us wrong.
pub(super) fn executables(messages: &[u8]) -> Vec<Executable> {
    parsed(messages)
        .filter_map(|message| executable(&message))
        .collect()
}

pub(super) fn local_packages(messages: &[u8]) -> LocalPackages {
    let mut local = LocalPackages::default();
    let is_local = |message: &Value| {
        let id = message["package_id"].as_str();
        id.is_some_and(|id| id.starts_with("path+"))
    };
    for message in parsed(messages).filter(is_local) {
        local.ran_a_script |= message["reason"] == "build-script-executed";
        local.artifacts.extend(artifact(&message));
    }
    local
}

fn artifact(message: &Value) -> Option<Artifact> {
    let target = &message["target"];
    Some(Artifact {
        package: message["package_id"].as_str()?.to_string(),
        manifest: message["manifest_path"].as_str()?.into(),
        target: target["name"].as_str()?.to_string(),
        source: target["src_path"].as_str()?.into(),
        file: message["filenames"][0].as_str()?.into(),
        fresh: message["fresh"].as_bool()?,
    })
}

fn parsed(messages: &[u8]) -> impl Iterator<Item = Value> {
    let lines = messages.split(|byte| *byte == b'\n');
    lines.filter_map(|line| Value::parse(line).ok())
}

fn executable(message: &Value) -> Option<Executable> {
    let target = &message["target"];
    let kind = match target["kind"][0].as_str()? {
        "bin" if message["profile"]["test"] == false => Kind::Program,
        "test" => Kind::IntegrationTest,
        _ => return None,
    };
    Some(Executable {
        target: target["name"].as_str()?.to_string(),
        kind,
        source: target["src_path"].as_str()?.into(),
        path: message["executable"].as_str()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_unit_tests_of_a_program_are_not_the_program() {
        let message = |test: &str, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"kind":["bin"],"name":"a","src_path":"/c/a/src/main.rs"}},"profile":{{"test":{test}}},"executable":"{executable}"}}"#
            )
        };
        let messages = format!(
            "{}\nnoise\n{}\n",
            message("true", "/t/unit"),
            message("false", "/t/a")
        );
        let finished = crate::cargo::Finished {
            success: true,
            words: String::new(),
            executables: executables(messages.as_bytes()),
            local: LocalPackages::default(),
        };
        assert_eq!(finished.executables.len(), 1);
        assert_eq!(
            finished.find(Kind::Program, "a", Path::new("/c/a")),
            Some(Path::new("/t/a"))
        );
        assert_eq!(finished.find(Kind::Program, "a", Path::new("/c/b")), None);
    }

    #[test]
    fn packages_of_this_machine_are_told_from_a_registrys() {
        let messages = r#"{"reason":"compiler-artifact","package_id":"path+file:///c/a#0.1.0","manifest_path":"/c/a/Cargo.toml","target":{"name":"a","src_path":"/c/a/src/lib.rs"},"filenames":["/t/liba.rlib"],"fresh":true}
{"reason":"compiler-artifact","package_id":"registry+https://index#b@1.0.0","manifest_path":"/r/b/Cargo.toml","target":{"name":"b","src_path":"/r/b/src/lib.rs"},"filenames":["/t/libb.rlib"],"fresh":true}
{"reason":"build-script-executed","package_id":"registry+https://index#b@1.0.0"}
"#;
        let local = local_packages(messages.as_bytes());
        let artifact = Artifact {
            package: "path+file:///c/a#0.1.0".to_string(),
            manifest: "/c/a/Cargo.toml".into(),
            target: "a".to_string(),
            source: "/c/a/src/lib.rs".into(),
            file: "/t/liba.rlib".into(),
            fresh: true,
        };
        assert_eq!(local.artifacts, [artifact]);
        assert!(!local.ran_a_script);
        let script = r#"{"reason":"build-script-executed","package_id":"path+file:///c/a#0.1.0"}"#;
        assert!(local_packages(script.as_bytes()).ran_a_script);
    }
}
