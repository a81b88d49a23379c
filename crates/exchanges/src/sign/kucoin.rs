//! KuCoin: time, method, path with query, and body are signed. From key version 2 on, the
//! passphrase in the header is an HMAC of itself under the secret.
//!
//! Values that would need an escape are refused: the documentation does not say whether they are
//! signed escaped.
//!
//! Source: `Kucoin/kucoin-api-docs`, "Signing a message", and `Kucoin/kucoin-universal-sdk`.

use std::sync::Arc;

use strongroom_secret::SecretText;

use super::credential::{API_KEY, FieldRule, PASSPHRASE, SECRET, printable};
use super::encode::{NonAscii, Spelling, Style};
use super::key::{Form, MacSha256};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
use super::time::push_number;
use super::{Adapter, production};

const KEY_VERSION: FieldRule = FieldRule::required(&["keyVersion", "apiKeyVersion", "version"]);

pub(super) static KUCOIN: Adapter = Adapter {
    exchange: "kucoin",
    places: &[
        production("api.kucoin.com"),
        production("api-futures.kucoin.com"),
    ],
    fields: &[API_KEY, SECRET, PASSPHRASE, KEY_VERSION],
    nonce: NonceKind::Unused,
    binding: Binding::Whole,
    ready: |credential, _| {
        // EXPOSE: the version is no secret; the field may hold only one of three digits.
        let version = match credential.required(KEY_VERSION)?.expose() {
            "1" => "1",
            "2" => "2",
            "3" => "3",
            _ => {
                return Err(CredentialError::Malformed {
                    field: KEY_VERSION.name(),
                    expected: "1, 2 or 3",
                });
            }
        };
        let key = MacSha256::from_text(credential.required(SECRET)?);
        let given = printable(credential.required(PASSPHRASE)?, PASSPHRASE)?;
        let mut passphrase = String::with_capacity(given.len().max(44));
        if version == "1" {
            passphrase.push_str(given);
        } else {
            key.sign(given.as_bytes(), Form::Base64, &mut passphrase);
        }
        Ok(Box::new(KuCoin {
            api_key: credential.for_header(API_KEY)?,
            key,
            passphrase: SecretText::new(passphrase),
            version,
        }))
    },
    rules: rules!("kucoin"),
};

const STYLE: Style = Style {
    spelling: Spelling::PlainOnly,
    non_ascii: NonAscii::Refused,
};

struct KuCoin {
    api_key: Arc<str>,
    key: MacSha256,
    passphrase: SecretText,
    version: &'static str,
}

impl Scheme for KuCoin {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;
        let target = scheme::target(request, STYLE, 0)?;

        let mut time = String::with_capacity(13);
        push_number(&mut time, moment.now_ms);
        let body = request.body.as_deref().unwrap_or_default();
        let message = [time.as_str(), request.method.as_str(), &target, body].concat();

        let mut headers = Vec::with_capacity(6);
        headers.push(Header::id("KC-API-KEY", &self.api_key));
        headers.push(Header::own("KC-API-TIMESTAMP", time));
        // EXPOSE: KuCoin wants it with every request.
        headers.push(Header::own("KC-API-PASSPHRASE", self.passphrase.expose()));
        headers.push(Header::fixed("KC-API-KEY-VERSION", self.version));
        if request.body.is_some() {
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
        draft.headers.push(Header::own("KC-API-SIGN", signature));
        Ok(())
    }
}
