//! Exchanges by id, with the names and former names people and programs use for them.
//!
//! Deliberately not here: what each exchange's keys look like, can do and expire by.

use std::borrow::Cow;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure};

/// One exchange we know by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeInfo {
    pub id: &'static str,
    pub name: &'static str,
    /// Former names and names in other programs, lower case. Each means the same keys.
    pub aliases: &'static [&'static str],
    pub status: ExchangeStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeStatus {
    Active,
    /// Gone; its keys are loose ends. ISO date.
    Closed {
        on: &'static str,
    },
}

const fn active(
    id: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
) -> ExchangeInfo {
    ExchangeInfo {
        id,
        name,
        aliases,
        status: ExchangeStatus::Active,
    }
}

/// Every exchange we know, by id.
pub const EXCHANGES: &[ExchangeInfo] = &[
    active("alpaca", "Alpaca", &[]),
    // ccxt splits Binance's futures into classes of their own; the keys are the same.
    active("binance", "Binance", &["binanceusdm", "binancecoinm"]),
    active("binanceus", "Binance.US", &["binance.us", "binance-us"]),
    active("bingx", "BingX", &[]),
    active("bitfinex", "Bitfinex", &["bitfinex2"]),
    active("bitflyer", "bitFlyer", &[]),
    active("bitget", "Bitget", &[]),
    active("bithumb", "Bithumb", &[]),
    ExchangeInfo {
        id: "bitmex",
        name: "BitMEX",
        aliases: &[],
        status: ExchangeStatus::Closed { on: "2026-09-23" },
    },
    active("bitstamp", "Bitstamp", &[]),
    active("blofin", "BloFin", &[]),
    active("bybit", "Bybit", &[]),
    active(
        "coinbase",
        "Coinbase (CDP / Advanced Trade)",
        &["coinbaseadvanced", "coinbase-cdp"],
    ),
    active("coinex", "CoinEx", &[]),
    active(
        "cryptocom",
        "Crypto.com Exchange",
        &["crypto.com", "crypto-com"],
    ),
    active("deribit", "Deribit", &[]),
    active("dydx", "dYdX v4", &[]),
    active("gate", "Gate (Gate.io)", &["gateio", "gate.io"]),
    active("gemini", "Gemini", &[]),
    active("hashkey", "HashKey", &[]),
    active("htx", "HTX (Huobi)", &["huobi", "huobipro"]),
    active("hyperliquid", "Hyperliquid", &[]),
    active("kraken", "Kraken (spot)", &[]),
    active(
        "krakenfutures",
        "Kraken Futures",
        &["kraken-futures", "cryptofacilities"],
    ),
    active("kucoin", "KuCoin", &["kucoinfutures"]),
    active("mexc", "MEXC", &["mexc3", "mexcglobal"]),
    active("okx", "OKX", &["okex", "okex3", "okex5"]),
    active("toobit", "Toobit", &[]),
    active("upbit", "Upbit", &[]),
    active("whitebit", "WhiteBIT", &[]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an exchange is named by 2 to 32 letters, digits and hyphens, such as `binance`")]
pub struct ExchangeIdRefused;

/// The id of an exchange: one of [`EXCHANGES`], or one we do not know, which is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(Cow<'static, str>);

impl ExchangeId {
    /// Takes an id, a display name or a former name in any case; an alias becomes the id it
    /// stands for.
    pub fn parse(text: &str) -> Result<Self, ExchangeIdRefused> {
        let lower = text.trim().to_lowercase();
        let known = EXCHANGES.iter().find(|exchange| {
            exchange.id == lower
                || exchange.aliases.contains(&lower.as_str())
                || exchange.name.to_lowercase() == lower
        });
        match known {
            Some(exchange) => Ok(Self(Cow::Borrowed(exchange.id))),
            None => Self::exact(&lower),
        }
    }

    /// An id as it is stored. No alias is followed: a name that becomes an alias in a later
    /// version must not change what is already written.
    fn exact(id: &str) -> Result<Self, ExchangeIdRefused> {
        let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if !(2..=32).contains(&id.len()) || !id.bytes().all(allowed) {
            return Err(ExchangeIdRefused);
        }
        Ok(match find(id) {
            Some(exchange) => Self(Cow::Borrowed(exchange.id)),
            None => Self(Cow::Owned(id.to_owned())),
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What we know of it.
    pub fn info(&self) -> Option<&'static ExchangeInfo> {
        find(&self.0)
    }

    /// The name to show: its own, or the id where we do not know it.
    pub fn display_name(&self) -> &str {
        self.info().map_or(self.as_str(), |exchange| exchange.name)
    }
}

impl std::fmt::Display for ExchangeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Canonical for ExchangeId {
    fn write_cbor(&self, out: &mut Enc) {
        out.str(&self.0).map(drop).sure();
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        Self::exact(input.str()?).map_err(|_| CodecError::Malformed)
    }
}

fn find(id: &str) -> Option<&'static ExchangeInfo> {
    EXCHANGES
        .binary_search_by(|exchange| exchange.id.cmp(id))
        .ok()
        .map(|place| &EXCHANGES[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_no_name_means_two_exchanges() {
        assert!(EXCHANGES.is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(EXCHANGES.len(), 30);
        let mut names: Vec<&str> = EXCHANGES
            .iter()
            .flat_map(|e| e.aliases.iter().copied().chain([e.id]))
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn aliases_lead_to_the_id_and_unknown_exchanges_are_kept() {
        let cases = [
            ("okex", "okx"),
            ("OKX", "okx"),
            ("Gate.io", "gate"),
            ("huobi", "htx"),
            (" Binance ", "binance"),
            ("HTX (Huobi)", "htx"),
            ("my-dex", "my-dex"),
        ];
        for (text, id) in cases {
            assert_eq!(
                ExchangeId::parse(text).map(|e| e.to_string()),
                Ok(id.to_owned()),
                "{text}"
            );
        }
        for text in ["", "a", "a b", "ü-exchange", "../etc", &"x".repeat(33)] {
            assert_eq!(ExchangeId::parse(text), Err(ExchangeIdRefused), "{text}");
        }
        assert_eq!(
            ExchangeId::parse("my-dex").expect("an id").display_name(),
            "my-dex"
        );
    }

    #[test]
    fn stored_ids_are_taken_as_they_are() {
        let mut out = minicbor::Encoder::new(Vec::new());
        out.str("okex").expect("memory");
        let stored = ExchangeId::decode(out.writer()).expect("once valid, always valid");
        assert_eq!(stored.as_str(), "okex");
    }
}
