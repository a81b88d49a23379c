//! What signing a typical order costs beside the primitive over the same bytes.
//!
//! Four times are taken in one run for each way of signing:
//!
//! - `one-shot primitive`: the function of a key and a message, such as HMAC-SHA256(key, message).
//!   It is what a program pays for each request that has a key and no signer.
//! - `primitive with a ready key`: the same without what depends on the key alone.
//! - `sign with a ready signer`: a request checked, made canonical, signed, classed, and wiped
//!   after use. A signer is made once for a session, so this is what a request costs here.
//! - `signer made and used once`: the credential looked through and made ready too.
//!
//! The limit is for the third beside the first: at most 1.5 times. The primitive takes its key with
//! every message, so its price has the key in it; a signer is that same key kept ready, and what it
//! saves is its own. The third beside the second is the stricter measure, in which only our own
//! work is left, and is told with it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};
use strongroom_domain::Environment;
use strongroom_exchanges::sign::{
    Class, Credential, Method, Moment, NonceKind, Request, Signer, adapter,
};
use strongroom_secret::SecretText;

const SECRET: &str = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const ED25519: &str = include_str!("../tests/data/keys/ed25519.pem");
const P256: &str = include_str!("../tests/data/keys/p256.pem");
const NOW_MS: u64 = 1_499_827_319_559;

fn credential(fields: &[(&str, &str)]) -> Credential {
    Credential::new(
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), SecretText::new((*value).to_owned())))
            .collect(),
    )
}

fn query_order(path: &str) -> Request {
    let order = [
        ("symbol", "LTCBTC"),
        ("side", "BUY"),
        ("type", "LIMIT"),
        ("timeInForce", "GTC"),
        ("quantity", "1"),
        ("price", "0.1"),
        ("newClientOrderId", "7f3e74825c9114bc59086f1eebea2928"),
    ];
    Request {
        method: Method::Post,
        path: path.to_owned(),
        query: order
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: None,
    }
}

const JSON_ORDER: &str = r#"{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"0.1","px":"52000.5","clOrdId":"7f3e74825c9114bc"}"#;

fn json_order(path: &str) -> Request {
    Request {
        method: Method::Post,
        path: path.to_owned(),
        query: Vec::new(),
        body: Some(JSON_ORDER.to_owned()),
    }
}

/// An exchange with a credential of it, and an order.
struct Order {
    exchange: &'static str,
    fields: Vec<(&'static str, &'static str)>,
    request: Request,
    nonce: String,
}

/// Measures the four. `one_shot` and `ready` are the primitive.
fn compare(
    criterion: &mut Criterion,
    name: &str,
    order: &Order,
    mut one_shot: impl FnMut(&[u8]),
    mut ready: impl FnMut(&[u8]),
) {
    let moment = Moment {
        now_ms: NOW_MS,
        nonce: &order.nonce,
        receive_window_ms: None,
        blinding: [7; 32],
    };
    let credential = credential(&order.fields);
    let adapter = adapter(order.exchange).expect("an adapter");
    let make = || -> Signer {
        adapter
            .signer(Environment::Production, None, &credential)
            .expect("a credential")
    };
    let signer = make();
    let request = &order.request;
    let signed = signer.sign(request, &moment).expect("an order");
    assert_eq!(signed.class(), Class::Trade, "{name}");
    let message = signer.canonical(request, &moment).expect("an order");
    // EXPOSE: the bytes that both sign, in a benchmark.
    let message = message.expose();

    let mut group = criterion.benchmark_group(name);
    group.bench_function("one-shot primitive", |bencher| {
        bencher.iter(|| one_shot(black_box(message)));
    });
    group.bench_function("primitive with a ready key", |bencher| {
        bencher.iter(|| ready(black_box(message)));
    });
    group.bench_function("sign with a ready signer", |bencher| {
        bencher.iter(|| signer.sign(black_box(request), &moment));
    });
    group.bench_function("signer made and used once", |bencher| {
        bencher.iter(|| make().sign(black_box(request), &moment));
    });
    group.finish();
}

