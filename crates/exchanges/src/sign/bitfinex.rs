//! Bitfinex v2: `/api`, the path, the nonce and the JSON body are signed with HMAC-SHA384. All
//! calls of a key are POSTs; a query is not signed, so it is refused.
//!
//! Source: <https://docs.bitfinex.com/docs/rest-auth>.

use std::sync::Arc;

use super::credential::{API_KEY, SECRET};
use super::key::{Form, MacSha384};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
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
    api_key: Arc<str>,
    key: MacSha384,
}

impl Scheme for Bitfinex {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Post])?;
        scheme::within(&request.path, "/v2/auth/")?;
        scheme::refuse_query(request)?;
        scheme::check_json(request, &[], Taken::Object)?;
        let nonce = scheme::counter(moment)?;
        let body = request.body.as_deref().unwrap_or("{}");
        let message = ["/api", &request.path, nonce, body].concat();

        let mut headers = Vec::with_capacity(4);
        headers.push(Header::id("bfx-apikey", &self.api_key));
        headers.push(Header::own("bfx-nonce", nonce));
        headers.push(json_type());
        Ok(Draft {
            message: Message::Apart(message.into_bytes()),
            target: request.path.clone(),
            headers,
            body: Some(body.to_owned()),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(96);
        self.key.sign(draft.message(), Form::Hex, &mut signature);
        draft.headers.push(Header::own("bfx-signature", signature));
        Ok(())
    }
}
