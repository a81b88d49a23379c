//! What is not signed, exchange by exchange: everything that has two readings, that the signature
//! would not cover, or that the adapter adds itself.

use strongroom_exchanges::sign::{Class, Method, Moment, Request, SignError};

use crate::samples::{SAMPLES, Sample};

fn sample(exchange: &str) -> &'static Sample {
    SAMPLES
        .iter()
        .find(|sample| sample.exchange == exchange)
        .expect("a sample")
}

fn refusal(sample: &Sample, change: impl FnOnce(&mut Request)) -> Option<SignError> {
    let mut request = sample.request();
    change(&mut request);
    sample.signer().sign(&request, &sample.moment()).err()
}

#[test]
fn a_path_with_two_readings_is_refused_by_every_adapter() {
    for sample in SAMPLES {
        for (tail, error) in [
            ("/../x", SignError::PathClimbs),
            ("//x", SignError::PathClimbs),
            ("/./x", SignError::PathClimbs),
            ("?a=b", SignError::Path),
            ("#a", SignError::Path),
            ("%2Fx", SignError::PathEncoded),
            ("%3Fx", SignError::PathEncoded),
            ("%00", SignError::PathEncoded),
            ("%2e%2e/x", SignError::PathEncoded),
            (";x=1", SignError::Path),
            ("\\x", SignError::Path),
            ("/x y", SignError::Path),
            ("/é", SignError::Path),
            ("/x\0", SignError::Path),
        ] {
            let refused = refusal(sample, |request| {
                request.path = format!("{}{tail}", request.path.trim_end_matches('/'));
            });
            assert_eq!(refused, Some(error), "{} {tail:?}", sample.exchange);
        }
    }
}

#[test]
fn a_parameter_with_two_readings_is_refused_by_every_adapter_that_takes_a_query() {
    for sample in SAMPLES.iter().filter(|sample| !sample.query.is_empty()) {
        for (name, value, error) in [
            ("a", "1&b=2", SignError::Separator),
            ("a", "1=2", SignError::Separator),
            ("a", "1#2", SignError::Separator),
            ("a", "1?2", SignError::Separator),
            ("a", "1/2", SignError::Separator),
            ("a", "1;2", SignError::Separator),
            ("a", "1%26b%3D2", SignError::EncodedSeparator),
            ("a", "%2F", SignError::EncodedSeparator),
            ("a", "%00", SignError::EncodedSeparator),
            ("a", "%2526", SignError::EncodedSeparator),
            ("a", "1\n2", SignError::Control),
            ("a", "1\0", SignError::Control),
            ("a&b", "1", SignError::Name),
            ("a=b", "1", SignError::Name),
            ("", "1", SignError::Name),
            ("a%3D", "1", SignError::EncodedSeparator),
        ] {
            let refused = refusal(sample, |request| {
                request.query.push((name.to_owned(), value.to_owned()));
            });
            assert_eq!(
                refused,
                Some(error),
                "{} {name:?} {value:?}",
                sample.exchange
            );
        }
        let doubled = refusal(sample, |request| {
            request.query.push(request.query[0].clone());
        });
        assert_eq!(doubled, Some(SignError::Duplicate), "{}", sample.exchange);
    }
}

#[test]
fn characters_outside_ascii_are_taken_only_where_their_form_is_documented() {
    for sample in SAMPLES.iter().filter(|sample| !sample.query.is_empty()) {
        let refused = refusal(sample, |request| {
            request.query.push(("a".to_owned(), "１".to_owned()));
        });
        let expected = match sample.exchange {
            "binance" | "binanceus" => None,
            _ => Some(SignError::NotAscii),
        };
        assert_eq!(refused, expected, "{}", sample.exchange);
    }
}

