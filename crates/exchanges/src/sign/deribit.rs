//! Deribit: time, nonce, method, path with query, and body are signed, one a line.
//!
//! Every call exists twice: as a path (`/api/v2/private/buy`) and as the method that a JSON-RPC
//! body names. Both are classed by the name; a path and a body that name different calls are
//! refused. Ed25519 and RSA keys sign a session (`public/auth`), not single requests, so they are
//! not taken here.
//!
//! Source: <https://docs.deribit.com/#authentication>, `deri-hmac-sha256`.

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::encode::PERCENT;
use super::json;
use super::key::{Form, MacSha256, PrivateKey};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::time::push_number;
use super::{Adapter, production, testnet};

pub(super) static DERIBIT: Adapter = Adapter {
    exchange: "deribit",
    places: &[production("www.deribit.com"), testnet("test.deribit.com")],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Random,
    binding: Binding::Whole,
    ready: |credential, _| {
        let secret = credential.required(SECRET)?;
        if PrivateKey::is_pem(secret) {
            return Err(CredentialError::Malformed {
                field: SECRET.name(),
                expected: "a client secret; private keys sign sessions, not requests",
            });
        }
        Ok(Box::new(Deribit {
            id: credential.plain_id(API_KEY)?,
            key: MacSha256::from_text(secret),
        }))
    },
    rules: rules!("deribit"),
};

const ROOT: &str = "/api/v2";

struct Deribit {
    id: Box<str>,
    key: MacSha256,
}

impl Scheme for Deribit {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::Object)?;
        let named = named_call(request)?;
        let nonce = scheme::token(moment)?;

        let from = draft.here();
        let time = draft.push_with(|out| push_number(out, moment.now_ms));
        draft.push("\n");
        draft.push(nonce);
        draft.push("\n");
        draft.push(request.method.as_str());
        draft.push("\n");
        draft.push_target(&request.path, request.pairs(), PERCENT)?;
        draft.push("\n");
        if let Some(body) = &request.body {
            draft.push_body(body);
        }
        draft.push("\n");
        let tag = self.key.tag(draft.signed(draft.since(from)));

        if let Some(name) = named {
            draft.name_call(&[ROOT, "/", name]);
        }
        if request.body.is_some() {
            draft.json_type();
        }
        let from = draft.here();
        draft.push("deri-hmac-sha256 id=");
        draft.push(&self.id);
        draft.push(",ts=");
        draft.push_again(time);
        draft.push(",nonce=");
        draft.push(nonce);
        draft.push(",sig=");
        Form::Hex.write(&tag, &mut draft.text);
        draft.header_of("Authorization", draft.since(from));
        Ok(())
    }
}

/// The call that the body names, if it names one.
fn named_call(request: &Request) -> Result<Option<&str>, SignError> {
    let mut named = None;
    if let Some(body) = &request.body {
        json::scan(body, |name, value| {
            if name == "method" {
                named = Some(value);
            }
            Ok(())
        })?;
    }
    let Some(quoted) = named else {
        return Ok(None);
    };
    let method = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|method| {
            method
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'/'))
        })
        .ok_or(SignError::BodyJson)?;
    let under_root = match request.path.strip_prefix(ROOT) {
        Some("" | "/") => true,
        Some(rest) => rest.strip_prefix('/') == Some(method),
        None => false,
    };
    if under_root {
        Ok(Some(method))
    } else {
        Err(SignError::TwoCalls)
    }
}