fn tag<M: Mac>(mut mac: M, message: &[u8]) {
    mac.update(message);
    black_box(mac.finalize().into_bytes());
}

fn hmac_sha256(criterion: &mut Criterion) {
    for (exchange, name, request) in [
        ("binance", "Binance", query_order("/api/v3/order")),
        ("okx", "OKX", json_order("/api/v5/trade/order")),
    ] {
        let make =
            || Hmac::<Sha256>::new_from_slice(black_box(SECRET.as_bytes())).expect("any length");
        let key = make();
        compare(
            criterion,
            &format!("{name}, HMAC-SHA256"),
            &Order {
                exchange,
                fields: vec![("apiKey", KEY), ("secret", SECRET), ("passphrase", "x")],
                request,
                nonce: String::new(),
            },
            |message| tag(make(), message),
            |message| tag(key.clone(), message),
        );
    }
}

fn hmac_sha512(criterion: &mut Criterion) {
    use sha2::Digest as _;
    let make = || Hmac::<Sha512>::new_from_slice(black_box(SECRET.as_bytes())).expect("any length");
    let key = make();
    let hash_body = || black_box(Sha512::digest(black_box(JSON_ORDER)));
    compare(
        criterion,
        "Gate, HMAC-SHA512 and the body's SHA-512",
        &Order {
            exchange: "gate",
            fields: vec![("apiKey", KEY), ("secret", SECRET)],
            request: json_order("/api/v4/spot/orders"),
            nonce: String::new(),
        },
        |message| {
            hash_body();
            tag(make(), message);
        },
        |message| {
            hash_body();
            tag(key.clone(), message);
        },
    );
}

fn ed25519(criterion: &mut Criterion) {
    let key = SigningKey::from_pkcs8_pem(ED25519).expect("a key of the tests");
    let seed = key.to_bytes();
    compare(
        criterion,
        "Binance, Ed25519",
        &Order {
            exchange: "binance",
            fields: vec![("apiKey", KEY), ("secret", ED25519)],
            request: query_order("/api/v3/order"),
            nonce: String::new(),
        },
        |message| {
            black_box(SigningKey::from_bytes(black_box(&seed)).sign(message));
        },
        |message| {
            black_box(key.sign(message));
        },
    );
}

fn es256(criterion: &mut Criterion) {
    let secret = p256::SecretKey::from_sec1_pem(P256).expect("a key of the tests");
    let key: p256::ecdsa::SigningKey = secret.clone().into();
    let sign = |key: &p256::ecdsa::SigningKey, message: &[u8]| {
        let signature: p256::ecdsa::Signature = key.sign(message);
        black_box(signature);
    };
    compare(
        criterion,
        "Coinbase, ES256",
        &Order {
            exchange: "coinbase",
            fields: vec![("apiKey", KEY), ("privateKey", P256)],
            request: json_order("/api/v3/brokerage/orders"),
            nonce: NonceKind::Random.spell(0, [7; 16]),
        },
        |message| sign(&black_box(&secret).clone().into(), message),
        |message| sign(&key, message),
    );
}

fn classes(criterion: &mut Criterion) {
    let binance = adapter("binance").expect("an adapter");
    let kucoin = adapter("kucoin").expect("an adapter");
    criterion.bench_function("class of an exact path", |bencher| {
        bencher.iter(|| binance.class(Method::Post, black_box("/api/v3/order")));
    });
    criterion.bench_function("class by a pattern", |bencher| {
        bencher.iter(|| {
            kucoin.class(
                Method::Delete,
                black_box("/api/v1/orders/5c35c02703aa673ceec2a168"),
            )
        });
    });
}

criterion_group!(benches, hmac_sha256, hmac_sha512, ed25519, es256, classes);
criterion_main!(benches);
