//! KuCoin: time, method, path with query, and body are signed. From key version 2 on, the
//! passphrase in the header is an HMAC of itself under the secret.
//!
//! Values that would need an escape are refused: the documentation does not say whether they are
//! signed escaped.
//!
//! Source: `Kucoin/kucoin-api-docs`, "Signing a message", and `Kucoin/kucoin-universal-sdk`.

use data_encoding::BASE64;
use strongroom_secret::SecretText;

use super::credential::{API_KEY, FieldRule, PASSPHRASE, SECRET, printable};
use super::draft::Draft;
use super::encode::{NonAscii, Spelling, Style};
use super::key::{Form, MacSha256};
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
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
        let passphrase = if version == "1" {
            given.to_owned()
        } else {
            BASE64.encode(&key.tag(given.as_bytes()))
        };
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
    api_key: Box<str>,
    key: MacSha256,
    passphrase: SecretText,
    version: &'static str,
}

impl Scheme for KuCoin {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::refuse_window(moment)?;
        if request.method == Method::Get {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::ObjectOrList)?;

        let from = draft.here();
        let time = draft.push_with(|out| push_number(out, moment.now_ms));
        draft.push(request.method.as_str());
        draft.push_target(&request.path, request.pairs(), STYLE)?;
        if let Some(body) = &request.body {
            draft.push_body(body);
        }
        let tag = self.key.tag(draft.signed(draft.since(from)));

        draft.header("KC-API-KEY", &self.api_key);
        draft.header_of("KC-API-TIMESTAMP", time);
        // EXPOSE: KuCoin wants it with every request.
        draft.header("KC-API-PASSPHRASE", self.passphrase.expose());
        draft.header("KC-API-KEY-VERSION", self.version);
        if request.body.is_some() {
            draft.json_type();
        }
        draft.header_with("KC-API-SIGN", |out| Form::Base64.write(&tag, out));
        Ok(())
    }
}
