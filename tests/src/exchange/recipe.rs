//! Whether a request is signed as its exchange documents it.
//!
//! Written from the exchanges' documentation with primitives alone, apart from the product's own
//! signing: two readings of one text that agree are worth something, one that is used twice is not.
//!
//! Deliberately not here: what is answered.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::Verifier;
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::credential::Credential;
use super::http::Seen;

/// Why an exchange would refuse a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    Key,
    Signature,
    Clock,
    Passphrase,
    /// Its number is not higher than the last one's.
    Nonce,
    /// Not a request of this exchange at all: a defect of the product or of the test.
    Form,
}

pub(super) struct Judge<'a> {
    pub(super) seen: &'a Seen,
    pub(super) known: &'a Credential,
    /// The exchange's own clock, UTC milliseconds.
    pub(super) now_ms: i64,
    /// The highest number so far.
    pub(super) last_nonce: &'a mut u64,
}

type Judged = Result<(), Wrong>;

impl Judge<'_> {
    pub(super) fn judge(&mut self, exchange: &str) -> Judged {
        match exchange {
            "binance" | "binanceus" => self.signed_query("x-mbx-apikey"),
            "mexc" => self.signed_query("x-mexc-apikey"),
            "bitfinex" => self.bitfinex(),
            "bitget" => self.bitget(),
            "bitstamp" => self.bitstamp(),
            "bybit" => self.bybit(),
            "coinbase" => self.coinbase(),
            "cryptocom" => self.cryptocom(),
            "deribit" => self.deribit(),
            "gate" => self.gate(),
            "gemini" => self.gemini(),
            "htx" => self.htx(),
            // Public data: nothing is signed, and nothing of a key may stand in it.
            "hyperliquid" => self.unsigned(),
            "kraken" => self.kraken(),
            "krakenfutures" => self.kraken_futures(),
            "kucoin" => self.kucoin(),
            "okx" => self.okx(),
            _ => Err(Wrong::Form),
        }
    }

    fn header(&self, name: &str) -> Result<&str, Wrong> {
        self.seen.header(name).ok_or(Wrong::Form)
    }

    fn key(&self, given: &str) -> Judged {
        told(given == self.known.key, Wrong::Key)
    }

    /// A time in milliseconds, as far from ours as the exchange allows.
    fn time(&self, given: &str, behind_ms: i64, ahead_ms: i64) -> Judged {
        let given: i64 = given.parse().map_err(|_| Wrong::Form)?;
        let off = given - self.now_ms;
        told(off >= -behind_ms && off <= ahead_ms, Wrong::Clock)
    }

    /// A number that rises with every request.
    fn nonce(&mut self, given: &str) -> Judged {
        let given: u64 = given.parse().map_err(|_| Wrong::Form)?;
        told(given > *self.last_nonce, Wrong::Nonce)?;
        *self.last_nonce = given;
        Ok(())
    }

    fn secret(&self) -> &[u8] {
        self.known.secret.as_bytes()
    }

    /// The secret of those who hand it out as base64.
    fn decoded_secret(&self) -> Vec<u8> {
        BASE64
            .decode(self.secret())
            .expect("the test's own secret is base64")
    }

    /// "Endpoint security type": HMAC-SHA256 in hex over the query string followed by the body;
    /// `signature` is the last parameter.
    fn signed_query(&self, header: &str) -> Judged {
        self.key(self.header(header)?)?;
        let (signed, signature) = self
            .seen
            .query
            .split_once("&signature=")
            .ok_or(Wrong::Form)?;
        let time = parameter(signed, "timestamp")?;
        self.time(time, 5000, 1000)?;
        let message = format!("{signed}{}", self.seen.body);
        same(signature, &hex256(self.secret(), &message))
    }

    /// "Authentication": `/api/${path}${nonce}${body}`, HMAC-SHA384 in hex.
    fn bitfinex(&mut self) -> Judged {
        self.key(self.header("bfx-apikey")?)?;
        let nonce = self.header("bfx-nonce")?.to_owned();
        let message = format!("/api{}{nonce}{}", self.seen.path, self.seen.body);
        same(
            self.header("bfx-signature")?,
            &HEXLOWER.encode(&hmac384(self.secret(), message.as_bytes())),
        )?;
        self.nonce(&nonce)
    }

    /// "Signature": `timestamp + METHOD + path + "?" + query + body`, HMAC-SHA256 in base64.
    fn bitget(&self) -> Judged {
        self.key(self.header("access-key")?)?;
        let time = self.header("access-timestamp")?;
        self.time(time, 30_000, 30_000)?;
        told(
            self.header("access-passphrase")? == self.known.passphrase,
            Wrong::Passphrase,
        )?;
        let message = format!(
            "{time}{}{}{}",
            self.seen.method,
            self.seen.target(),
            self.seen.body
        );
        same(
            self.header("access-sign")?,
            &base64_256(self.secret(), &message),
        )
    }

    /// "Authentication", v2: a row of parts, HMAC-SHA256 in hex; no content type without a body.
    fn bitstamp(&self) -> Judged {
        let who = self.header("x-auth")?;
        self.key(who.strip_prefix("BITSTAMP ").ok_or(Wrong::Form)?)?;
        let (nonce, time) = (
            self.header("x-auth-nonce")?,
            self.header("x-auth-timestamp")?,
        );
        self.time(time, 150_000, 150_000)?;
        let message = [
            who,
            &self.seen.method,
            &self.seen.host,
            &self.seen.path,
            &self.seen.query,
            self.seen.header("content-type").unwrap_or_default(),
            nonce,
            time,
            self.header("x-auth-version")?,
            &self.seen.body,
        ]
        .concat();
        same(
            self.header("x-auth-signature")?,
            &hex256(self.secret(), &message),
        )
    }

    /// "Authentication", v5: `timestamp + key + recv_window + (query | body)`.
    fn bybit(&self) -> Judged {
        let key = self.header("x-bapi-api-key")?;
        self.key(key)?;
        let time = self.header("x-bapi-timestamp")?;
        self.time(time, 5000, 1000)?;
        let window = self.header("x-bapi-recv-window")?;
        let rest = if self.seen.method == "GET" {
            &self.seen.query
        } else {
            &self.seen.body
        };
        let message = format!("{time}{key}{window}{rest}");
        same(
            self.header("x-bapi-sign")?,
            &hex256(self.secret(), &message),
        )
    }

    /// "API key authentication": a JWT, ES256, with the request's method, host and path in `uri`.
    fn coinbase(&self) -> Judged {
        let token = self.header("authorization")?;
        let token = token.strip_prefix("Bearer ").ok_or(Wrong::Form)?;
        let (signed, signature) = token.rsplit_once('.').ok_or(Wrong::Form)?;
        let (header, claims) = signed.split_once('.').ok_or(Wrong::Form)?;
        let parsed = |part: &str| -> Result<Value, Wrong> {
            let bytes = BASE64URL_NOPAD
                .decode(part.as_bytes())
                .map_err(|_| Wrong::Form)?;
            serde_json::from_slice(&bytes).map_err(|_| Wrong::Form)
        };
        let (header, claims) = (parsed(header)?, parsed(claims)?);
        told(
            header["alg"] == "ES256" && header["typ"] == "JWT",
            Wrong::Form,
        )?;
        let key = header["kid"].as_str().ok_or(Wrong::Form)?;
        self.key(key)?;
        let uri = format!("{} {}{}", self.seen.method, self.seen.host, self.seen.path);
        told(
            claims["sub"] == header["kid"] && claims["iss"] == "cdp" && claims["uri"] == *uri,
            Wrong::Form,
        )?;
        let second = |name: &str| claims[name].as_i64().ok_or(Wrong::Form);
        let now = self.now_ms / 1000;
        told(
            second("nbf")? <= now + 60 && second("exp")? > now,
            Wrong::Clock,
        )?;
        let secret =
            p256::SecretKey::from_sec1_pem(&self.known.secret).expect("the test's own key is one");
        let public = p256::ecdsa::VerifyingKey::from(secret.public_key());
        let signature = BASE64URL_NOPAD
            .decode(signature.as_bytes())
            .ok()
            .and_then(|bytes| p256::ecdsa::Signature::from_slice(&bytes).ok())
            .ok_or(Wrong::Form)?;
        public
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| Wrong::Signature)
    }

    /// "Digital signature": method, id, key, parameters sorted and run together, nonce.
    fn cryptocom(&self) -> Judged {
        let body: Value = serde_json::from_str(&self.seen.body).map_err(|_| Wrong::Form)?;
        let text = |name: &str| body[name].as_str().ok_or(Wrong::Form);
        let number = |name: &str| body[name].as_i64().ok_or(Wrong::Form);
        self.key(text("api_key")?)?;
        let nonce = number("nonce")?;
        self.time(&nonce.to_string(), 60_000, 60_000)?;
        let parameters = body["params"].as_object().ok_or(Wrong::Form)?;
        let mut names: Vec<&String> = parameters.keys().collect();
        names.sort();
        let mut message = format!("{}{}{}", text("method")?, number("id")?, text("api_key")?);
        for name in names {
            message.push_str(name);
            message.push_str(parameters[name].as_str().ok_or(Wrong::Form)?);
        }
        message.push_str(&nonce.to_string());
        told(
            self.seen.path == format!("/exchange/v1/{}", text("method")?),
            Wrong::Form,
        )?;
        same(text("sig")?, &hex256(self.secret(), &message))
    }

    /// "Authentication": a session by `client_signature` (`timestamp \n nonce \n data`), or one
    /// request by `deri-hmac-sha256` (`ts \n nonce \n METHOD \n uri \n body \n`).
    fn deribit(&self) -> Judged {
        if self.seen.path == "/api/v2/public/auth" {
            let of = |name: &str| parameter(&self.seen.query, name);
            told(of("grant_type")? == "client_signature", Wrong::Form)?;
            self.key(of("client_id")?)?;
            let time = of("timestamp")?;
            self.time(time, 60_000, 60_000)?;
            let data = of("data").unwrap_or_default();
            let message = format!("{time}\n{}\n{data}", of("nonce")?);
            return same(of("signature")?, &hex256(self.secret(), &message));
        }
        let line = self.header("authorization")?;
        let parts = line.strip_prefix("deri-hmac-sha256 ").ok_or(Wrong::Form)?;
        let of = |name: &str| {
            parts
                .split(',')
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
                .ok_or(Wrong::Form)
        };
        self.key(of("id")?)?;
        self.time(of("ts")?, 60_000, 60_000)?;
        let message = format!(
            "{}\n{}\n{}\n{}\n{}\n",
            of("ts")?,
            of("nonce")?,
            self.seen.method,
            self.seen.target(),
            self.seen.body
        );
        same(of("sig")?, &hex256(self.secret(), &message))
    }

    /// "APIv4 signed request": method, path, query, hex of the body's SHA-512, seconds, a line
    /// each; HMAC-SHA512 in hex.
    fn gate(&self) -> Judged {
        self.key(self.header("key")?)?;
        let seconds = self.header("timestamp")?;
        self.time(&format!("{seconds}000"), 60_000, 60_000)?;
        let hash = HEXLOWER.encode(&Sha512::digest(self.seen.body.as_bytes()));
        let message = [
            &self.seen.method,
            &self.seen.path,
            &self.seen.query,
            hash.as_str(),
            seconds,
        ]
        .join("\n");
        same(
            self.header("sign")?,
            &HEXLOWER.encode(&hmac512(self.secret(), message.as_bytes())),
        )
    }

    /// "Private API invocation": the payload is in a header, base64; HMAC-SHA384 of that text.
    fn gemini(&mut self) -> Judged {
        self.key(self.header("x-gemini-apikey")?)?;
        let payload = self.header("x-gemini-payload")?;
        let bytes = BASE64.decode(payload.as_bytes()).map_err(|_| Wrong::Form)?;
        let parsed: Value = serde_json::from_slice(&bytes).map_err(|_| Wrong::Form)?;
        told(
            parsed["request"] == *self.seen.path && self.seen.body.is_empty(),
            Wrong::Form,
        )?;
        same(
            self.header("x-gemini-signature")?,
            &HEXLOWER.encode(&hmac384(self.secret(), payload.as_bytes())),
        )?;
        let nonce = parsed["nonce"].as_u64().ok_or(Wrong::Form)?;
        self.nonce(&nonce.to_string())
    }

    /// "Authentication", version 2: `METHOD\nhost\npath\nparameters`, these sorted and escaped;
    /// HMAC-SHA256 in base64.
    fn htx(&self) -> Judged {
        let pairs: Vec<(&str, &str)> = self
            .seen
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        let of = |name: &str| {
            let found = pairs.iter().find(|(given, _)| *given == name);
            found.map(|(_, value)| *value).ok_or(Wrong::Form)
        };
        self.key(of("AccessKeyId")?)?;
        told(
            of("SignatureMethod")? == "HmacSHA256" && of("SignatureVersion")? == "2",
            Wrong::Form,
        )?;
        let time = of("Timestamp")?.replace("%3A", ":");
        let ms = utc_ms(&time).ok_or(Wrong::Form)?;
        self.time(&ms.to_string(), 300_000, 300_000)?;
        let mut signed: Vec<String> = pairs
            .iter()
            .filter(|(name, _)| *name != "Signature")
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        signed.sort();
        let message = format!(
            "{}\n{}\n{}\n{}",
            self.seen.method,
            self.seen.host,
            self.seen.path,
            signed.join("&")
        );
        let given = of("Signature")?
            .replace("%2B", "+")
            .replace("%2F", "/")
            .replace("%3D", "=");
        same(&given, &base64_256(self.secret(), &message))
    }

    fn unsigned(&self) -> Judged {
        let shown = format!("{:?}{}", self.seen.headers, self.seen.body);
        let digits = self.known.secret.trim_start_matches("0x");
        told(
            !shown.contains(digits) && self.seen.path == "/info",
            Wrong::Form,
        )
    }

    /// "Authentication": HMAC-SHA512, keyed with the decoded secret, of the path followed by the
    /// SHA-256 of nonce and body; base64.
    fn kraken(&mut self) -> Judged {
        self.key(self.header("api-key")?)?;
        let nonce = parameter(&self.seen.body, "nonce")?.to_owned();
        let mut hash = Sha256::new();
        hash.update(&nonce);
        hash.update(&self.seen.body);
        let mut message = self.seen.path.clone().into_bytes();
        message.extend(hash.finalize());
        same(
            self.header("api-sign")?,
            &BASE64.encode(&hmac512(&self.decoded_secret(), &message)),
        )?;
        self.nonce(&nonce)
    }

    /// "Authentication" of the futures: the SHA-256 of data, nonce and path, HMAC-SHA512, base64.
    fn kraken_futures(&self) -> Judged {
        self.key(self.header("apikey")?)?;
        let nonce = self.seen.header("nonce").unwrap_or_default();
        let path = self
            .seen
            .path
            .strip_prefix("/derivatives")
            .unwrap_or(&self.seen.path);
        let data = format!("{}{}{nonce}{path}", self.seen.query, self.seen.body);
        let hash = Sha256::digest(data.as_bytes());
        same(
            self.header("authent")?,
            &BASE64.encode(&hmac512(&self.decoded_secret(), &hash)),
        )
    }

    /// "Signing a message", key versions 2 and 3: the passphrase is signed too.
    fn kucoin(&self) -> Judged {
        self.key(self.header("kc-api-key")?)?;
        let time = self.header("kc-api-timestamp")?;
        self.time(time, 5000, 5000)?;
        told(
            self.header("kc-api-passphrase")? == base64_256(self.secret(), &self.known.passphrase),
            Wrong::Passphrase,
        )?;
        told(self.header("kc-api-key-version")? != "1", Wrong::Form)?;
        let message = format!(
            "{time}{}{}{}",
            self.seen.method,
            self.seen.target(),
            self.seen.body
        );
        same(
            self.header("kc-api-sign")?,
            &base64_256(self.secret(), &message),
        )
    }

    /// "REST authentication": ISO time, method, path with query, body; HMAC-SHA256 in base64.
    fn okx(&self) -> Judged {
        self.key(self.header("ok-access-key")?)?;
        let time = self.header("ok-access-timestamp")?;
        let (seconds, millis) = time
            .strip_suffix('Z')
            .and_then(|time| time.split_once('.'))
            .ok_or(Wrong::Form)?;
        let ms = utc_ms(seconds).ok_or(Wrong::Form)? + millis.parse::<i64>().unwrap_or(0);
        self.time(&ms.to_string(), 30_000, 30_000)?;
        told(
            self.header("ok-access-passphrase")? == self.known.passphrase,
            Wrong::Passphrase,
        )?;
        let message = format!(
            "{time}{}{}{}",
            self.seen.method,
            self.seen.target(),
            self.seen.body
        );
        same(
            self.header("ok-access-sign")?,
            &base64_256(self.secret(), &message),
        )
    }
}

