//! HTX (Huobi): method, host, path and all parameters of the query, sorted and escaped, are signed.
//!
//! Two things to know. The public key id travels in the URL, because the scheme has no header for
//! it. And the body of a POST is not signed: whoever can change it on the way can change the
//! request; it is checked here all the same.
//!
//! Source: <https://www.htx.com/en-us/opend/newApiPages/>, "Authentication".

use super::credential::{API_KEY, SECRET};
use super::encode::{self, PERCENT};
use super::key::{Form, MacSha256};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Message, json_type};
use super::time::iso_seconds;
use super::{Adapter, Place, production};

pub(super) static HTX: Adapter = Adapter {
    exchange: "htx",
    places: &[
        production("api.huobi.pro"),
        production("api-aws.huobi.pro"),
        production("api.hbdm.com"),
    ],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::NotBody,
    ready: |credential, place| {
        Ok(Box::new(Htx {
            api_key: credential.plain_id(API_KEY)?,
            key: MacSha256::from_text(credential.required(SECRET)?),
            place,
        }))
    },
    rules: rules!("htx"),
};

const RESERVED: &[&str] = &[
    "AccessKeyId",
    "SignatureMethod",
    "SignatureVersion",
    "Timestamp",
    "Signature",
];

struct Htx {
    api_key: Box<str>,
    key: MacSha256,
    place: Place,
}

impl Scheme for Htx {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, RESERVED)?;
        scheme::check_json(request, RESERVED, Taken::ObjectOrList)?;

        let mut time = String::with_capacity(19);
        iso_seconds(&mut time, moment.now_ms);
        let mut query = request.query.clone();
        for (name, value) in [
            ("AccessKeyId", &*self.api_key),
            ("SignatureMethod", "HmacSHA256"),
            ("SignatureVersion", "2"),
            ("Timestamp", &time),
        ] {
            query.push((name.to_owned(), value.to_owned()));
        }
        query.sort();
        let complete = Request {
            method: request.method,
            path: request.path.clone(),
            query,
            body: None,
        };
        let target = scheme::target(&complete, PERCENT, 80)?;
        let sorted = target.split_once('?').map_or("", |(_, query)| query);
        let message = [
            request.method.as_str(),
            self.place.host,
            &request.path,
            sorted,
        ]
        .join("\n");
        Ok(Draft {
            message: Message::Apart(message.into_bytes()),
            target,
            headers: vec![json_type()],
            body: request.body.clone(),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(44);
        self.key.sign(draft.message(), Form::Base64, &mut signature);
        draft.target.push_str("&Signature=");
        encode::push_escaped(&mut draft.target, &signature);
        Ok(())
    }
}
