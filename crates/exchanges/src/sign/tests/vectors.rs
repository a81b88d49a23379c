//! The worked examples that exchanges publish, byte for byte: through the adapter where an example
//! is a request, through the keyed primitive where it is a text of another protocol (WebSocket,
//! FIX) or of a form the adapter refuses.

use serde::Deserialize;
use serde_json::Value;
use strongroom_domain::Environment;
use strongroom_secret::SecretText;

use crate::sign::credential::SECRET;
use crate::sign::hyperliquid::connection;
use crate::sign::json;
use crate::sign::key::{Form, MacSha384, SecretOrKey};
use crate::sign::text_buf::TextBuf;
use crate::sign::*;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    exchange: String,
    key: Option<String>,
    secret: Option<String>,
    string_to_sign: Option<String>,
    #[serde(default)]
    inputs: Value,
    expected: Value,
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../tests/data/signing-vectors.json");
    let file: Vectors = serde_json::from_str(text).expect("a fixture");
    file.vectors
}

impl Vector {
    fn input(&self, name: &str) -> &str {
        self.inputs[name].as_str().unwrap_or_default()
    }

    fn expected(&self) -> &str {
        self.expected.as_str().expect("a text")
    }

    fn text(&self) -> &str {
        self.string_to_sign.as_deref().expect("a text to sign")
    }

    fn secret(&self) -> SecretText {
        SecretText::new(self.secret.clone().expect("a secret"))
    }

    fn signer(&self, environment: Environment, more: &[(&str, &str)]) -> Signer {
        let mut fields = vec![("secret".to_owned(), self.secret())];
        if let Some(key) = &self.key {
            fields.push(("apiKey".to_owned(), SecretText::new(key.clone())));
        }
        for (name, value) in more {
            fields.push(((*name).to_owned(), SecretText::new((*value).to_owned())));
        }
        adapter(&self.exchange)
            .expect("an adapter")
            .signer(environment, None, &Credential::new(fields))
            .expect("a credential")
    }
}

fn moment(now_ms: u64, nonce: &str) -> Moment<'_> {
    Moment {
        now_ms,
        nonce,
        receive_window_ms: None,
        blinding: [0; 32],
    }
}

fn header<'a>(signed: &'a Signed, name: &str) -> &'a str {
    signed
        .headers()
        .find(|header| header.name == name)
        .expect("the header")
        .value
        .expose()
}

/// The pairs of an encoded query, decoded.
fn decoded(query: &str) -> Vec<(String, String)> {
    form::pairs(query)
        .map(|(name, value)| {
            let bytes = value.as_bytes();
            let mut plain = Vec::new();
            let mut at = 0;
            while at < bytes.len() {
                match bytes[at] {
                    b'%' => {
                        plain.push(form::escaped_byte(bytes, at).expect("an escape"));
                        at += 2;
                    }
                    b'+' => plain.push(b' '),
                    byte => plain.push(byte),
                }
                at += 1;
            }
            (
                name.to_owned(),
                String::from_utf8(plain).expect("characters"),
            )
        })
        .collect()
}

fn request(method: Method, target: &str, body: Option<&str>) -> Request {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        method,
        path: path.to_owned(),
        query: if query.is_empty() {
            Vec::new()
        } else {
            decoded(query)
        },
        body: body.map(str::to_owned),
    }
}

