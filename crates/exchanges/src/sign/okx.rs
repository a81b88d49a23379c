//! OKX v5: an ISO timestamp, the method, the path with its query, and the body are signed; the
//! passphrase travels as it is in a header.
//!
//! A demo key goes to the same host with one header more, which is not signed.
//!
//! Source: <https://www.okx.com/docs-v5/en/#overview-rest-authentication>.

use strongroom_domain::Environment;
use strongroom_secret::SecretText;

use super::credential::{API_KEY, PASSPHRASE, SECRET, printable};
use super::draft::Draft;
use super::encode::PERCENT;
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
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
    api_key: Box<str>,
    key: MacSha256,
    passphrase: SecretText,
    place: Place,
}

impl Scheme for Okx {
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

        let from = draft.here();
        let time = draft.push_with(|out| iso_millis(out, moment.now_ms));
        draft.push(request.method.as_str());
        draft.push_target(&request.path, request.pairs(), PERCENT)?;
        if let Some(body) = &request.body {
            draft.push_body(body);
        }
        let tag = self.key.tag(draft.signed(draft.since(from)));

        draft.header("OK-ACCESS-KEY", &self.api_key);
        // EXPOSE: OKX wants the passphrase itself with every request.
        draft.header("OK-ACCESS-PASSPHRASE", self.passphrase.expose());
        draft.header_of("OK-ACCESS-TIMESTAMP", time);
        if self.place.environment == Environment::Demo {
            draft.header("x-simulated-trading", "1");
        }
        if request.method == Method::Post {
            draft.json_type();
        }
        draft.header_with("OK-ACCESS-SIGN", |out| Form::Base64.write(&tag, out));
        Ok(())
    }
}
