//! Bitstamp v2: key id, method, host, path, content type, nonce, time and body are signed.
//!
//! A query is refused: the documentation does not show one in a signed string. The sub-account in
//! its header is not signed, by the exchange's design.
//!
//! Source: <https://www.bitstamp.net/api/#section/Authentication>.

use super::credential::{API_KEY, FieldRule, SECRET};
use super::encode::NonAscii;
use super::form;
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme};
use super::signed::{Binding, Call, Draft, Header, Message, form_type};
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
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        scheme::within(&request.path, "/api/v2/")?;
        if !request.query.is_empty() {
            return Err(SignError::NotCanonical(
                "Bitstamp does not document how a query is signed; put the parameters in the body",
            ));
        }
        let nonce = scheme::uuid(moment)?;
        let mut time = String::with_capacity(13);
        push_number(&mut time, moment.now_ms);

        let mut headers = Vec::with_capacity(7);
        // Without a body there must be no content type, neither sent nor signed.
        let mut content_type = "";
        if let Some(form) = &request.body {
            scheme::only(request, &[Method::Post, Method::Put])?;
            form::check(form, &[], NonAscii::Refused)?;
            let header = form_type();
            content_type = "application/x-www-form-urlencoded";
            headers.push(header);
        }
        let account = format!("BITSTAMP {}", self.api_key);
        let message = [
            account.as_str(),
            request.method.as_str(),
            self.place.host,
            &request.path,
            content_type,
            nonce,
            &time,
            "v2",
            request.body.as_deref().unwrap_or_default(),
        ]
        .concat();

        headers.push(Header::own("X-Auth", account));
        headers.push(Header::own("X-Auth-Nonce", nonce));
        headers.push(Header::own("X-Auth-Timestamp", time));
        headers.push(Header::fixed("X-Auth-Version", "v2"));
        if let Some(subaccount) = &self.subaccount {
            headers.push(Header::own("X-Auth-Subaccount-Id", &**subaccount));
        }
        Ok(Draft {
            message: Message::Apart(message.into_bytes()),
            target: request.path.clone(),
            headers,
            body: request.body.clone(),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(64);
        self.key.sign(draft.message(), Form::Hex, &mut signature);
        draft
            .headers
            .push(Header::own("X-Auth-Signature", signature));
        Ok(())
    }
}
