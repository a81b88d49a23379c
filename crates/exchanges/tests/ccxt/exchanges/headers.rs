//! Exchanges that sign time, path, query and body, and send the signature in a header.

use serde_json::json;
use strongroom_domain::Environment;
use strongroom_exchanges::sign::Method;

use super::*;
use crate::Case;
use crate::random::Random;

pub(super) fn bybit(random: &mut Random) -> Case {
    let get = random.below(2) == 0;
    let (method, path) = if get {
        (Method::Get, "v5/order/realtime")
    } else {
        (Method::Post, "v5/order/create")
    };
    let ours = format!("/{path}");
    let mut case = Case::new("bybit", method, &ours, |case, ours, theirs| {
        same(
            case,
            ours,
            theirs,
            &[
                "X-BAPI-API-KEY",
                "X-BAPI-TIMESTAMP",
                "X-BAPI-RECV-WINDOW",
                "X-BAPI-SIGN",
            ],
        );
    });
    key_and_secret(&mut case, random);
    set_api(&mut case, &["private"], path);
    case.now_ms = random.time();
    let window = 1 + u32::try_from(random.below(60_000)).expect("small");
    case.window = Some(window);
    case.peer["options"] = json!({"recvWindow": window});
    let pairs = random.pairs(1, if get { ",:" } else { ESCAPED });
    if get {
        set_query(&mut case, pairs);
    } else {
        set_json(&mut case, object_with_escapes(&pairs));
    }
    case
}

pub(super) fn bybit_with_rsa(random: &mut Random) -> Case {
    let mut case = bybit(random);
    let key = random.letters(18);
    set_key(&mut case, key, RSA.trim().to_owned());
    case
}

pub(super) fn okx(random: &mut Random) -> Case {
    let get = random.below(2) == 0;
    let (method, path) = if get {
        (Method::Get, "account/bills")
    } else {
        (Method::Post, "account/set-leverage")
    };
    let ours = format!("/api/v5/{path}");
    let mut case = Case::new("okx", method, &ours, |case, ours, theirs| {
        same(
            case,
            ours,
            theirs,
            &[
                "OK-ACCESS-KEY",
                "OK-ACCESS-PASSPHRASE",
                "OK-ACCESS-TIMESTAMP",
                "OK-ACCESS-SIGN",
            ],
        );
    });
    key_and_secret(&mut case, random);
    set_passphrase(&mut case, random);
    set_api(&mut case, &["private"], path);
    case.now_ms = random.time();
    if get {
        let pairs = random.pairs(0, ESCAPED);
        set_query(&mut case, pairs);
    } else {
        let pairs = random.pairs(1, ESCAPED);
        set_json(&mut case, object_with_escapes(&pairs));
    }
    case
}

pub(super) fn kucoin(random: &mut Random) -> Case {
    let (method, path) = random.one_of(&[
        (Method::Get, "accounts"),
        (Method::Post, "hf/orders"),
        (Method::Delete, "hf/orders/5c35c02703aa673ceec2a168"),
    ]);
    let ours = format!("/api/v1/{path}");
    let mut case = Case::new("kucoin", method, &ours, |case, ours, theirs| {
        same(
            case,
            ours,
            theirs,
            &[
                "KC-API-KEY",
                "KC-API-SIGN",
                "KC-API-TIMESTAMP",
                "KC-API-PASSPHRASE",
                "KC-API-KEY-VERSION",
            ],
        );
    });
    key_and_secret(&mut case, random);
    set_passphrase(&mut case, random);
    case.credential.push(("keyVersion", "2".to_owned()));
    set_api(&mut case, &["private"], path);
    case.now_ms = random.time();
    if method == Method::Post {
        let pairs = random.pairs(1, ESCAPED);
        set_json(&mut case, object_with_escapes(&pairs));
    } else {
        let pairs = random.pairs(1, ",:");
        set_query(&mut case, pairs);
    }
    case
}

pub(super) fn gate(random: &mut Random) -> Case {
    let (method, path) = random.one_of(&[
        (Method::Get, "my_trades"),
        (Method::Post, "orders"),
        (Method::Delete, "orders"),
    ]);
    let ours = format!("/api/v4/spot/{path}");
    let mut case = Case::new("gate", method, &ours, |case, ours, theirs| {
        same(case, ours, theirs, &["KEY", "Timestamp", "SIGN"]);
    });
    key_and_secret(&mut case, random);
    set_api(&mut case, &["private", "spot"], path);
    case.now_ms = random.time();
    let pairs = random.pairs(1, ESCAPED);
    if method == Method::Post {
        set_json(&mut case, object_with_escapes(&pairs));
    } else {
        set_query(&mut case, pairs);
    }
    case
}

pub(super) fn bitget(random: &mut Random) -> Case {
    let get = random.below(2) == 0;
    let (method, path) = if get {
        (Method::Get, "v2/spot/trade/unfilled-orders")
    } else {
        (Method::Post, "v2/spot/trade/place-order")
    };
    let ours = format!("/api/{path}");
    let mut case = Case::new("bitget", method, &ours, |case, ours, theirs| {
        let demo: &[&str] = match case.environment {
            Environment::Demo => &["paptrading"],
            _ => &[],
        };
        let always = [
            "ACCESS-KEY",
            "ACCESS-SIGN",
            "ACCESS-TIMESTAMP",
            "ACCESS-PASSPHRASE",
        ];
        same(case, ours, theirs, &[&always, demo].concat());
    });
    key_and_secret(&mut case, random);
    set_passphrase(&mut case, random);
    set_api(&mut case, &["private", "spot"], path);
    case.now_ms = random.time();
    let demo = random.below(2) == 0;
    case.peer["options"] = json!({"sandboxMode": demo});
    if demo {
        case.environment = Environment::Demo;
    }
    // ccxt leaves `$` alone in what it sends; here it is escaped like the rest.
    let pairs = random.pairs(0, &ESCAPED.replace('$', ""));
    if get {
        set_query(&mut case, pairs);
    } else {
        set_json(&mut case, object_with_escapes(&pairs));
    }
    case
}
