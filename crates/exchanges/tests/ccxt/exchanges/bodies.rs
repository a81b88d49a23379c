//! Exchanges whose parameters are in the body.

use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha384;
use strongroom_exchanges::sign::{Method, Signed};

use super::*;
use crate::Case;
use crate::random::{Random, object};

pub(super) fn kraken(random: &mut Random) -> Case {
    let json = random.below(3) == 0;
    let path = if json { "CancelOrderBatch" } else { "Ledgers" };
    let ours = format!("/0/private/{path}");
    let mut case = Case::new("kraken", Method::Post, &ours, |case, ours, theirs| {
        same(case, ours, theirs, &["API-Key", "API-Sign", "Content-Type"]);
    });
    let (key, secret) = (
        random.letters(56),
        BASE64.encode(random.letters(64).as_bytes()),
    );
    set_key(&mut case, key, secret);
    set_api(&mut case, &["private"], path);
    case.nonce = random.time().to_string();
    let pairs = random.pairs(1, if json { ESCAPED } else { " " });
    if json {
        set_json(&mut case, object_with_escapes(&pairs));
    } else {
        case.peer["params"] = json!(object(&pairs));
        case.request.body = Some(form(&pairs));
    }
    case
}

pub(super) fn bitfinex(random: &mut Random) -> Case {
    let path = random.one_of(&["auth/r/permissions", "auth/w/order/submit"]);
    let ours = format!("/v2/{path}");
    let mut case = Case::new("bitfinex", Method::Post, &ours, |case, ours, theirs| {
        same(
            case,
            ours,
            theirs,
            &["bfx-nonce", "bfx-apikey", "bfx-signature"],
        );
    });
    key_and_secret(&mut case, random);
    set_api(&mut case, &["private"], path);
    case.nonce = random.time().to_string();
    let pairs = random.pairs(0, ESCAPED);
    set_json(&mut case, object_with_escapes(&pairs));
    case
}

pub(super) fn bitstamp(random: &mut Random) -> Case {
    let get = random.below(4) == 0;
    let (method, path) = if get {
        (Method::Get, "travel_rule/contacts/")
    } else {
        (Method::Post, "buy/btcusd/")
    };
    let ours = format!("/api/v2/{path}");
    let mut case = Case::new("bitstamp", method, &ours, |case, ours, theirs| {
        same(
            case,
            ours,
            theirs,
            &[
                "X-Auth",
                "X-Auth-Signature",
                "X-Auth-Nonce",
                "X-Auth-Timestamp",
                "X-Auth-Version",
            ],
        );
    });
    key_and_secret(&mut case, random);
    set_api(&mut case, &["private"], path);
    case.now_ms = random.time();
    let hex = random.hex(32);
    case.nonce = format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    );
    if !get {
        let pairs = random.pairs(1, " ");
        case.peer["params"] = json!(object(&pairs));
        case.request.body = Some(form(&pairs));
    }
    case
}

pub(super) fn gemini(random: &mut Random) -> Case {
    let path = random.one_of(&["v1/order/new", "v1/mytrades", "v1/balances"]);
    let ours = format!("/{path}");
    let mut case = Case::new("gemini", Method::Post, &ours, compare_gemini);
    let (key, secret) = (
        format!("account-{}", random.letters(20)),
        random.letters(28),
    );
    set_key(&mut case, key, secret);
    set_api(&mut case, &["private"], path);
    case.nonce = random.time().to_string();
    let pairs = random.pairs(0, ESCAPED);
    set_json(&mut case, object_with_escapes(&pairs));
    case
}

// The nonce is a number in the exchange's example and a text in ccxt: the payloads are compared as
// JSON, and each signature with an HMAC of its own payload.
fn compare_gemini(case: &Case, ours: &Signed, theirs: &Value) {
    same_headers(case, ours, theirs, &["X-GEMINI-APIKEY", "Content-Type"]);
    assert_eq!(
        theirs["url"],
        format!("https://{}{}", ours.host(), ours.target())
    );
    let their = |name: &str| {
        theirs["headers"][name]
            .as_str()
            .expect("a header")
            .to_owned()
    };
    let sides = [
        (
            header(ours, "X-GEMINI-PAYLOAD"),
            header(ours, "X-GEMINI-SIGNATURE"),
        ),
        (their("X-GEMINI-PAYLOAD"), their("X-GEMINI-SIGNATURE")),
    ];
    let [ours, theirs] = sides.map(|(payload, signature)| {
        let mut mac =
            Hmac::<Sha384>::new_from_slice(case.credential[1].1.as_bytes()).expect("any length");
        mac.update(payload.as_bytes());
        assert_eq!(signature, HEXLOWER.encode(&mac.finalize().into_bytes()));
        let bytes = BASE64.decode(payload.as_bytes()).expect("base64");
        let mut payload: Value = serde_json::from_slice(&bytes).expect("JSON");
        payload["nonce"] = text_of(&payload["nonce"]);
        payload
    });
    assert_eq!(ours, theirs);
}

fn text_of(value: &Value) -> Value {
    json!(
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    )
}

pub(super) fn crypto_com(random: &mut Random) -> Case {
    let path = random.one_of(&["private/create-order", "private/create-order-list"]);
    let ours = format!("/exchange/v1/{path}");
    let mut case = Case::new("cryptocom", Method::Post, &ours, compare_crypto_com);
    key_and_secret(&mut case, random);
    set_api(&mut case, &["v1", "private"], path);
    case.now_ms = random.time();
    let pairs = random.pairs(0, ESCAPED);
    let mut text = object_with_escapes(&pairs);
    if path.ends_with("list") {
        let orders: Vec<String> = (0..1 + random.below(3))
            .map(|_| object_with_escapes(&random.pairs(1, ESCAPED)))
            .collect();
        let comma = if pairs.is_empty() { "" } else { "," };
        text.pop();
        text = format!(
            "{text}{comma}\"order_list\":[{}],\"exec_inst\":[\"POST_ONLY\",\"X\"],\"count\":{}}}",
            orders.join(","),
            random.below(1000)
        );
    }
    set_json(&mut case, text);
    case
}

// Id and nonce are numbers in the documentation and texts in ccxt; the signature is the same.
fn compare_crypto_com(_: &Case, ours: &Signed, theirs: &Value) {
    assert_eq!(
        theirs["url"],
        format!("https://{}{}", ours.host(), ours.target())
    );
    let bodies = [
        ours.body().expect("a body").expose(),
        theirs["body"].as_str().expect("a body"),
    ];
    let [ours, theirs] = bodies.map(|body| {
        let mut body: Value = serde_json::from_str(body).expect("JSON");
        for name in ["id", "nonce"] {
            body[name] = text_of(&body[name]);
        }
        body
    });
    assert_eq!(ours, theirs);
}
