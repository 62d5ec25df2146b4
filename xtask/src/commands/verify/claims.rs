//! What is claimed of each program, and whether its verdicts bear it out.

use super::bench::Role;
use crate::checks::Check;
use crate::course::Lesson;
use crate::report::plural;
use crate::verdict::{CheckVerdict, Status};
use crate::wrong::WrongProgram;

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
            problems.extend(judge_pitfall(wrong, verdicts));
            let named = verdicts.iter().find(|check| check.name == wrong.caught_by);
            remark = named
                .and_then(not_observed)
                .or_else(|| also_caught(wrong, verdicts));
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

/// A wrong program passes all checks before the one that it names, as far as
/// its first lines do not say otherwise, and fails that one.
fn judge_wrong(wrong: &WrongProgram, verdicts: &[CheckVerdict]) -> Vec<String> {
    let mut problems = Vec::new();
    for check in verdicts {
        let failed = matches!(check.status, Status::Failed(_));
        if check.name == wrong.caught_by {
            if matches!(check.status, Status::Passed) {
                problems.push(format!("`{}` does not catch it", check.name));
            }
            break;
        }
        if failed && !wrong.may_fail.contains(&check.name) {
            problems
                .extend(failure(check).map(|what| format!("it fails an earlier check: {what}")));
        }
    }
    problems
}

/// The verdict names the pitfall that its first lines name, and no other: no
/// name is better than a wrong one.
fn judge_pitfall(wrong: &WrongProgram, verdicts: &[CheckVerdict]) -> Option<String> {
    let caught = verdicts
        .iter()
        .find(|check| check.name == wrong.caught_by)?;
    let Status::Failed(evidence) = &caught.status else {
        return None;
    };
    let named = evidence.pitfall.as_ref().map_or("", |pitfall| &pitfall.id);
    if named == wrong.pitfall {
        return None;
    }
    let in_words = |id: &str| match id {
        "" => "no pitfall".to_string(),
        id => format!("the pitfall `{id}`"),
    };
    Some(format!(
        "its verdict names {}, its first lines {} (cause: {}; seed {})",
        in_words(named),
        in_words(&wrong.pitfall),
        evidence.cause,
        evidence.seed
    ))
}

/// The checks after the one that catches it, if they were run: what they find
/// is no fault, but the best wrong program fails one check only.
fn also_caught(wrong: &WrongProgram, verdicts: &[CheckVerdict]) -> Option<String> {
    let later = verdicts
        .iter()
        .skip_while(|check| check.name != wrong.caught_by)
        .skip(1);
    let failed = later.filter(|check| matches!(check.status, Status::Failed(_)));
    let names: Vec<&str> = failed.map(|check| check.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("also fails {}", names.join(", ")))
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
        ["a", "before", "b", "c"].map(verdict).to_vec()
    }

    fn wrong() -> WrongProgram {
        WrongProgram {
            name: "x--y".to_string(),
            caught_by: "b".to_string(),
            pitfall: String::new(),
            may_fail: vec!["before".to_string()],
            faults: Vec::new(),
        }
    }

    #[rstest]
    #[case::as_it_says(&["b"], 0)]
    #[case::and_one_that_comes_later(&["b", "c"], 0)]
    #[case::not_caught(&["c"], 1)]
    #[case::caught_sooner(&["a", "b"], 1)]
    #[case::caught_only_sooner(&["a"], 2)]
    #[case::caught_where_it_may_be(&["before", "b"], 0)]
    fn a_wrong_program_is_caught_by_the_check_that_it_names(
        #[case] failed: &[&str],
        #[case] problems: usize,
    ) {
        let found = judge_wrong(&wrong(), &verdicts(failed));
        assert_eq!(found.len(), problems, "{found:?}");
    }

    #[test]
    fn later_checks_that_catch_it_too_are_mentioned() {
        let remark = also_caught(&wrong(), &verdicts(&["a", "b", "c"]));
        assert_eq!(remark.as_deref(), Some("also fails c"));
    }

    #[rstest]
    #[case::fails_the_first(&["a"], true)]
    #[case::fails_a_later_one(&["b"], false)]
    #[case::passes(&[], false)]
    fn a_starter_fails_its_first_check(#[case] failed: &[&str], #[case] holds: bool) {
        assert_eq!(judge_starter(&verdicts(failed)).is_none(), holds);
    }
}
