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

use std::sync::Arc;

use super::credential::{API_KEY, SECRET};
use super::encode::{NonAscii, PERCENT};
use super::form;
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, form_type, json_type};
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
    api_key: Arc<str>,
    key: MacSha256,
}

impl Scheme for Mexc {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        if request.path.starts_with(CONTRACT) {
            return self.contract(request, moment);
        }
        scheme::within(&request.path, SPOT)?;
        self.spot(request, moment)
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(64);
        self.key.sign(draft.message(), Form::Hex, &mut signature);
        match draft.message {
            Message::Query => push_signature(&mut draft.target, &signature),
            Message::Body => push_signature(draft.body.get_or_insert_default(), &signature),
            Message::Apart(_) | Message::Nothing => {
                draft.headers.push(Header::own("Signature", signature));
            }
        }
        Ok(())
    }
}

impl Mexc {
    fn spot(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        let window = scheme::window(moment, MOST_WINDOW_MS)?;
        let mut headers = Vec::with_capacity(2);
        headers.push(Header::id("X-MEXC-APIKEY", &self.api_key));
        let Some(form) = &request.body else {
            scheme::check_query_names(request, RESERVED)?;
            let mut target = scheme::target(request, PERCENT, 140)?;
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
        form::check(form, RESERVED, NonAscii::Refused)?;
        headers.push(form_type());
        let mut body = String::with_capacity(form.len() + 140);
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

    fn contract(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post, Method::Delete])?;
        match request.method {
            Method::Post => scheme::refuse_query(request)?,
            _ => scheme::refuse_body(request)?,
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        let target = scheme::target(&scheme::sorted(request), PERCENT, 0)?;
        let parameters = match &request.body {
            Some(body) => body.as_str(),
            None => target.split_once('?').map_or("", |(_, query)| query),
        };
        let mut time = String::with_capacity(13);
        push_number(&mut time, moment.now_ms);
        let message = [&*self.api_key, &time, parameters].concat();

        let mut headers = Vec::with_capacity(4);
        headers.push(Header::id("ApiKey", &self.api_key));
        headers.push(Header::own("Request-Time", time));
        headers.push(json_type());
        Ok(Draft {
            message: Message::Apart(message.into_bytes()),
            target,
            headers,
            body: request.body.clone(),
            call: Call::Path,
        })
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

fn push_signature(out: &mut String, signature: &str) {
    out.push_str("&signature=");
    out.push_str(signature);
}
