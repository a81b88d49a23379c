//! Deribit: time, nonce, method, path with query, and body are signed, one a line.
//!
//! Every call exists twice: as a path (`/api/v2/private/buy`) and as the method that a JSON-RPC
//! body names. Both are classed by the name; a path and a body that name different calls are
//! refused. Ed25519 and RSA keys sign a session (`public/auth`), not single requests, so they are
//! not taken here.
//!
//! Source: <https://docs.deribit.com/#authentication>, `deri-hmac-sha256`.

use super::credential::{API_KEY, SECRET};
use super::encode::PERCENT;
use super::json;
use super::key::{Form, MacSha256, PrivateKey};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
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
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::Object)?;
        let call = named_call(request)?;
        let nonce = scheme::token(moment)?;
        let target = scheme::target(request, PERCENT, 0)?;
        let mut time = String::with_capacity(13);
        push_number(&mut time, moment.now_ms);

        let mut message = String::with_capacity(target.len() + 100);
        for line in [
            time.as_str(),
            nonce,
            request.method.as_str(),
            &target,
            request.body.as_deref().unwrap_or_default(),
        ] {
            message.push_str(line);
            message.push('\n');
        }
        let mut authorization = String::with_capacity(200);
        for part in [
            "deri-hmac-sha256 id=",
            &self.id,
            ",ts=",
            &time,
            ",nonce=",
            nonce,
            ",sig=",
        ] {
            authorization.push_str(part);
        }
        let mut headers = Vec::with_capacity(2);
        if request.body.is_some() {
            headers.push(json_type());
        }
        headers.push(Header::own("Authorization", authorization));
        Ok(Draft {
            message: Message::Apart(message.into_bytes()),
            target,
            headers,
            body: request.body.clone(),
            call,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        // The header was made for this; it is taken out, completed and put back.
        let Some(unfinished) = draft.headers.pop() else {
            return Err(SignError::Key);
        };
        let mut authorization = String::with_capacity(264);
        // EXPOSE: key id, time and nonce, which are sent as they are.
        authorization.push_str(unfinished.value.expose());
        self.key
            .sign(draft.message(), Form::Hex, &mut authorization);
        draft
            .headers
            .push(Header::own("Authorization", authorization));
        Ok(())
    }
}

/// The call by its path, whether the path or the body names it.
fn named_call(request: &Request) -> Result<Call, SignError> {
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
        return Ok(Call::Path);
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
    let path = format!("{ROOT}/{method}");
    let at_root = request.path == ROOT || request.path.strip_suffix('/') == Some(ROOT);
    if at_root || request.path == path {
        Ok(Call::Named(path))
    } else {
        Err(SignError::TwoCalls)
    }
}
