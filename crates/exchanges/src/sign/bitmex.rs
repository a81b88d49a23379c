//! BitMEX: method, path with query, the second in which the request runs out, and the body are
//! signed.
//!
//! The exchange closed on 2026-09-23. Its published examples are the most complete there are, and
//! keys of it are still about.
//!
//! Source: <https://www.bitmex.com/app/apiKeysUsage>.

use std::sync::Arc;

use super::credential::{API_KEY, SECRET};
use super::encode::{NonAscii, Spelling, Style};
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
use super::time::push_number;
use super::{Adapter, production, testnet};

pub(super) static BITMEX: Adapter = Adapter {
    exchange: "bitmex",
    places: &[production("www.bitmex.com"), testnet("testnet.bitmex.com")],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::Whole,
    ready: |credential, _| {
        Ok(Box::new(BitMex {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha256::from_text(credential.required(SECRET)?),
        }))
    },
    rules: rules!("bitmex"),
};

const DEFAULT_WINDOW_MS: u32 = 60_000;
const MOST_WINDOW_MS: u32 = 3_600_000;
/// As the published examples write a query.
const STYLE: Style = Style {
    spelling: Spelling::Plus,
    non_ascii: NonAscii::Refused,
};

struct BitMex {
    api_key: Arc<str>,
    key: MacSha256,
}

impl Scheme for BitMex {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::within(&request.path, "/api/v1/")?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::Object)?;
        let target = scheme::target(request, STYLE, 0)?;
        let window = scheme::window(moment, MOST_WINDOW_MS)?.unwrap_or(DEFAULT_WINDOW_MS);
        let mut expires = String::with_capacity(10);
        push_number(
            &mut expires,
            (moment.now_ms + u64::from(window)).div_ceil(1000),
        );
        let body = request.body.as_deref().unwrap_or_default();
        let message = [request.method.as_str(), &target, &expires, body].concat();

        let mut headers = Vec::with_capacity(4);
        headers.push(Header::id("api-key", &self.api_key));
        headers.push(Header::own("api-expires", expires));
        if request.body.is_some() {
            headers.push(json_type());
        }
        Ok(Draft {
            message: Message::Apart(message.into_bytes()),
            target,
            headers,
            body: request.body.clone(),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(64);
        self.key.sign(draft.message(), Form::Hex, &mut signature);
        draft.headers.push(Header::own("api-signature", signature));
        Ok(())
    }
}
