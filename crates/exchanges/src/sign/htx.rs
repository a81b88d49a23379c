//! HTX (Huobi): method, host, path and all parameters of the query, sorted and escaped, are signed.
//!
//! Two things to know. The public key id travels in the URL, because the scheme has no header for
//! it. And the body of a POST is not signed: whoever can change it on the way can change the
//! request; it is checked here all the same.
//!
//! Source: <https://www.htx.com/en-us/opend/newApiPages/>, "Authentication".

use data_encoding::BASE64;

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::encode::{self, PERCENT};
use super::key::MacSha256;
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::text_buf::TextBuf;
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
        scheme::check_query_names(request, RESERVED)?;
        scheme::check_json(request, RESERVED, Taken::ObjectOrList)?;
        let mut time = TextBuf::with_room(24);
        iso_seconds(&mut time, moment.now_ms);
        let mut query: Vec<_> = request.pairs().collect();
        query.extend([
            ("AccessKeyId", &*self.api_key),
            ("SignatureMethod", "HmacSHA256"),
            ("SignatureVersion", "2"),
            ("Timestamp", time.at(0..time.len())),
        ]);
        query.sort_unstable();

        let from = draft.here();
        for line in [request.method.as_str(), self.place.host, &request.path] {
            draft.push(line);
            draft.push("\n");
        }
        let from_query = draft.here();
        encode::push_query(&mut draft.text, query.iter().copied(), PERCENT)?;
        let query = draft.since(from_query);
        let tag = self.key.tag(draft.signed(draft.since(from)));

        if let Some(body) = &request.body {
            draft.push_body(body);
        }
        draft.json_type();
        draft.push_path(&request.path);
        draft.push("?");
        draft.push_again(query);
        draft.push("&Signature=");
        encode::push_escaped(&mut draft.text, &BASE64.encode(&tag));
        draft.end_target();
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        2 * given + 768
    }
}
