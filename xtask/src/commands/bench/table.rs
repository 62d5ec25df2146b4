//! The figures as tables.

use std::fmt::Write as _;

use super::figure::{extremes, median};
use super::{Cost, Edits, Figure, Goal};

/// The width of a column of costs, and of the first column.
const COST: usize = 22;
const WHAT: usize = 40;

/// What may be spent on top of a bare build, in CPU seconds and on the clock.
const MORE_CPU: f64 = 0.15;
const MORE_WALL: f64 = 1.0;

/// All figures, each with its goal.
pub(super) fn figures(figures: &[Figure]) -> String {
    let mut text = format!(
        "\n{:<WHAT$}{:<COST$}{:<COST$}goal\n",
        "", "CPU seconds", "seconds"
    );
    for figure in figures {
        let cpu = match figure.samples.iter().any(|sample| sample.cpu.is_none()) {
            true => "not seen".to_string(),
            false => spread(&figure.samples, Cost::cpu),
        };
        let wall = spread(&figure.samples, Cost::wall);
        let line = format!(
            "{:<WHAT$}{cpu:<COST$}{wall:<COST$}{}",
            figure.what,
            goal(figure)
        );
        text += line.trim_end();
        text += "\n";
    }
    text
}

fn goal(figure: &Figure) -> String {
    let goal = match figure.goal {
        None => return String::new(),
        Some(Goal::Cpu(most)) => format!("{} CPU s", rounded(most)),
        Some(Goal::Wall(most)) => format!("{} s", rounded(most)),
    };
    match figure.is_reached() {
        Some(true) => format!("{goal}, reached"),
        Some(false) => format!("{goal}, missed"),
        None => goal,
    }
}

/// What edits cost, beside bare builds of them.
pub(super) fn edits(all: &[Edits<'_>]) -> String {
    let mut text =
        String::from("\nFrom an edit to its verdict, beside a bare `cargo build` of it:\n\n");
    let heading = |text: &mut String, unit: &str| {
        let name = format!("in {unit}");
        let _ = writeln!(
            text,
            "{name:<18}{:<20}{:<28}first check fails",
            "bare build", "all checks pass"
        );
    };
    for (unit, most, of) in [
        ("CPU seconds", MORE_CPU, Cost::cpu as fn(&Cost) -> f64),
        ("seconds", MORE_WALL, Cost::wall),
    ] {
        heading(&mut text, unit);
        for edits in all {
            let bare = median(&edits.bare, of);
            let line = format!(
                "{:<18}{:<20}{:<28}{}",
                edits.lesson.name,
                spread(&edits.bare, of),
                beside(&edits.passes, bare, of),
                beside(&edits.fails, bare, of)
            );
            text += line.trim_end();
            text += "\n";
        }
        let _ = writeln!(text, "{:<18}goal: at most +{most}\n", "");
    }
    text
}

/// The cost, what it is more than `bare`, and how many times as much.
fn beside(samples: &[Cost], bare: f64, of: fn(&Cost) -> f64) -> String {
    let cost = median(samples, of);
    let times = match bare > 0.0 {
        true => format!(", × {:.1}", cost / bare),
        false => String::new(),
    };
    format!("{} (+{}{times})", seconds(cost), seconds(cost - bare))
}

/// The median, and between which extremes it is.
fn spread(samples: &[Cost], of: impl Fn(&Cost) -> f64 + Copy) -> String {
    let middle = seconds(median(samples, of));
    match extremes(samples, of) {
        Some((lowest, highest)) => {
            format!("{middle} ({} – {})", seconds(lowest), seconds(highest))
        }
        None => middle,
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// With as many digits as mean something.
fn seconds(value: f64) -> String {
    match value.abs() {
        large if large >= 10.0 => format!("{value:.1}"),
        middle if middle >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Lesson;

    fn samples(costs: &[(f64, f64)]) -> Vec<Cost> {
        let cost = |&(cpu, wall): &(f64, f64)| Cost {
            cpu: Some(cpu),
            wall,
        };
        costs.iter().map(cost).collect()
    }

    #[test]
    fn each_figure_stands_beside_its_goal() {
        let mut built = Figure::new("the runner is built", Goal::cpu(9.0));
        built.samples = samples(&[(8.5, 5.0), (8.75, 6.0), (12.0, 9.0)]);
        let mut start = Figure::new("the runner starts", Goal::cpu(0.02));
        start.samples = samples(&[(0.0475, 0.05)]);
        let mut proof = Figure::new("the course is proved", None);
        proof.samples = samples(&[(340.0, 250.0)]);
        let mut saved = Figure::new("a save is seen", Goal::wall(1.25));
        saved.samples = vec![Cost {
            cpu: None,
            wall: 1.19,
        }];
        insta::assert_snapshot!(figures(&[built, start, proof, saved]));
    }

    #[test]
    fn edits_stand_beside_bare_builds() {
        let lesson = Lesson {
            name: "tcp-server".to_string(),
            title: String::new(),
            part: String::new(),
        };
        let measured = Edits {
            lesson: &lesson,
            bare: samples(&[(0.2, 0.25), (0.22, 0.24)]),
            passes: samples(&[(1.63, 1.3)]),
            fails: samples(&[(0.32, 0.31)]),
        };
        insta::assert_snapshot!(edits(&[measured]));
    }
}
