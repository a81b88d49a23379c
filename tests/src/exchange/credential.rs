//! Invented credentials, of the forms that the exchanges give theirs.

/// One key as the exchange that made it knows it.
#[derive(Debug, Clone)]
pub struct Credential {
    pub key: String,
    pub secret: String,
    /// Empty where the exchange has none.
    pub passphrase: String,
}

/// A secp256k1 key and the address that belongs to it, from the tests of Hyperliquid's own library.
const AGENT: &str = "0x0123456789012345678901234567890123456789012345678901234567890123";
pub(super) const AGENT_ADDRESS: &str = "0x14791697260e4c9a71f18484c9f997b308e59325";
const ACCOUNT: &str = "0x00000000000000000000000000000000000000aa";

/// A P-256 key in SEC 1, made for these tests.
const P256: &str = include_str!("../../../crates/exchanges/tests/data/keys/p256.pem");

impl Credential {
    /// The key that an exchange gave to the test's person. Ids are those of the sample answers
    /// where these name one.
    pub fn at(exchange: &str) -> Self {
        let base64 = format!(
            "{}==",
            "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg"
        );
        let (key, secret, passphrase): (&str, &str, &str) = match exchange {
            "binance" | "binanceus" => (
                "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
                "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
                "",
            ),
            "bitfinex" => (
                "Aq1Bw2Ce3Dr4Et5Fy6Gu7Hi8Io9Jp0Ka1Ls2Md3Nf4O",
                "Zq9Yw8Xe7Wr6Vt5Uy4Tu3Si2Ro1Qp0Pa9Os8Nd7Mf6L",
                "",
            ),
            "bitget" => (
                "bg_0123456789abcdef0123456789abcdef",
                "89abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234567",
                "Correct9horse",
            ),
            "bitstamp" => (
                "Aq1Bw2Ce3Dr4Et5Fy6Gu7Hi8Io9Jp0Ka",
                "Zq9Yw8Xe7Wr6Vt5Uy4Tu3Si2Ro1Qp0Pa",
                "",
            ),
            "bybit" => (
                "AbCdEfGhIjKlMnOpQr",
                "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
                "",
            ),
            "coinbase" => (
                "organizations/0123abcd-0123-4123-8123-0123456789ab/apiKeys/89abcdef-0123-4123-8123-0123456789ab",
                P256,
                "",
            ),
            "cryptocom" => ("Aq1Bw2Ce3Dr4Et5Fy6Gu7H", "cxakp_Zq9Yw8Xe7Wr6Vt5Uy4Tu3S", ""),
            "deribit" => (
                "Aq1Bw2Ce",
                "Zq9Yw8Xe7Wr6Vt5Uy4Tu3Si2Ro1Qp0Pa9Os8Nd7Mf6L",
                "",
            ),
            "gate" => (
                "c5dcfbf1f3a70123456789abcdef0123",
                "89abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234567",
                "",
            ),
            "gemini" => (
                "account-Aq1Bw2Ce3Dr4Et5Fy6Gu",
                "Zq9Yw8Xe7Wr6Vt5Uy4Tu3Si2Ro1Q",
                "",
            ),
            "htx" => (
                "4ba5cdf2-4a92c5da-718ba144-dbuqg6hkte",
                "0123abcd-4567cdef-89ab0123-cdef4",
                "",
            ),
            "hyperliquid" => (ACCOUNT, AGENT, ""),
            "kraken" => (
                "4/SDrDBcOOPnm3nPlNfEMMJDeRcIVqPz+QhRxIodyZbI9po/aVRiHsgX",
                &base64,
                "",
            ),
            "krakenfutures" => (
                "Gom9BsP75m41c9fuY6oJk/unMWaDZjYIcTP4/5kqPvtzdbj5JU5/Fyeb",
                &base64,
                "",
            ),
            "kucoin" => (
                "6705f5c311545b000157d3eb",
                "0123abcd-0123-4123-8123-0123456789ab",
                "Correct9horse",
            ),
            "mexc" => ("mx0Aq1Bw2Ce3Dr4Et5", "0123456789abcdef0123456789abcdef", ""),
            "okx" => (
                "0123abcd-0123-4123-8123-0123456789ab",
                "0123456789ABCDEF0123456789ABCDEF",
                "Correct9horse",
            ),
            other => panic!("no credential was invented for {other}"),
        };
        Self {
            key: key.to_owned(),
            secret: secret.trim_end().to_owned(),
            passphrase: passphrase.to_owned(),
        }
    }

    /// Another secret of the same form, which the exchange never gave out.
    #[must_use]
    pub fn with_wrong_secret(mut self) -> Self {
        if self.secret.starts_with("-----BEGIN") {
            self.secret = OTHER_P256.to_owned();
            return self;
        }
        // The last digit of what is not padding, turned.
        let end = self.secret.trim_end_matches('=').len();
        let last = if self.secret[..end].ends_with(['A', 'Q', 'g', 'w']) {
            // The unused bits of base64 stay zero.
            "g"
        } else {
            "1"
        };
        self.secret.replace_range(end - 2..end - 1, last);
        self
    }

    /// The fields under which the product keeps it.
    pub fn fields(&self, exchange: &str) -> Vec<(&'static str, String)> {
        let mut fields = match exchange {
            "hyperliquid" => vec![
                ("walletAddress", self.key.clone()),
                ("privateKey", self.secret.clone()),
            ],
            _ => vec![
                ("apiKey", self.key.clone()),
                ("secret", self.secret.clone()),
            ],
        };
        if !self.passphrase.is_empty() {
            fields.push(("passphrase", self.passphrase.clone()));
        }
        if exchange == "kucoin" {
            fields.push(("keyVersion", "3".to_owned()));
        }
        fields
    }
}

/// Made for these tests as well.
const OTHER_P256: &str = include_str!("other-p256.pem");
