//! A signed request, ready to be sent, and its draft before the signature.

use std::fmt;
use std::sync::Arc;

use strongroom_secret::{SecretBytes, SecretText};

use super::class::Class;
use super::credential::Credential;
use super::request::Method;

/// The value of a header.
pub enum HeaderValue {
    /// The same for everybody.
    Fixed(&'static str),
    /// The public id of the key, the same with every request of a signer.
    Id(Arc<str>),
    /// Of this key or this request: a signature, a key id, a passphrase.
    Own(SecretText),
}

impl HeaderValue {
    /// The text to send.
    pub fn expose(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Id(text) => text,
            // EXPOSE: for the caller to send, who says why.
            Self::Own(text) => text.expose(),
        }
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            Self::Id(_) | Self::Own(_) => f.write_str("[redacted]"),
        }
    }
}

#[derive(Debug)]
pub struct Header {
    pub name: &'static str,
    pub value: HeaderValue,
}

impl Header {
    pub(crate) fn fixed(name: &'static str, text: &'static str) -> Self {
        Self {
            name,
            value: HeaderValue::Fixed(text),
        }
    }

    pub(crate) fn id(name: &'static str, text: &Arc<str>) -> Self {
        Self {
            name,
            value: HeaderValue::Id(Arc::clone(text)),
        }
    }

    pub(crate) fn own(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            value: HeaderValue::Own(SecretText::new(text.into())),
        }
    }
}

pub(crate) fn json_type() -> Header {
    Header::fixed("Content-Type", "application/json")
}

pub(crate) fn form_type() -> Header {
    Header::fixed("Content-Type", "application/x-www-form-urlencoded")
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
    pub(super) target: String,
    pub(super) headers: Vec<Header>,
    pub(super) body: Option<SecretText>,
    pub(super) class: Class,
    pub(super) binding: Binding,
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
        &self.target
    }

    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// The body, with what was added to it.
    pub fn body(&self) -> Option<&SecretText> {
        self.body.as_ref()
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
        let mut texts = vec![self.target.as_str()];
        // EXPOSE: looked through for the fields of the credential, before it leaves.
        texts.extend(self.headers.iter().map(|header| header.value.expose()));
        // EXPOSE: the same.
        texts.extend(self.body.as_ref().map(|body| body.expose()));
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

/// Where the bytes stand that are signed.
pub(crate) enum Message {
    /// By themselves.
    Apart(Vec<u8>),
    /// They are the query of the target.
    Query,
    /// They are the body.
    Body,
    /// There is nothing to sign.
    Nothing,
}

/// What names the call a request makes.
pub(crate) enum Call {
    /// The path.
    Path,
    /// The body, which was checked to agree with the path.
    Named(String),
}

/// A request as it will be sent, but for its signature.
pub(crate) struct Draft {
    pub(crate) message: Message,
    pub(crate) target: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<String>,
    pub(crate) call: Call,
}

impl Draft {
    /// The bytes that are signed.
    pub(crate) fn message(&self) -> &[u8] {
        match &self.message {
            Message::Apart(bytes) => bytes,
            Message::Query => split_target(&self.target).1.as_bytes(),
            Message::Body => self.body.as_deref().unwrap_or_default().as_bytes(),
            Message::Nothing => &[],
        }
    }

    pub(crate) fn into_message(self) -> SecretBytes {
        match self.message {
            Message::Apart(bytes) => SecretBytes::new(bytes),
            _ => SecretBytes::new(self.message().to_vec()),
        }
    }

    /// What the rules are asked about.
    pub(crate) fn call(&self) -> &str {
        match &self.call {
            Call::Named(call) => call,
            Call::Path => split_target(&self.target).0,
        }
    }
}

/// Path and query of a target. A path is short: looking at its bytes costs less than the search
/// that finds one byte in a long text.
fn split_target(target: &str) -> (&str, &str) {
    match target.bytes().position(|byte| byte == b'?') {
        Some(mark) => (&target[..mark], &target[mark + 1..]),
        None => (target, ""),
    }
}
