//! A figure: samples of a cost, and what it may be.

use super::Cost;

/// What something costs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) what: String,
    pub(super) samples: Vec<Cost>,
    pub(super) goal: Option<Goal>,
}

/// What it may cost at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// In CPU seconds.
    Cpu(f64),
    /// In seconds on the clock.
    Wall(f64),
}

impl Goal {
    pub(super) fn cpu(seconds: f64) -> Option<Goal> {
        Some(Goal::Cpu(seconds))
    }

    pub(super) fn wall(seconds: f64) -> Option<Goal> {
        Some(Goal::Wall(seconds))
    }
}

impl Figure {
    pub(super) fn new(what: &str, goal: Option<Goal>) -> Figure {
        Figure {
            what: what.to_string(),
            samples: Vec::new(),
            goal,
        }
    }

    pub(super) fn add(&mut self, sample: Cost) {
        self.samples.push(sample);
    }

    /// Whether the goal is reached, by the median; `None` where there is none,
    /// or nobody can tell.
    pub(super) fn is_reached(&self) -> Option<bool> {
        match self.goal? {
            Goal::Cpu(_) if self.samples.iter().any(|sample| sample.cpu.is_none()) => None,
            Goal::Cpu(most) => Some(median(&self.samples, Cost::cpu) <= most),
            Goal::Wall(most) => Some(median(&self.samples, Cost::wall) <= most),
        }
    }
}

/// The middle one of the samples.
pub(super) fn median(samples: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let sorted = sorted(samples, of);
    match sorted.len() {
        0 => 0.0,
        even if even % 2 == 0 => (sorted[even / 2 - 1] + sorted[even / 2]) / 2.0,
        odd => sorted[odd / 2],
    }
}

/// The lowest and the highest, where there are several.
pub(super) fn extremes(samples: &[Cost], of: impl Fn(&Cost) -> f64) -> Option<(f64, f64)> {
    match sorted(samples, of)[..] {
        [lowest, .., highest] => Some((lowest, highest)),
        _ => None,
    }
}

fn sorted(samples: &[Cost], of: impl Fn(&Cost) -> f64) -> Vec<f64> {
    let mut sorted: Vec<f64> = samples.iter().map(of).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn samples(walls: &[f64]) -> Vec<Cost> {
        let cost = |&wall| Cost {
            cpu: Some(2.0 * wall),
            wall,
        };
        walls.iter().map(cost).collect()
    }

    #[rstest]
    #[case::one(&[3.0], 3.0, None)]
    #[case::odd(&[5.0, 1.0, 2.0], 2.0, Some((1.0, 5.0)))]
    #[case::even(&[4.0, 1.0, 9.0, 2.0], 3.0, Some((1.0, 9.0)))]
    #[case::none(&[], 0.0, None)]
    fn the_median_and_the_extremes_are_told(
        #[case] walls: &[f64],
        #[case] middle: f64,
        #[case] ends: Option<(f64, f64)>,
    ) {
        assert_eq!(median(&samples(walls), Cost::wall), middle);
        assert_eq!(extremes(&samples(walls), Cost::wall), ends);
    }

    #[rstest]
    #[case::no_goal(None, None)]
    #[case::within(Goal::cpu(4.0), Some(true))]
    #[case::above(Goal::cpu(3.9), Some(false))]
    #[case::on_the_clock(Goal::wall(2.0), Some(true))]
    fn a_goal_is_reached_by_the_median(#[case] goal: Option<Goal>, #[case] reached: Option<bool>) {
        let mut figure = Figure::new("a lesson", goal);
        figure.samples = samples(&[1.0, 2.0, 50.0]);
        assert_eq!(figure.is_reached(), reached);
    }

    #[test]
    fn where_cpu_time_cannot_be_seen_nobody_can_tell() {
        let mut figure = Figure::new("a lesson", Goal::cpu(1.0));
        figure.add(Cost {
            cpu: None,
            wall: 1.0,
        });
        assert_eq!(figure.is_reached(), None);
    }
}
