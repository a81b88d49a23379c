//! Kraken Futures: the SHA-256 of parameters, nonce and path is signed with HMAC-SHA512. The path
//! is signed without its first part `/derivatives`.
//!
//! The method is not signed, by the exchange's design. Parameters are a query or a form; with both there would be two readings, so both are refused.
//! The nonce is optional and travels in a header.
//!
//! Source: <https://docs.kraken.com/api/docs/guides/futures-rest>.

use sha2::{Digest as _, Sha256};

use super::credential::API_KEY;
use super::draft::Draft;
use super::encode::{NonAscii, PERCENT};
use super::form;
use super::key::{Form, MacSha512};
use super::kraken::PRIVATE_KEY;
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme};
use super::signed::Binding;
use super::{Adapter, demo, production, testnet};

pub(super) static KRAKEN_FUTURES: Adapter = Adapter {
    exchange: "krakenfutures",
    places: &[
        production("futures.kraken.com"),
        testnet("demo-futures.kraken.com"),
        demo("demo-futures.kraken.com"),
    ],
    fields: &[API_KEY, PRIVATE_KEY],
    nonce: NonceKind::OptionalCounter,
    binding: Binding::NotMethod,
    ready: |credential, _| {
        Ok(Box::new(KrakenFutures {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha512::from_base64(credential.required(PRIVATE_KEY)?, PRIVATE_KEY)?,
        }))
    },
    rules: rules!("krakenfutures"),
};

struct KrakenFutures {
    api_key: Box<str>,
    key: MacSha512,
}

impl Scheme for KrakenFutures {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_window(moment)?;
        let nonce = match moment.nonce {
            "" => "",
            _ => scheme::counter(moment)?,
        };
        scheme::check_query_names(request, &[])?;
        if let Some(form) = &request.body {
            scheme::only(request, &[Method::Post, Method::Put])?;
            if !request.query.is_empty() {
                return Err(SignError::QueryAndBody);
            }
            form::check(form, &[], NonAscii::Refused)?;
        }

        let query = draft.push_target(&request.path, request.pairs(), PERCENT)?;
        let parameters = match &request.body {
            Some(form) => draft.push_body(form),
            None => query,
        };
        let path = request.path.as_str();
        let path = path.strip_prefix("/derivatives").unwrap_or(path);
        let mut digest = Sha256::new();
        digest.update(draft.at(parameters));
        digest.update(nonce);
        digest.update(path);
        let tag = self.key.tag(draft.signed_apart(digest.finalize().to_vec()));

        draft.header("APIKey", &self.api_key);
        if !nonce.is_empty() {
            draft.header("Nonce", nonce);
        }
        if request.body.is_some() {
            draft.form_type();
        }
        draft.header_with("Authent", |out| Form::Base64.write(&tag, out));
        Ok(())
    }
}
