//! Bybit v5: time, key id and receive window are signed with the query of a GET or the body of a
//! POST.
//!
//! Neither method nor path is signed, by the exchange's design. A query on a POST is not part of what is signed, so it is refused. Values that would need an
//! escape are refused too: the documentation does not say whether they are signed escaped.
//!
//! Source: <https://bybit-exchange.github.io/docs/v5/guide>, "Authentication".

use std::sync::Arc;

use super::credential::{API_KEY, SECRET};
use super::encode::{NonAscii, Spelling, Style};
use super::key::{Ed25519Taken, Form, SecretOrKey};
use super::refusal::SignError;
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::{Binding, Call, Draft, Header, Message, json_type};
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
    api_key: Arc<str>,
    key: SecretOrKey,
}

impl Scheme for Bybit {
    fn draft(&self, request: &Request, moment: &Moment<'_>) -> Result<Draft, SignError> {
        scheme::refuse_nonce(moment)?;
        scheme::only(request, &[Method::Get, Method::Post])?;
        match request.method {
            Method::Get => scheme::refuse_body(request)?,
            _ => scheme::refuse_query(request)?,
        }
        scheme::check_query_names(request, RESERVED)?;
        scheme::check_json(request, RESERVED, Taken::Object)?;
        let target = scheme::target(request, STYLE, 0)?;

        let mut time = String::with_capacity(13);
        push_number(&mut time, moment.now_ms);
        let mut window = String::with_capacity(5);
        push_number(
            &mut window,
            scheme::window(moment, MOST_WINDOW_MS)?
                .unwrap_or(DEFAULT_WINDOW_MS)
                .into(),
        );
        let parameters = match &request.body {
            Some(body) => body.as_str(),
            None => target.split_once('?').map_or("", |(_, query)| query),
        };
        let message = [&time, &*self.api_key, &window, parameters].concat();

        let mut headers = Vec::with_capacity(6);
        headers.push(Header::id("X-BAPI-API-KEY", &self.api_key));
        headers.push(Header::own("X-BAPI-TIMESTAMP", time));
        headers.push(Header::own("X-BAPI-RECV-WINDOW", window));
        if request.method == Method::Post {
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

    fn sign(&self, draft: &mut Draft, moment: &Moment<'_>) -> Result<(), SignError> {
        let mut signature = String::with_capacity(64);
        self.key
            .sign(draft.message(), Form::Hex, moment.blinding, &mut signature)?;
        draft.headers.push(Header::own("X-BAPI-SIGN", signature));
        Ok(())
    }
}
