//! Bitget: time, method, path, the query sorted by name and without escapes, and the body are
//! signed, with a shared secret or an RSA key. The passphrase travels as it is in a header.
//!
//! A demo key goes to the same host with one header more, which is not signed.
//!
//! Source: <https://www.bitget.com/api-doc/common/signature>.

use strongroom_domain::Environment;
use strongroom_secret::SecretText;

use super::credential::{API_KEY, PASSPHRASE, SECRET, printable};
use super::draft::Draft;
use super::encode::{self, NonAscii, PERCENT, Spelling, Style};
use super::key::{Ed25519Taken, Form, SecretOrKey};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
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
    api_key: Box<str>,
    key: SecretOrKey,
    passphrase: SecretText,
    place: Place,
}

impl Scheme for Bitget {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        let query = scheme::sorted(request);
        let pairs = query.iter().copied();
        draft.push_target(&request.path, pairs.clone(), PERCENT)?;

        let from = draft.here();
        let time = draft.push_with(|out| push_number(out, moment.now_ms));
        draft.push(request.method.as_str());
        draft.push(&request.path);
        if !query.is_empty() {
            draft.push("?");
            encode::push_query(&mut draft.text, pairs, SIGNED)?;
        }
        if let Some(body) = &request.body {
            draft.push_body(body);
        }
        let message = draft.signed(draft.since(from));
        let signature = self.key.sign(message, moment.blinding)?;

        draft.header("ACCESS-KEY", &self.api_key);
        draft.header_of("ACCESS-TIMESTAMP", time);
        // EXPOSE: Bitget wants the passphrase itself with every request.
        draft.header("ACCESS-PASSPHRASE", self.passphrase.expose());
        draft.header("locale", "en-US");
        if self.place.environment == Environment::Demo {
            draft.header("paptrading", "1");
        }
        if request.method == Method::Post {
            draft.json_type();
        }
        draft.header_with("ACCESS-SIGN", |out| signature.push(Form::Base64, out));
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        2 * given + 448 + self.key.room()
    }
}
