//! Exchanges that sign with a private key.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use p256::ecdsa::signature::Verifier as _;
use serde_json::{Value, json};
use strongroom_domain::Environment;
use strongroom_exchanges::sign::{Method, Signed};

use super::*;
use crate::Case;
use crate::random::Random;

pub(super) fn coinbase(random: &mut Random) -> Case {
    let get = random.below(2) == 0;
    let (method, path) = if get {
        (Method::Get, "brokerage/accounts")
    } else {
        (Method::Post, "brokerage/orders")
    };
    let ours = format!("/api/v3/{path}");
    let mut case = Case::new("coinbase", method, &ours, compare_coinbase);
    let id = random.hex(32);
    if random.below(2) == 0 {
        set_key(
            &mut case,
            format!("organizations/{id}/apiKeys/{id}"),
            P256.to_owned(),
        );
    } else {
        let seed: [u8; 32] =
            std::array::from_fn(|_| u8::try_from(random.below(256)).expect("a byte"));
        let pair = ed25519_dalek::SigningKey::from_bytes(&seed).to_keypair_bytes();
        set_key(&mut case, id, BASE64.encode(&pair));
    }
    set_api(&mut case, &["v3", "private"], path);
    case.now_ms = random.time();
    case.nonce = format!("a{}", random.hex(31));
    let pairs = random.pairs(1, if get { "" } else { ESCAPED });
    if get {
        set_query(&mut case, pairs);
    } else {
        set_json(&mut case, object_with_escapes(&pairs));
    }
    case
}

// ccxt's claims hold an issuer and an audience of the older kind; what names the request and its
// time is the same. ES256 need not give the same bytes, so both are checked with the public key.
fn compare_coinbase(case: &Case, ours: &Signed, theirs: &Value) {
    let url = format!("https://{}{}", ours.host(), ours.target());
    assert_eq!(theirs["url"], url.as_str());
    assert_eq!(
        theirs["body"].as_str(),
        ours.body().map(|body| body.expose())
    );
    let ours = header(ours, "Authorization");
    let theirs = theirs["headers"]["Authorization"]
        .as_str()
        .expect("a token");
    let secret = &case.credential[1].1;
    let [mut claims, mut other] = [&ours, theirs].map(|token| {
        let parts: Vec<&str> = token
            .strip_prefix("Bearer ")
            .expect("a bearer")
            .split('.')
            .collect();
        let [header, claims, signature] = parts[..] else {
            panic!("a token has three parts");
        };
        let signed = format!("{header}.{claims}");
        let signature = BASE64URL_NOPAD
            .decode(signature.as_bytes())
            .expect("base64");
        if secret.starts_with("-----") {
            let public = p256::SecretKey::from_sec1_pem(secret)
                .expect("a key")
                .public_key();
            p256::ecdsa::VerifyingKey::from(public)
                .verify(
                    signed.as_bytes(),
                    &p256::ecdsa::Signature::from_slice(&signature).expect("a signature"),
                )
                .expect("a signature of this key");
        } else {
            let pair = BASE64.decode(secret.as_bytes()).expect("base64");
            ed25519_dalek::VerifyingKey::from_bytes(&pair[32..].try_into().expect("32 bytes"))
                .expect("a key")
                .verify_strict(
                    signed.as_bytes(),
                    &ed25519_dalek::Signature::from_slice(&signature).expect("a signature"),
                )
                .expect("a signature of this key");
        }
        let parsed = |part: &str| -> Value {
            let bytes = BASE64URL_NOPAD.decode(part.as_bytes()).expect("base64");
            serde_json::from_slice(&bytes).expect("JSON")
        };
        (parsed(header), parsed(claims))
    });
    assert_eq!(claims.0, other.0);
    let other = other.1.as_object_mut().expect("claims");
    other.remove("aud");
    other.remove("iat");
    other.insert("iss".to_owned(), json!("cdp"));
    if let Some(uris) = other.remove("uris") {
        other.insert("uri".to_owned(), uris[0].clone());
    }
    assert_eq!(claims.1.as_object_mut().expect("claims"), other);
}

