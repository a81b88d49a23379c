//! MEXC: two ways, by the path. Spot (`/api/v3/`) signs the query, like Binance; contracts
//! (`/api/v1/private/`) sign key id, time and the sorted query or the JSON body.
//!
//! Neither method nor path is signed in either way, by the exchange's design.
//!
//! Spot takes its parameters as a query also on a POST; a form is signed right behind the query, so
//! a request with both has two readings and is refused.
//!
//! Source: <https://www.mexc.com/api-docs/spot-v3/general-info> and
//! <https://www.mexc.com/api-docs/futures/integration-guide>.

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::encode::{self, NonAscii, PERCENT};
use super::form;
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::time::push_number;
use super::{Adapter, production};

pub(super) static MEXC: Adapter = Adapter {
    exchange: "mexc",
    places: &[production("api.mexc.com"), production("contract.mexc.com")],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::NotCall,
    ready: |credential, _| {
        Ok(Box::new(Mexc {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha256::from_text(credential.required(SECRET)?),
        }))
    },
    rules: rules!("mexc"),
};

const SPOT: &str = "/api/v3/";
const CONTRACT: &str = "/api/v1/private/";
const RESERVED: &[&str] = &["timestamp", "signature", "recvWindow"];
const MOST_WINDOW_MS: u32 = 60_000;

struct Mexc {
    api_key: Box<str>,
    key: MacSha256,
}

impl Scheme for Mexc {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        if request.path.starts_with(CONTRACT) {
            return self.contract(request, moment, draft);
        }
        scheme::within(&request.path, SPOT)?;
        self.spot(request, moment, draft)
    }

    fn room(&self, given: usize) -> usize {
        2 * given + 512
    }
}

impl Mexc {
    fn spot(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        let window = scheme::window(moment, MOST_WINDOW_MS)?;
        let Some(form) = &request.body else {
            scheme::check_query_names(request, RESERVED)?;
            draft.push_path(&request.path);
            draft.push("?");
            let from = draft.here();
            encode::push_query(&mut draft.text, request.pairs(), PERCENT)?;
            self.push_own(draft, from, window, moment);
            draft.end_target();
            draft.header("X-MEXC-APIKEY", &self.api_key);
            return Ok(());
        };
        scheme::only(request, &[Method::Post, Method::Put])?;
        if !request.query.is_empty() {
            return Err(SignError::QueryAndBody);
        }
        form::check(form, RESERVED, NonAscii::Refused)?;
        let from = draft.here();
        draft.push(form);
        self.push_own(draft, from, window, moment);
        draft.body_since(from);
        draft.push_path(&request.path);
        draft.header("X-MEXC-APIKEY", &self.api_key);
        draft.form_type();
        Ok(())
    }

    /// Completes the parameters, which began at a place, with what is ours, and signs them.
    fn push_own(&self, draft: &mut Draft, from: usize, window: Option<u32>, moment: &Moment<'_>) {
        if draft.here() > from {
            draft.push("&");
        }
        scheme::push_window_and_time(&mut draft.text, window, moment);
        let tag = self.key.tag(draft.signed(draft.since(from)));
        draft.push("&signature=");
        Form::Hex.write(&tag, &mut draft.text);
    }

    fn contract(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post, Method::Delete])?;
        match request.method {
            Method::Post => scheme::refuse_query(request)?,
            _ => scheme::refuse_body(request)?,
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        let query = scheme::sorted(request);
        let query = draft.push_target(&request.path, query.iter().copied(), PERCENT)?;

        let from = draft.here();
        draft.header("ApiKey", &self.api_key);
        draft.header_with("Request-Time", |out| push_number(out, moment.now_ms));
        match &request.body {
            Some(body) => draft.push_body(body),
            None => draft.push_again(query),
        };
        let tag = self.key.tag(draft.signed(draft.since(from)));

        draft.json_type();
        draft.header_with("Signature", |out| Form::Hex.write(&tag, out));
        Ok(())
    }
}
