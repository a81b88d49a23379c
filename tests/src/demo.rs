//! A believable vault: two dozen invented keys of one trader, over many exchanges and in every
//! state a list can show. No value here belongs to anybody.
//!
//! Not here: how they are recorded, which `examples/demo.rs` does through the command line.

/// One invented key, in the words of `strongroom add`.
#[derive(Debug, Clone, Copy)]
pub struct DemoKey {
    pub label: &'static str,
    pub exchange: &'static str,
    pub account: &'static str,
    pub environment: &'static str,
    /// Verbs that were granted, by commas.
    pub allow: &'static str,
    /// Verbs that were denied, by commas; the others are unknown.
    pub deny: &'static str,
    /// `unrestricted`, `unknown`, or rules by commas.
    pub allowlist: &'static str,
    /// Days until a fixed expiry; negative when it is past.
    pub expires_in: Option<i64>,
    /// Days since the key was made.
    pub age: i64,
    pub tags: &'static str,
    pub consumers: &'static str,
    /// A state other than active.
    pub state: Option<&'static str>,
    pub passphrase: bool,
}

const READ_ONLY: &str = "spot,margin,derivatives,transfer,withdraw,sub-accounts,key-admin";
const TRADER: &str = "margin,transfer,withdraw,sub-accounts,key-admin";

const PLAIN: DemoKey = DemoKey {
    label: "",
    exchange: "",
    account: "main",
    environment: "production",
    allow: "read",
    deny: READ_ONLY,
    allowlist: "unknown",
    expires_in: None,
    age: 40,
    tags: "",
    consumers: "",
    state: None,
    passphrase: false,
};

