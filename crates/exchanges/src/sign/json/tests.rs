//! What is taken as JSON and what is not.

use proptest::prelude::*;

use super::*;

fn shape(text: &str) -> Result<Shape, SignError> {
    scan(text, |_, _| Ok(()))
}

#[test]
fn what_is_taken_is_what_serde_takes() {
    for text in [
        "{}",
        "[]",
        " { \"a\" : [ 1 , -0.5e+3, true, null, \"x\\u00e9\\n\" ] } ",
        "[{\"a\":1},{\"a\":2}]",
    ] {
        assert!(shape(text).is_ok(), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok());
        assert!(parse(text).is_ok());
    }
    for text in [
        "",
        "1",
        "\"a\"",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1,]",
        "[01]",
        "[1.]",
        "[+1]",
        "[.5]",
        "[NaN]",
        "[nul]",
        "{'a':1}",
        "[\"\n\"]",
        "[\"\\x\"]",
        "[\"\\u12\"]",
        "{} {}",
    ] {
        assert_eq!(shape(text), Err(SignError::BodyJson), "{text}");
    }
}

#[test]
fn a_name_stands_once_in_an_object_at_any_depth() {
    let many: Vec<String> = (0..40).map(|n| format!("\"n{n}\":{n}")).collect();
    let fits = format!("{{{}}}", many.join(","));
    let doubled = format!("{{{},\"n39\":1}}", many.join(","));
    assert!(shape(&fits).is_ok());
    for text in [
        "{\"a\":1,\"a\":2}",
        "{\"x\":[{\"a\":1,\"a\":2}]}",
        doubled.as_str(),
    ] {
        assert_eq!(shape(text), Err(SignError::Duplicate), "{text}");
        assert_eq!(parse(text), Err(SignError::Duplicate), "{text}");
    }
}

#[test]
fn a_name_with_two_spellings_is_refused() {
    for text in ["{\"\\u0061\":1}", "{\"é\":1}"] {
        assert_eq!(shape(text), Err(SignError::BodyJson), "{text}");
    }
}

#[test]
fn depth_has_an_end() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(shape(&deep(16)).is_ok());
    assert!(shape(&deep(17)).is_err());
    assert!(parse(&deep(60_000)).is_err());
}

#[test]
fn members_are_told_with_their_text() {
    let mut found = Vec::new();
    let text = "{\"method\": \"a\", \"params\":{\"x\":[1]}}";
    scan(text, |name, value| {
        found.push((name, value));
        Ok(())
    })
    .expect("an object");
    assert_eq!(found, [("method", "\"a\""), ("params", "{\"x\":[1]}")]);
}

#[test]
fn a_string_ends_at_its_quote_wherever_that_is_and_whatever_else_stops() {
    for length in 0..40 {
        let plain = "a~ ".repeat(14)[..length].to_owned();
        for (stop, taken_as_name, taken_as_text) in [
            ("", true, true),
            ("\u{7f}", false, true),
            ("é", false, true),
            ("\\n", false, true),
            ("\\\"", false, true),
            ("\u{1f}", false, false),
            ("\0", false, false),
        ] {
            let text = format!("{plain}{stop}{plain}");
            let as_name = shape(&format!("{{\"{text}\":1}}"));
            let as_text = shape(&format!("{{\"x\":\"{text}\",\"y\":2}}"));
            assert_eq!(as_name.is_ok(), taken_as_name, "{text:?}");
            assert_eq!(as_text.is_ok(), taken_as_text, "{text:?}");
        }
    }
}

#[test]
fn a_piece_is_looked_at_as_byte_by_byte() {
    let may = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    for byte in 0..=255 {
        for other in [b'a', b'"', 0, 0x80, 0xff] {
            for place in [0, 1, 7, 8, 40, 63] {
                let mut piece = [other; Piece::LENGTH];
                piece[place] = byte;
                let one_by_one = piece
                    .iter()
                    .rfold(0, |bits, byte| bits << 1 | u64::from(!may(*byte)));
                assert_eq!(stops_in(&piece), one_by_one, "{byte} {other} {place}");
            }
        }
    }
}

#[test]
fn a_piece_stops_beyond_the_text() {
    for length in 0..200 {
        let text = "a".repeat(length);
        for at in 0..=length {
            let piece = Piece::around(&text, at);
            assert!(piece.from <= at && (at == length || at - piece.from < Piece::LENGTH));
            let inside = (length - piece.from) as u32;
            let stops = u64::MAX.checked_shl(inside).unwrap_or(0);
            assert_eq!(piece.stops, stops, "{length} {at}");
        }
    }
}

/// JSON with slips in it: pieces that belong into one, in any order, between braces or not.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        Just(" ".to_owned()),
        "\"[a-z\\x1f\\x7f\u{80}é]{0,9}\"",
        "\"[ -~]{0,80}\"",
        "\"[a-b]\":\"[ -~]{0,20}\",",
        "-?[0-9]{1,3}(\\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?",
        "true|false|null",
    ];
    let any = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    (any, 0..4).prop_map(|(text, frame)| match frame {
        0 => format!("{{{text}}}"),
        1 => format!("[{text}]"),
        2 => format!("{{\"k\":{text}}}"),
        _ => text,
    })
}

/// Whole JSON, of any depth.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 24, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::hash_map("[!#-\\[\\]-~]{0,70}", inner, 0..24)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Both ways: whatever is taken is JSON, and JSON is taken unless it holds what has two
    /// readings, which the other readings of it tell.
    #[test]
    fn what_is_taken_of_anything_is_what_serde_takes(text in nearly_json()) {
        let whole = serde_json::from_str::<serde_json::Value>(&text);
        match (shape(&text), parse(&text)) {
            (Ok(shape), Ok(value)) => {
                prop_assert!(whole.is_ok(), "{}", text);
                prop_assert_eq!(shape == Shape::Object, matches!(value, Json::Object(_)));
            }
            (Err(refusal), Err(other)) => {
                prop_assert_eq!(refusal, other);
                // Names are plain here but for those outside printable ASCII.
                let names_are_plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'\\');
                if refusal == SignError::BodyJson && names_are_plain {
                    prop_assert!(whole.is_err(), "{}", text);
                }
            }
            // Values that are neither an object nor a list are parsed only.
            (refused, parsed) => prop_assert!(
                refused == Err(SignError::BodyJson) && parsed.is_ok() && !text.trim().starts_with(['{', '[']),
                "{}", text
            ),
        }
    }

    #[test]
    fn json_without_two_readings_is_taken(value in json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&value)
        } else {
            serde_json::to_string(&value)
        }.expect("JSON");
        prop_assert!(parse(&text).is_ok(), "{}", text);
        prop_assert_eq!(shape(&text).is_ok(), value.is_object() || value.is_array(), "{}", text);
    }

    #[test]
    fn a_name_that_is_doubled_anywhere_is_refused(
        names in prop::collection::hash_set("[!#-\\[\\]-~]{0,9}", 1..40),
        which in any::<prop::sample::Index>(),
    ) {
        let names: Vec<&String> = names.iter().collect();
        let members = |names: &[&String]| {
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":\"x\"")).collect();
            format!("{{{}}}", members.join(","))
        };
        prop_assert_eq!(shape(&members(&names)), Ok(Shape::Object));
        let doubled = [&names[..], &[names[which.index(names.len())]]].concat();
        prop_assert_eq!(shape(&members(&doubled)), Err(SignError::Duplicate));
    }
}
