//! Binance and Binance.US: the query or the form itself is signed, and the signature is its last
//! parameter.
//!
//! Neither method nor path is signed, by the exchange's design: a signature fits every call that
//! takes the same parameters. The public key id travels in a header. Query and form are signed without anything between them,
//! so a request with both has two readings and is refused.
//!
//! Source: `binance/binance-spot-api-docs`, `rest-api.md`, "Signed endpoint security"; for
//! Binance.US `binance-us/binance-us-api-docs`, `rest-api.md`.

use super::credential::{API_KEY, Credential, SECRET};
use super::draft::Draft;
use super::encode::{self, NonAscii, Spelling, Style};
use super::form;
use super::key::{Ed25519Taken, MacSha256, PrivateKey, SecretOrKey};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme};
use super::signed::Binding;
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

struct Binance {
    api_key: Box<str>,
    key: SecretOrKey,
}

impl Scheme for Binance {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        let window = scheme::window(moment, MOST_WINDOW_MS)?;
        let Some(form) = &request.body else {
            scheme::check_query_names(request, RESERVED)?;
            draft.push_path(&request.path);
            draft.push("?");
            let from = draft.here();
            encode::push_query(&mut draft.text, request.pairs(), STYLE)?;
            self.push_own(draft, from, window, moment)?;
            draft.end_target();
            draft.header("X-MBX-APIKEY", &self.api_key);
            return Ok(());
        };
        scheme::only(request, &[Method::Post, Method::Put])?;
        if !request.query.is_empty() {
            return Err(SignError::QueryAndBody);
        }
        form::check(form, RESERVED, STYLE.non_ascii)?;
        let from = draft.here();
        draft.push(form);
        self.push_own(draft, from, window, moment)?;
        draft.body_since(from);
        draft.push_path(&request.path);
        draft.header("X-MBX-APIKEY", &self.api_key);
        draft.form_type();
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        given + 320 + self.key.room()
    }
}

impl Binance {
    /// Completes the parameters, which began at a place, with what is ours, and signs them.
    fn push_own(
        &self,
        draft: &mut Draft,
        from: usize,
        window: Option<u32>,
        moment: &Moment<'_>,
    ) -> Result<(), SignError> {
        if draft.here() > from {
            draft.push("&");
        }
        scheme::push_window_and_time(&mut draft.text, window, moment);
        let message = draft.signed(draft.since(from));
        let signature = self.key.sign(message, moment.blinding)?;
        draft.push("&signature=");
        signature.push_as_value(&mut draft.text);
        Ok(())
    }
}