fn hyperliquid_case(random: &mut Random) -> Case {
    let mut case = Case::new(
        "hyperliquid",
        Method::Post,
        "/exchange",
        compare_hyperliquid,
    );
    let (key, account) = (random.hex(64), random.hex(40));
    case.peer["credential"] = json!({"privateKey": format!("0x{key}")});
    case.credential = vec![
        ("privateKey", format!("0x{key}")),
        ("walletAddress", format!("0x{account}")),
    ];
    case.now_ms = random.time();
    case.nonce = random.time().to_string();
    let testnet = random.below(2) == 0;
    if testnet {
        case.environment = Environment::Testnet;
    }
    case.peer["options"] = json!({"sandboxMode": testnet});
    case
}

pub(super) fn hyperliquid_order(random: &mut Random) -> Case {
    let mut case = hyperliquid_case(random);
    let orders: Vec<String> = (0..1 + random.below(20))
        .map(|_| {
            format!(
                "{{\"a\":{},\"b\":{},\"p\":\"{}.{}\",\"s\":\"0.{}\",\"r\":{},\"t\":{{\"limit\":{{\"tif\":\"Gtc\"}}}},\"c\":\"0x{}\"}}",
                random.below(200_000),
                random.below(2) == 0,
                random.below(90_000),
                1 + random.below(9),
                1 + random.below(9999),
                random.below(2) == 0,
                random.hex(32)
            )
        })
        .collect();
    let action = format!(
        "{{\"type\":\"order\",\"orders\":[{}],\"grouping\":\"na\",\"x\":-{},\"y\":null}}",
        orders.join(","),
        1 + random.below(1 << 40)
    );
    case.request.body = Some(format!("{{\"action\":{action}}}"));
    case.peer["kind"] = json!("action");
    case.peer["action"] = json!(action);
    if random.below(2) == 0 {
        let vault = random.hex(40);
        case.peer["vault"] = json!(vault);
        case.credential.push(("vaultAddress", format!("0x{vault}")));
    }
    if random.below(2) == 0 {
        let window = 1 + u32::try_from(random.below(100_000)).expect("small");
        case.window = Some(window);
        case.peer["expires"] = json!(case.now_ms + u64::from(window));
    }
    case
}

pub(super) fn hyperliquid_user_signed(random: &mut Random) -> Case {
    let mut case = hyperliquid_case(random);
    let chain = match case.environment {
        Environment::Testnet => "Testnet",
        _ => "Mainnet",
    };
    let nonce: u64 = case.nonce.parse().expect("a number");
    let (destination, amount) = (
        format!("0x{}", random.hex(40)),
        random.below(1000).to_string(),
    );
    let (action, kind, message) = match random.below(4) {
        0 => (
            json!({"type": "usdSend", "destination": destination, "amount": amount}),
            "build_usd_send_sig",
            json!({"hyperliquidChain": chain, "destination": destination, "amount": amount, "time": nonce}),
        ),
        1 => (
            json!({"type": "withdraw3", "destination": destination, "amount": amount}),
            "build_withdraw_sig",
            json!({"hyperliquidChain": chain, "destination": destination, "amount": amount, "time": nonce}),
        ),
        2 => (
            json!({"type": "usdClassTransfer", "amount": amount, "toPerp": true}),
            "build_usd_class_send_sig",
            json!({"hyperliquidChain": chain, "amount": amount, "toPerp": true, "nonce": nonce}),
        ),
        _ => (
            json!({"type": "approveBuilderFee", "maxFeeRate": "0.01%", "builder": destination}),
            "build_approve_builder_fee_sig",
            json!({"hyperliquidChain": chain, "maxFeeRate": "0.01%", "builder": destination, "nonce": nonce}),
        ),
    };
    case.request.body = Some(json!({"action": action}).to_string());
    case.peer["kind"] = json!(kind);
    case.peer["message"] = message;
    case
}

fn compare_hyperliquid(case: &Case, ours: &Signed, theirs: &Value) {
    let body: Value = serde_json::from_str(ours.body().expect("a body").expose()).expect("JSON");
    let padded = |value: &Value| {
        let text = value.as_str().expect("hex");
        format!("{:0>64}", text.strip_prefix("0x").expect("a prefix"))
    };
    for part in ["r", "s"] {
        assert_eq!(
            padded(&body["signature"][part]),
            padded(&theirs[part]),
            "{}",
            case.request.body.as_deref().unwrap_or_default()
        );
    }
    assert_eq!(body["signature"]["v"], theirs["v"]);
    assert_eq!(body["nonce"].to_string(), case.nonce);
}
