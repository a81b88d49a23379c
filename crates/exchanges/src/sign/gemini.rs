//! Gemini: everything is in one JSON object, which names the path and the nonce and travels as
//! base64 in a header; the base64 text is what is signed, with HMAC-SHA384.
//!
//! The members of the object are the caller's body; no body is sent. A query is not signed, so it
//! is refused.
//!
//! Source: <https://docs.gemini.com/rest-api/>, "Private API invocation".

use std::sync::Arc;

use data_encoding::BASE64;

use super::credential::{API_KEY, FieldRule, SECRET};
use super::key::{Form, MacSha384};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message};
use super::{Adapter, production, testnet};

const ACCOUNT: FieldRule = FieldRule::optional(&["account"]);

pub(super) static GEMINI: Adapter = Adapter {
    exchange: "gemini",
    places: &[
        production("api.gemini.com"),
        testnet("api.sandbox.gemini.com"),
    ],
    fields: &[API_KEY, SECRET, ACCOUNT],
    nonce: NonceKind::Counter,
    binding: Binding::Whole,
    ready: |credential, _| {
        let account = match credential.optional(ACCOUNT)? {
            Some(_) => Some(credential.plain_id(ACCOUNT)?),
            None => None,
        };
        Ok(Box::new(Gemini {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha384::from_text(credential.required(SECRET)?),
            account,
        }))
    },
    rules: rules!("gemini"),
};

struct Gemini {
    api_key: Arc<str>,
    key: MacSha384,
    /// The account a master key acts for.
    account: Option<Box<str>>,
}

impl Scheme for Gemini {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Post])?;
        scheme::within(&request.path, "/v1/")?;
        scheme::refuse_query(request)?;
        let reserved: &[&str] = match self.account {
            Some(_) => &["request", "nonce", "account"],
            None => &["request", "nonce"],
        };
        scheme::check_json(request, reserved, Taken::Object)?;
        let nonce = scheme::counter(moment)?;
        let members = scheme::members(request.body.as_deref().unwrap_or("{}"));

        let mut payload = String::with_capacity(request.path.len() + members.len() + 120);
        payload.push_str("{\"request\":\"");
        payload.push_str(&request.path);
        payload.push_str("\",\"nonce\":");
        payload.push_str(nonce);
        if let Some(account) = &self.account {
            payload.push_str(",\"account\":\"");
            payload.push_str(account);
            payload.push('"');
        }
        if !members.is_empty() {
            payload.push(',');
            payload.push_str(members);
        }
        payload.push('}');
        let encoded = BASE64.encode(payload.as_bytes());

        let mut headers = Vec::with_capacity(5);
        headers.push(Header::id("X-GEMINI-APIKEY", &self.api_key));
        headers.push(Header::own("X-GEMINI-PAYLOAD", encoded.as_str()));
        headers.push(Header::fixed("Content-Type", "text/plain"));
        headers.push(Header::fixed("Cache-Control", "no-cache"));
        Ok(Draft {
            message: Message::Apart(encoded.into_bytes()),
            target: request.path.clone(),
            headers,
            body: None,
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(96);
        self.key.sign(draft.message(), Form::Hex, &mut signature);
        draft
            .headers
            .push(Header::own("X-GEMINI-SIGNATURE", signature));
        Ok(())
    }
}
