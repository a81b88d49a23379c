//! A signed request, ready to be sent.

use std::fmt;

use super::class::Class;
use super::credential::Credential;
use super::draft::Draft;
use super::request::Method;

/// A text of a signed request. It is good for whoever holds it, so it is not shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    /// The text to send.
    pub fn expose(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    pub name: &'static str,
    pub value: Text<'a>,
}

/// What an exchange's signature ties together, by its design.
///
/// It matters to whoever hands a signed request to somebody else: what is not tied can be exchanged
/// until the signature runs out, and the class holds only for the request as it stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The call with all its parameters.
    Whole,
    /// Path and parameters; they fit another method of the same path (Kraken Futures).
    NotMethod,
    /// The call and its query; a body can be exchanged (HTX).
    NotBody,
    /// The call; query and body can be exchanged (Coinbase).
    NotParameters,
    /// The parameters; they fit any other call of the exchange that takes them (Binance,
    /// Binance.US, Bybit, MEXC).
    NotCall,
}

/// A request to be sent exactly as it is.
pub struct Signed {
    pub(super) method: Method,
    pub(super) host: &'static str,
    pub(super) class: Class,
    pub(super) binding: Binding,
    pub(super) draft: Draft,
}

impl Signed {
    pub fn method(&self) -> Method {
        self.method
    }

    /// The host it is for; some exchanges sign it.
    pub fn host(&self) -> &'static str {
        self.host
    }

    /// Path and query.
    pub fn target(&self) -> &str {
        self.draft.target()
    }

    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.draft.headers().map(|(name, value)| Header {
            name,
            value: Text(value),
        })
    }

    /// The body, with what was added to it.
    pub fn body(&self) -> Option<Text<'_>> {
        self.draft.body().map(Text)
    }

    /// What it does, told from the bytes that were signed.
    pub fn class(&self) -> Class {
        self.class
    }

    /// What the signature ties together.
    pub fn binding(&self) -> Binding {
        self.binding
    }

    /// Names of the credential's fields whose value stands in the request as it is: the key's id,
    /// which every exchange wants, and with some a passphrase. Whoever is handed the request has
    /// these for good; everything else in it is good for one request.
    pub fn carries<'c>(&self, credential: &'c Credential) -> Vec<&'c str> {
        let mut texts = vec![self.draft.target()];
        texts.extend(self.draft.headers().map(|(_, value)| value));
        texts.extend(self.draft.body());
        credential
            .fields()
            .filter(|(_, value)| {
                // EXPOSE: looked for in what is about to leave.
                let value = value.expose();
                // One or two characters, such as a version, occur anywhere and tell nothing.
                value.len() > 2 && texts.iter().any(|text| text.contains(value))
            })
            .map(|(name, _)| name)
            .collect()
    }
}

impl Binding {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::NotMethod => "not-method",
            Self::NotBody => "not-body",
            Self::NotParameters => "not-parameters",
            Self::NotCall => "not-call",
        }
    }
}

/// A signature is good for anyone who holds it until it runs out, so it is not shown.
impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("method", &self.method)
            .field("class", &self.class)
            .finish_non_exhaustive()
    }
}
