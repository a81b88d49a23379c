//! What the exchanges answer: the samples of their documentation, and every refusal that the
//! catalogue knows.
//!
//! Where no sample is published (Binance.US, Bitstamp, Crypto.com) an answer of the documented form
//! is made up, and only what the catalogue says can be told from it.

use serde_json::{Value, json};

use super::credential::AGENT_ADDRESS;
use super::http::{Reply, Seen};

/// One documented refusal.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The catalogue's word for it, such as `unknown-key`.
    pub meaning: String,
    pub code: Option<String>,
    pub text: Option<String>,
    pub status: Option<u16>,
}

fn read(path: &str) -> Value {
    let path = format!("{}/../crates/exchanges/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{path}: {problem}"));
    serde_json::from_str(&text).expect("JSON")
}

/// The names of the exchange's hosts, for a certificate.
pub(super) fn hosts(exchange: &str) -> Vec<String> {
    let facts = read(&format!("data/{exchange}.json"));
    let hosts = facts["hosts"].as_array().expect("a list").iter();
    hosts
        .filter_map(|host| Some(host["base"].as_str()?.strip_prefix("https://")?.to_owned()))
        .collect()
}

/// Every refusal that is documented for an exchange.
///
/// # Panics
/// When the catalogue has no such exchange.
pub fn documented(exchange: &str) -> Vec<Refusal> {
    let facts = read(&format!("data/{exchange}.json"));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let errors = facts["errors"].as_array().expect("a list").iter();
    errors
        .map(|error| Refusal {
            meaning: text(&error["meaning"]).expect("a meaning"),
            code: text(&error["code"]),
            text: text(&error["text"]),
            status: error["status"]
                .as_u64()
                .and_then(|code| code.try_into().ok()),
        })
        .collect()
}

/// The refusal as the exchange writes it: where its answers say so, the catalogue tells.
pub(super) fn refusal(exchange: &str, refusal: &Refusal) -> Reply {
    let facts = read(&format!("data/{exchange}.json"));
    let form = &facts["answers"];
    let first = |name: &str| form[name][0].as_str().map(str::to_owned);
    let mut answer = Value::Null;
    if let (Some(at), Some(text)) = (first("text"), &refusal.text) {
        put(&mut answer, &at, json!(text));
    }
    if let (Some(at), Some(code)) = (first("code"), &refusal.code) {
        let number = code.parse::<i64>().map(|number| json!(number));
        put(&mut answer, &at, number.unwrap_or_else(|_| json!(code)));
        if refusal.text.is_none()
            && let Some(at) = first("text").filter(|text| *text != at)
        {
            put(&mut answer, &at, json!("Refused, request ip: 203.0.113.7"));
        }
    }
    if answer.is_null() {
        answer = json!({ "message": "Refused" });
    }
    Reply::json(refusal.status.unwrap_or(400), &answer)
}

/// Puts a value where a JSON pointer says, making what is on the way.
fn put(into: &mut Value, pointer: &str, value: Value) {
    let mut place = into;
    for part in pointer.split('/').skip(1) {
        place = match part.parse::<usize>() {
            Ok(index) => {
                if !place.is_array() {
                    *place = json!([]);
                }
                let list = place.as_array_mut().expect("just made");
                while list.len() <= index {
                    list.push(json!("error"));
                }
                &mut list[index]
            }
            Err(_) => {
                if !place.is_object() {
                    *place = json!({});
                }
                place
                    .as_object_mut()
                    .expect("just made")
                    .entry(part)
                    .or_insert(Value::Null)
            }
        };
    }
    *place = value;
}

