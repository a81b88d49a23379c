//! Random requests of each exchange, and how its two signatures are compared.

mod bodies;
mod headers;
mod keys;
mod parameters;

use serde_json::{Value, json};
use strongroom_exchanges::sign::Signed;

use crate::Case;
use crate::random::Random;

type Make = fn(&mut Random) -> Case;

pub(crate) const ALL: &[(Make, u32)] = &[
    (parameters::binance, 300),
    (parameters::binance_with_a_private_key, 60),
    (parameters::binance_us, 150),
    (headers::bybit, 250),
    (headers::bybit_with_rsa, 30),
    (headers::okx, 250),
    (keys::coinbase, 200),
    (bodies::kraken, 250),
    (parameters::kraken_futures, 250),
    (headers::kucoin, 250),
    (headers::gate, 250),
    (headers::bitget, 250),
    (parameters::mexc_spot, 200),
    (parameters::mexc_contract, 200),
    (parameters::htx, 250),
    (bodies::bitfinex, 250),
    (bodies::bitstamp, 250),
    (bodies::gemini, 250),
    (bodies::crypto_com, 250),
    (parameters::deribit, 250),
    (keys::hyperliquid_order, 200),
    (keys::hyperliquid_user_signed, 100),
];

const RSA: &str = include_str!("../../data/keys/rsa-2048.pem");
const ED25519: &str = include_str!("../../data/keys/ed25519.pem");
const P256: &str = include_str!("../../data/keys/p256.pem");

/// What a query's value may hold beside letters where it is escaped.
const ESCAPED: &str = " :,+[]{}\"'()!*@$~|";

fn header(signed: &Signed, name: &str) -> String {
    let found = signed
        .headers()
        .find(|header| header.name.eq_ignore_ascii_case(name));
    found
        .unwrap_or_else(|| panic!("we send no {name}"))
        .value
        .expose()
        .to_owned()
}

/// URL and body exactly, and these headers.
fn same(case: &Case, ours: &Signed, theirs: &Value, headers: &[&str]) {
    let url = format!("https://{}{}", ours.host(), ours.target());
    assert_eq!(theirs["url"], url.as_str(), "{}", case.exchange);
    match ours.body() {
        Some(body) => assert_eq!(theirs["body"], body.expose(), "{}", case.exchange),
        None => assert_eq!(theirs["body"], Value::Null, "{}", case.exchange),
    }
    same_headers(case, ours, theirs, headers);
}

fn same_headers(case: &Case, ours: &Signed, theirs: &Value, headers: &[&str]) {
    for name in headers {
        let theirs = theirs["headers"]
            .as_object()
            .expect("headers")
            .iter()
            .find(|(theirs, _)| theirs.eq_ignore_ascii_case(name))
            .unwrap_or_else(|| panic!("ccxt sends no {name}"))
            .1;
        assert_eq!(
            theirs,
            header(ours, name).as_str(),
            "{} {name}",
            case.exchange
        );
    }
}

fn key_and_secret(case: &mut Case, random: &mut Random) {
    let (key, secret) = (random.letters(24), random.letters(40));
    set_key(case, key, secret);
}

fn set_key(case: &mut Case, key: String, secret: String) {
    case.peer["credential"] = json!({"apiKey": key, "secret": secret});
    case.credential = vec![("apiKey", key), ("secret", secret)];
}

fn set_passphrase(case: &mut Case, random: &mut Random) {
    let passphrase = random.text(b"abcXYZ019!#$%&*()", 12);
    case.peer["credential"]["password"] = json!(passphrase);
    case.credential.push(("passphrase", passphrase));
}

fn set_api(case: &mut Case, api: &[&str], path: &str) {
    case.peer["api"] = json!(api);
    case.peer["path"] = json!(path);
}

/// The parameters as a query for us and as an object for ccxt.
fn set_query(case: &mut Case, pairs: Vec<(String, String)>) {
    case.peer["params"] = json!(object_with_escapes(&pairs));
    case.request.query = pairs;
}

/// The parameters as a JSON body for us and as an object for ccxt.
fn set_json(case: &mut Case, text: String) {
    case.peer["params"] = json!(text);
    case.request.body = Some(text);
}

/// As [`object`], where values hold what JSON escapes.
fn object_with_escapes(pairs: &[(String, String)]) -> String {
    let members: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("\"{name}\":{}", json!(value)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn form(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "%20")))
        .collect();
    pairs.join("&")
}
