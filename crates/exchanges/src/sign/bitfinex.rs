//! Bitfinex v2: `/api`, the path, the nonce and the JSON body are signed with HMAC-SHA384. All
//! calls of a key are POSTs; a query is not signed, so it is refused.
//!
//! Source: <https://docs.bitfinex.com/docs/rest-auth>.

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::key::{Form, MacSha384};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::{Adapter, production};

pub(super) static BITFINEX: Adapter = Adapter {
    exchange: "bitfinex",
    places: &[production("api.bitfinex.com")],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Counter,
    binding: Binding::Whole,
    ready: |credential, _| {
        Ok(Box::new(Bitfinex {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha384::from_text(credential.required(SECRET)?),
        }))
    },
    rules: rules!("bitfinex"),
};

struct Bitfinex {
    api_key: Box<str>,
    key: MacSha384,
}

impl Scheme for Bitfinex {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Post])?;
        scheme::within(&request.path, "/v2/auth/")?;
        scheme::refuse_query(request)?;
        scheme::check_json(request, &[], Taken::Object)?;
        let nonce = scheme::counter(moment)?;

        let from = draft.here();
        draft.push("/api");
        draft.push_path(&request.path);
        draft.header("bfx-nonce", nonce);
        draft.push_body(request.body.as_deref().unwrap_or("{}"));
        let tag = self.key.tag(draft.signed(draft.since(from)));

        draft.header("bfx-apikey", &self.api_key);
        draft.json_type();
        draft.header_with("bfx-signature", |out| Form::Hex.write(&tag, out));
        Ok(())
    }
}
