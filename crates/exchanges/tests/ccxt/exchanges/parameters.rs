//! Exchanges that put what they add among the parameters, or sign nothing else.

use data_encoding::BASE64;
use serde_json::{Value, json};
use strongroom_exchanges::sign::{Method, Signed};

use super::*;
use crate::Case;
use crate::random::{Random, object};

// Binance puts its own parameters first in ccxt and last here; the exchange takes both, so ccxt is
// told to put them last.
fn binance_like(exchange: &'static str, random: &mut Random) -> Case {
    let method = random.one_of(&[Method::Get, Method::Post, Method::Delete, Method::Put]);
    let (api, path, ours) = random.one_of(&[
        ("private", "openOrders", "/api/v3/openOrders"),
        ("sapi", "asset/transfer", "/sapi/v1/asset/transfer"),
    ]);
    let mut case = Case::new(exchange, method, ours, |case, ours, theirs| {
        same(case, ours, theirs, &["X-MBX-APIKEY"]);
    });
    key_and_secret(&mut case, random);
    set_api(&mut case, &[api], path);
    case.now_ms = random.time();
    let window = 1 + u32::try_from(random.below(60_000)).expect("small");
    case.window = Some(window);
    case.peer["options"] = json!({"recvWindow": window});
    case.peer["last"] = json!(["recvWindow", "timestamp"]);
    if matches!(method, Method::Post | Method::Put) {
        let pairs = random.pairs(1, " ");
        case.peer["params"] = json!(object(&pairs));
        case.request.body = Some(form(&pairs));
    } else {
        let pairs = random.pairs(0, ESCAPED);
        set_query(&mut case, pairs);
    }
    case
}

pub(super) fn binance(random: &mut Random) -> Case {
    binance_like("binance", random)
}

pub(super) fn binance_us(random: &mut Random) -> Case {
    binance_like("binanceus", random)
}

pub(super) fn binance_with_a_private_key(random: &mut Random) -> Case {
    let mut case = binance_like("binance", random);
    let secret = random.one_of(&[RSA, ED25519]).trim().to_owned();
    let key = random.letters(64);
    set_key(&mut case, key, secret);
    case
}

// As with Binance, ccxt is told to put time and window last.
pub(super) fn mexc_spot(random: &mut Random) -> Case {
    let (method, path) = random.one_of(&[
        (Method::Get, "openOrders"),
        (Method::Post, "order"),
        (Method::Delete, "order"),
    ]);
    let ours = format!("/api/v3/{path}");
    let mut case = Case::new("mexc", method, &ours, |case, ours, theirs| {
        same(case, ours, theirs, &["X-MEXC-APIKEY"]);
    });
    key_and_secret(&mut case, random);
    set_api(&mut case, &["spot", "private"], path);
    case.now_ms = random.time();
    let window = 1 + u32::try_from(random.below(60_000)).expect("small");
    case.window = Some(window);
    case.peer["options"] = json!({"recvWindow": window});
    case.peer["last"] = json!(["recvWindow", "timestamp"]);
    let pairs = random.pairs(0, ESCAPED);
    set_query(&mut case, pairs);
    case
}

pub(super) fn mexc_contract(random: &mut Random) -> Case {
    let get = random.below(2) == 0;
    let (method, path) = if get {
        (Method::Get, "order/list/history_orders")
    } else {
        (Method::Post, "order/submit")
    };
    let ours = format!("/api/v1/private/{path}");
    let mut case = Case::new("mexc", method, &ours, |case, ours, theirs| {
        same(case, ours, theirs, &["ApiKey", "Request-Time", "Signature"]);
    });
    key_and_secret(&mut case, random);
    set_api(&mut case, &["contract", "private"], path);
    case.now_ms = random.time();
    let pairs = random.pairs(1, ESCAPED);
    if get {
        set_query(&mut case, pairs);
    } else {
        set_json(&mut case, object_with_escapes(&pairs));
    }
    case
}

pub(super) fn kraken_futures(random: &mut Random) -> Case {
    let (method, path) = random.one_of(&[
        (Method::Get, "openorders"),
        (Method::Post, "sendorder"),
        (Method::Post, "cancelorder"),
        (Method::Put, "leveragepreferences"),
    ]);
    let ours = format!("/derivatives/api/v3/{path}");
    let mut case = Case::new("krakenfutures", method, &ours, |case, ours, theirs| {
        same(case, ours, theirs, &["APIKey", "Authent"]);
    });
    let (key, secret) = (
        random.letters(56),
        BASE64.encode(random.letters(64).as_bytes()),
    );
    set_key(&mut case, key, secret);
    set_api(&mut case, &["private"], path);
    let pairs = random.pairs(0, ESCAPED);
    set_query(&mut case, pairs);
    case
}

pub(super) fn htx(random: &mut Random) -> Case {
    let (method, api, path) = random.one_of(&[
        (Method::Get, "spot", "v1/order/openOrders"),
        (Method::Post, "spot", "v2/account/transfer"),
        (Method::Post, "contract", "swap-api/v1/swap_cancel"),
    ]);
    let ours = format!("/{path}");
    let mut case = Case::new("htx", method, &ours, |case, ours, theirs| {
        same(case, ours, theirs, &[]);
    });
    let host = match api {
        "contract" => "api.hbdm.com",
        _ => random.one_of(&["api.huobi.pro", "api-aws.huobi.pro"]),
    };
    case.host = Some(host);
    case.peer["host"] = json!(host);
    key_and_secret(&mut case, random);
    set_api(&mut case, &[api, "private"], path);
    // ccxt rounds to the nearest second, here what has begun counts: whole seconds are asked for.
    case.now_ms = random.time() / 1000 * 1000;
    let pairs = random.pairs(1, ESCAPED);
    if method == Method::Get {
        set_query(&mut case, pairs);
    } else {
        set_json(&mut case, object_with_escapes(&pairs));
    }
    case
}

pub(super) fn deribit(random: &mut Random) -> Case {
    let path = random.one_of(&["buy", "get_account_summary", "cancel_all"]);
    let ours = format!("/api/v2/private/{path}");
    let mut case = Case::new("deribit", Method::Get, &ours, compare_deribit);
    key_and_secret(&mut case, random);
    set_api(&mut case, &["private"], path);
    case.now_ms = random.time();
    case.nonce = random.time().to_string();
    let pairs = random.pairs(0, ESCAPED);
    set_query(&mut case, pairs);
    case
}

// The parts of the header stand in another order.
fn compare_deribit(case: &Case, ours: &Signed, theirs: &Value) {
    same(case, ours, theirs, &[]);
    let theirs = theirs["headers"]["Authorization"]
        .as_str()
        .expect("a header");
    let [ours, theirs] = [header(ours, "Authorization"), theirs.to_owned()].map(|header| {
        let parts = header
            .strip_prefix("deri-hmac-sha256 ")
            .expect("the scheme");
        let mut parts: Vec<String> = parts.split(',').map(str::to_owned).collect();
        parts.sort();
        parts
    });
    assert_eq!(ours, theirs);
}
