//! Kraken (spot): the path and the SHA-256 of nonce and body are signed with HMAC-SHA512.
//!
//! The nonce is the first member of the body, a form or a JSON object; a key with a static second
//! factor adds it as the last. A query is not signed, so it is refused.
//!
//! Source: <https://docs.kraken.com/api/docs/guides/spot-rest-auth>.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use strongroom_secret::SecretText;

use super::credential::{API_KEY, FieldRule, printable};
use super::encode::NonAscii;
use super::form;
use super::key::{Form, MacSha512};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, form_type, json_type};
use super::{Adapter, production};

pub(super) const PRIVATE_KEY: FieldRule =
    FieldRule::required(&["secret", "privateKey", "apiSecret", "secretKey"]);
const OTP: FieldRule = FieldRule::optional(&["otp"]);

pub(super) static KRAKEN: Adapter = Adapter {
    exchange: "kraken",
    places: &[production("api.kraken.com")],
    fields: &[API_KEY, PRIVATE_KEY, OTP],
    nonce: NonceKind::Counter,
    binding: Binding::Whole,
    ready: |credential, _| {
        Ok(Box::new(Kraken {
            api_key: credential.for_header(API_KEY)?,
            key: MacSha512::from_base64(credential.required(PRIVATE_KEY)?, PRIVATE_KEY)?,
            otp: credential.optional(OTP)?.map(plain_otp).transpose()?,
        }))
    },
    rules: rules!("kraken"),
};

/// A static second factor stands in a form or in JSON, so it may hold nothing that either escapes.
fn plain_otp(otp: &SecretText) -> Result<SecretText, CredentialError> {
    let text = printable(otp, OTP)?;
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    if text.bytes().all(plain) {
        Ok(SecretText::new(text.to_owned()))
    } else {
        Err(CredentialError::Malformed {
            field: OTP.name(),
            expected: "of letters, digits and `-_.~`",
        })
    }
}

const RESERVED: &[&str] = &["nonce", "otp"];

struct Kraken {
    api_key: Arc<str>,
    key: MacSha512,
    otp: Option<SecretText>,
}

impl Scheme for Kraken {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Post])?;
        scheme::refuse_query(request)?;
        let nonce = scheme::counter(moment)?;
        let given = request.body.as_deref().unwrap_or_default();
        let (body, content_type) = if given.trim_start().starts_with(['{', '[']) {
            scheme::check_json(request, RESERVED, Taken::Object)?;
            (self.json(given, nonce), json_type())
        } else {
            if !given.is_empty() {
                form::check(given, RESERVED, NonAscii::Refused)?;
            }
            (self.form(given, nonce), form_type())
        };

        let mut digest = Sha256::new();
        digest.update(nonce.as_bytes());
        digest.update(body.as_bytes());
        let mut message = Vec::with_capacity(request.path.len() + 32);
        message.extend_from_slice(request.path.as_bytes());
        message.extend_from_slice(&digest.finalize());

        let mut headers = Vec::with_capacity(3);
        headers.push(Header::id("API-Key", &self.api_key));
        headers.push(content_type);
        Ok(Draft {
            message: Message::Apart(message),
            target: request.path.clone(),
            headers,
            body: Some(body),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(88);
        self.key.sign(draft.message(), Form::Base64, &mut signature);
        draft.headers.push(Header::own("API-Sign", signature));
        Ok(())
    }
}

impl Kraken {
    fn form(&self, given: &str, nonce: &str) -> String {
        let mut body = String::with_capacity(given.len() + 128);
        body.push_str("nonce=");
        body.push_str(nonce);
        if !given.is_empty() {
            body.push('&');
            body.push_str(given);
        }
        if let Some(otp) = &self.otp {
            body.push_str("&otp=");
            // EXPOSE: Kraken takes the second factor of a key in the body.
            body.push_str(otp.expose());
        }
        body
    }

    fn json(&self, given: &str, nonce: &str) -> String {
        let mut body = String::with_capacity(given.len() + 128);
        body.push_str("{\"nonce\":\"");
        body.push_str(nonce);
        body.push('"');
        let members = scheme::members(given);
        if !members.is_empty() {
            body.push(',');
            body.push_str(members);
        }
        if let Some(otp) = &self.otp {
            body.push_str(",\"otp\":\"");
            // EXPOSE: Kraken takes the second factor of a key in the body.
            body.push_str(otp.expose());
            body.push('"');
        }
        body.push('}');
        body
    }
}
