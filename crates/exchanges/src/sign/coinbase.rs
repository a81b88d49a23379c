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
use super::encode::PERCENT;
use super::key::PrivateKey;
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
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
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_window(moment)?;
        if matches!(request.method, Method::Get | Method::Delete) {
            scheme::refuse_body(request)?;
        }
        scheme::check_query_names(request, &[])?;
        scheme::check_json(request, &[], Taken::Object)?;
        let target = scheme::target(request, PERCENT, 0)?;
        let algorithm = match self.key {
            PrivateKey::Ed25519(_) => "EdDSA",
            PrivateKey::P256(_) | PrivateKey::Rsa(_) => "ES256",
        };

        let mut header = String::with_capacity(200);
        header.push_str("{\"alg\":\"");
        header.push_str(algorithm);
        header.push_str("\",\"kid\":\"");
        header.push_str(&self.name);
        header.push_str("\",\"nonce\":\"");
        header.push_str(scheme::token(moment)?);
        header.push_str("\",\"typ\":\"JWT\"}");

        let seconds = moment.now_ms / 1000;
        let mut claims = String::with_capacity(320);
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

        let mut token = String::with_capacity(800);
        BASE64URL_NOPAD.encode_append(header.as_bytes(), &mut token);
        token.push('.');
        BASE64URL_NOPAD.encode_append(claims.as_bytes(), &mut token);
        let mut headers = Vec::with_capacity(2);
        if request.body.is_some() {
            headers.push(json_type());
        }
        Ok(Draft {
            message: Message::Apart(token.into_bytes()),
            target,
            headers,
            body: request.body.clone(),
            call: Call::Path,
        })
    }

    fn sign(&self, draft: &mut Draft, _: &Moment<'_>) -> Result<(), SignError> {
        let message = draft.message();
        let signature = match &self.key {
            PrivateKey::Ed25519(key) => key.sign(message),
            PrivateKey::P256(key) => key.sign(message),
            PrivateKey::Rsa(_) => return Err(SignError::Key),
        };
        let mut bearer = String::with_capacity(message.len() + 100);
        bearer.push_str("Bearer ");
        bearer.push_str(std::str::from_utf8(message).unwrap_or_default());
        bearer.push('.');
        BASE64URL_NOPAD.encode_append(&signature, &mut bearer);
        draft.headers.push(Header::own("Authorization", bearer));
        Ok(())
    }
}
