//! What a line of output tells, where another was due.

/// `got` was printed as programmers read it: in quotes, with escapes, or as a
/// list of numbers.
pub(super) fn is_debug_output(due: &str, got: &str) -> bool {
    if wraps_a_value(due, got) {
        return true;
    }
    let words = due.match_indices(": ").map(|(at, colon)| at + colon.len());
    words.into_iter().any(|at| {
        let (before, value) = due.split_at(at);
        let Some(printed) = got.strip_prefix(before) else {
            return false;
        };
        !value.is_empty() && as_debug(value).iter().any(|form| printed.contains(form))
    })
}

/// A pair from Python in place of an address, or what Rust's `Result` and
/// `Option` show of themselves.
fn wraps_a_value(due: &str, got: &str) -> bool {
    let is_pair = |text: &str| {
        let mut rest = text.split("('").skip(1);
        rest.any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains("', "))
    };
    is_pair(got) && !is_pair(due)
        || ["Ok([", "Some(["]
            .iter()
            .any(|wrap| got.contains(wrap) && !due.contains(wrap))
}

/// How Rust, Python and others write `value` for a programmer.
fn as_debug(value: &str) -> [String; 3] {
    let numbers = format!("{:?}", value.as_bytes());
    [
        format!("{value:?}"),
        format!("'{value}'"),
        numbers.trim_matches(['[', ']']).to_owned(),
    ]
}

/// The two differ in numbers, and in nothing else.
pub(super) fn differs_in_numbers(due: &str, got: &str) -> bool {
    due != got && without_numbers(due) == without_numbers(got)
}

/// The number at which the two differ has lost its higher bits.
pub(super) fn differs_by_a_full_counter(due: &str, got: &str) -> bool {
    let mut numbers = numbers(due).zip(numbers(got));
    let first = numbers.find(|(due, got)| due != got);
    first.is_some_and(|(due, got)| [8, 16, 32].iter().any(|bits| got == due % (1 << bits)))
}

fn numbers(line: &str) -> impl Iterator<Item = u64> {
    let words = line.split(|c: char| !c.is_ascii_digit());
    words.filter_map(|word| word.parse().ok())
}

fn without_numbers(line: &str) -> String {
    let mut text = String::new();
    for c in line.chars() {
        let digit = c.is_ascii_digit();
        if !digit || !text.ends_with('#') {
            text.push(if digit { '#' } else { c });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{differs_by_a_full_counter, differs_in_numbers, is_debug_output};

    #[test]
    fn values_for_programmers_are_known() {
        let due = "received 3 bytes: tea";
        for value in ["\"tea\"", "b'tea'", "Ok(\"tea\")", "[116, 101, 97]"] {
            let got = format!("received 3 bytes: {value}");
            assert!(is_debug_output(due, &got), "{got}");
        }
        assert!(!is_debug_output(due, "received 3 bytes: te"));
        assert!(!is_debug_output(due, "got \"tea\""));
        let due = "connected to [server]";
        assert!(is_debug_output(due, "connected to ('127.0.0.1', 35721)"));
        assert!(is_debug_output(due, "connected to Ok([server])"));
        assert!(!is_debug_output(due, "connected to 127.0.0.1:7"));
    }

    #[test]
    fn a_counter_begins_again_when_it_is_full() {
        assert!(differs_by_a_full_counter(
            "after 65537 bytes",
            "after 1 bytes"
        ));
        assert!(!differs_by_a_full_counter(
            "after 65537 bytes",
            "after 2 bytes"
        ));
        assert!(!differs_by_a_full_counter("after 7 bytes", "after 7 bytes"));
    }

    #[test]
    fn a_wrong_number_is_one() {
        assert!(differs_in_numbers("7 bytes", "15 bytes"));
        assert!(!differs_in_numbers("7 bytes", "7 bytes"));
        assert!(!differs_in_numbers("7 bytes", "7 letters"));
    }
}
