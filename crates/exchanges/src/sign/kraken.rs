//! Kraken (spot): the path and the SHA-256 of nonce and body are signed with HMAC-SHA512.
//!
//! The nonce is the first member of the body, a form or a JSON object; a key with a static second
//! factor adds it as the last. A query is not signed, so it is refused.
//!
//! Source: <https://docs.kraken.com/api/docs/guides/spot-rest-auth>.

use sha2::{Digest as _, Sha256};
use strongroom_secret::SecretText;

use super::credential::{API_KEY, FieldRule, printable};
use super::draft::Draft;
use super::encode::NonAscii;
use super::form;
use super::key::{Form, MacSha512};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::text_buf::TextBuf;
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
    api_key: Box<str>,
    key: MacSha512,
    otp: Option<SecretText>,
}

impl Scheme for Kraken {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_window(moment)?;
        scheme::only(request, &[Method::Post])?;
        scheme::refuse_query(request)?;
        let nonce = scheme::counter(moment)?;
        let given = request.body.as_deref().unwrap_or_default();
        let from = draft.here();
        if given.trim_start().starts_with(['{', '[']) {
            scheme::check_json(request, RESERVED, Taken::Object)?;
            self.push_json(&mut draft.text, given, nonce);
            draft.body_since(from);
            draft.json_type();
        } else {
            if !given.is_empty() {
                form::check(given, RESERVED, NonAscii::Refused)?;
            }
            self.push_form(&mut draft.text, given, nonce);
            draft.body_since(from);
            draft.form_type();
        }
        draft.push_path(&request.path);

        let mut digest = Sha256::new();
        digest.update(nonce);
        digest.update(draft.body().unwrap_or_default());
        let message = [request.path.as_bytes(), &digest.finalize()].concat();
        let tag = self.key.tag(draft.signed_apart(message));
        draft.header("API-Key", &self.api_key);
        draft.header_with("API-Sign", |out| Form::Base64.write(&tag, out));
        Ok(())
    }
}

impl Kraken {
    fn push_form(&self, body: &mut TextBuf, given: &str, nonce: &str) {
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
    }

    fn push_json(&self, body: &mut TextBuf, given: &str, nonce: &str) {
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
    }
}
