//! What some exchanges' keys look like: enough to see that two values stand in each other's place,
//! that a passphrase is missing, or that a value was cut while copying.
//!
//! Lengths and alphabets are those observed in the exchanges' documentation and SDK tests. They
//! are hints: a value of another shape is pointed out, never refused.
//!
//! Deliberately not here: anything else about an exchange.

use strongroom_domain::ExchangeId;

type Looks = fn(&str) -> bool;

pub(crate) struct Shapes {
    id: &'static str,
    pub(crate) key: Looks,
    pub(crate) secret: Looks,
    pub(crate) passphrase: Passphrase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passphrase {
    Required,
    None,
}

const KNOWN: &[Shapes] = &[
    shapes(
        "binance",
        |t| alphanumeric(t, 64),
        |t| alphanumeric(t, 64) || pem(t),
    ),
    shapes(
        "binanceus",
        |t| alphanumeric(t, 64),
        |t| alphanumeric(t, 64),
    ),
    with_passphrase(
        "bitget",
        |t| t.strip_prefix("bg_").is_some_and(|t| hex(t, 32)),
        |t| hex(t, 64),
    ),
    shapes("bitfinex", |t| url_safe(t, 43), |t| url_safe(t, 43)),
    shapes("bitmex", |t| url_safe(t, 24), |t| url_safe(t, 48)),
    shapes(
        "bybit",
        |t| alphanumeric(t, 18),
        |t| alphanumeric(t, 36) || pem(t),
    ),
    shapes(
        "coinbase",
        |t| t.starts_with("organizations/") || uuid(t),
        |t| pem(t) || base64(t, 88),
    ),
    shapes(
        "cryptocom",
        |t| alphanumeric(t, 22),
        |t| {
            t.strip_prefix("cxakp_")
                .is_some_and(|t| alphanumeric(t, 22))
        },
    ),
    shapes(
        "deribit",
        |t| (8..=10).any(|length| url_safe(t, length)),
        |t| url_safe(t, 43),
    ),
    shapes("gate", |t| hex(t, 32), |t| hex(t, 64)),
    shapes(
        "gemini",
        |t| t.starts_with("account-") || t.starts_with("master-"),
        |t| alphanumeric(t, 27) || alphanumeric(t, 28),
    ),
    shapes(
        "htx",
        |t| groups(t, &[8, 8, 8]),
        |t| groups(t, &[8, 8, 8, 5]),
    ),
    shapes("kraken", |t| base64(t, 56), |t| base64(t, 88)),
    shapes(
        "krakenfutures",
        |t| base64(t, 56),
        |t| (86..=90).any(|length| base64(t, length)),
    ),
    with_passphrase("kucoin", |t| hex(t, 24), uuid),
    shapes(
        "mexc",
        |t| t.strip_prefix("mx0").is_some_and(|t| alphanumeric(t, 15)),
        |t| hex(t, 32),
    ),
    with_passphrase("okx", uuid, |t| {
        t.len() == 32
            && t.bytes()
                .all(|b| b.is_ascii_hexdigit() && !b.is_ascii_lowercase())
    }),
];

const fn shapes(id: &'static str, key: Looks, secret: Looks) -> Shapes {
    Shapes {
        id,
        key,
        secret,
        passphrase: Passphrase::None,
    }
}

const fn with_passphrase(id: &'static str, key: Looks, secret: Looks) -> Shapes {
    Shapes {
        id,
        key,
        secret,
        passphrase: Passphrase::Required,
    }
}

pub(crate) fn of(exchange: &ExchangeId) -> Option<&'static Shapes> {
    KNOWN.iter().find(|shapes| shapes.id == exchange.as_str())
}

fn alphanumeric(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn url_safe(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn hex(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn base64(text: &str, length: usize) -> bool {
    let inside = text.trim_end_matches('=');
    text.len() == length
        && text.len() - inside.len() <= 2
        && inside
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 5
        && parts
            .iter()
            .zip([8, 4, 4, 4, 12])
            .all(|(part, length)| hex(part, length))
}

/// Lower-case groups joined by hyphens; one more group of any length may follow those given.
fn groups(text: &str, lengths: &[usize]) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 4
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == *length)
        && parts
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A PEM block anywhere, so that one in the wrong place is recognised too.
pub(crate) fn pem(text: &str) -> bool {
    text.starts_with("-----BEGIN ")
}
