//! Kraken Futures: the SHA-256 of parameters, nonce and path is signed with HMAC-SHA512. The path
//! is signed without its first part `/derivatives`.
//!
//! The method is not signed, by the exchange's design. Parameters are a query or a form; with both there would be two readings, so both are refused.
//! The nonce is optional and travels in a header.
//!
//! Source: <https://docs.kraken.com/api/docs/guides/futures-rest>.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::credential::API_KEY;
use super::encode::{NonAscii, PERCENT};
use super::form;
use super::key::{Form, MacSha512};
use super::kraken::PRIVATE_KEY;
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme};
use super::signed::{Binding, Call, Draft, Header, Message, form_type};
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
    api_key: Arc<str>,
    key: MacSha512,
}

impl Scheme for KrakenFutures {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        let nonce = match moment.nonce {
            "" => "",
            _ => scheme::counter(moment)?,
        };
        scheme::check_query_names(request, &[])?;
        let target = scheme::target(request, PERCENT, 0)?;
        let mut headers = Vec::with_capacity(4);
        headers.push(Header::id("APIKey", &self.api_key));
        if !nonce.is_empty() {
            headers.push(Header::own("Nonce", nonce));
        }
        let parameters = match &request.body {
            None => target.split_once('?').map_or("", |(_, query)| query),
            Some(form) => {
                scheme::only(request, &[Method::Post, Method::Put])?;
                if !request.query.is_empty() {
                    return Err(SignError::QueryAndBody);
                }
                form::check(form, &[], NonAscii::Refused)?;
                headers.push(form_type());
                form
            }
        };
        let path = request
            .path
            .strip_prefix("/derivatives")
            .unwrap_or(&request.path);

        let mut digest = Sha256::new();
        digest.update(parameters.as_bytes());
        digest.update(nonce.as_bytes());
        digest.update(path.as_bytes());
        Ok(Draft {
            message: Message::Apart(digest.finalize().to_vec()),
            target,
            headers,
            body: request.body.clone(),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(88);
        self.key.sign(draft.message(), Form::Base64, &mut signature);
        draft.headers.push(Header::own("Authent", signature));
        Ok(())
    }
}
