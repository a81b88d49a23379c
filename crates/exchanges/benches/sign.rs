//! What signing a typical order costs beside the bare primitive over the same bytes.
//!
//! A signer is made once for a credential, as a session does; so is the primitive's key. The key's
//! schedule is therefore in neither, except in the pair that says "with its key", where it is in
//! both. Classing the request is in every `sign`.

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
const NOW_MS: u64 = 1_499_827_319_559;

fn signer(exchange: &str, fields: &[(&str, &str)]) -> Signer {
    adapter(exchange)
        .expect("an adapter")
        .signer(Environment::Production, None, &credential(fields))
        .expect("a credential")
}

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

fn json_order(path: &str) -> Request {
    Request {
        method: Method::Post,
        path: path.to_owned(),
        query: Vec::new(),
        body: Some(
            r#"{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"0.1","px":"52000.5","clOrdId":"7f3e74825c9114bc"}"#
                .to_owned(),
        ),
    }
}

fn compare(
    criterion: &mut Criterion,
    name: &str,
    signer: &Signer,
    request: &Request,
    nonce: &str,
    mut bare: impl FnMut(&[u8]),
) {
    let moment = Moment {
        now_ms: NOW_MS,
        nonce,
        receive_window_ms: None,
        blinding: [7; 32],
    };
    let signed = signer.sign(request, &moment).expect("an order");
    assert_eq!(signed.class(), Class::Trade, "{name}");
    let message = signer.canonical(request, &moment).expect("an order");
    let mut group = criterion.benchmark_group(name);
    // EXPOSE: the bytes that both sign, in a benchmark.
    group.bench_function("bare", |bencher| bencher.iter(|| bare(message.expose())));
    group.bench_function("sign", |bencher| {
        bencher.iter(|| signer.sign(black_box(request), &moment));
    });
    group.finish();
}

fn hmac_sha256(criterion: &mut Criterion) {
    let fields = [("apiKey", KEY), ("secret", SECRET), ("passphrase", "x")];
    for (exchange, name, request) in [
        ("binance", "Binance", query_order("/api/v3/order")),
        ("okx", "OKX", json_order("/api/v5/trade/order")),
    ] {
        let key = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
        compare(
            criterion,
            &format!("{name}, HMAC-SHA256"),
            &signer(exchange, &fields),
            &request,
            "",
            |message| {
                let mut mac = key.clone();
                mac.update(message);
                black_box(mac.finalize().into_bytes());
            },
        );
        hmac_sha256_with_its_key(criterion, exchange, name, &request, &credential(&fields));
    }
}

fn hmac_sha256_with_its_key(
    criterion: &mut Criterion,
    exchange: &str,
    name: &str,
    request: &Request,
    credential: &Credential,
) {
    let moment = Moment {
        now_ms: NOW_MS,
        nonce: "",
        receive_window_ms: None,
        blinding: [7; 32],
    };
    let adapter = adapter(exchange).expect("an adapter");
    let signer = || {
        adapter
            .signer(Environment::Production, None, credential)
            .expect("a credential")
    };
    let message = signer().canonical(request, &moment).expect("an order");
    let mut group = criterion.benchmark_group(format!("{name}, HMAC-SHA256 with its key"));
    group.bench_function("bare", |bencher| {
        bencher.iter(|| {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(black_box(SECRET.as_bytes())).expect("any length");
            // EXPOSE: the bytes that both sign, in a benchmark.
            mac.update(message.expose());
            black_box(mac.finalize().into_bytes());
        });
    });
    group.bench_function("sign", |bencher| {
        bencher.iter(|| signer().sign(black_box(request), &moment));
    });
    group.finish();
}

fn hmac_sha512(criterion: &mut Criterion) {
    let key = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).expect("any length");
    let fields = [("apiKey", KEY), ("secret", SECRET)];
    compare(
        criterion,
        "Gate, HMAC-SHA512 and the body's SHA-512",
        &signer("gate", &fields),
        &json_order("/api/v4/spot/orders"),
        "",
        |message| {
            use sha2::Digest as _;
            let body = json_order("");
            black_box(Sha512::digest(body.body.unwrap_or_default()));
            let mut mac = key.clone();
            mac.update(message);
            black_box(mac.finalize().into_bytes());
        },
    );
}

fn ed25519(criterion: &mut Criterion) {
    let key = SigningKey::from_pkcs8_pem(ED25519).expect("a key of the tests");
    compare(
        criterion,
        "Binance, Ed25519",
        &signer("binance", &[("apiKey", KEY), ("secret", ED25519)]),
        &query_order("/api/v3/order"),
        "",
        |message| {
            black_box(key.sign(message));
        },
    );
}

fn es256(criterion: &mut Criterion) {
    let pem = include_str!("../tests/data/keys/p256.pem");
    let key: p256::ecdsa::SigningKey = p256::SecretKey::from_sec1_pem(pem)
        .expect("a key of the tests")
        .into();
    let nonce = NonceKind::Random.spell(0, [7; 16]);
    compare(
        criterion,
        "Coinbase, ES256",
        &signer("coinbase", &[("apiKey", KEY), ("privateKey", pem)]),
        &json_order("/api/v3/brokerage/orders"),
        &nonce,
        |message| {
            let signature: p256::ecdsa::Signature = key.sign(message);
            black_box(signature);
        },
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
