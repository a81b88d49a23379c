//! Error texts with the cause each comes to when nothing else is known.

use super::Cause;

/// What libraries and exchanges print, one for each way an exchange refuses.
pub(super) const TEXTS: &[(&str, &str, Option<Cause>)] = &[
    (
        "binance",
        "binance {\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action.\"}",
        None,
    ),
    (
        "binance",
        "APIError(code=-2014): API-key format invalid.",
        Some(Cause::Shape),
    ),
    (
        "binance",
        "APIError(code=-1022): Signature for this request is not valid.",
        Some(Cause::Shape),
    ),
    (
        "binance",
        "APIError(code=-1021): Timestamp for this request is outside of the recvWindow.",
        Some(Cause::Clock),
    ),
    (
        "binance",
        "{\"code\":-2017,\"msg\":\"API Keys are locked on this account.\"}",
        None,
    ),
    (
        "binanceus",
        "{\"code\":-2008,\"msg\":\"Invalid Api-Key ID.\"}",
        None,
    ),
    (
        "bybit",
        "{\"retCode\":10003,\"retMsg\":\"API key is invalid.\"}",
        None,
    ),
    (
        "bybit",
        "ErrCode: 10010 Unmatched IP",
        Some(Cause::Allowlist),
    ),
    (
        "bybit",
        "ErrCode: 10005 Permission denied",
        Some(Cause::Permission),
    ),
    ("bybit", "ErrCode: 10004 error sign!", Some(Cause::Shape)),
    (
        "bybit",
        "ErrCode: 10002 invalid request, please check your timestamp",
        Some(Cause::Clock),
    ),
    (
        "bybit",
        "ErrCode: 33004 your api key has expired",
        Some(Cause::Expiry),
    ),
    (
        "okx",
        "okx {\"msg\":\"Request header OK-ACCESS-PASSPHRASE incorrect.\",\"code\":\"50105\"}",
        Some(Cause::Passphrase),
    ),
    (
        "okx",
        "okx {\"msg\":\"APIKey does not match current environment.\",\"code\":\"50101\"}",
        Some(Cause::Environment),
    ),
    (
        "okx",
        "50110 Your IP 203.0.113.9 is not in the list",
        Some(Cause::Allowlist),
    ),
    ("coinbase", "401 Unauthorized", None),
    (
        "coinbase",
        "{\"error\":\"PERMISSION_DENIED\",\"message\":\"Missing required scopes\"}",
        Some(Cause::Permission),
    ),
    ("kraken", "{\"error\":[\"EAPI:Invalid key\"]}", None),
    ("kraken", "EAPI:Invalid nonce", None),
    (
        "krakenfutures",
        "{\"result\":\"error\",\"error\":\"authenticationError\"}",
        None,
    ),
    (
        "kucoin",
        "{\"code\":\"400004\",\"msg\":\"Invalid KC-API-PASSPHRASE\"}",
        Some(Cause::Passphrase),
    ),
    (
        "kucoin",
        "{\"code\":\"400006\",\"msg\":\"The IP address is not in the API whitelist\"}",
        Some(Cause::Allowlist),
    ),
    (
        "gate",
        "{\"label\":\"REQUEST_EXPIRED\",\"message\":\"gap between request Timestamp and server time exceeds 60\"}",
        Some(Cause::Clock),
    ),
    (
        "gate",
        "{\"label\":\"INVALID_KEY\",\"message\":\"Invalid key provided\"}",
        None,
    ),
    (
        "bitget",
        "{\"code\":\"40018\",\"msg\":\"Invalid IP\"}",
        Some(Cause::Allowlist),
    ),
    (
        "mexc",
        "{\"code\":700002,\"msg\":\"Signature for this request is not valid.\"}",
        None,
    ),
    (
        "htx",
        "{\"status\":\"error\",\"err-code\":\"api-signature-not-valid\",\"err-msg\":\"Signature not valid: API key has no permission\"}",
        Some(Cause::Permission),
    ),
    ("bitfinex", "[\"error\",10100,\"apikey: invalid\"]", None),
    (
        "bitstamp",
        "{\"error\":\"No permission found\"}",
        Some(Cause::Permission),
    ),
    (
        "gemini",
        "{\"result\":\"error\",\"reason\":\"MissingRole\",\"message\":\"To access this endpoint\"}",
        Some(Cause::Permission),
    ),
    (
        "cryptocom",
        "{\"id\":1,\"code\":40101,\"message\":\"UNAUTHORIZED\"}",
        None,
    ),
    (
        "deribit",
        "{\"error\":{\"code\":13004,\"message\":\"invalid_credentials\"}}",
        None,
    ),
    (
        "bitmex",
        "{\"error\":{\"message\":\"Invalid API Key.\",\"name\":\"HTTPError\"}}",
        None,
    ),
    (
        "hyperliquid",
        "User or API Wallet 0x0000000000000000000000000000000000000001 does not exist.",
        None,
    ),
    ("hyperliquid", "429 Too Many Requests", None),
];
