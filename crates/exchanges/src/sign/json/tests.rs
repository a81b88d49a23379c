//! What is taken as JSON and what is not.

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
