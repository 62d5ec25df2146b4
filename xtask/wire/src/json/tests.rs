//! What is promised of values, and of the texts that are none.

mod witness;

use rstest::rstest;

use crate::{Value, json};

#[track_caller]
fn read(text: &str) -> Value {
    Value::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn where_there_is_nothing_null_is_read() {
    let value = read(r#"{ "list": [true], "object": { "a": null }, "text": "x" }"#);
    assert_eq!(value["list"][0], true);
    assert_eq!(value["text"], "x");
    for nothing in [
        &value["list"][1],
        &value["list"]["a"],
        &value["object"][0],
        &value["object"]["a"]["b"]["c"],
        &value["text"][0],
        &value["none"],
    ] {
        assert_eq!(*nothing, Value::Null);
    }
}

#[test]
fn a_value_is_of_one_kind() {
    let value = read(r#"[1, -1, 1.0, "1", true, [], {}]"#);
    let items = value.as_array().expect("a list");
    let those = |is: fn(&Value) -> bool| {
        let mask = items.iter().map(|item| u32::from(is(item)));
        mask.collect::<Vec<_>>()
    };
    assert_eq!(those(|it| it.as_u64().is_some()), [1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(those(|it| it.as_f64().is_some()), [1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(those(|it| it.as_str().is_some()), [0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(those(|it| it.as_bool().is_some()), [0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(those(|it| it.as_array().is_some()), [0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(those(|it| it.as_object().is_some()), [0, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn fields_are_set_one_by_one_and_written_in_their_order() {
    let mut value = Value::Null;
    value["b"] = json!([1, 2]);
    value["a"] = json!(Some("x"));
    value["c"]["d"] = json!(None::<&str>);
    value["b"] = json!(0.1);
    assert_eq!(value.to_string(), r#"{"a":"x","b":0.1,"c":{"d":null}}"#);
}

#[test]
fn what_rust_has_is_written() {
    let numbers = json!({ "a": -1, "b": 2_u32, "c": u64::MAX, "d": 3_usize, "e": 1.5 });
    let numbers_as_text = r#"{"a":-1,"b":2,"c":18446744073709551615,"d":3,"e":1.5}"#;
    assert_eq!(numbers.to_string(), numbers_as_text);
    let others = json!({ "a": vec!["x".to_owned()], "b": Some(true), "c": numbers["none"] });
    assert_eq!(others.to_string(), r#"{"a":["x"],"b":true,"c":null}"#);
}

#[test]
fn a_value_is_compared_with_what_it_is_of() {
    let (text, no) = (json!("false"), json!(false));
    assert!(text == "false" && no == false);
    assert!(text != "true" && no != true);
    assert!(no != "false" && text != false);
}

#[test]
fn fields_are_taken_away() {
    let mut value = json!({ "a": 1, "b": 2 });
    let fields = value.as_object_mut().expect("an object");
    assert!(fields.remove("a").is_some());
    assert_eq!(value, json!({ "b": 2 }));
    assert!(json!([1]).as_object_mut().is_none());
}

#[test]
#[should_panic(expected = "7 has no fields, and no `a`")]
fn a_number_gets_no_fields() {
    json!(7)["a"] = json!(1);
}

#[test]
fn of_two_fields_with_one_name_the_last_counts() {
    assert_eq!(
        read(r#"{"a":1,"b":2,"\u0061":3}"#),
        json!({ "a": 3, "b": 2 })
    );
}

#[rstest]
#[case::largest("18446744073709551615", Value::Integer(u64::MAX.into()))]
#[case::one_more("18446744073709551616", Value::Float(18_446_744_073_709_551_616.0))]
#[case::smallest("-9223372036854775808", Value::Integer(i64::MIN.into()))]
#[case::one_less("-9223372036854775809", Value::Float(-9_223_372_036_854_775_808.0))]
#[case::exact("9007199254740993", Value::Integer(9_007_199_254_740_993))]
#[case::halfway("9007199254740993.0", Value::Float(9_007_199_254_740_992.0))]
#[case::tiny("1e-400", Value::Float(0.0))]
#[case::zero_of_any_size("0e999999999999999999999", Value::Float(0.0))]
#[case::exponent("-1.5E+2", Value::Float(-150.0))]
fn numbers_are_exact(#[case] text: &str, #[case] number: Value) {
    assert_eq!(read(text), number);
}

#[test]
fn what_is_not_finite_is_null() {
    let numbers = json!([f64::NAN, f64::INFINITY]);
    assert_eq!(numbers.to_string(), "[null,null]");
    assert_eq!(Value::Float(f64::NAN).to_string(), "null");
}

#[rstest]
#[case::empty("", "the text ends too early at line 1 column 1")]
#[case::half("{\n  \"a\": [1,", "the text ends too early at line 2 column 11")]
#[case::half_a_string("\"abc", "the text ends too early at line 1 column 5")]
#[case::half_an_escape(r#""\u00"#, "the text ends too early at line 1 column 6")]
#[case::two("1 2", "more than one value at line 1 column 3")]
#[case::mark("\u{feff}1", "expected a value at line 1 column 1")]
#[case::comment("[ // one\n1]", "expected a value at line 1 column 3")]
#[case::comma("[1,]", "expected a value at line 1 column 4")]
#[case::no_comma("[1\n2]", "expected `,` or `]` at line 2 column 1")]
#[case::no_bracket("{\"a\":1]", "expected `,` or `}` at line 1 column 7")]
#[case::no_name("{a:1}", "expected a name in quotes at line 1 column 2")]
#[case::comma_in_object("{\"a\":1,}", "expected a name in quotes at line 1 column 8")]
#[case::no_colon("{\"a\" 1}", "expected `:` at line 1 column 6")]
#[case::word("nul1", "expected `null`, `true` or `false` at line 1 column 4")]
#[case::plus("+1", "expected a value at line 1 column 1")]
#[case::nan("NaN", "expected a value at line 1 column 1")]
#[case::zeros("01", "more than one value at line 1 column 2")]
#[case::no_whole("-.5", "expected a digit at line 1 column 2")]
#[case::no_fraction("[1.]", "expected a digit at line 1 column 4")]
#[case::no_exponent("[1e+]", "expected a digit at line 1 column 5")]
#[case::large("[1e309]", "a number that is too large at line 1 column 2")]
#[case::control("\"a\nb\"", "a control character in a string at line 1 column 3")]
#[case::escape(r#""\x41""#, "no escape that JSON knows at line 1 column 3")]
#[case::hexadecimal(r#""\u00g0""#, "expected four hexadecimal digits at line 1 column 6")]
#[case::first_half(r#""\ud83d""#, "half of a surrogate pair at line 1 column 3")]
#[case::two_first_halves(r#""\ud83d\ud83d""#, "half of a surrogate pair at line 1 column 3")]
#[case::second_half(r#""\ude00""#, "half of a surrogate pair at line 1 column 3")]
fn what_is_no_json_is_told_with_its_place(#[case] text: &str, #[case] told: &str) {
    let error = Value::parse(text).expect_err(text);
    assert_eq!(error.to_string(), told);
    assert!(serde_json::from_str::<serde_json::Value>(text).is_err());
}

#[test]
fn what_is_no_utf_8_is_told_with_its_place() {
    let error = Value::parse(b"[\n\"\xc3\xa9\xff\"]").expect_err("no UTF-8");
    assert_eq!(error.to_string(), "no UTF-8 at line 2 column 4");
}

#[test]
fn two_halves_are_one_character() {
    assert_eq!(read(r#""\ud83d\uDE00\u00e9\/\b\f\"""#), "😀é/\u{8}\u{c}\"");
}

/// Neither a stack nor a clock has to fear what somebody else has written.
#[test]
fn how_deep_values_are_is_limited() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(Value::parse(nested(127)).is_ok());
        let error = Value::parse(nested(128)).expect_err("too deep");
        assert_eq!(error.what, "nested too deeply");
        assert_eq!(error.column, 127 * open.len() + 1);
        assert!(Value::parse(open.repeat(1_000_000)).is_err());
    }
}
