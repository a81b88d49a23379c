//! Bybit v5: time, key id and receive window are signed with the query of a GET or the body of a
//! POST.
//!
//! Neither method nor path is signed, by the exchange's design. A query on a POST is not part of what is signed, so it is refused. Values that would need an
//! escape are refused too: the documentation does not say whether they are signed escaped.
//!
//! Source: <https://bybit-exchange.github.io/docs/v5/guide>, "Authentication".

use super::credential::{API_KEY, SECRET};
use super::draft::Draft;
use super::encode::{NonAscii, Spelling, Style};
use super::key::{Ed25519Taken, Form, SecretOrKey};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::time::push_number;
use super::{Adapter, demo, production, testnet};

pub(super) static BYBIT: Adapter = Adapter {
    exchange: "bybit",
    places: &[
        production("api.bybit.com"),
        production("api.bytick.com"),
        production("api.bybit.eu"),
        production("api.bybit.nl"),
        production("api.bybit.tr"),
        production("api.bybit.kz"),
        production("api.bybit.ae"),
        production("api.bybitgeorgia.ge"),
        production("api.bybit.id"),
        production("api.manepa.jp"),
        testnet("api-testnet.bybit.com"),
        demo("api-demo.bybit.com"),
    ],
    fields: &[API_KEY, SECRET],
    nonce: NonceKind::Unused,
    binding: Binding::NotCall,
    ready: |credential, _| {
        Ok(Box::new(Bybit {
            api_key: credential.for_header(API_KEY)?,
            key: SecretOrKey::from_text(credential.required(SECRET)?, SECRET, Ed25519Taken::No)?,
        }))
    },
    rules: rules!("bybit"),
};

const RESERVED: &[&str] = &["timestamp", "api_key", "recv_window", "sign"];
const DEFAULT_WINDOW_MS: u32 = 5_000;
const MOST_WINDOW_MS: u32 = 60_000;
const STYLE: Style = Style {
    spelling: Spelling::PlainOnly,
    non_ascii: NonAscii::Refused,
};

struct Bybit {
    api_key: Box<str>,
    key: SecretOrKey,
}

impl Scheme for Bybit {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        match request.method {
            Method::Get => scheme::refuse_body(request)?,
            _ => scheme::refuse_query(request)?,
        }
        scheme::check_query_names(request, RESERVED)?;
        scheme::check_json(request, RESERVED, Taken::Object)?;
        let window = scheme::window(moment, MOST_WINDOW_MS)?.unwrap_or(DEFAULT_WINDOW_MS);
        let query = draft.push_target(&request.path, request.pairs(), STYLE)?;

        let from = draft.here();
        draft.header_with("X-BAPI-TIMESTAMP", |out| push_number(out, moment.now_ms));
        draft.header("X-BAPI-API-KEY", &self.api_key);
        draft.header_with("X-BAPI-RECV-WINDOW", |out| push_number(out, window.into()));
        match &request.body {
            Some(body) => draft.push_body(body),
            None => draft.push_again(query),
        };
        let message = draft.signed(draft.since(from));
        let signature = self.key.sign(message, moment.blinding)?;

        if request.method == Method::Post {
            draft.json_type();
        }
        draft.header_with("X-BAPI-SIGN", |out| signature.push(Form::Hex, out));
        Ok(())
    }

    fn room(&self, given: usize) -> usize {
        2 * given + 448 + self.key.room()
    }
}
