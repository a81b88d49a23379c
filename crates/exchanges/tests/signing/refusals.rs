//! What is not signed, exchange by exchange: everything that has two readings, that the signature
//! would not cover, or that the adapter adds itself.

use crate::samples::{HMAC, SAMPLES, Sample, signer};
use strongroom_domain::Environment;
use strongroom_exchanges::sign::{
    Binding, Class, Credential, CredentialError, Method, Moment, Request, SignError, adapter,
};
use strongroom_secret::SecretText;

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

#[test]
fn a_credential_that_cannot_sign_is_told_by_its_field() {
    let pem = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/");
        std::fs::read_to_string(format!("{folder}{name}.pem")).expect("a key of the tests")
    };
    let cases: Vec<(&str, Vec<(&str, String)>, bool)> = vec![
        ("binance", vec![("secret", "a".to_owned())], false),
        ("binance", vec![("apiKey", "a".to_owned())], false),
        ("binance", vec![("secret", pem("rsa-2048"))], true),
        ("binance", vec![("secret", pem("rsa-2048-pkcs1"))], true),
        ("binance", vec![("secret", pem("ed25519"))], true),
        (
            "binance",
            vec![("secret", pem("ed25519").replace('\n', "\\n"))],
            true,
        ),
        ("binance", vec![("secret", pem("rsa-1024"))], false),
        ("binance", vec![("secret", pem("p256"))], false),
        ("binance", vec![("secret", pem("p256-encrypted"))], false),
        (
            "binance",
            vec![("secret", "-----BEGIN PRIVATE KEY-----\nAAAA".to_owned())],
            false,
        ),
        ("binanceus", vec![("secret", pem("ed25519"))], false),
        ("bybit", vec![("secret", pem("rsa-2048"))], true),
        ("bybit", vec![("secret", pem("ed25519"))], false),
        ("deribit", vec![("secret", pem("ed25519"))], false),
        ("coinbase", vec![("privateKey", pem("p256"))], true),
        ("coinbase", vec![("privateKey", pem("p256-pkcs8"))], true),
        ("coinbase", vec![("privateKey", pem("ed25519"))], true),
        ("coinbase", vec![("privateKey", pem("rsa-2048"))], false),
        ("coinbase", vec![("privateKey", "AAAA".to_owned())], false),
        (
            "coinbase",
            vec![("privateKey", "not base64!".to_owned())],
            false,
        ),
        (
            "kraken",
            vec![("privateKey", "not base64!".to_owned())],
            false,
        ),
        ("kraken", vec![("privateKey", "AAAA".to_owned())], true),
        (
            "kraken",
            vec![("privateKey", "AAAA".to_owned()), ("otp", "a&b".to_owned())],
            false,
        ),
        ("okx", vec![("secret", "a".to_owned())], false),
        (
            "kucoin",
            vec![("secret", "a".to_owned()), ("passphrase", "b".to_owned())],
            false,
        ),
        (
            "kucoin",
            vec![
                ("secret", "a".to_owned()),
                ("passphrase", "b".to_owned()),
                ("keyVersion", "4".to_owned()),
            ],
            false,
        ),
        (
            "hyperliquid",
            vec![("privateKey", "0x12".to_owned())],
            false,
        ),
        (
            "hyperliquid",
            vec![
                ("privateKey", "0".repeat(64)),
                ("walletAddress", "1".repeat(40)),
            ],
            false,
        ),
    ];
    for (exchange, mut fields, taken) in cases {
        if fields.iter().all(|(name, _)| *name != "apiKey")
            && !(exchange == "binance" && fields[0].1 == "a")
        {
            fields.push(("apiKey", "examplekey1".to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let made = signer(exchange, &fields);
        assert_eq!(made.is_ok(), taken, "{exchange} {made:?}");
        if let Err(refused) = made {
            let text = refused.to_string();
            for (_, value) in &fields {
                assert!(value.len() < 4 || !text.contains(value), "{text}");
            }
        }
    }
}

#[test]
fn a_seed_with_another_keys_public_half_is_refused() {
    let pair = |seed: u8| ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).to_keypair_bytes();
    let mut mixed = pair(1);
    mixed[32..].copy_from_slice(&pair(2)[32..]);
    for (bytes, taken) in [(pair(1), true), (mixed, false)] {
        let secret = data_encoding::BASE64.encode(&bytes);
        let made = signer("coinbase", &[("keyName", "a"), ("privateKey", &secret)]);
        assert_eq!(made.is_ok(), taken);
    }
}

#[test]
fn a_place_the_exchange_does_not_have_is_refused() {
    let credential = || {
        Credential::new(
            HMAC.iter()
                .map(|(name, value)| ((*name).to_owned(), SecretText::new((*value).to_owned())))
                .collect(),
        )
    };
    let binance = adapter("binance").expect("an adapter");
    let kraken = adapter("kraken").expect("an adapter");
    for (adapter, environment, host, error) in [
        (
            kraken,
            Environment::Testnet,
            None,
            CredentialError::Environment("testnet"),
        ),
        (
            binance,
            Environment::Production,
            Some("example.com"),
            CredentialError::Host,
        ),
        (
            binance,
            Environment::Testnet,
            Some("api.binance.com"),
            CredentialError::Host,
        ),
    ] {
        let refused = adapter.signer(environment, host, &credential()).err();
        assert_eq!(refused, Some(error));
    }
    let futures = binance
        .signer(
            Environment::Production,
            Some("fapi.binance.com"),
            &credential(),
        )
        .expect("a place");
    assert_eq!(futures.place().host, "fapi.binance.com");
    assert!(adapter("no-such-exchange").is_none());
}

#[test]
fn what_is_signed_shows_neither_secret_nor_signature() {
    for sample in SAMPLES {
        let signer = sample.signer();
        let signed = signer
            .sign(&sample.request(), &sample.moment())
            .expect("a request");
        let shown = format!("{signer:?} {signed:?} {:?}", signed.headers());
        assert!(!shown.contains(&sample.signature_of(&signed)), "{shown}");
        for (_, value) in sample.fields {
            assert!(value.len() < 2 || !shown.contains(value), "{shown}");
        }
    }
}

#[test]
fn no_secret_is_ever_part_of_a_url() {
    for sample in SAMPLES {
        let signed = sample
            .signer()
            .sign(&sample.request(), &sample.moment())
            .expect("a request");
        for (name, value) in sample.fields {
            let public = matches!(*name, "apiKey" | "keyVersion");
            // HTX's scheme has no other place for the public key id.
            let allowed = value.len() < 2 || (public && sample.exchange == "htx");
            assert!(
                allowed || !signed.target().contains(value),
                "{} {name}",
                sample.exchange
            );
        }
    }
}

/// What an exchange's signature does not cover is said, and is so: a signature that somebody else
/// gets can be put on another request.
#[test]
fn what_a_signature_leaves_open_is_said_and_is_so() {
    for sample in SAMPLES {
        let adapter = adapter(sample.exchange).expect("an adapter");
        let signature = |request: &Request| {
            let signed = sample
                .signer()
                .sign(request, &sample.moment())
                .expect("a request");
            assert_eq!(signed.binding(), adapter.binding());
            sample.signature_of(&signed)
        };
        let given = signature(&sample.request());
        let mut other_path = sample.request();
        other_path.path = other_path.path.replace("or", "ol");
        if adapter.binding() == Binding::NotCall {
            assert_eq!(signature(&other_path), given, "{}", sample.exchange);
        }
        if adapter.binding() == Binding::NotMethod {
            let mut other_method = sample.request();
            other_method.method = Method::Get;
            assert_eq!(signature(&other_method), given, "{}", sample.exchange);
        }
        let mut other_body = sample.request();
        other_body.body = Some("{}".to_owned());
        if matches!(adapter.binding(), Binding::NotBody | Binding::NotParameters) {
            assert_eq!(signature(&other_body), given, "{}", sample.exchange);
        }
    }
}