/// Binance's kind: the parameters end with the receive window and the time, as the adapter adds
/// them; the same in the query and in a form.
fn check_query_signed(vector: &Vector, path: &str) {
    let signer = vector.signer(Environment::Production, &[]);
    let (parameters, own) = vector
        .text()
        .split_once("&recvWindow=")
        .expect("a receive window");
    let (window, time) = own.split_once("&timestamp=").expect("a time");
    let moment = Moment {
        now_ms: time.parse().expect("a time"),
        nonce: "",
        receive_window_ms: Some(window.parse().expect("a window")),
        blinding: [0; 32],
    };
    let whole = format!("{}&signature={}", vector.text(), vector.expected());

    let as_query = request(Method::Post, &format!("{path}?{parameters}"), None);
    let signed = signer.sign(&as_query, &moment).expect("a request");
    assert_eq!(signed.target(), format!("{path}?{whole}"), "{}", vector.id);

    let as_form = request(Method::Post, path, Some(parameters));
    let signed = signer.sign(&as_form, &moment).expect("a request");
    let body = signed.body().expect("a form");
    assert_eq!(body.expose(), whole, "{}", vector.id);
    assert_eq!(signed.target(), path);

    let canonical = signer.canonical(&as_form, &moment).expect("a request");
    assert_eq!(canonical.expose(), vector.text().as_bytes());
}

/// A text that is no request of ours: the primitive alone.
fn check_primitive(vector: &Vector) {
    let secret = vector.secret();
    let mut signature = TextBuf::default();
    if vector.exchange == "gemini" {
        let tag = MacSha384::from_text(&secret).tag(vector.text().as_bytes());
        Form::Hex.write(&tag, &mut signature);
    } else {
        let form = if vector.exchange == "kucoin" {
            Form::Base64
        } else {
            Form::Hex
        };
        SecretOrKey::from_text(&secret, SECRET, key::Ed25519Taken::Yes)
            .expect("a key")
            .sign(vector.text().as_bytes(), [0; 32])
            .expect("a signature")
            .push(form, &mut signature);
    }
    assert_eq!(signature.as_str(), vector.expected(), "{}", vector.id);
}

fn check_kraken(vector: &Vector) {
    let signer = vector.signer(Environment::Production, &[("apiKey", "example")]);
    let nonce = vector.input("nonce");
    let body = vector.input("body");
    let parameters = body
        .strip_prefix(&format!("nonce={nonce}&"))
        .expect("the nonce first");
    let request = request(Method::Post, vector.input("path"), Some(parameters));
    let signed = signer.sign(&request, &moment(0, nonce)).expect("a request");
    assert_eq!(header(&signed, "API-Sign"), vector.expected());
    assert_eq!(signed.body().expect("a form").expose(), body);
}

fn check_bitmex(vector: &Vector) {
    let expires: u64 = vector.input("expires").parse().expect("a time");
    let data = Some(vector.input("data")).filter(|data| !data.is_empty());
    let method = Method::parse(vector.input("verb")).expect("a method");
    let request = request(method, vector.input("path"), data);
    let moment = moment((expires - 60) * 1000, "");
    let signer = vector.signer(Environment::Production, &[]);
    let signed = signer.sign(&request, &moment).expect("a request");
    assert_eq!(header(&signed, "api-signature"), vector.expected());
    assert_eq!(header(&signed, "api-expires"), vector.input("expires"));
    assert_eq!(signed.target(), vector.input("path"));
    let canonical = signer.canonical(&request, &moment).expect("a request");
    assert_eq!(canonical.expose(), vector.text().as_bytes());
}

fn check_gate(vector: &Vector) {
    let seconds: u64 = vector.input("timestamp").parse().expect("a time");
    let body = Some(vector.input("body")).filter(|body| !body.is_empty());
    let target = format!("{}?{}", vector.input("path"), vector.input("query"));
    let method = Method::parse(vector.input("method")).expect("a method");
    let request = request(method, &target, body);
    let moment = moment(seconds * 1000, "");
    let signer = vector.signer(Environment::Production, &[]);
    let signed = signer.sign(&request, &moment).expect("a request");
    assert_eq!(header(&signed, "SIGN"), vector.expected());
    let canonical = signer.canonical(&request, &moment).expect("a request");
    assert_eq!(canonical.expose(), vector.text().as_bytes());
}