pub const DEMO_KEYS: &[DemoKey] = &[
    DemoKey {
        label: "binance-grid",
        exchange: "binance",
        allow: "read,spot",
        deny: TRADER,
        allowlist: "203.0.113.14,203.0.113.15",
        age: 61,
        tags: "grid,vps-1",
        consumers: "freqtrade",
        ..PLAIN
    },
    DemoKey {
        label: "binance-tax",
        exchange: "binance",
        allowlist: "unrestricted",
        age: 75,
        tags: "tax",
        consumers: "Koinly",
        ..PLAIN
    },
    DemoKey {
        label: "binance-treasury",
        exchange: "binance",
        account: "treasury",
        allow: "read,transfer,withdraw",
        deny: "margin,derivatives",
        allowlist: "198.51.100.7",
        age: 28,
        tags: "treasury",
        ..PLAIN
    },
    DemoKey {
        label: "binance-testnet",
        exchange: "binance",
        account: "lab",
        environment: "testnet",
        allow: "read,spot,derivatives",
        deny: "withdraw",
        allowlist: "unrestricted",
        age: 12,
        tags: "lab",
        ..PLAIN
    },
    DemoKey {
        label: "bybit-perps",
        exchange: "bybit",
        allow: "read,derivatives",
        deny: "spot,margin,transfer,withdraw",
        allowlist: "203.0.113.14",
        expires_in: Some(12),
        age: 78,
        tags: "perps,vps-1",
        consumers: "passivbot",
        ..PLAIN
    },
    DemoKey {
        label: "bybit-copybot",
        exchange: "bybit",
        account: "sub-copy",
        allow: "read,derivatives",
        deny: "withdraw",
        allowlist: "unrestricted",
        expires_in: Some(3),
        age: 87,
        tags: "perps",
        consumers: "3Commas",
        ..PLAIN
    },
    DemoKey {
        label: "bybit-demo",
        exchange: "bybit",
        account: "lab",
        environment: "demo",
        allow: "read,spot,derivatives",
        deny: "withdraw",
        age: 5,
        tags: "lab",
        ..PLAIN
    },
    DemoKey {
        label: "okx-maker",
        exchange: "okx",
        allow: "read,spot,margin",
        deny: "withdraw,sub-accounts,key-admin",
        allowlist: "203.0.113.15",
        age: 96,
        tags: "maker,vps-2",
        consumers: "hummingbot",
        passphrase: true,
        ..PLAIN
    },
    DemoKey {
        label: "okx-watch",
        exchange: "okx",
        allowlist: "unrestricted",
        expires_in: Some(-2),
        age: 170,
        tags: "tracker",
        consumers: "CoinStats",
        passphrase: true,
        ..PLAIN
    },
    DemoKey {
        label: "kraken-dca",
        exchange: "kraken",
        allow: "read,spot",
        deny: TRADER,
        allowlist: "198.51.100.0/28",
        age: 33,
        tags: "dca",
        consumers: "home server",
        ..PLAIN
    },
    DemoKey {
        label: "kraken-ledger",
        exchange: "kraken",
        allowlist: "unrestricted",
        age: 150,
        tags: "tax",
        consumers: "Koinly",
        ..PLAIN
    },
    DemoKey {
        label: "kraken-withdraw",
        exchange: "kraken",
        account: "treasury",
        allow: "read,withdraw",
        deny: "spot,margin,derivatives",
        allowlist: "198.51.100.7",
        age: 31,
        tags: "treasury",
        ..PLAIN
    },
    DemoKey {
        label: "coinbase-payouts",
        exchange: "coinbase",
        allow: "read,transfer",
        deny: "withdraw",
        allowlist: "198.51.100.7",
        age: 20,
        tags: "treasury",
        ..PLAIN
    },
    DemoKey {
        label: "kucoin-spot",
        exchange: "kucoin",
        allow: "read,spot",
        deny: TRADER,
        allowlist: "203.0.113.14",
        age: 88,
        tags: "vps-1",
        consumers: "freqtrade",
        passphrase: true,
        ..PLAIN
    },
    DemoKey {
        label: "kucoin-futures",
        exchange: "kucoin",
        allow: "read,derivatives",
        deny: "withdraw",
        age: 55,
        tags: "perps",
        passphrase: true,
        ..PLAIN
    },
    DemoKey {
        label: "gate-arb",
        exchange: "gate",
        allow: "read,spot,margin",
        deny: "withdraw",
        allowlist: "203.0.113.15,203.0.113.16",
        expires_in: Some(29),
        age: 61,
        tags: "arb,vps-2",
        consumers: "arb-runner",
        ..PLAIN
    },
    DemoKey {
        label: "mexc-arb",
        exchange: "mexc",
        allow: "read,spot",
        deny: "",
        allowlist: "unrestricted",
        expires_in: Some(7),
        age: 83,
        tags: "arb",
        consumers: "arb-runner",
        ..PLAIN
    },
    DemoKey {
        label: "bitget-copy",
        exchange: "bitget",
        allow: "read,derivatives",
        deny: "withdraw",
        allowlist: "unknown",
        age: 44,
        tags: "perps",
        consumers: "",
        passphrase: true,
        ..PLAIN
    },
    DemoKey {
        label: "bitfinex-lending",
        exchange: "bitfinex",
        allow: "read,margin,transfer",
        deny: "withdraw",
        allowlist: "198.51.100.7",
        age: 66,
        tags: "lending",
        ..PLAIN
    },
    DemoKey {
        label: "htx-old",
        exchange: "htx",
        allow: "read,spot",
        deny: "",
        allowlist: "unrestricted",
        age: 400,
        tags: "",
        state: Some("revoked"),
        ..PLAIN
    },
    DemoKey {
        label: "ftx-museum",
        exchange: "ftx",
        allow: "read",
        deny: "",
        allowlist: "unknown",
        age: 1300,
        tags: "museum",
        state: Some("archived"),
        ..PLAIN
    },
    DemoKey {
        label: "deribit-options",
        exchange: "deribit",
        allow: "read,derivatives",
        deny: "withdraw,transfer",
        allowlist: "203.0.113.16",
        expires_in: Some(90),
        age: 15,
        tags: "options,vps-2",
        consumers: "options-desk",
        ..PLAIN
    },
    DemoKey {
        label: "deribit-dev",
        exchange: "deribit",
        account: "lab",
        environment: "development",
        allow: "read",
        deny: "withdraw",
        age: 9,
        tags: "lab",
        state: Some("draft"),
        ..PLAIN
    },
    DemoKey {
        label: "hyperliquid-agent",
        exchange: "hyperliquid",
        allow: "read,spot,derivatives",
        deny: "withdraw",
        allowlist: "unrestricted",
        expires_in: Some(58),
        age: 32,
        tags: "perps,dex",
        consumers: "passivbot",
        ..PLAIN
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_two_dozen_with_labels_of_their_own_and_every_environment() {
        assert_eq!(DEMO_KEYS.len(), 24);
        let labels: BTreeSet<_> = DEMO_KEYS.iter().map(|key| key.label).collect();
        assert_eq!(labels.len(), 24);
        let environments: BTreeSet<_> = DEMO_KEYS.iter().map(|key| key.environment).collect();
        assert_eq!(environments.len(), 4);
    }
}
