//! Refusals as exchanges and libraries write them.

use super::*;
use crate::catalogue::facts;
use crate::reading::parse_json;

fn exchange(id: &str) -> &'static Facts {
    facts(id).expect("in the catalogue")
}

fn check(id: &str, status: Option<u16>, answer: &str, expected: Option<Meaning>) {
    let value = parse_json(answer.as_bytes()).expect("JSON");
    let refusal = of_answer(exchange(id), status, &value);
    assert_eq!(
        refusal.map(|refusal| refusal.meaning),
        expected,
        "{id} {answer}"
    );
}

#[test]
fn refusals_of_every_exchange_are_understood() {
    use Meaning as M;
    for (id, status, answer, meaning) in [
        (
            "binance",
            None,
            r#"{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}"#,
            M::KeyAddressOrPermission,
        ),
        (
            "binance",
            None,
            r#"{"code":-2014,"msg":"API-key format invalid."}"#,
            M::MalformedKey,
        ),
        (
            "binance",
            None,
            r#"{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}"#,
            M::ClockOff,
        ),
        ("binance", None, r#"{"code":-9999,"msg":"new"}"#, M::Unknown),
        (
            "binanceus",
            None,
            r#"{"code":-1022,"msg":"Signature for this request is not valid."}"#,
            M::BadSignature,
        ),
        (
            "bybit",
            None,
            r#"{"retCode":10010,"retMsg":"Unmatched IP","result":{}}"#,
            M::AddressNotAllowed,
        ),
        (
            "bybit",
            None,
            r#"{"retCode":33004,"retMsg":"expired"}"#,
            M::Expired,
        ),
        (
            "okx",
            Some(401),
            r#"{"code":"50105","msg":"passphrase","data":[]}"#,
            M::WrongPassphrase,
        ),
        (
            "okx",
            Some(401),
            r#"{"msg":"environment","code":"50101"}"#,
            M::WrongEnvironment,
        ),
        (
            "coinbase",
            Some(403),
            r#"{"error":"PERMISSION_DENIED","message":"no"}"#,
            M::MissingPermission,
        ),
        (
            "coinbase",
            Some(401),
            r#"{"message":"request timestamp expired"}"#,
            M::ClockOff,
        ),
        ("coinbase", Some(401), r#"{"message":"no"}"#, M::Credentials),
        (
            "kraken",
            None,
            r#"{"error":["EAPI:Invalid signature"]}"#,
            M::BadSignature,
        ),
        (
            "kraken",
            None,
            r#"{"error":["EGeneral:Permission denied"]}"#,
            M::MissingPermission,
        ),
        (
            "krakenfutures",
            None,
            r#"{"result":"error","error":"authenticationError"}"#,
            M::Credentials,
        ),
        (
            "kucoin",
            None,
            r#"{"code":"400006","msg":"ip"}"#,
            M::AddressNotAllowed,
        ),
        (
            "gate",
            Some(403),
            r#"{"label":"IP_FORBIDDEN","message":"no"}"#,
            M::AddressNotAllowed,
        ),
        (
            "bitget",
            None,
            r#"{"code":"40018","msg":"Invalid IP"}"#,
            M::AddressNotAllowed,
        ),
        (
            "mexc",
            None,
            r#"{"code":700006,"msg":"ip"}"#,
            M::AddressNotAllowed,
        ),
        (
            "mexc",
            None,
            r#"{"code":700002,"msg":"Signature for this request is not valid."}"#,
            M::BadSignature,
        ),
        (
            "htx",
            None,
            r#"{"status":"error","err-code":"api-signature-not-valid","err-msg":"Signature not valid: Incorrect Access key"}"#,
            M::UnknownKey,
        ),
        (
            "htx",
            None,
            r#"{"status":"error","err-code":"api-signature-not-valid","err-msg":"Signature not valid"}"#,
            M::BadSignature,
        ),
        (
            "bitfinex",
            Some(500),
            r#"["error",10100,"apikey: invalid"]"#,
            M::UnknownKey,
        ),
        (
            "bitstamp",
            Some(403),
            r#"{"status":"error","reason":"IP address not allowed","code":"API0002"}"#,
            M::AddressNotAllowed,
        ),
        (
            "bitstamp",
            Some(403),
            r#"{"error":"No permission found"}"#,
            M::MissingPermission,
        ),
        (
            "gemini",
            Some(400),
            r#"{"result":"error","reason":"InvalidNonce","message":"x"}"#,
            M::NonceUsed,
        ),
        (
            "cryptocom",
            Some(401),
            r#"{"id":1,"code":40103,"message":"IP_ILLEGAL"}"#,
            M::AddressNotAllowed,
        ),
        (
            "deribit",
            Some(400),
            r#"{"jsonrpc":"2.0","error":{"code":13004,"message":"invalid_credentials"}}"#,
            M::Credentials,
        ),
        (
            "bitmex",
            Some(401),
            r#"{"error":{"message":"Invalid API Key.","name":"HTTPError"}}"#,
            M::UnknownKey,
        ),
        (
            "hyperliquid",
            None,
            r#"{"status":"err","response":"User or API Wallet 0x00 does not exist."}"#,
            M::UnknownKey,
        ),
        ("bybit", Some(429), r#"{}"#, M::RateLimited),
        ("okx", Some(503), r#"{}"#, M::Maintenance),
        (
            "binance",
            Some(451),
            r#"{"code":0,"msg":"restricted location"}"#,
            M::Region,
        ),
    ] {
        check(id, status, answer, Some(meaning));
    }
}

#[test]
fn good_answers_are_no_refusals() {
    for (id, answer) in [
        ("bybit", r#"{"retCode":0,"retMsg":"OK","result":{}}"#),
        ("okx", r#"{"code":"0","data":[],"msg":""}"#),
        ("kraken", r#"{"error":[],"result":{}}"#),
        ("kraken", r#"{"error":["WGeneral:Old"],"result":{}}"#),
        ("bitfinex", r#"[["account",1,0],["orders",1,1]]"#),
        ("binance", r#"{"enableReading":true}"#),
        ("htx", r#"{"code":200,"data":[]}"#),
        ("deribit", r#"{"jsonrpc":"2.0","result":{}}"#),
    ] {
        check(id, Some(200), answer, None);
    }
}

#[test]
fn an_address_block_never_says_that_the_key_is_bad() {
    assert_eq!(
        Meaning::AddressNotAllowed.verdict(),
        Verdict::CannotBeAskedFromHere
    );
    for facts in crate::catalogue::all() {
        for rule in &facts.errors {
            let meanings = std::iter::once(&rule.meaning).chain(&rule.also);
            if meanings.into_iter().any(|meaning| {
                matches!(
                    meaning,
                    Meaning::AddressNotAllowed | Meaning::KeyAddressOrPermission
                )
            }) {
                let verdict = Refusal::by(rule).verdict();
                assert_ne!(verdict, Verdict::KeyIsWrong, "{}", facts.id);
            }
        }
    }
}

#[test]
fn pasted_texts_are_understood_and_their_address_is_found() {
    for (id, text, meaning, address) in [
        (
            "binance",
            "binance {\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action, request ip: 203.0.113.7\"}",
            Meaning::KeyAddressOrPermission,
            Some("203.0.113.7"),
        ),
        (
            "binance",
            "APIError(code=-2015): Invalid API-key, IP, or permissions for action.",
            Meaning::KeyAddressOrPermission,
            None,
        ),
        (
            "kraken",
            "ccxt.base.errors.AuthenticationError: kraken {\"error\":[\"EAPI:Invalid key\"]}",
            Meaning::UnknownKey,
            None,
        ),
        (
            "bybit",
            "ErrCode: 10010 (Unmatched IP, please check your API key's bound IP addresses).",
            Meaning::AddressNotAllowed,
            None,
        ),
        (
            "okx",
            "50110 Your IP 203.0.113.9 is not included in your API key's IP whitelist",
            Meaning::AddressNotAllowed,
            Some("203.0.113.9"),
        ),
        ("okx", "429 Too Many Requests", Meaning::RateLimited, None),
        ("okx", "connection reset by peer", Meaning::Unknown, None),
    ] {
        let refusal = of_text(exchange(id), text);
        assert_eq!(refusal.meaning, meaning, "{text}");
        let address = address.map(|address| address.parse().expect("an address"));
        assert_eq!(refusal.address, address, "{text}");
        assert!(!format!("{refusal:?}").contains("203"), "{text}");
    }
}

#[test]
fn a_bare_text_is_given_to_the_exchange_that_writes_so() {
    let of = |text| -> Vec<&str> { guesses(text).iter().map(|guess| guess.exchange).collect() };
    assert_eq!(of("EAPI:Invalid key"), ["kraken"]);
    assert_eq!(of("retCode 10010"), ["bybit"]);
    assert_eq!(of("okx {\"code\":\"50113\"}"), ["okx"]);
    assert_eq!(of("https://api.kucoin.com/api/v1/x 400003"), ["kucoin"]);
    assert_eq!(
        of("{\"code\":-2017,\"msg\":\"API keys locked\"}"),
        ["binance"]
    );
    assert_eq!(
        of("User or API Wallet 0xabc does not exist."),
        ["hyperliquid"]
    );
    assert_eq!(of("binance.us: -2015"), ["binanceus"]);
    assert_eq!(of("APIError(code=-2015)"), ["binance", "binanceus"]);
    assert_eq!(of("kraken-futures said no"), ["krakenfutures"]);
    assert_eq!(of("binance and okx"), ["binance", "okx"]);
    assert_eq!(of("502 bad gateway"), Vec::<&str>::new());
    assert_eq!(of("something failed"), Vec::<&str>::new());
}
