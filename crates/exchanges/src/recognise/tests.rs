//! Pasted texts. Every value is invented.

use super::*;
use crate::catalogue::{Facts, facts};

const UUID: &str = "0123abcd-0123-4123-8123-0123456789ab";

fn exchange(id: &str) -> &'static Facts {
    facts(id).expect("in the catalogue")
}

fn named(text: &str) -> FieldName {
    FieldName::parse(text).expect("a name")
}

fn check_first(text: &str, exchange: &str, field: &str, sureness: Sureness) {
    let guesses = guesses(text);
    let first = guesses
        .first()
        .unwrap_or_else(|| panic!("no guess for {exchange}"));
    assert_eq!(
        (first.exchange, first.field.as_str(), first.sureness),
        (exchange, field, sureness),
        "{}",
        first.why
    );
    assert!(!first.why.contains(text));
}

#[test]
fn marks_tell_the_exchange() {
    let hex = "0123456789abcdef0123456789abcdef";
    let alnum = "Abcdefgh1jklmnopqrst22";
    check_first(&format!("bg_{hex}"), "bitget", "apiKey", Sureness::Marked);
    check_first("mx0Abcdefgh1jklmno", "mexc", "apiKey", Sureness::Marked);
    check_first(
        &format!("cxakp_{alnum}"),
        "cryptocom",
        "secret",
        Sureness::Marked,
    );
    check_first(
        &format!("organizations/{UUID}/apiKeys/{UUID}"),
        "coinbase",
        "apiKey",
        Sureness::Marked,
    );
    check_first(
        "account-Abcdefgh1jklmnopqrst",
        "gemini",
        "apiKey",
        Sureness::Marked,
    );
    check_first(
        &format!("dydx1{}", "q".repeat(38)),
        "dydx",
        "walletAddress",
        Sureness::Marked,
    );
}

#[test]
fn several_exchanges_share_a_form_and_all_are_named() {
    let of = |text: &str| -> Vec<String> {
        guesses(text)
            .iter()
            .map(|guess| format!("{} {}", guess.exchange, guess.field))
            .collect()
    };
    let hex64 = "0123456789abcdef".repeat(4);
    // A secret in hexadecimal is hardly a Binance secret by chance, but may be.
    let found = of(&hex64);
    assert_eq!(found[..2], ["bitget secret", "gate secret"]);
    assert!(found.contains(&"binance apiKey".to_owned()));
    let found = of(UUID);
    assert!(
        found.contains(&"okx apiKey".to_owned()) && found.contains(&"kucoin secret".to_owned())
    );
    assert!(of("").is_empty());
    assert!(of("hello, world").is_empty());
}

#[test]
fn what_sticks_to_a_copied_text_is_taken_away_and_named() {
    use Mend as M;
    for (pasted, text, mends) in [
        ("abc", "abc", vec![]),
        (" abc\n", "abc", vec![M::SpacesAround]),
        ("\u{feff}abc\u{200b}", "abc", vec![M::Invisible]),
        ("\"abc\"", "abc", vec![M::Quotes]),
        (" 'abc', ", "abc", vec![M::SpacesAround, M::Quotes]),
        ("“abc”", "abc", vec![M::Quotes]),
        ("\u{a0}abc", "abc", vec![M::SpacesAround]),
        ("\"abc", "\"abc", vec![]),
        ("a b", "a b", vec![]),
        ("\"\"", "\"\"", vec![]),
    ] {
        let tidied = tidied(pasted);
        // EXPOSE: an invented value, compared.
        assert_eq!(tidied.text.expose(), text, "{pasted:?}");
        assert_eq!(tidied.mends, mends, "{pasted:?}");
        assert!(!format!("{tidied:?}").contains("abc"));
    }
}

#[test]
fn a_pem_block_gets_its_line_ends_back() {
    let body = "A".repeat(100);
    let whole = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n",
        &body[..64],
        &body[64..]
    );
    for broken in [
        whole.replace('\n', ""),
        whole.replace('\n', " "),
        whole.replace('\n', "\\n"),
        whole.replace('\n', "\\r\\n"),
        format!("\"{}\"", whole.replace('\n', "\\n")),
    ] {
        let tidied = tidied(&broken);
        // EXPOSE: an invented value, compared.
        assert_eq!(tidied.text.expose(), whole.trim_end(), "{broken}");
        assert!(tidied.mends.contains(&Mend::PemLineEnds));
    }
    for fine in [
        whole.clone(),
        whole.replace('\n', "\r\n"),
        whole.trim_end().to_owned(),
    ] {
        let tidied = tidied(&fine);
        // EXPOSE: an invented value, compared.
        assert_eq!(tidied.text.expose(), fine.trim());
        assert_eq!(tidied.mends, [], "{fine:?}");
    }
    // What holds more than base64 is left as it is.
    let locked =
        "-----BEGIN RSA PRIVATE KEY----- Proc-Type: 4,ENCRYPTED AAAA -----END RSA PRIVATE KEY-----";
    assert_eq!(tidied(locked).mends, []);
    assert_eq!(pem_kind(locked), Some(PemKind::EncryptedPrivate));
    assert_eq!(
        pem_kind("-----BEGIN PUBLIC KEY-----AA-----END PUBLIC KEY-----"),
        Some(PemKind::Public)
    );
    assert_eq!(pem_kind("-----BEGIN"), None);
}

