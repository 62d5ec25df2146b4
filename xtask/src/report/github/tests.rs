//! What GitHub obeys and shows, and what it must not.

use insta::assert_snapshot;

use super::*;
use crate::report::samples::{self, HOSTILE};

/// What a program prints to take over a workflow.
const COMMANDS: &str = "::error::a\n  ::add-mask::b\n##[add-mask]c\nd ##[group]e\n::stop-commands::f\n</pre>\n# g\n| ![h](http://h) @i\n```\n";

fn told(verdicts: &[LessonVerdict]) -> Told {
    let lesson = samples::lesson();
    document(&samples::told(&lesson, verdicts), Path::new(""))
}

/// The names of the commands in `log`, found the way GitHub's runner does it.
fn commands(log: &str) -> Vec<&str> {
    let of_line = |line: &str| {
        assert!(!line.contains("##["), "{line}");
        let rest = line.trim_start().strip_prefix("::")?;
        let (command, _) = rest.split_once("::")?;
        Some(command.split(' ').next().unwrap_or(command).len())
    };
    let lines = log.lines().filter_map(|line| {
        let length = of_line(line)?;
        Some(&line.trim_start()[2..2 + length])
    });
    lines.collect()
}

#[test]
fn the_log_has_the_whole_text_and_an_annotation_for_each_failure() {
    assert_snapshot!(told(&[samples::mixed(), samples::does_not_build_but_counts()]).log);
}

#[test]
fn the_summary_has_a_table_and_each_failure() {
    assert_snapshot!(told(&[samples::mixed(), samples::does_not_build_but_counts()]).summary);
}

#[test]
fn a_program_that_was_handed_in_is_no_file_of_the_repository() {
    let verdict = samples::judged(Build::NotBuilt, vec![samples::hostile("greets")]);
    let log = told(&[verdict]).log;
    assert!(
        log.contains("\n::error title=tcp-server%3A greets::"),
        "{log}"
    );
}

#[test]
fn paths_begin_at_the_repository() {
    let lesson = samples::lesson();
    let verdicts = [samples::mixed()];
    let judged = samples::told(&lesson, &verdicts);
    let log = document(&judged, Path::new("course")).log;
    let place = "::error file=course/exercises/tcp-server/src/main.rs,line=31,title=";
    assert!(log.contains(place), "{log}");
}

#[test]
fn a_program_gives_no_commands() {
    let mut check = samples::failed("greets");
    let all = format!("{COMMANDS}{HOSTILE}");
    if let Status::Failed(evidence) = &mut check.status {
        evidence.stdout.clone_from(&all);
        evidence.stderr.clone_from(&all);
        evidence.got.clone_from(&all);
        evidence.expected.clone_from(&all);
        evidence.place = None;
        evidence.difference = None;
    }
    check.conversation = None;
    check.notes = vec![all.clone()];
    let broken = samples::check("breaks", Status::Broken { why: all.clone() });
    let skipped = samples::check("looks_away", Status::Skipped { why: all });
    let verdict = samples::judged(Build::Done, vec![check, broken, skipped]);
    let told = told(&[verdict]);
    assert_eq!(
        commands(&told.log),
        ["group", "endgroup", "error", "warning"],
        "{}",
        told.log
    );
    for line in told.summary.lines() {
        // All of it is in a `pre`, or in a row of the table.
        assert!(
            !line.starts_with("# ") && !line.starts_with("```"),
            "{line}"
        );
    }
    assert_eq!(
        told.summary.matches("</pre>").count(),
        2,
        "{}",
        told.summary
    );
    assert_eq!(told.summary.matches("<script>").count(), 0);
    let rows = told.summary.lines().filter(|line| line.starts_with("| "));
    for row in rows.skip(1) {
        let cells = row.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 4, "{row}");
        assert!(!row.contains('@') && !row.contains("](http:"), "{row}");
    }
    let all = [told.log, told.summary].concat();
    assert!(all.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn a_summary_is_never_too_long() {
    let mut checks = Vec::new();
    for number in 0..200 {
        let mut check = samples::failed(&format!("check_{number}"));
        if let Status::Failed(evidence) = &mut check.status {
            evidence.got = "<".repeat(8_000);
        }
        checks.push(check);
    }
    let summary = told(&[samples::judged(Build::Done, checks)]).summary;
    assert!(summary.len() < LONGEST_SUMMARY + 100, "{}", summary.len());
    assert!(summary.contains("More is in the log"), "{}", summary.len());
}

#[test]
fn what_else_there_is_to_say_is_said() {
    let told = told(&[
        samples::out_of_time(),
        samples::unfinished(),
        samples::edited(),
    ]);
    let warnings = told
        .log
        .lines()
        .filter(|line| line.starts_with("::warning "));
    assert_eq!(
        warnings.collect::<Vec<_>>(),
        [
            "::warning title=tcp-server%3A not judged in time::\
             Not all of it was judged: the budget of 30 s was used up.",
            "::warning title=tcp-server%3A not judged in time::\
             Not all of it was judged: the budget of 30 s was used up.",
            "::warning title=tcp-server%3A checks that differ::\
             tcp-server: the course's own checks judged. \
             Different, and not used: exercises/tcp-server/tests/checks.rs.",
        ]
    );
    for text in [
        "| not run | answers\\_at\\_once | the budget of 30 s was used up |",
        "### tcp\\-server was not judged",
        "the course's own checks judged\\.",
    ] {
        let text = text.replace("course's", "course\\'s");
        assert!(told.summary.contains(&text), "{text}: {}", told.summary);
    }
    assert!(
        told.log
            .contains("tcp-server was not built, and not judged")
    );
}