fn told(holds: bool, wrong: Wrong) -> Judged {
    if holds { Ok(()) } else { Err(wrong) }
}

fn same(given: &str, wanted: &str) -> Judged {
    told(given == wanted, Wrong::Signature)
}

fn parameter<'q>(query: &'q str, name: &str) -> Result<&'q str, Wrong> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .ok_or(Wrong::Form)
}

/// `2026-03-02T10:00:00` as milliseconds, by the civil calendar alone.
fn utc_ms(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let numbers = |text: &str, by: char| -> Option<Vec<i64>> {
        text.split(by).map(|part| part.parse().ok()).collect()
    };
    let (date, time) = (numbers(date, '-')?, numbers(time, ':')?);
    let (&[year, month, day], &[hour, minute, second]) = (date.as_slice(), time.as_slice()) else {
        return None;
    };
    let days_before =
        |year: i64| (year - 1) * 365 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [
        31,
        if leap { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let in_year: i64 = lengths.iter().take(usize::try_from(month - 1).ok()?).sum();
    let days = days_before(year) - days_before(1970) + in_year + day - 1;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

fn hmac256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hmac384(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha384>::new_from_slice(key).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hmac512(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha512>::new_from_slice(key).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hex256(key: &[u8], message: &str) -> String {
    HEXLOWER.encode(&hmac256(key, message.as_bytes()))
}

fn base64_256(key: &[u8], message: &str) -> String {
    BASE64.encode(&hmac256(key, message.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_counted_from_1970() {
        assert_eq!(utc_ms("1970-01-01T00:00:00"), Some(0));
        assert_eq!(utc_ms("2026-03-02T10:00:00"), Some(1_772_445_600_000));
    }
}