fn check_look(id: &str, environment: Environment, fields: &[(&str, &str)], expected: &[What]) {
    let fields: Vec<(FieldName, &str)> = fields
        .iter()
        .map(|(name, text)| (named(name), *text))
        .collect();
    let found = looked_over(exchange(id), environment, &fields);
    let whats: Vec<What> = found.iter().map(|finding| finding.what.clone()).collect();
    assert_eq!(whats, expected, "{id}");
    for finding in &found {
        assert!(finding.words.ends_with('.'));
        for (_, text) in &fields {
            assert!(
                text.len() < 8 || !finding.words.contains(text),
                "{}",
                finding.words
            );
        }
    }
}

#[test]
fn a_credential_is_looked_over() {
    let production = Environment::Production;
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    let public = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
    let alnum64 = "Abcdefgh1jklmnop".repeat(4);
    let hex32 = "0123456789abcdef".repeat(2);
    let hex64 = "0123456789abcdef".repeat(4);
    let other64 = "Zbcdefgh1jklmnop".repeat(4);
    let paper = "PK0123456789ABCDEFGH";

    check_look(
        "binance",
        production,
        &[("apiKey", &alnum64), ("secret", &other64)],
        &[],
    );
    check_look(
        "binance",
        production,
        &[("apiKey", &alnum64), ("privateKey", pem)],
        &[],
    );
    check_look(
        "binance",
        production,
        &[("apiKey", pem), ("secret", &alnum64)],
        &[What::SwappedWith(FieldName::SECRET)],
    );
    check_look(
        "binance",
        production,
        &[("apiKey", &alnum64), ("secret", public)],
        &[What::PublicHalf],
    );
    check_look(
        "binance",
        production,
        &[("apiKey", &alnum64), ("secret", &alnum64)],
        &[What::SameAs(FieldName::API_KEY)],
    );
    check_look(
        "gate",
        production,
        &[("apiKey", &hex64), ("secret", &hex32)],
        &[What::SwappedWith(FieldName::SECRET)],
    );
    check_look(
        "okx",
        production,
        &[
            ("apiKey", "0123456789ABCDEF0123456789ABCDEF"),
            ("secret", UUID),
            ("passphrase", "invented-phrase"),
        ],
        &[What::SwappedWith(FieldName::SECRET)],
    );
    check_look(
        "okx",
        production,
        &[
            ("apiKey", UUID),
            ("secret", "0123456789ABCDEF0123456789ABCDEF"),
        ],
        &[What::Missing],
    );
    check_look(
        "kraken",
        production,
        &[
            ("apiKey", &format!("mx0{}", &alnum64[..15])),
            ("secret", &format!("{}==", "A".repeat(86))),
        ],
        &[What::OfAnotherExchange("mexc")],
    );
    check_look(
        "gate",
        production,
        &[("apiKey", &hex64)],
        &[What::Missing, What::Misplaced(FieldName::SECRET)],
    );
    check_look(
        "gate",
        production,
        &[("apiKey", "short"), ("secret", &hex64)],
        &[What::UnusualForm],
    );
    check_look(
        "bitstamp",
        production,
        &[("apiKey", "short"), ("secret", "also short")],
        &[],
    );
    check_look(
        "alpaca",
        production,
        &[("apiKey", paper), ("secret", &"Ab1/".repeat(10))],
        &[What::OfAnotherEnvironment(Environment::Demo)],
    );
    check_look(
        "alpaca",
        Environment::Demo,
        &[("apiKey", paper), ("secret", &"Ab1/".repeat(10))],
        &[],
    );
    check_look(
        "gate",
        production,
        &[("apiKey", &format!("{hex32} ")), ("secret", &hex64)],
        &[What::Untidy(Mend::SpacesAround)],
    );
}

#[test]
fn an_address_in_a_configuration_tells_the_environment() {
    for (text, expected) in [
        (
            "BASE=https://testnet.binance.vision/api",
            Some(("binance", Environment::Testnet)),
        ),
        (
            "https://api.kraken.com",
            Some(("kraken", Environment::Production)),
        ),
        // The same address serves production and demo.
        ("https://www.okx.com", None),
        ("https://api.kraken.com.example.org", None),
        ("nothing", None),
    ] {
        assert_eq!(environment_named(text), expected, "{text}");
    }
}
