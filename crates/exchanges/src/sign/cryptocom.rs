//! Crypto.com Exchange: method name, id, key id, the parameters as one text, and the nonce are
//! signed; the signature is a member of the JSON body, and so is the public key id.
//!
//! The caller's body is the object of parameters; path, id, nonce and the rest are put around it.
//! The parameters are signed as names and values without anything between them, so `{"a":"1b2"}`
//! and `{"a":"1","b":"2"}` have one signature: the exchange's design, and nothing here can mend it.
//! What the exchange's own examples turn into text in different ways is refused: fractions as
//! numbers, `true` and `false`, `null`, and objects that are not in a list.
//!
//! Source: <https://exchange-docs.crypto.com/exchange/v1/rest-ws/index.html>, "Digital signature".

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::json::{self, Json};
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::text_buf::TextBuf;
use super::time::push_number;
use super::{Adapter, production, testnet};

pub(super) static CRYPTO_COM: Adapter = Adapter {
    exchange: "cryptocom",
    places: &[production("api.crypto.com"), testnet("uat-api.3ona.co")],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::Whole,
    ready: |credential, _| {
        Ok(Box::new(CryptoCom {
            api_key: credential.plain_id(API_KEY)?,
            key: MacSha256::from_text(credential.required(SECRET)?),
        }))
    },
    rules: rules!("cryptocom"),
};

const PREFIX: &str = "/exchange/v1/";
/// How deep the documentation follows parameters.
const DEEPEST: u8 = 3;

struct CryptoCom {
    api_key: Box<str>,
    key: MacSha256,
}

impl Scheme for CryptoCom {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Post])?;
        scheme::refuse_query(request)?;
        scheme::check_json(request, &[], Taken::Object)?;
        scheme::within(&request.path, PREFIX)?;
        let method = &request.path[PREFIX.len()..];
        let parameters = request.body.as_deref().unwrap_or("{}");

        draft.push_path(&request.path);
        let from = draft.here();
        draft.push(method);
        // The time is the id of the request too; it is echoed and means nothing else.
        let time = draft.push_with(|out| push_number(out, moment.now_ms));
        draft.push(&self.api_key);
        push_object(&mut draft.text, &json::parse(parameters)?, 0)?;
        draft.push_again(time);
        let tag = self.key.tag(draft.signed(draft.since(from)));

        let from = draft.here();
        draft.push("{\"id\":");
        draft.push_again(time);
        draft.push(",\"method\":\"");
        draft.push(method);
        draft.push("\",\"api_key\":\"");
        draft.push(&self.api_key);
        draft.push("\",\"params\":");
        draft.push(parameters);
        draft.push(",\"nonce\":");
        draft.push_again(time);
        draft.push(",\"sig\":\"");
        Form::Hex.write(&tag, &mut draft.text);
        draft.push("\"}");
        draft.body_since(from);
        draft.json_type();
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        2 * given + 768
    }
}

/// Names in order, each followed by its value; lists element by element.
fn push_object(out: &mut TextBuf, object: &Json<'_>, depth: u8) -> Result<(), SignError> {
    let Json::Object(members) = object else {
        return Err(SignError::BodyShape("object"));
    };
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    for (name, value) in sorted {
        out.push_str(name);
        match value {
            Json::List(elements) => {
                for element in elements {
                    push_element(out, element, depth + 1)?;
                }
            }
            value => push_plain(out, value)?,
        }
    }
    Ok(())
}

fn push_element(out: &mut TextBuf, element: &Json<'_>, depth: u8) -> Result<(), SignError> {
    match element {
        Json::Object(_) if depth < DEEPEST => push_object(out, element, depth),
        element => push_plain(out, element),
    }
}

fn push_plain(out: &mut TextBuf, value: &Json<'_>) -> Result<(), SignError> {
    match value {
        Json::Text(text) if text.is_ascii() => out.push_str(text),
        Json::Text(_) => return Err(SignError::NotAscii),
        Json::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            out.push_str(number);
        }
        Json::Number(_) => {
            return Err(SignError::NotCanonical(
                "Crypto.com does not document how a fraction is signed; write the number as a text",
            ));
        }
        Json::Bool(_) | Json::Null | Json::List(_) | Json::Object(_) => {
            return Err(SignError::NotCanonical(
                "Crypto.com does not document how this value is signed; use texts, whole numbers and lists of them",
            ));
        }
    }
    Ok(())
}
