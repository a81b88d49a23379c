//! Binance and Binance.US: the query or the form itself is signed, and the signature is its last
//! parameter.
//!
//! Neither method nor path is signed, by the exchange's design: a signature fits every call that
//! takes the same parameters. The public key id travels in a header. Query and form are signed without anything between them,
//! so a request with both has two readings and is refused.
//!
//! Source: `binance/binance-spot-api-docs`, `rest-api.md`, "Signed endpoint security"; for
//! Binance.US `binance-us/binance-us-api-docs`, `rest-api.md`.

use std::sync::Arc;

use super::credential::{API_KEY, Credential, SECRET};
use super::encode::{NonAscii, Spelling, Style};
use super::form;
use super::key::{Ed25519Taken, MacSha256, PrivateKey, SecretOrKey};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme};
use super::signed::{Binding, Call, Draft, Header, Message, form_type};
use super::time::push_number;
use super::{Adapter, demo, production, testnet};

pub(super) static BINANCE: Adapter = Adapter {
    exchange: "binance",
    places: &[
        production("api.binance.com"),
        production("api-gcp.binance.com"),
        production("api1.binance.com"),
        production("api2.binance.com"),
        production("api3.binance.com"),
        production("api4.binance.com"),
        production("fapi.binance.com"),
        production("dapi.binance.com"),
        production("eapi.binance.com"),
        production("papi.binance.com"),
        testnet("testnet.binance.vision"),
        demo("demo-api.binance.com"),
    ],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::NotCall,
    ready: |credential, _| {
        let key = SecretOrKey::from_text(credential.required(SECRET)?, SECRET, Ed25519Taken::Yes)?;
        ready(credential, key)
    },
    rules: rules!("binance"),
};

pub(super) static BINANCE_US: Adapter = Adapter {
    exchange: "binanceus",
    places: &[production("api.binance.us")],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::NotCall,
    ready: |credential, _| {
        let secret = credential.required(SECRET)?;
        if PrivateKey::is_pem(secret) {
            return Err(CredentialError::Malformed {
                field: SECRET.name(),
                expected: "an HMAC secret, the only kind this exchange has",
            });
        }
        ready(
            credential,
            SecretOrKey::Secret(MacSha256::from_text(secret)),
        )
    },
    rules: rules!("binanceus"),
};

fn ready(credential: &Credential, key: SecretOrKey) -> Result<Box<dyn Scheme>, CredentialError> {
    Ok(Box::new(Binance {
        api_key: credential.for_header(API_KEY)?,
        key,
    }))
}

const RESERVED: &[&str] = &["timestamp", "signature", "recvWindow", "apiKey"];
const MOST_WINDOW_MS: u32 = 60_000;

/// Symbols outside ASCII exist, and the documentation says that they are percent-encoded first.
const STYLE: Style = Style {
    spelling: Spelling::Percent,
    non_ascii: NonAscii::Encoded,
};

/// What `&recvWindow=60000&timestamp=…&signature=…` needs at most, with an RSA-4096 signature.
const ROOM: usize = 64 + 1024;
const ROOM_HMAC: usize = 64 + 80;

struct Binance {
    api_key: Arc<str>,
    key: SecretOrKey,
}

impl Scheme for Binance {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        let window = scheme::window(moment, MOST_WINDOW_MS)?;
        let room = match self.key {
            SecretOrKey::Secret(_) => ROOM_HMAC,
            SecretOrKey::Ed25519(_) | SecretOrKey::Rsa(_) => ROOM,
        };
        let mut headers = Vec::with_capacity(2);
        headers.push(Header::id("X-MBX-APIKEY", &self.api_key));

        let Some(form) = &request.body else {
            scheme::check_query_names(request, RESERVED)?;
            let mut target = scheme::target(request, STYLE, room)?;
            target.push(if request.query.is_empty() { '?' } else { '&' });
            push_own(&mut target, window, moment);
            return Ok(Draft {
                message: Message::Query,
                target,
                headers,
                body: None,
                call: Call::Path,
            });
        };
        scheme::only(request, &[Method::Post, Method::Put])?;
        if !request.query.is_empty() {
            return Err(SignError::QueryAndBody);
        }
        form::check(form, RESERVED, STYLE.non_ascii)?;
        headers.push(form_type());
        let mut body = String::with_capacity(form.len() + room);
        body.push_str(form);
        body.push('&');
        push_own(&mut body, window, moment);
        Ok(Draft {
            message: Message::Body,
            target: request.path.clone(),
            headers,
            body: Some(body),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, moment: &Moment<'_>) -> Result<(), SignError> {
        let signature = self.key.signature(draft.message(), moment.blinding)?;
        let place = draft.body.as_mut().unwrap_or(&mut draft.target);
        place.push_str("&signature=");
        signature.push_as_value(place);
        Ok(())
    }
}

fn push_own(out: &mut String, window: Option<u32>, moment: &Moment<'_>) {
    if let Some(window) = window {
        out.push_str("recvWindow=");
        push_number(out, window.into());
        out.push('&');
    }
    out.push_str("timestamp=");
    push_number(out, moment.now_ms);
}
