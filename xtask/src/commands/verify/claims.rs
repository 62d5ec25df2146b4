//! What is claimed of each program, and whether its verdicts bear it out.

use super::bench::Role;
use super::wrong::WrongProgram;
use crate::checks::Check;
use crate::course::Lesson;
use crate::report::plural;
use crate::verdict::{CheckVerdict, Status};

/// The claim, in words.
pub(super) fn claim(lesson: &Lesson, role: &Role, checks: &[Check]) -> String {
    let name = &lesson.name;
    match role {
        Role::Starter => {
            let first = checks
                .first()
                .map_or("its first check", |check| &check.name);
            format!("{name}: the starter fails {first}")
        }
        Role::Solution => format!(
            "{name}: the solution passes {}",
            plural(checks.len(), "check")
        ),
        Role::Wrong(wrong) => format!("{} is caught by {}", wrong.name, wrong.caught_by),
    }
}

/// What speaks against the claim, and what else is worth knowing.
pub(super) fn judge(
    role: &Role,
    verdicts: &[CheckVerdict],
    checks: &[Check],
) -> (Vec<String>, Option<String>) {
    let mut problems: Vec<String> = verdicts.iter().filter_map(broken).collect();
    let mut remark = None;
    match role {
        Role::Starter => problems.extend(judge_starter(verdicts)),
        Role::Solution => {
            problems.extend(
                verdicts
                    .iter()
                    .filter(|check| !check.is_no_obstacle())
                    .filter_map(failure),
            );
            remark = skipped(verdicts);
        }
        Role::Wrong(wrong) => {
            problems.extend(wrong.faults_among(checks));
            problems.extend(judge_wrong(wrong, verdicts));
            remark = verdicts
                .iter()
                .find(|check| check.name == wrong.caught_by)
                .and_then(not_observed);
        }
    }
    (problems, remark)
}

fn judge_starter(verdicts: &[CheckVerdict]) -> Option<String> {
    match verdicts.first() {
        Some(CheckVerdict {
            status: Status::Failed(_),
            ..
        }) => None,
        Some(first) => Some(format!(
            "it passes `{}`, so there is nothing to do for it",
            first.name
        )),
        None => Some("there are no checks".to_string()),
    }
}

fn judge_wrong(wrong: &WrongProgram, verdicts: &[CheckVerdict]) -> Vec<String> {
    let mut problems = Vec::new();
    for check in verdicts {
        let named = check.name == wrong.caught_by;
        match check.status {
            Status::Passed if named => problems.push(format!("`{}` does not catch it", check.name)),
            Status::Failed(_) if !named && !wrong.may_fail.contains(&check.name) => {
                problems.extend(failure(check).map(|what| format!("it also fails {what}")));
            }
            _ => {}
        }
    }
    problems
}

/// A failure in one line, with the seed that repeats it.
fn failure(check: &CheckVerdict) -> Option<String> {
    let Status::Failed(evidence) = &check.status else {
        return None;
    };
    let (name, seed) = (&check.name, evidence.seed);
    let what = format!(
        "{}: expected {}, got {}",
        evidence.cause, evidence.expected, evidence.got
    );
    Some(format!(
        "`{name}` (seed {seed}): {}",
        what.replace('\n', " ")
    ))
}

fn broken(check: &CheckVerdict) -> Option<String> {
    match &check.status {
        Status::Broken { why } => Some(format!("`{}` itself broke: {why}", check.name)),
        _ => None,
    }
}

fn not_observed(check: &CheckVerdict) -> Option<String> {
    match &check.status {
        Status::Skipped { why } => Some(format!("`{}` was not observed here: {why}", check.name)),
        _ => None,
    }
}

fn skipped(verdicts: &[CheckVerdict]) -> Option<String> {
    let skipped: Vec<String> = verdicts.iter().filter_map(not_observed).collect();
    (!skipped.is_empty()).then(|| skipped.join("\n"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::verdict::Evidence;

    fn verdicts(failed: &[&str]) -> Vec<CheckVerdict> {
        let verdict = |name: &str| {
            let status = if failed.contains(&name) {
                Status::Failed(Box::<Evidence>::default())
            } else {
                Status::Passed
            };
            CheckVerdict {
                status,
                ..CheckVerdict::not_run(name, "")
            }
        };
        ["a", "b", "c"].map(verdict).to_vec()
    }

    fn wrong() -> WrongProgram {
        WrongProgram {
            name: "x--y".to_string(),
            caught_by: "b".to_string(),
            may_fail: vec!["c".to_string()],
            faults: Vec::new(),
        }
    }

    #[rstest]
    #[case::as_it_says(&["b"], 0)]
    #[case::and_what_it_may(&["b", "c"], 0)]
    #[case::not_caught(&["c"], 1)]
    #[case::caught_elsewhere(&["a", "b"], 1)]
    #[case::caught_only_elsewhere(&["a"], 2)]
    fn a_wrong_program_fails_exactly_what_it_names(
        #[case] failed: &[&str],
        #[case] problems: usize,
    ) {
        let found = judge_wrong(&wrong(), &verdicts(failed));
        assert_eq!(found.len(), problems, "{found:?}");
    }

    #[rstest]
    #[case::fails_the_first(&["a"], true)]
    #[case::fails_a_later_one(&["b"], false)]
    #[case::passes(&[], false)]
    fn a_starter_fails_its_first_check(#[case] failed: &[&str], #[case] holds: bool) {
        assert_eq!(judge_starter(&verdicts(failed)).is_none(), holds);
    }
}
