//! Starters and solutions as clippy and rustfmt see them: learners copy them.

use std::ffi::OsString;

use super::proof::Proof;
use crate::cargo::arguments;
use crate::course::{Course, Lesson};
use crate::screen::Screen;
use crate::tool::Tool;

/// Proves that clippy and rustfmt have nothing to say about `lessons`.
pub(super) fn prove(
    course: &Course,
    lessons: &[&Lesson],
    screen: &Screen,
    tell: &mut dyn FnMut(Proof),
) -> anyhow::Result<()> {
    for (role, workspace) in [("exercise", "exercises"), ("solution", ".")] {
        let manifest = course.root.join(workspace).join("Cargo.toml");
        let mut of_workspace = arguments([&"--manifest-path", &manifest]);
        for lesson in lessons {
            of_workspace.extend(arguments([
                &"--package",
                &format!("{}-{role}", lesson.name),
            ]));
        }
        let clippy = [
            arguments([&"clippy", &"--all-targets"]),
            of_workspace.clone(),
            arguments([&"--", &"--deny=warnings"]),
        ];
        tell(prove_one(
            course,
            &format!("clippy is content with each {role}"),
            clippy.concat(),
            screen,
        )?);
        let fmt = [arguments([&"fmt", &"--check"]), of_workspace].concat();
        tell(prove_one(
            course,
            &format!("rustfmt is content with each {role}"),
            fmt,
            screen,
        )?);
    }
    Ok(())
}

fn prove_one(
    course: &Course,
    claim: &str,
    arguments: Vec<OsString>,
    screen: &Screen,
) -> anyhow::Result<Proof> {
    let shown: Vec<_> = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .collect();
    let problem = format!("see above; again with: cargo {}", shown.join(" "));
    let done = Tool {
        arguments,
        folder: &course.root,
        environment: &[],
    }
    .run(screen)?;
    let problems = if done.success {
        Vec::new()
    } else {
        vec![problem]
    };
    Ok(Proof::new(claim, &problems).took(done.took))
}
