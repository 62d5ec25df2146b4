//! The formats for graders, as the runner prints them about real programs.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::course::{Course, Ran};

/// Prints, while it is judged, what takes over a workflow.
const TAKES_OVER: &str = r#"    println!("{}::add-mask::a\n  ##[add-mask]b", "");
    eprintln!("::error::c\n::stop-commands::d\n</pre><script>");
"#;

/// The runner in a step of GitHub Actions with a summary of its own.
fn in_a_step(course: &Course, summary: &Path, code: i32) -> Ran {
    let mut command = course.command(&["check", "--format=github", "--all"]);
    command
        .env("GITHUB_ACTIONS", "true")
        .env(
            "GITHUB_WORKSPACE",
            course.path("..").canonicalize().expect("a folder"),
        )
        .env("GITHUB_STEP_SUMMARY", summary);
    Ran::of(command.output().expect("the runner starts")).ended_with(code)
}

/// The lines that GitHub's runner takes for commands.
fn commands(text: &str) -> Vec<&str> {
    let is_command = |line: &&str| {
        line.trim_start().starts_with("::") || (line.contains("##[") && line.contains(']'))
    };
    text.lines().filter(is_command).collect()
}

#[test]
fn a_step_of_github_gets_annotations_and_a_summary() {
    let course = Course::new(&["annotated"]);
    let program = "exercises/annotated/src/main.rs";
    course.replace(
        program,
        "        client?.write_all(b\"hello\\n\")?;",
        &format!("{TAKES_OVER}        drop(client);\n        panic!(\"::error::e\");"),
    );
    let summary = course.path("summary.md");
    fs::write(&summary, "# Before\n").expect("a file");
    let ran = in_a_step(&course, &summary, 1);
    let commands_of_ours = commands(&ran.stdout);
    let [group, end, greets, closes] = &commands_of_ours[..] else {
        panic!("{commands_of_ours:#?}");
    };
    assert_eq!(*group, "::group::annotated: 1 of 3 checks pass");
    assert_eq!(*end, "::endgroup::");
    let place = "::error file=annotated/exercises/annotated/src/main.rs,line=";
    assert!(greets.starts_with(place), "{greets}");
    assert!(greets.contains(",title=annotated%3A greets::"), "{greets}");
    assert!(closes.contains(",title=annotated%3A closes::"), "{closes}");
    assert!(
        ran.stdout.contains("\\::stop-commands::d"),
        "{}",
        ran.stdout
    );
    assert_eq!(commands(&ran.stderr), [""; 0]);

    let summary = fs::read_to_string(summary).expect("a summary");
    let rest = summary.strip_prefix("# Before\n### annotated");
    let rest = rest.expect(&summary);
    assert!(rest.contains("| failed | greets |"), "{summary}");
    assert!(rest.contains("&lt;script&gt;"), "{summary}");
    assert!(!rest.contains("<script>"), "{summary}");
}

#[test]
fn the_compilers_words_are_no_commands_in_a_step() {
    let course = Course::new(&["quoted"]);
    let program = "exercises/quoted/src/main.rs";
    course.replace(
        program,
        "hello",
        "hello\"; compile_error!(\"\\n::add-mask::a ##[add-mask]b\"); b\"",
    );
    let ran = in_a_step(&course, &course.path("summary.md"), 1);
    assert_eq!(commands(&ran.stderr), [""; 0]);
    assert!(ran.stderr.contains("\\::add-mask::a"), "{}", ran.stderr);
    let errors = commands(&ran.stdout);
    let place = "::error file=quoted/exercises/quoted/src/main.rs,title=quoted%3A builds::";
    assert!(errors[2].starts_with(place), "{errors:#?}");
    let summary = fs::read_to_string(course.path("summary.md")).expect("a summary");
    assert!(summary.contains("| not run | closes |"), "{summary}");
}

#[test]
fn a_summary_that_cannot_be_written_changes_no_verdict() {
    let course = Course::new(&["unwritten"]);
    let ran = in_a_step(&course, &course.path("exercises"), 0);
    assert!(
        ran.stderr
            .contains("the summary of this step cannot be written"),
        "{}",
        ran.stderr
    );
}

#[test]
fn gradescope_gets_a_point_for_each_check() {
    let course = Course::new(&["scored", "ungraded"]);
    course.replace("exercises/scored/src/main.rs", "hello", "hullo");
    course.replace("exercises/ungraded/src/main.rs", "b\"hello\\n\"", "7");
    let arguments = [
        "check",
        "scored",
        "ungraded",
        "--all",
        "--format=gradescope",
    ];
    let ran = course.run(&arguments).ended_with(1);
    let results: Value = serde_json::from_str(&ran.stdout).expect(&ran.stdout);
    let tests = results["tests"].as_array().expect("tests");
    let points: Vec<_> = tests
        .iter()
        .map(|test| (test["score"].as_u64(), test["max_score"].as_u64()))
        .collect();
    let point = |points, of| (Some(points), Some(of));
    let scored = [point(1, 1), point(0, 1), point(0, 1)];
    let unbuilt = [point(0, 0), point(0, 1), point(0, 1), point(0, 1)];
    assert_eq!(points, [&scored[..], &unbuilt].concat());
    assert_eq!(results["score"], 1);
    assert_eq!(tests[1]["extra_data"]["cause"], "mangled");
}

#[test]
fn classroom_50_gets_its_own_words_back() {
    let course = Course::new(&["submitted"]);
    let arguments = ["check", "submitted", "--all", "--format=classroom50"];
    let ran = course.run(&arguments).ended_with(2);
    let told = "--format classroom50 is for an autograder of Classroom 50, which sets CLASSROOM,";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);

    let mut command = course.command(&arguments);
    command.envs([
        ("CLASSROOM", "networks"),
        ("ASSIGNMENT", "submitted"),
        ("USERNAME", "alice"),
        ("SUBMISSION_TAG", "submit/1"),
        ("COMMIT_URL", "https://example.org/commit"),
        ("RELEASE_URL", "https://example.org/release"),
    ]);
    let ran = Ran::of(command.output().expect("the runner starts")).ended_with(0);
    let result: Value = serde_json::from_str(&ran.stdout).expect(&ran.stdout);
    assert_eq!(result["schema"], "classroom50/result/v1");
    assert_eq!(result["review"], "https://example.org/commit");
    assert_eq!(
        (&result["score"], &result["max-score"]),
        (&3.into(), &3.into())
    );
}
