//! Bitstamp v2: key id, method, host, path, content type, nonce, time and body are signed.
//!
//! A query is refused: the documentation does not show one in a signed string. The sub-account in
//! its header is not signed, by the exchange's design.
//!
//! Source: <https://www.bitstamp.net/api/#section/Authentication>.

use super::credential::{API_KEY, FieldRule, SECRET};
use super::draft::Draft;
use super::encode::NonAscii;
use super::form;
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme};
use super::signed::Binding;
use super::time::push_number;
use super::{Adapter, Place, production, testnet};

const SUBACCOUNT: FieldRule = FieldRule::optional(&["subaccountId"]);

pub(super) static BITSTAMP: Adapter = Adapter {
    exchange: "bitstamp",
    places: &[
        production("www.bitstamp.net"),
        testnet("sandbox.bitstamp.net"),
    ],
    fields: &[API_KEY, SECRET, SUBACCOUNT],
    nonce: NonceKind::Uuid,
    binding: Binding::Whole,
    ready: |credential, place| {
        let subaccount = match credential.optional(SUBACCOUNT)? {
            Some(_) => Some(credential.plain_id(SUBACCOUNT)?),
            None => None,
        };
        Ok(Box::new(Bitstamp {
            api_key: credential.plain_id(API_KEY)?,
            key: MacSha256::from_text(credential.required(SECRET)?),
            subaccount,
            place,
        }))
    },
    rules: rules!("bitstamp"),
};

struct Bitstamp {
    api_key: Box<str>,
    key: MacSha256,
    subaccount: Option<Box<str>>,
    place: Place,
}

impl Scheme for Bitstamp {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_window(moment)?;
        scheme::within(&request.path, "/api/v2/")?;
        if !request.query.is_empty() {
            return Err(SignError::NotCanonical(
                "Bitstamp does not document how a query is signed; put the parameters in the body",
            ));
        }
        let nonce = scheme::uuid(moment)?;
        if let Some(form) = &request.body {
            scheme::only(request, &[Method::Post, Method::Put])?;
            form::check(form, &[], NonAscii::Refused)?;
        }

        let from = draft.here();
        draft.push("BITSTAMP ");
        draft.push(&self.api_key);
        draft.header_of("X-Auth", draft.since(from));
        draft.push(request.method.as_str());
        draft.push(self.place.host);
        draft.push_path(&request.path);
        // Without a body there must be no content type, neither sent nor signed.
        if request.body.is_some() {
            draft.form_type();
        }
        draft.header("X-Auth-Nonce", nonce);
        draft.header_with("X-Auth-Timestamp", |out| push_number(out, moment.now_ms));
        draft.header("X-Auth-Version", "v2");
        if let Some(form) = &request.body {
            draft.push_body(form);
        }
        let tag = self.key.tag(draft.signed(draft.since(from)));

        if let Some(subaccount) = &self.subaccount {
            draft.header("X-Auth-Subaccount-Id", subaccount);
        }
        draft.header_with("X-Auth-Signature", |out| Form::Hex.write(&tag, out));
        Ok(())
    }
}
