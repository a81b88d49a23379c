//! What is to be signed, as its parts, and when.
//!
//! Deliberately not here: any reading of a clock or of randomness. Both are arguments, so the same
//! request at the same moment gives the same bytes.

use std::fmt;

use super::encode::MOST_BYTES;
use super::refusal::SignError;

/// The methods exchanges use. Anything else cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
    Patch,
}

impl Method {
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Delete, Self::Patch];

    /// `None` unless it is one of the five in capitals.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Patch => "PATCH",
        }
    }
}

/// A request before anything of the exchange's own is added to it: no timestamp, no nonce, no
/// signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    /// The whole path from the host on, such as `/api/v3/order`; no query, nothing encoded.
    pub path: String,
    /// Plain names and values in the order in which they are to be sent; each is encoded once.
    pub query: Vec<(String, String)>,
    /// The body as it is to be sent: JSON, or form text for the exchanges that take forms.
    pub body: Option<String>,
}

impl Request {
    /// The query's names and values.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How long it is in all, if that is no more than any documented call needs: found out before
    /// any room is taken for it.
    pub(crate) fn checked_size(&self) -> Result<usize, SignError> {
        let query: usize = self
            .pairs()
            .map(|(name, value)| name.len() + value.len() + 2)
            .sum();
        let body = self.body.as_ref().map_or(0, String::len);
        if query > MOST_BYTES || body > MOST_BYTES {
            return Err(SignError::TooLong);
        }
        Ok(self.path.len() + query + body)
    }
}

/// A request is the user's: only its method is shown.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// When a request is signed, and what is unique about it.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Milliseconds since 1970 in UTC.
    pub now_ms: u64,
    /// What [`NonceKind::spell`] makes for this exchange; empty where it uses none.
    pub nonce: &'a str,
    /// How long the exchange may take to receive it, in milliseconds; the exchange's own default
    /// where `None`. Refused where the exchange knows no such thing.
    pub receive_window_ms: Option<u32>,
    /// 32 bytes from the system's randomness. They blind RSA against timing and change nothing in
    /// a signature; no other kind of key uses them.
    pub blinding: [u8; 32],
}

/// What an exchange takes as a nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonceKind {
    /// None: the timestamp is enough.
    Unused,
    /// A whole number that grows with every request of the key.
    Counter,
    /// The same, and the request may go without one.
    OptionalCounter,
    /// A random UUID in lower case.
    Uuid,
    /// 32 random hex digits.
    Random,
}

impl NonceKind {
    /// The nonce for a counter and 16 random bytes; empty where the exchange uses none.
    pub fn spell(self, counter: u64, random: [u8; 16]) -> String {
        match self {
            Self::Unused => String::new(),
            Self::Counter | Self::OptionalCounter => counter.to_string(),
            Self::Random => data_encoding::HEXLOWER.encode(&random),
            Self::Uuid => {
                let mut bytes = random;
                // RFC 9562: version 4, variant 10.
                bytes[6] = bytes[6] & 0x0f | 0x40;
                bytes[8] = bytes[8] & 0x3f | 0x80;
                let hex = data_encoding::HEXLOWER.encode(&bytes);
                [
                    &hex[..8],
                    &hex[8..12],
                    &hex[12..16],
                    &hex[16..20],
                    &hex[20..],
                ]
                .join("-")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_read_in_capitals_only() {
        for method in Method::ALL {
            assert_eq!(Method::parse(method.as_str()), Some(method));
        }
        for text in ["get", "HEAD", "", "GET "] {
            assert_eq!(Method::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn nonces_are_spelt_as_each_kind_wants_them() {
        for (kind, spelt) in [
            (NonceKind::Unused, ""),
            (NonceKind::Counter, "42"),
            (NonceKind::OptionalCounter, "42"),
            (NonceKind::Random, "ffffffffffffffffffffffffffffffff"),
            (NonceKind::Uuid, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        ] {
            assert_eq!(kind.spell(42, [0xff; 16]), spelt, "{kind:?}");
        }
    }

    #[test]
    fn a_request_shows_nothing_of_the_user() {
        let request = Request {
            method: Method::Get,
            path: "/private-path".to_owned(),
            query: vec![("name".to_owned(), "value".to_owned())],
            body: Some("text".to_owned()),
        };
        assert_eq!(format!("{request:?}"), "Request { method: Get, .. }");
    }
}
