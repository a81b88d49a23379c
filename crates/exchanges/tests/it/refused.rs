//! Answers that are refusals, of another form, or none at all.

use strongroom_exchanges::catalogue::all;
use strongroom_exchanges::reading::{Asked, ReadError, read};
use strongroom_exchanges::refusal::{Meaning, Verdict};

use crate::readings::{asked, refused};

#[test]
fn a_block_by_address_is_cannot_be_asked_from_here() {
    let refused = refused(
        "bybit",
        "key",
        r#"{"retCode":10010,"retMsg":"Unmatched IP 203.0.113.7"}"#,
    );
    let ReadError::Refused(refusal) = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal.verdict(), Verdict::CannotBeAskedFromHere);
    assert_eq!(refusal.address, "203.0.113.7".parse().ok());
    assert!(!format!("{refused} {refused:?}").contains("203"));
}

#[test]
fn wrong_types_are_said_to_be_another_form_and_nothing_of_them_is_told() {
    for (id, answer) in [
        ("binance", r#"{"enableReading":"canary"}"#),
        ("binance", r#"{"enableReading":true,"ipRestrict":"canary"}"#),
        ("binance", r#"{"enableReading":true,"createTime":"canary"}"#),
        ("binance", r#"{"canary":true}"#),
        ("bybit", r#"{"retCode":0,"result":"canary"}"#),
        (
            "bybit",
            r#"{"retCode":0,"result":{"readOnly":0,"permissions":["canary"]}}"#,
        ),
        ("okx", r#"{"code":"0","data":[]}"#),
        (
            "okx",
            r#"{"code":"0","data":[{"perm":["canary"],"ip":""}]}"#,
        ),
        (
            "kraken",
            r#"{"error":[],"result":{"permissions":["canary",1],"ipAllowlist":[]}}"#,
        ),
        (
            "kraken",
            r#"{"error":[],"result":{"permissions":[],"ipAllowlist":"canary"}}"#,
        ),
        (
            "kraken",
            r#"{"error":[],"result":{"permissions":[],"ipAllowlist":[],"validUntil":"canary"}}"#,
        ),
        (
            "mexc",
            r#"{"permissions":"","ipWhiteList":"","remainingValidity":"canary"}"#,
        ),
        ("bitfinex", r#"[["account",1]]"#),
        ("bitfinex", r#"[["account","canary",0]]"#),
        ("bitfinex", r#""canary""#),
        ("gemini", "[]"),
        ("deribit", r#"{"result":{"scope":["canary"]}}"#),
        ("krakenfutures", r#"{"permissions":{"general":1}}"#),
    ] {
        let refused = refused(id, "key", answer);
        assert!(
            matches!(refused, ReadError::Form { .. }),
            "{id} {answer}: {refused:?}"
        );
        assert!(!format!("{refused} {refused:?}").contains("canary"), "{id}");
    }
}

#[test]
fn answers_that_are_none_are_refused_by_their_kind() {
    for facts in all() {
        for call in &facts.calls {
            for (answer, status, expected) in [
                ("", 200, ReadError::Empty),
                ("<html>canary</html>", 200, ReadError::WebPage),
                ("{\"canary\":", 200, ReadError::Cut),
                ("{\"canary\":1,\"canary\":2}", 200, ReadError::NameTwice),
                ("canary", 200, ReadError::NotJson),
            ] {
                let asked = Asked {
                    status: Some(status),
                    ..asked()
                };
                let outcome = read(facts, &call.name, answer.as_bytes(), &asked);
                assert_eq!(outcome, Err(expected), "{} {}", facts.id, call.name);
            }
            let asked = Asked {
                status: Some(502),
                ..asked()
            };
            let page = read(facts, &call.name, b"<html>bad gateway</html>", &asked);
            assert!(
                matches!(&page, Err(ReadError::Refused(refusal)) if refusal.meaning == Meaning::Maintenance),
                "{}",
                facts.id
            );
        }
    }
}
