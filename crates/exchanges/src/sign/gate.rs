//! Gate v4: five lines are signed with HMAC-SHA512: method, path, the query without escapes, the
//! SHA-512 of the body, and the time in seconds.
//!
//! Source: <https://www.gate.com/docs/developers/apiv4/en/>, "Authentication".

use sha2::{Digest as _, Sha512};

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::encode::{self, NonAscii, PERCENT, Spelling, Style};
use super::key::{Form, MacSha512};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
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
    api_key: Box<str>,
    key: MacSha512,
}

impl Scheme for Gate {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        scheme::within(&request.path, "/api/v4/")?;
        if matches!(request.method, Method::Get | Method::Delete) {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        draft.push_target(&request.path, request.pairs(), PERCENT)?;
        let body = request.body.as_deref().unwrap_or_default();

        let from = draft.here();
        draft.push(request.method.as_str());
        draft.push("\n");
        draft.push(&request.path);
        draft.push("\n");
        encode::push_query(&mut draft.text, request.pairs(), SIGNED)?;
        draft.push("\n");
        Form::Hex.write(&Sha512::digest(body), &mut draft.text);
        draft.push("\n");
        let time = draft.push_with(|out| push_number(out, moment.now_ms / 1000));
        let tag = self.key.tag(draft.signed(draft.since(from)));

        if request.body.is_some() {
            draft.push_body(body);
        }
        draft.header("KEY", &self.api_key);
        draft.header_of("Timestamp", time);
        draft.json_type();
        draft.header_with("SIGN", |out| Form::Hex.write(&tag, out));
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        2 * given + 768
    }
}
