//! Numbers of bytes, as people read them.

/// `1 byte`, `512 bytes`, `8,388,608 bytes`.
#[must_use]
pub fn amount(bytes: usize) -> String {
    match bytes {
        1 => "1 byte".into(),
        bytes => format!("{} bytes", grouped(bytes)),
    }
}

/// A number with a comma after every three digits: `1,048,576`.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::amount;

    #[rstest]
    #[case(0, "0 bytes")]
    #[case(1, "1 byte")]
    #[case(999, "999 bytes")]
    #[case(1_000, "1,000 bytes")]
    #[case(25_165_848, "25,165,848 bytes")]
    fn long_numbers_are_grouped(#[case] bytes: usize, #[case] expected: &str) {
        assert_eq!(amount(bytes), expected);
    }
}
