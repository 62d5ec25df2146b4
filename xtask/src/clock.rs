//! The calendar, as far as a date on a file needs it. Dates are in UTC: the
//! standard library does not know where this machine is.

use std::time::{SystemTime, UNIX_EPOCH};

/// A second of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    seconds: u64,
}

impl Moment {
    /// This second. A clock that stands before 1970 counts as 1970.
    pub(crate) fn now() -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Moment {
            seconds: since.map_or(0, |since| since.as_secs()),
        }
    }

    /// The second that is `seconds` after the beginning of 1970.
    pub(crate) fn from_seconds(seconds: u64) -> Moment {
        Moment { seconds }
    }

    /// How many seconds have gone since the beginning of 1970.
    pub(crate) fn seconds(self) -> u64 {
        self.seconds
    }

    /// `2026-11-26`.
    pub(crate) fn date(self) -> String {
        let (year, month, day) = civil(self.seconds / 86_400);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `2026-11-26-013005`: names of files that sort by time.
    pub(crate) fn stamp(self) -> String {
        let second = self.seconds % 86_400;
        let (hour, minute) = (second / 3600, second / 60 % 60);
        format!("{}-{hour:02}{minute:02}{:02}", self.date(), second % 60)
    }

    /// `2026-11-26T01:30:05Z`.
    pub(crate) fn instant(self) -> String {
        let second = self.seconds % 86_400;
        let (hour, minute) = (second / 3600, second / 60 % 60);
        format!("{}T{hour:02}:{minute:02}:{:02}Z", self.date(), second % 60)
    }

    /// How long it is ago, in words: `5 min ago`.
    pub(crate) fn ago(self, now: Moment) -> String {
        match now.seconds.saturating_sub(self.seconds) {
            0..=1 => "a moment ago".to_string(),
            seconds @ 2..=119 => format!("{seconds} s ago"),
            seconds @ 120..=7199 => format!("{} min ago", seconds / 60),
            seconds @ 7200..=172_799 => format!("{} h ago", seconds / 3600),
            _ => format!("on {}", self.date()),
        }
    }
}

/// Year, month and day of the Gregorian calendar. Years begin in March here,
/// so that the leap day is the last of one, and repeat every 400.
fn civil(days_since_1970: u64) -> (u64, u64, u64) {
    const FROM_MARCH_0000_TO_1970: u64 = 719_468;
    const DAYS_IN_400_YEARS: u64 = 146_097;
    let days = days_since_1970 + FROM_MARCH_0000_TO_1970;
    let (era, day) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        0..=9 => (era * 400 + year, month + 3),
        _ => (era * 400 + year + 1, month - 9),
    };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::first(0, "1970-01-01-000000")]
    #[case::leap_day(951_782_400, "2000-02-29-000000")]
    #[case::last_second(1_735_689_599, "2024-12-31-235959")]
    #[case::not_a_leap_year(4_107_542_400, "2100-03-01-000000")]
    fn a_stamp_is_a_date_and_a_time(#[case] seconds: u64, #[case] stamp: &str) {
        assert_eq!(Moment::from_seconds(seconds).stamp(), stamp);
    }

    #[test]
    fn an_instant_is_what_machines_read() {
        let moment = Moment::from_seconds(1_735_689_599);
        assert_eq!(moment.instant(), "2024-12-31T23:59:59Z");
    }

    #[rstest]
    #[case(0, "a moment ago")]
    #[case(60, "60 s ago")]
    #[case(600, "10 min ago")]
    #[case(7200, "2 h ago")]
    #[case(200_000, "on 1970-01-01")]
    fn the_past_is_told_in_words(#[case] passed: u64, #[case] words: &str) {
        let now = Moment::from_seconds(passed);
        assert_eq!(Moment::from_seconds(0).ago(now), words);
    }
}