/// The sample answer to a call, or `None` if the exchange serves no such path.
pub(super) fn answer(exchange: &str, seen: &Seen) -> Option<Value> {
    let path = seen.path.as_str();
    Some(match (exchange, path) {
        ("binanceus", "/api/v3/account") => json!({
            "makerCommission": 15, "canTrade": true, "canWithdraw": true, "canDeposit": true,
            "accountType": "SPOT", "balances": [{"asset": "BTC", "free": "1", "locked": "0"}]
        }),
        ("bitstamp", "/api/v2/account_balances/") => {
            json!([{"currency": "usd", "total": "10.00", "available": "10.00", "reserved": "0"}])
        }
        ("cryptocom", "/exchange/v1/private/user-balance") => json!({
            "id": 1, "method": "private/user-balance", "code": 0,
            "result": {"data": [{"total_available_balance": "10.00", "instrument_name": "USD"}]}
        }),
        ("cryptocom", "/exchange/v1/private/get-deposit-address") => json!({
            "id": 1, "method": "private/get-deposit-address", "code": 0,
            "result": {"deposit_address_list": [{"currency": "BTC", "status": "1"}]}
        }),
        ("deribit", "/api/v2/private/get_account_summary") => json!({
            "jsonrpc": "2.0", "result": {"currency": "BTC", "equity": 1.0, "balance": 1.0}
        }),
        ("htx", "/v2/user/uid") => json!({"code": 200, "data": 63_628_520}),
        ("hyperliquid", "/info") if seen.body.contains("userRole") => {
            json!({"role": "agent", "data": {"user": "0x00000000000000000000000000000000000000aa"}})
        }
        ("hyperliquid", "/info") => {
            let mut sample = sample(exchange);
            sample[0]["address"] = json!(AGENT_ADDRESS);
            sample[0]["validUntil"] = json!(1_782_864_000_000_i64);
            sample
        }
        _ if SAMPLED.contains(&(exchange, path)) => sample(exchange),
        _ => return None,
    })
}

/// Where the published samples are answers to.
const SAMPLED: &[(&str, &str)] = &[
    ("binance", "/sapi/v1/account/apiRestrictions"),
    ("bitfinex", "/v2/auth/r/permissions"),
    ("bitget", "/api/v3/account/info"),
    ("bybit", "/v5/user/query-api"),
    ("coinbase", "/api/v3/brokerage/key_permissions"),
    ("deribit", "/api/v2/public/auth"),
    ("gate", "/api/v4/account/main_keys"),
    ("gemini", "/v1/roles"),
    ("htx", "/v2/user/api-key"),
    ("kraken", "/0/private/GetApiKeyInfo"),
    ("krakenfutures", "/api/auth/v1/api-keys/v3/check"),
    ("kucoin", "/api/v1/user/api-key"),
    ("mexc", "/api/v3/apiKeyInfo"),
    ("okx", "/api/v5/account/config"),
];

fn sample(exchange: &str) -> Value {
    read(&format!("tests/data/answers/{exchange}.json"))["answer"].clone()
}

/// A right that no documentation names, granted.
pub const UNKNOWN_WORD: &str = "launder";

/// The answer with that right in it; `None` where answers name no rights.
pub(super) fn with_unknown_word(exchange: &str, mut answer: Value) -> Option<Value> {
    let word = UNKNOWN_WORD;
    let append = |at: &mut Value, by: &str| {
        *at = json!(format!("{}{by}{word}", at.as_str().unwrap_or_default()));
    };
    let push = |at: &mut Value, value: Value| {
        at.as_array_mut().expect("a list").push(value);
    };
    match exchange {
        "binance" | "coinbase" | "gemini" => answer[word] = json!(true),
        "bitfinex" => push(&mut answer, json!([word, 1, 1])),
        "bitget" => push(&mut answer["data"]["permissions"], json!(word)),
        "bybit" => push(&mut answer["result"]["permissions"]["Wallet"], json!(word)),
        "deribit" => append(&mut answer["result"]["scope"], " "),
        "gate" => push(
            &mut answer[0]["perms"],
            json!({"name": word, "read_only": false}),
        ),
        // The number of the account names no rights.
        "htx" if answer["data"].is_array() => append(&mut answer["data"][0]["permission"], ","),
        "kraken" => push(&mut answer["result"]["permissions"], json!(word)),
        "krakenfutures" => answer["permissions"][word] = json!("FULL_ACCESS"),
        "kucoin" => append(&mut answer["data"]["permission"], ","),
        "mexc" => append(&mut answer["permissions"], ","),
        "okx" => append(&mut answer["data"][0]["perm"], ","),
        _ => return None,
    }
    Some(answer)
}
