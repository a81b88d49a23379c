//! A typical request of every exchange with a key for it, and where its signature stands.
//!

use strongroom_domain::Environment;
use strongroom_exchanges::sign::{
    Credential, CredentialError, Method, Moment, Request, Signed, Signer, Text, adapter,
};
use strongroom_secret::SecretText;

#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) exchange: &'static str,
    pub(crate) fields: &'static [(&'static str, &'static str)],
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) query: &'static [(&'static str, &'static str)],
    pub(crate) body: Option<&'static str>,
    pub(crate) nonce: &'static str,
    /// The header or the parameter that holds the signature.
    pub(crate) signature: &'static str,
    /// What the signature covers besides method and path.
    pub(crate) covers: &'static [Part],
}

/// What a signature may cover.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    Query,
    Body,
    Time,
    Nonce,
}

pub(crate) const HMAC: &[(&str, &str)] = &[("apiKey", "examplekey1"), ("secret", "examplesecret1")];
const PASSPHRASE: &[(&str, &str)] = &[
    ("apiKey", "examplekey1"),
    ("secret", "examplesecret1"),
    ("passphrase", "examplephrase1"),
    ("keyVersion", "3"),
];
const BASE64: &[(&str, &str)] = &[
    ("apiKey", "examplekey1"),
    ("privateKey", "ZXhhbXBsZXNlY3JldDFleGFtcGxlc2VjcmV0MQ=="),
];
const COINBASE: &[(&str, &str)] = &[
    ("keyName", "organizations/1/apiKeys/2"),
    ("privateKey", include_str!("../data/keys/p256.pem")),
];
const HYPERLIQUID: &[(&str, &str)] = &[
    (
        "agentPrivateKey",
        "0x0123456789012345678901234567890123456789012345678901234567890123",
    ),
    (
        "accountAddress",
        "0x5e9ee1089755c3435139848e47e6635505d5a13a",
    ),
];

const ORDER: &[(&str, &str)] = &[
    ("symbol", "BTCUSDT"),
    ("side", "BUY"),
    ("type", "LIMIT"),
    ("timeInForce", "GTC"),
    ("quantity", "1"),
    ("price", "52000.5"),
];
const ORDER_FORM: &str =
    "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=52000.5";
const ORDER_JSON: &str =
    r#"{"symbol":"BTCUSDT","side":"buy","type":"limit","qty":"1","price":"52000.5"}"#;

const fn sample(
    exchange: &'static str,
    fields: &'static [(&'static str, &'static str)],
    path: &'static str,
    signature: &'static str,
) -> Sample {
    Sample {
        exchange,
        fields,
        method: Method::Post,
        path,
        query: &[],
        body: None,
        nonce: "",
        signature,
        covers: &[Part::Time],
    }
}