fn check_kucoin(vector: &Vector) {
    let signer = vector.signer(
        Environment::Production,
        &[("passphrase", "Ab12345678)(*&^%$#@"), ("keyVersion", "1")],
    );
    let request = request(
        Method::Post,
        "/api/v1/deposit-addresses",
        Some("{\"currency\":\"BTC\"}"),
    );
    let moment = moment(1_547_015_186_532, "");
    let signed = signer.sign(&request, &moment).expect("a request");
    assert_eq!(header(&signed, "KC-API-SIGN"), vector.expected());
    let canonical = signer.canonical(&request, &moment).expect("a request");
    assert_eq!(canonical.expose(), vector.text().as_bytes());
}

fn check_deribit(vector: &Vector) {
    let request = request(
        Method::Get,
        "/api/v2/private/get_account_summary?currency=BTC",
        None,
    );
    let moment = moment(1_576_074_319_000, "1iqt2wls");
    let signer = vector.signer(Environment::Production, &[]);
    let signed = signer.sign(&request, &moment).expect("a request");
    assert_eq!(
        header(&signed, "Authorization"),
        format!(
            "deri-hmac-sha256 id=AMANDA,ts=1576074319000,nonce=1iqt2wls,sig={}",
            vector.expected()
        )
    );
    let canonical = signer.canonical(&request, &moment).expect("a request");
    assert_eq!(canonical.expose(), vector.text().as_bytes());
}

/// The action as the fixture's text has it: members in their order.
fn action_text(vector: &Vector) -> String {
    let fixture = include_str!("../../../tests/data/signing-vectors.json");
    let at = fixture
        .find(&format!("\"id\": \"{}\"", vector.id))
        .expect("the example");
    let begin = at + fixture[at..].find("\"action\": ").expect("an action") + 10;
    let mut depth = 0;
    for (offset, character) in fixture[begin..].char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return fixture[begin..=begin + offset].to_owned();
        }
    }
    panic!("the action does not end")
}

fn check_hyperliquid(vector: &Vector) {
    let (environment, account) = (
        if vector.inputs["is_mainnet"] == Value::Bool(false) {
            Environment::Testnet
        } else {
            Environment::Production
        },
        (
            "walletAddress",
            "0x0000000000000000000000000000000000000001",
        ),
    );
    let (action, nonce) = match vector.inputs.get("message") {
        Some(message) => (
            format!(
                "{{\"type\":\"{}\",\"destination\":{},\"amount\":{}}}",
                if vector.id.contains("usdsend") {
                    "usdSend"
                } else {
                    "withdraw3"
                },
                message["destination"],
                message["amount"]
            ),
            message["time"].to_string(),
        ),
        None => (action_text(vector), vector.inputs["nonce"].to_string()),
    };
    let vault = vector.inputs["vaultAddress"].as_str();
    let expected_hash = vector.inputs["action_hash"]
        .as_str()
        .or(vector.expected.as_str());
    if let Some(expected) = expected_hash {
        let vault: Option<[u8; 20]> = vault.map(|vault| {
            data_encoding::HEXLOWER
                .decode(&vault.as_bytes()[2..])
                .expect("hex")
                .try_into()
                .expect("20 bytes")
        });
        let hash = connection(
            &json::parse(&action).expect("JSON"),
            nonce.parse().expect("a number"),
            vault.as_ref(),
            None,
        )
        .expect("whole numbers");
        assert_eq!(
            format!("0x{}", data_encoding::HEXLOWER.encode(&hash)),
            expected,
            "{}",
            vector.id
        );
    }
    let Some(expected) = vector.expected.as_object() else {
        return;
    };
    let mut more = vec![account];
    more.extend(vault.map(|vault| ("vaultAddress", vault)));
    let signer = vector.signer(environment, &more);
    let request = request(
        Method::Post,
        "/exchange",
        Some(&format!("{{\"action\":{action}}}")),
    );
    let signed = signer
        .sign(&request, &moment(0, &nonce))
        .expect("a request");
    let sent: Value =
        serde_json::from_str(signed.body().expect("a body").expose()).expect("JSON is sent");
    // The published numbers have no leading zeros.
    let short = |part: &str| {
        let digits = sent["signature"][part].as_str().expect("hex");
        format!("0x{}", digits[2..].trim_start_matches('0'))
    };
    assert_eq!(short("r"), expected["r"], "{}", vector.id);
    assert_eq!(short("s"), expected["s"], "{}", vector.id);
    assert_eq!(sent["signature"]["v"], expected["v"], "{}", vector.id);
}

