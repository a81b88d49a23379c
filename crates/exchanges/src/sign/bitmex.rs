//! BitMEX: method, path with query, the second in which the request runs out, and the body are
//! signed.
//!
//! The exchange closed on 2026-09-23. Its published examples are the most complete there are, and
//! keys of it are still about.
//!
//! Source: <https://www.bitmex.com/app/apiKeysUsage>.

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::encode::{NonAscii, Spelling, Style};
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
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
    api_key: Box<str>,
    key: MacSha256,
}

impl Scheme for BitMex {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::within(&request.path, "/api/v1/")?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::Object)?;
        let window = scheme::window(moment, MOST_WINDOW_MS)?.unwrap_or(DEFAULT_WINDOW_MS);
        let expires = (moment.now_ms + u64::from(window)).div_ceil(1000);

        let from = draft.here();
        draft.push(request.method.as_str());
        draft.push_target(&request.path, request.pairs(), STYLE)?;
        let expires = draft.push_with(|out| push_number(out, expires));
        if let Some(body) = &request.body {
            draft.push_body(body);
        }
        let tag = self.key.tag(draft.signed(draft.since(from)));

        draft.header("api-key", &self.api_key);
        draft.header_of("api-expires", expires);
        if request.body.is_some() {
            draft.json_type();
        }
        draft.header_with("api-signature", |out| Form::Hex.write(&tag, out));
        Ok(())
    }
}
