//! Which credentials sign, and that nothing of them is shown or sent where it does not belong.

use strongroom_domain::Environment;
use strongroom_exchanges::sign::{Binding, Credential, CredentialError, Method, Request, adapter};
use strongroom_secret::SecretText;

use crate::samples::{HMAC, SAMPLES, signer};

#[test]
fn a_credential_that_cannot_sign_is_told_by_its_field() {
    let pem = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/");
        std::fs::read_to_string(format!("{folder}{name}.pem")).expect("a key of the tests")
    };
    type Fields = Vec<(&'static str, String)>;
    let cases: Vec<(&str, Fields, bool)> = vec![
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
        let headers: Vec<_> = signed.headers().collect();
        let shown = format!("{signer:?} {signed:?} {headers:?} {:?}", signed.body());
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