#[test]
fn every_published_example_is_met_byte_for_byte() {
    let vectors = vectors();
    let mut met = 0;
    for vector in &vectors {
        match vector.id.as_str() {
            "binance-hmac-rest-ascii"
            | "binance-hmac-rest-nonascii"
            | "binanceus-hmac-rest-query" => check_query_signed(vector, "/api/v3/order"),
            "mexc-spot" => check_query_signed(vector, "/api/v3/order"),
            "binance-ed25519-fix-logon"
            | "binance-hmac-ws-ascii"
            | "binance-hmac-ws-nonascii"
            | "binanceus-hmac-rest-mixed"
            | "binanceus-hmac-ws"
            | "bitmex-legacy-get"
            | "bitmex-legacy-post"
            | "gemini-order-status"
            | "kucoin-sdk-sign"
            | "deribit-ws-client-signature" => check_primitive(vector),
            "kraken-spot-addorder" => check_kraken(vector),
            "bitmex-get" | "bitmex-get-query" | "bitmex-post" => check_bitmex(vector),
            "gate-get" | "gate-post" => check_gate(vector),
            "kucoin-deposit-address" => check_kucoin(vector),
            "deribit-rest" => check_deribit(vector),
            id if id.starts_with("hyperliquid-") => check_hyperliquid(vector),
            id => panic!("{id} is met by nothing"),
        }
        met += 1;
    }
    assert_eq!(met, 43);
}

#[test]
fn geminis_payload_is_what_its_example_holds() {
    let signer = adapter("gemini")
        .expect("an adapter")
        .signer(
            Environment::Production,
            None,
            &Credential::new(vec![
                ("apiKey".to_owned(), SecretText::new("mykey".to_owned())),
                ("secret".to_owned(), SecretText::new("1234abcd".to_owned())),
            ]),
        )
        .expect("a credential");
    let request = request(
        Method::Post,
        "/v1/order/status",
        Some("{ \"order_id\": 18834 }"),
    );
    let signed = signer
        .sign(&request, &moment(0, "123456"))
        .expect("a request");
    let payload = data_encoding::BASE64
        .decode(header(&signed, "X-GEMINI-PAYLOAD").as_bytes())
        .expect("base64");
    assert_eq!(
        serde_json::from_slice::<Value>(&payload).expect("JSON"),
        serde_json::json!({"request": "/v1/order/status", "nonce": 123_456, "order_id": 18834})
    );
    let secret = SecretText::new("1234abcd".to_owned());
    let tag = MacSha384::from_text(&secret).tag(header(&signed, "X-GEMINI-PAYLOAD").as_bytes());
    let mut signature = TextBuf::default();
    Form::Hex.write(&tag, &mut signature);
    assert_eq!(header(&signed, "X-GEMINI-SIGNATURE"), signature.as_str());
}

#[test]
fn the_form_without_a_separator_that_binance_us_shows_is_refused() {
    let vector = vectors()
        .into_iter()
        .find(|vector| vector.id == "binanceus-hmac-rest-mixed")
        .expect("the example");
    let signer = vector.signer(Environment::Production, &[]);
    let request = request(
        Method::Post,
        "/api/v3/order?symbol=LTCBTC&side=BUY",
        Some("quantity=1"),
    );
    assert_eq!(
        signer.sign(&request, &moment(0, "")).map(|_| ()),
        Err(SignError::QueryAndBody)
    );
}
