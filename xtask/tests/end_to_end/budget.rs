//! `--budget`: a limit holds, and what was not judged by then is told.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::course::{Course, Ran};

const USED_UP: &str = "the budget of 3 s was used up";

/// To clean up, on a busy machine.
const GRACE: Duration = Duration::from_secs(12);

#[track_caller]
fn within(seconds: u64, course: &Course, arguments: &[&str]) -> Ran {
    let start = Instant::now();
    let budget = format!("--budget={seconds}");
    let arguments = [&["check", "--again", &budget], arguments].concat();
    let ran = course.run(&arguments).ended_with(3);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(seconds) + GRACE, "{took:?}");
    ran
}

/// Answers nobody for longer than any budget.
fn make_it_hang(course: &Course, lesson: &str) {
    let program = format!("exercises/{lesson}/src/main.rs");
    let hang = "        std::thread::sleep(std::time::Duration::from_secs(60));\n";
    let greets = "        client?.write_all";
    course.replace(&program, greets, &format!("{hang}{greets}"));
}

#[test]
fn checks_that_were_not_judged_in_time_are_told() {
    let course = Course::new(&["patient", "late"]);
    make_it_hang(&course, "patient");
    // What is built already takes no time any more.
    course.run(&["check", "patient"]).ended_with(1);

    let arguments = ["patient", "late", "--format=json"];
    let ran = within(3, &course, &arguments);
    let document: Value = serde_json::from_str(&ran.stdout).expect(&ran.stdout);
    let [patient, late] = [&document["lessons"][0], &document["lessons"][1]];
    assert_eq!(patient["passed"], false);
    let greets = &patient["checks"][1];
    assert_eq!(
        (&greets["status"], &greets["why"]),
        (&"not run".into(), &USED_UP.into())
    );
    assert_eq!(
        (&late["build"], &late["why"]),
        (&"unfinished".into(), &USED_UP.into())
    );
    let checks = late["checks"].as_array().expect("checks");
    assert!(checks.iter().all(|check| check["why"] == USED_UP), "{late}");

    let ran = within(3, &course, &["patient"]);
    let told = format!("2 checks were not judged: {USED_UP}");
    assert!(ran.stdout.contains(&told), "{}", ran.stdout);

    let ran = within(3, &course, &["patient", "late", "--format=gradescope"]);
    let results: Value = serde_json::from_str(&ran.stdout).expect(&ran.stdout);
    let output = results["output"].as_str().expect("a text");
    assert!(
        output.contains(&format!("Not judged, as {USED_UP}: 5 checks.")),
        "{output}"
    );
}

#[test]
fn a_verdict_that_lacks_something_is_judged_again() {
    let course = Course::new(&["hurried"]);
    make_it_hang(&course, "hurried");
    course.run(&["check", "hurried"]).ended_with(1);
    within(3, &course, &[]);
    let progress = std::fs::read_to_string(course.path("progress.txt")).expect("a file");
    assert!(progress.contains("failed greets"), "{progress}");
    let program = "exercises/hurried/src/main.rs";
    course.replace(program, "from_secs(60)", "from_secs(0)");
    course.run(&["check", "hurried"]).ended_with(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_build_that_takes_too_long_is_ended_with_its_children() {
    let course = Course::new(&["overbuilt"]);
    let pids = course.path("pids");
    let script = "fn main() {\n\
        let mut child = std::process::Command::new(\"sleep\").arg(\"600\").spawn().unwrap();\n\
        let pids = format!(\"{}\\n{}\\n\", std::process::id(), child.id());\n\
        std::fs::write(\"PIDS\", pids).unwrap();\n\
        child.wait().unwrap();\n}\n";
    let script = script.replace("PIDS", &pids.display().to_string());
    course.write("exercises/overbuilt/build.rs", &script);
    let ran = within(35, &course, &[]);
    assert!(
        ran.stdout
            .contains("overbuilt was not built, and not judged"),
        "{}",
        ran.stdout
    );
    // Nobody sees a bar, so it is said that something goes on, and what.
    let told =
        "Still building overbuilt and its checks after 30 s: overbuilt-exercise(build). Ctrl-C";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    let pids = std::fs::read_to_string(pids).expect("the build script has run");
    for pid in pids.lines() {
        let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        assert!(status.is_empty() || status.contains(") Z "), "{status}");
    }
}