#[test]
fn a_json_body_with_two_readings_is_refused_by_every_adapter_that_takes_one() {
    let json = |sample: &&Sample| sample.body.is_some_and(|body| body.starts_with('{'));
    for sample in SAMPLES.iter().filter(json) {
        for (body, error) in [
            (r#"{"a":1,"a":2}"#, SignError::Duplicate),
            (r#"{"b":{"a":1,"a":2}}"#, SignError::Duplicate),
            (r#"{"\u0061":1}"#, SignError::BodyJson),
            (r#"{"a":1}{"a":2}"#, SignError::BodyJson),
            (r#"{"a":01}"#, SignError::BodyJson),
            (r#"{"a":NaN}"#, SignError::BodyJson),
        ] {
            let refused = refusal(sample, |request| request.body = Some(body.to_owned()));
            assert_eq!(refused, Some(error), "{} {body}", sample.exchange);
        }
        if let Some((name, _)) = sample.query.first() {
            let both = refusal(sample, |request| {
                request.body = Some(format!("{{\"{name}\":1}}"));
            });
            assert_eq!(both, Some(SignError::InBoth), "{}", sample.exchange);
        }
        let text = refusal(sample, |request| request.body = Some("not JSON".to_owned()));
        assert!(
            matches!(text, Some(SignError::BodyJson | SignError::BodyForm)),
            "{}",
            sample.exchange
        );
    }
}

#[test]
fn a_form_with_two_readings_is_refused() {
    let form = |sample: &&Sample| sample.body.is_some_and(|body| !body.starts_with('{'));
    for sample in SAMPLES.iter().filter(form) {
        for (body, error) in [
            ("a=1&a=2", SignError::Duplicate),
            ("a=1%26b%3D2", SignError::EncodedSeparator),
            ("a=%00", SignError::EncodedSeparator),
            ("a=1=2", SignError::Separator),
            ("a=x y", SignError::BodyForm),
            ("a", SignError::BodyForm),
        ] {
            let refused = refusal(sample, |request| request.body = Some(body.to_owned()));
            assert_eq!(refused, Some(error), "{} {body}", sample.exchange);
        }
    }
}

#[test]
fn what_the_adapter_adds_itself_is_not_taken_from_the_caller() {
    for (exchange, name) in [
        ("binance", "timestamp"),
        ("binance", "Signature"),
        ("binance", "recvWindow"),
        ("binanceus", "timestamp"),
        ("mexc", "signature"),
        ("htx", "AccessKeyId"),
        ("htx", "Timestamp"),
        ("htx", "Signature"),
        ("htx", "SignatureMethod"),
    ] {
        let refused = refusal(sample(exchange), |request| {
            request.body = None;
            request.query = vec![(name.to_owned(), "1".to_owned())];
        });
        assert!(
            matches!(refused, Some(SignError::Reserved(_))),
            "{exchange} {name}: {refused:?}"
        );
    }
    for (exchange, body) in [
        ("binance", "timestamp=1"),
        ("kraken", "nonce=1"),
        ("kraken", "otp=1"),
        ("kraken", r#"{"nonce":"1"}"#),
        ("gemini", r#"{"request":"/v1/withdraw/btc"}"#),
        ("gemini", r#"{"nonce":1}"#),
        ("bybit", r#"{"timestamp":1}"#),
        ("hyperliquid", r#"{"action":{"type":"order"},"nonce":1}"#),
        (
            "hyperliquid",
            r#"{"action":{"type":"order"},"vaultAddress":null}"#,
        ),
        (
            "hyperliquid",
            r#"{"action":{"type":"usdSend","destination":"0x0","amount":"1","time":1}}"#,
        ),
    ] {
        let refused = refusal(sample(exchange), |request| {
            request.query.clear();
            request.body = Some(body.to_owned());
        });
        assert!(
            matches!(refused, Some(SignError::Reserved(_))),
            "{exchange} {body}: {refused:?}"
        );
    }
}

#[test]
fn nothing_is_sent_that_the_signature_does_not_cover() {
    for exchange in [
        "bybit",
        "kraken",
        "bitfinex",
        "gemini",
        "cryptocom",
        "hyperliquid",
    ] {
        let refused = refusal(sample(exchange), |request| {
            request.query = vec![("a".to_owned(), "1".to_owned())];
        });
        assert_eq!(refused, Some(SignError::QueryUnsigned), "{exchange}");
    }
    for exchange in ["binance", "binanceus", "mexc", "krakenfutures"] {
        let refused = refusal(sample(exchange), |request| {
            request.query = vec![("a".to_owned(), "1".to_owned())];
            request.body = Some("b=2".to_owned());
        });
        assert_eq!(refused, Some(SignError::QueryAndBody), "{exchange}");
    }
    // A field of a withdrawal beside those that are signed one by one.
    let refused = refusal(sample("hyperliquid"), |request| {
        request.body = Some(
            r#"{"action":{"type":"withdraw3","destination":"0x0","amount":"1","memo":"x"}}"#
                .to_owned(),
        );
    });
    assert!(matches!(refused, Some(SignError::NotCanonical(_))));
}

#[test]
fn a_get_has_no_body() {
    for sample in SAMPLES {
        let refused = refusal(sample, |request| {
            request.method = Method::Get;
            request.query.clear();
        });
        if sample.body.is_some() {
            assert!(
                matches!(
                    refused,
                    Some(SignError::Body | SignError::Method | SignError::QueryUnsigned)
                ),
                "{}: {refused:?}",
                sample.exchange
            );
        }
    }
}

#[test]
fn a_path_and_a_body_that_name_different_calls_are_refused() {
    let deribit = sample("deribit");
    for (path, method, expected) in [
        (
            "/api/v2/private/buy",
            "private/withdraw",
            Err(SignError::TwoCalls),
        ),
        ("/api/v2/private/buy", "private/buy", Ok(Class::Trade)),
        ("/api/v2", "private/withdraw", Ok(Class::Withdraw)),
        ("/api/v2/", "private/reset_api_key", Ok(Class::AccountAdmin)),
        ("/api/v2", "no/such", Ok(Class::Unknown)),
        ("/api/v2", "private/BUY", Err(SignError::BodyJson)),
    ] {
        let request = Request {
            method: Method::Post,
            path: path.to_owned(),
            query: Vec::new(),
            body: Some(format!("{{\"method\":\"{method}\",\"params\":{{}}}}")),
        };
        let class = deribit
            .signer()
            .sign(&request, &deribit.moment())
            .map(|signed| signed.class());
        assert_eq!(class, expected, "{path} {method}");
    }
}

#[test]
fn values_without_one_documented_form_are_refused() {
    for body in [
        r#"{"a":0.5}"#,
        r#"{"a":true}"#,
        r#"{"a":null}"#,
        r#"{"a":{"b":"c"}}"#,
        r#"{"a":-1}"#,
    ] {
        let refused = refusal(sample("cryptocom"), |request| {
            request.body = Some(body.to_owned());
        });
        assert!(
            matches!(refused, Some(SignError::NotCanonical(_))),
            "{body}: {refused:?}"
        );
    }
    for exchange in ["kucoin", "bybit"] {
        let refused = refusal(sample(exchange), |request| {
            request.method = Method::Get;
            request.body = None;
            request.query = vec![("a".to_owned(), "b c".to_owned())];
        });
        assert_eq!(refused, Some(SignError::NotPlain), "{exchange}");
    }
    let refused = refusal(sample("bitstamp"), |request| {
        request.query = vec![("a".to_owned(), "1".to_owned())];
    });
    assert!(matches!(refused, Some(SignError::NotCanonical(_))));
}

#[test]
fn nonces_and_windows_are_what_the_exchange_takes() {
    let moment = |nonce: &'static str, window: Option<u32>| Moment {
        now_ms: crate::samples::NOW_MS,
        nonce,
        receive_window_ms: window,
        blinding: [0; 32],
    };
    for (exchange, nonce, window) in [
        ("kraken", "", None),
        ("kraken", "01", None),
        ("kraken", "-1", None),
        ("kraken", "1 ", None),
        ("kraken", "99999999999999999999", None),
        ("bitstamp", "123E4567-e89b-42d3-a456-426614174000", None),
        ("bitstamp", "1", None),
        ("coinbase", "", None),
        ("coinbase", "a\"b", None),
        ("deribit", "a\nb", None),
        ("deribit", "a,sig=b", None),
        ("binance", "1", None),
        ("binance", "", Some(60_001)),
        ("binance", "", Some(0)),
        ("okx", "", Some(5000)),
        ("kraken", "1", Some(5000)),
    ] {
        let sample = sample(exchange);
        let refused = sample
            .signer()
            .sign(&sample.request(), &moment(nonce, window))
            .err();
        assert!(
            matches!(
                refused,
                Some(SignError::Nonce(_) | SignError::Window(_) | SignError::NoWindow)
            ),
            "{exchange} {nonce:?} {window:?}: {refused:?}"
        );
    }
    let late = Moment {
        now_ms: u64::MAX,
        ..sample("okx").moment()
    };
    let refused = sample("okx").signer().sign(&sample("okx").request(), &late);
    assert_eq!(refused.err(), Some(SignError::Time));
}
