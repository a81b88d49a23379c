//! Gemini: everything is in one JSON object, which names the path and the nonce and travels as
//! base64 in a header; the base64 text is what is signed, with HMAC-SHA384.
//!
//! The members of the object are the caller's body; no body is sent. A query is not signed, so it
//! is refused.
//!
//! Source: <https://docs.gemini.com/rest-api/>, "Private API invocation".

use data_encoding::BASE64;

use super::credential::{API_KEY, FieldRule, SECRET};
use super::draft::Draft;
use super::key::{Form, MacSha384};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
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
    api_key: Box<str>,
    key: MacSha384,
    /// The account a master key acts for.
    account: Option<Box<str>>,
}

impl Scheme for Gemini {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
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

        let from = draft.here();
        draft.push("{\"request\":\"");
        draft.push_path(&request.path);
        draft.push("\",\"nonce\":");
        draft.push(nonce);
        if let Some(account) = &self.account {
            draft.push(",\"account\":\"");
            draft.push(account);
            draft.push("\"");
        }
        if !members.is_empty() {
            draft.push(",");
            draft.push(members);
        }
        draft.push("}");
        let payload = BASE64.encode(draft.at(draft.since(from)).as_bytes());
        let payload = draft.push(&payload);
        let tag = self.key.tag(draft.signed(payload));

        draft.header("X-GEMINI-APIKEY", &self.api_key);
        draft.header_of("X-GEMINI-PAYLOAD", payload);
        draft.header("Content-Type", "text/plain");
        draft.header("Cache-Control", "no-cache");
        draft.header_with("X-GEMINI-SIGNATURE", |out| Form::Hex.write(&tag, out));
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        3 * given + 768
    }
}
