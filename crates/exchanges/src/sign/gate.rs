//! Gate v4: five lines are signed with HMAC-SHA512: method, path, the query without escapes, the
//! SHA-512 of the body, and the time in seconds.
//!
//! Source: <https://www.gate.com/docs/developers/apiv4/en/>, "Authentication".

use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha512};

use super::credential::{API_KEY, SECRET};
use super::encode::{self, NonAscii, PERCENT, Spelling, Style};
use super::key::{Form, MacSha512};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
use super::time::push_number;
use super::{Adapter, production, testnet};

pub(super) static GATE: Adapter = Adapter {
    exchange: "gate",
    places: &[
        production("api.gateio.ws"),
        testnet("api-testnet.gateapi.io"),
    ],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::Whole,
    ready: |credential, _| {
        Ok(Box::new(Gate {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha512::from_text(credential.required(SECRET)?),
        }))
    },
    rules: rules!("gate"),
};

/// What is signed is decoded; what is sent is not.
const SIGNED: Style = Style {
    spelling: Spelling::Raw,
    non_ascii: NonAscii::Refused,
};

struct Gate {
    api_key: Arc<str>,
    key: MacSha512,
}

impl Scheme for Gate {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        scheme::within(&request.path, "/api/v4/")?;
        if matches!(request.method, Method::Get | Method::Delete) {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        let target = scheme::target(request, PERCENT, 0)?;

        let mut time = String::with_capacity(10);
        push_number(&mut time, moment.now_ms / 1000);
        let body = request.body.as_deref().unwrap_or_default();
        let mut message = String::with_capacity(target.len() + 170);
        message.push_str(request.method.as_str());
        message.push('\n');
        message.push_str(&request.path);
        message.push('\n');
        encode::push_query(&mut message, &request.query, SIGNED)?;
        message.push('\n');
        HEXLOWER.encode_append(&Sha512::digest(body), &mut message);
        message.push('\n');
        message.push_str(&time);

        let mut headers = Vec::with_capacity(4);
        headers.push(Header::id("KEY", &self.api_key));
        headers.push(Header::own("Timestamp", time));
        headers.push(json_type());
        Ok(Draft {
            message: Message::Apart(message.into_bytes()),
            target,
            headers,
            body: request.body.clone(),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(128);
        self.key.sign(draft.message(), Form::Hex, &mut signature);
        draft.headers.push(Header::own("SIGN", signature));
        Ok(())
    }
}
