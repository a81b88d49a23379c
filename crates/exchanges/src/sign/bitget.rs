//! Bitget: time, method, path, the query sorted by name and without escapes, and the body are
//! signed, with a shared secret or an RSA key. The passphrase travels as it is in a header.
//!
//! A demo key goes to the same host with one header more, which is not signed.
//!
//! Source: <https://www.bitget.com/api-doc/common/signature>.

use std::sync::Arc;

use strongroom_domain::Environment;
use strongroom_secret::SecretText;

use super::credential::{API_KEY, PASSPHRASE, SECRET, printable};
use super::encode::{self, NonAscii, PERCENT, Spelling, Style};
use super::key::{Ed25519Taken, Form, SecretOrKey};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
use super::time::push_number;
use super::{Adapter, Place, demo, production};

pub(super) static BITGET: Adapter = Adapter {
    exchange: "bitget",
    places: &[production("api.bitget.com"), demo("api.bitget.com")],
    fields: &[API_KEY, SECRET, PASSPHRASE],
    nonce: NonceKind::Unused,
    binding: Binding::Whole,
    ready: |credential, place| {
        let passphrase = printable(credential.required(PASSPHRASE)?, PASSPHRASE)?;
        Ok(Box::new(Bitget {
            api_key: credential.for_header(API_KEY)?,
            key: SecretOrKey::from_text(credential.required(SECRET)?, SECRET, Ed25519Taken::No)?,
            passphrase: SecretText::new(passphrase.to_owned()),
            place,
        }))
    },
    rules: rules!("bitget"),
};

const SIGNED: Style = Style {
    spelling: Spelling::Raw,
    non_ascii: NonAscii::Refused,
};

struct Bitget {
    api_key: Arc<str>,
    key: SecretOrKey,
    passphrase: SecretText,
    place: Place,
}

impl Scheme for Bitget {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        let sorted = scheme::sorted(request);
        let target = scheme::target(&sorted, PERCENT, 0)?;

        let mut time = String::with_capacity(13);
        push_number(&mut time, moment.now_ms);
        let body = request.body.as_deref().unwrap_or_default();
        let mut message = String::with_capacity(target.len() + body.len() + 32);
        message.push_str(&time);
        message.push_str(request.method.as_str());
        message.push_str(&request.path);
        if !sorted.query.is_empty() {
            message.push('?');
            encode::push_query(&mut message, &sorted.query, SIGNED)?;
        }
        message.push_str(body);

        let mut headers = Vec::with_capacity(7);
        headers.push(Header::id("ACCESS-KEY", &self.api_key));
        headers.push(Header::own("ACCESS-TIMESTAMP", time));
        // EXPOSE: Bitget wants the passphrase itself with every request.
        headers.push(Header::own("ACCESS-PASSPHRASE", self.passphrase.expose()));
        headers.push(Header::fixed("locale", "en-US"));
        if self.place.environment == Environment::Demo {
            headers.push(Header::fixed("paptrading", "1"));
        }
        if request.method == Method::Post {
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

    fn sign(&self, draft: &mut Draft, moment: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(44);
        self.key.sign(
            draft.message(),
            Form::Base64,
            moment.blinding,
            &mut signature,
        )?;
        draft.headers.push(Header::own("ACCESS-SIGN", signature));
        Ok(())
    }
}
