//! Coinbase (CDP keys): a token of two minutes' life that names one method, host and path, signed
//! with ES256 or Ed25519.
//!
//! What the token does not cover, by the exchange's design: the query and the body. They are
//! checked here like everywhere else, but whoever can change them on the way can change the request.
//!
//! Source: <https://docs.cdp.coinbase.com/coinbase-app/authentication-authorization/api-key-authentication>
//! and `coinbase/coinbase-advanced-py`, `coinbase/jwt_generator.py`.

use data_encoding::BASE64URL_NOPAD;

use super::credential::{FieldRule, printable};
use super::draft::Draft;
use super::encode::PERCENT;
use super::key::PrivateKey;
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::text_buf::TextBuf;
use super::time::push_number;
use super::{Adapter, Place, production};

const KEY_NAME: FieldRule = FieldRule::required(&["apiKey", "keyName", "keyId", "name"]);
const PRIVATE_KEY: FieldRule = FieldRule::required(&["privateKey", "secret", "apiSecret"]);

pub(super) static COINBASE: Adapter = Adapter {
    exchange: "coinbase",
    places: &[production("api.coinbase.com")],
    fields: &[KEY_NAME, PRIVATE_KEY],
    nonce: NonceKind::Random,
    binding: Binding::NotParameters,
    ready: |credential, place| {
        let name = printable(credential.required(KEY_NAME)?, KEY_NAME)?;
        // It stands in JSON and is not escaped there.
        if name.contains(['"', '\\']) {
            return Err(CredentialError::Malformed {
                field: KEY_NAME.name(),
                expected: "a key name or a UUID",
            });
        }
        let secret = credential.required(PRIVATE_KEY)?;
        let key = if PrivateKey::is_pem(secret) {
            PrivateKey::from_pem(secret, PRIVATE_KEY)?
        } else {
            PrivateKey::from_base64_ed25519(secret, PRIVATE_KEY)?
        };
        if matches!(key, PrivateKey::Rsa(_)) {
            return Err(CredentialError::Malformed {
                field: PRIVATE_KEY.name(),
                expected: "an EC P-256 or Ed25519 private key",
            });
        }
        Ok(Box::new(Coinbase {
            name: name.into(),
            key,
            place,
        }))
    },
    rules: rules!("coinbase"),
};

const LIFE_SECONDS: u64 = 120;

struct Coinbase {
    name: Box<str>,
    key: PrivateKey,
    place: Place,
}

impl Scheme for Coinbase {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_window(moment)?;
        if matches!(request.method, Method::Get | Method::Delete) {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::Object)?;
        draft.push_target(&request.path, request.pairs(), PERCENT)?;

        let from = draft.here();
        draft.push("Bearer ");
        let token = draft.here();
        push_base64url(self.header(moment)?.as_bytes(), &mut draft.text);
        draft.push(".");
        push_base64url(self.claims(request, moment).as_bytes(), &mut draft.text);
        let message = draft.signed(draft.since(token));
        let signature = match &self.key {
            PrivateKey::Ed25519(key) => key.sign(message),
            PrivateKey::P256(key) => key.sign(message),
            PrivateKey::Rsa(_) => return Err(SignError::Key),
        };
        draft.push(".");
        push_base64url(&signature, &mut draft.text);
        draft.header_of("Authorization", draft.since(from));

        if let Some(body) = &request.body {
            draft.push_body(body);
            draft.json_type();
        }
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        2 * given + 1024
    }
}

impl Coinbase {
    fn header(&self, moment: &Moment<'_>) -> Result<String, SignError> {
        let algorithm = match self.key {
            PrivateKey::Ed25519(_) => "EdDSA",
            PrivateKey::P256(_) | PrivateKey::Rsa(_) => "ES256",
        };
        Ok([
            "{\"alg\":\"",
            algorithm,
            "\",\"kid\":\"",
            &self.name,
            "\",\"nonce\":\"",
            scheme::token(moment)?,
            "\",\"typ\":\"JWT\"}",
        ]
        .concat())
    }

    fn claims(&self, request: &Request, moment: &Moment<'_>) -> TextBuf {
        let seconds = moment.now_ms / 1000;
        let mut claims = TextBuf::with_room(320);
        claims.push_str("{\"sub\":\"");
        claims.push_str(&self.name);
        claims.push_str("\",\"iss\":\"cdp\",\"nbf\":");
        push_number(&mut claims, seconds);
        claims.push_str(",\"exp\":");
        push_number(&mut claims, seconds + LIFE_SECONDS);
        claims.push_str(",\"uri\":\"");
        claims.push_str(request.method.as_str());
        claims.push(' ');
        claims.push_str(self.place.host);
        claims.push_str(&request.path);
        claims.push_str("\"}");
        claims
    }
}

fn push_base64url(bytes: &[u8], out: &mut TextBuf) {
    let length = BASE64URL_NOPAD.encode_len(bytes.len());
    out.write_ascii(length, |text| {
        BASE64URL_NOPAD.encode_mut(bytes, text);
        length
    });
}