/// Every way of signing there is here; several for the exchanges that have several.
pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        query: ORDER,
        covers: &[Part::Query, Part::Time],
        ..sample("binance", HMAC, "/api/v3/order", "signature")
    },
    Sample {
        body: Some(ORDER_FORM),
        covers: &[Part::Body, Part::Time],
        ..sample("binance", HMAC, "/api/v3/order", "signature")
    },
    Sample {
        query: ORDER,
        covers: &[Part::Query, Part::Time],
        ..sample("binanceus", HMAC, "/api/v3/order", "signature")
    },
    Sample {
        body: Some(ORDER_JSON),
        nonce: "1600000000001",
        covers: &[Part::Body, Part::Nonce],
        ..sample("bitfinex", HMAC, "/v2/auth/w/order/submit", "bfx-signature")
    },
    Sample {
        body: Some(ORDER_JSON),
        covers: &[Part::Body, Part::Time],
        ..sample(
            "bitget",
            PASSPHRASE,
            "/api/v2/spot/trade/place-order",
            "ACCESS-SIGN",
        )
    },
    Sample {
        method: Method::Get,
        query: ORDER,
        covers: &[Part::Query, Part::Time],
        ..sample(
            "bitget",
            PASSPHRASE,
            "/api/v2/spot/trade/unfilled-orders",
            "ACCESS-SIGN",
        )
    },
    Sample {
        body: Some(ORDER_JSON),
        query: &[("x", "1")],
        covers: &[Part::Query, Part::Body, Part::Time],
        ..sample("bitmex", HMAC, "/api/v1/order", "api-signature")
    },
    Sample {
        body: Some(ORDER_FORM),
        nonce: "123e4567-e89b-42d3-a456-426614174000",
        covers: &[Part::Body, Part::Time, Part::Nonce],
        ..sample("bitstamp", HMAC, "/api/v2/buy/btcusd/", "X-Auth-Signature")
    },
    Sample {
        body: Some(ORDER_JSON),
        covers: &[Part::Body, Part::Time],
        ..sample("bybit", HMAC, "/v5/order/create", "X-BAPI-SIGN")
    },
    Sample {
        method: Method::Get,
        query: ORDER,
        covers: &[Part::Query, Part::Time],
        ..sample("bybit", HMAC, "/v5/order/realtime", "X-BAPI-SIGN")
    },
    Sample {
        body: Some(ORDER_JSON),
        nonce: "0123456789abcdef0123456789abcdef",
        covers: &[Part::Time, Part::Nonce],
        ..sample(
            "coinbase",
            COINBASE,
            "/api/v3/brokerage/orders",
            "Authorization",
        )
    },
    Sample {
        body: Some(ORDER_JSON),
        covers: &[Part::Body, Part::Time],
        ..sample(
            "cryptocom",
            HMAC,
            "/exchange/v1/private/create-order",
            "sig",
        )
    },
    Sample {
        method: Method::Get,
        query: ORDER,
        nonce: "1iqt2wls",
        covers: &[Part::Query, Part::Time, Part::Nonce],
        ..sample("deribit", HMAC, "/api/v2/private/buy", "Authorization")
    },
    Sample {
        query: &[("x", "1")],
        body: Some(ORDER_JSON),
        covers: &[Part::Query, Part::Body, Part::Time],
        ..sample("gate", HMAC, "/api/v4/spot/orders", "SIGN")
    },
    Sample {
        body: Some(ORDER_JSON),
        nonce: "1600000000001",
        covers: &[Part::Body, Part::Nonce],
        ..sample("gemini", HMAC, "/v1/order/new", "X-GEMINI-SIGNATURE")
    },
    Sample {
        query: &[("x", "1")],
        body: Some(ORDER_JSON),
        covers: &[Part::Query, Part::Time],
        ..sample("htx", HMAC, "/v1/order/orders/place", "Signature")
    },
    Sample {
        body: Some(
            r#"{"action":{"type":"order","orders":[{"a":4,"b":true,"p":"1670.1","s":"0.0147","r":false,"t":{"limit":{"tif":"Ioc"}}}],"grouping":"na"}}"#,
        ),
        nonce: "1600000000001",
        covers: &[Part::Body, Part::Nonce],
        ..sample("hyperliquid", HYPERLIQUID, "/exchange", "signature")
    },
    Sample {
        body: Some("ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"),
        nonce: "1600000000001",
        covers: &[Part::Body, Part::Nonce],
        ..sample("kraken", BASE64, "/0/private/AddOrder", "API-Sign")
    },
    Sample {
        body: Some(ORDER_JSON),
        nonce: "1600000000001",
        covers: &[Part::Body, Part::Nonce],
        ..sample("kraken", BASE64, "/0/private/AddOrderBatch", "API-Sign")
    },
    Sample {
        query: ORDER,
        nonce: "1600000000001",
        covers: &[Part::Query, Part::Nonce],
        ..sample(
            "krakenfutures",
            BASE64,
            "/derivatives/api/v3/sendorder",
            "Authent",
        )
    },
    Sample {
        body: Some(ORDER_JSON),
        query: &[("x", "1")],
        covers: &[Part::Query, Part::Body, Part::Time],
        ..sample("kucoin", PASSPHRASE, "/api/v1/hf/orders", "KC-API-SIGN")
    },
    Sample {
        query: ORDER,
        covers: &[Part::Query, Part::Time],
        ..sample("mexc", HMAC, "/api/v3/order", "signature")
    },
    Sample {
        body: Some(ORDER_JSON),
        covers: &[Part::Body, Part::Time],
        ..sample("mexc", HMAC, "/api/v1/private/order/submit", "Signature")
    },
    Sample {
        body: Some(ORDER_JSON),
        query: &[("x", "1")],
        covers: &[Part::Query, Part::Body, Part::Time],
        ..sample("okx", PASSPHRASE, "/api/v5/trade/order", "OK-ACCESS-SIGN")
    },
];

pub(crate) const NOW_MS: u64 = 1_600_000_000_000;

impl Sample {
    pub(crate) fn request(&self) -> Request {
        Request {
            method: self.method,
            path: self.path.to_owned(),
            query: self
                .query
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: self.body.map(str::to_owned),
        }
    }

    pub(crate) fn moment(&self) -> Moment<'_> {
        Moment {
            now_ms: NOW_MS,
            nonce: self.nonce,
            receive_window_ms: None,
            blinding: [7; 32],
        }
    }

    pub(crate) fn signer(&self) -> Signer {
        signer(self.exchange, self.fields).expect("a credential")
    }

    /// The signature, wherever it stands.
    pub(crate) fn signature_of(&self, signed: &Signed) -> String {
        let header = signed
            .headers()
            .find(|header| header.name == self.signature);
        if let Some(header) = header {
            let value = header.value.expose();
            // Of a token and of Deribit's list, the last part.
            return value.rsplit(['.', ',']).next().unwrap_or(value).to_owned();
        }
        let body = signed.body().map_or("", Text::expose);
        let marker = [
            format!("{}=", self.signature),
            format!("\"{}\":", self.signature),
        ];
        for text in [signed.target(), body] {
            for marker in &marker {
                if let Some((_, found)) = text.split_once(marker.as_str()) {
                    return found.to_owned();
                }
            }
        }
        panic!("{} has no {}", self.exchange, self.signature)
    }
}

pub(crate) fn signer(exchange: &str, fields: &[(&str, &str)]) -> Result<Signer, CredentialError> {
    let fields = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), SecretText::new((*value).to_owned())))
        .collect();
    adapter(exchange).expect("an adapter").signer(
        Environment::Production,
        None,
        &Credential::new(fields),
    )
}
