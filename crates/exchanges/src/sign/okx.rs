//! OKX v5: an ISO timestamp, the method, the path with its query, and the body are signed; the
//! passphrase travels as it is in a header.
//!
//! A demo key goes to the same host with one header more, which is not signed.
//!
//! Source: <https://www.okx.com/docs-v5/en/#overview-rest-authentication>.

use std::sync::Arc;

use strongroom_domain::Environment;
use strongroom_secret::SecretText;

use super::credential::{API_KEY, PASSPHRASE, SECRET, printable};
use super::encode::PERCENT;
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
use super::time::iso_millis;
use super::{Adapter, Place, demo, production};

pub(super) static OKX: Adapter = Adapter {
    exchange: "okx",
    places: &[
        production("www.okx.com"),
        production("eea.okx.com"),
        production("us.okx.com"),
        demo("www.okx.com"),
        demo("eea.okx.com"),
        demo("us.okx.com"),
    ],
    fields: &[API_KEY, SECRET, PASSPHRASE],
    nonce: NonceKind::Unused,
    binding: Binding::Whole,
    ready: |credential, place| {
        let passphrase = printable(credential.required(PASSPHRASE)?, PASSPHRASE)?;
        Ok(Box::new(Okx {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha256::from_text(credential.required(SECRET)?),
            passphrase: SecretText::new(passphrase.to_owned()),
            place,
        }))
    },
    rules: rules!("okx"),
};

struct Okx {
    api_key: Arc<str>,
    key: MacSha256,
    passphrase: SecretText,
    place: Place,
}

impl Scheme for Okx {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        let target = scheme::target(request, PERCENT, 0)?;

        let mut time = String::with_capacity(24);
        iso_millis(&mut time, moment.now_ms);
        let body = request.body.as_deref().unwrap_or_default();
        let message = [time.as_str(), request.method.as_str(), &target, body].concat();

        let mut headers = Vec::with_capacity(6);
        headers.push(Header::id("OK-ACCESS-KEY", &self.api_key));
        // EXPOSE: OKX wants the passphrase itself with every request.
        headers.push(Header::own(
            "OK-ACCESS-PASSPHRASE",
            self.passphrase.expose(),
        ));
        headers.push(Header::own("OK-ACCESS-TIMESTAMP", time));
        if self.place.environment == Environment::Demo {
            headers.push(Header::fixed("x-simulated-trading", "1"));
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

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(44);
        self.key.sign(draft.message(), Form::Base64, &mut signature);
        draft.headers.push(Header::own("OK-ACCESS-SIGN", signature));
        Ok(())
    }
}
