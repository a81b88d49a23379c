//! The list of data files. A new exchange is one file in `data/` and one line here.
//!
//! Deliberately not here: what the files say.

macro_rules! files {
    ($($id:literal)*) => {
        /// Ids in ascending order with the text of their files.
        pub(super) const FILES: &[(&str, &str)] = &[
            $(($id, include_str!(concat!("../../data/", $id, ".json")))),*
        ];
    };
}

files! {
    "alpaca"
    "binance"
    "binanceus"
    "bingx"
    "bitfinex"
    "bitflyer"
    "bitget"
    "bithumb"
    "bitmex"
    "bitstamp"
    "blofin"
    "bybit"
    "coinbase"
    "coinex"
    "cryptocom"
    "deribit"
    "dydx"
    "gate"
    "gemini"
    "hashkey"
    "htx"
    "hyperliquid"
    "kraken"
    "krakenfutures"
    "kucoin"
    "mexc"
    "okx"
    "toobit"
    "upbit"
    "whitebit"
}
