//! The durations that a message names, however it writes them.

use std::time::Duration;

use crate::exit::Ended;

impl Ended {
    /// The durations that its error message names, such as `1.5 s`, `1500ms`,
    /// `1,500 milliseconds`.
    #[must_use]
    pub fn durations(&self) -> Vec<Duration> {
        durations_in(&self.error())
    }
}

fn durations_in(text: &str) -> Vec<Duration> {
    let mut durations = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let after = rest[at..].trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
        let number = &rest[at..rest.len() - after.len()];
        durations.extend(duration(number, after));
        rest = after;
    }
    durations
}

fn duration(number: &str, unit: &str) -> Option<Duration> {
    let number: f64 = number.replace(',', "").parse().ok()?;
    let unit = unit.trim_start();
    let milliseconds = unit.starts_with("ms") || unit.starts_with("milli");
    let seconds = if milliseconds {
        number / 1000.0
    } else if unit.starts_with('s') {
        number
    } else {
        return None;
    };
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::seconds("no answer within 1.5 s", &[1500])]
    #[case::debug("waited 1.503217s in all", &[1503])]
    #[case::milliseconds("1,500 ms, that is 3 tries of 500ms each", &[1500, 500])]
    #[case::in_words("timed out after 300 milliseconds (2 seconds)", &[300, 2000])]
    #[case::none("error: 127.0.0.1:5000 did not answer 3 times.", &[])]
    fn durations_are_found(#[case] text: &str, #[case] milliseconds: &[u128]) {
        let found: Vec<u128> = durations_in(text).iter().map(Duration::as_millis).collect();
        assert_eq!(found, milliseconds);
    }
}
