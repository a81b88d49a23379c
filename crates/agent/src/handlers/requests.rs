//! Requests to exchanges, signed with keys of the vault. The credential stays here; nothing is
//! sent.

use strongroom_secret::SecretText;
use strongroom_vault::{Method, Need, Request, SignAsk, SignedRequest};
use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault, Sign};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client};
use crate::grace::present;
use crate::handlers::keys::find;
use crate::router::Call;

pub(crate) fn sign(
    agent: &Agent,
    call: Call<'_>,
    request: Sign,
) -> Result<wire::SignedRequest, Fault> {
    let method = Method::parse(&request.method).ok_or_else(|| {
        Fault::new(
            ErrorCode::Invalid,
            "the method is none of GET, POST, PUT, DELETE and PATCH",
        )
    })?;
    let ask = SignAsk {
        request: Request {
            method,
            path: request.path,
            query: request
                .query
                .into_iter()
                .map(|pair| (pair.name, pair.value))
                .collect(),
            body: request.body,
        },
        host: request.host,
        timestamp_ms: request.timestamp_ms,
        nonce: request.nonce,
        receive_window_ms: request.receive_window_ms,
    };
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let opened = &mut *guard;
    // Found out before a code is spent.
    opened
        .vault
        .may_sign(key, ask.host.as_deref())
        .map_err(Told::told)?;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        Need::Code,
    )?;
    let outcome = opened
        .vault
        .sign_request(key, &ask, &step_up, client(call.peer))
        .map_err(Told::told);
    drop(step_up);
    guard.reminders_changed(agent);
    outcome.map(signed_view)
}

/// As a face gets it.
pub(super) fn signed_view(request: SignedRequest) -> wire::SignedRequest {
    let signed = &request.signed;
    let url = ["https://", signed.host(), signed.target()].concat();
    wire::SignedRequest {
        exchange: request.exchange.as_str().to_owned(),
        environment: request.environment.to_wire(),
        method: signed.method().as_str().to_owned(),
        url: SecretText::new(url).into(),
        headers: signed
            .headers()
            .map(|header| wire::SignedHeader {
                name: header.name.to_owned(),
                // EXPOSE: into the reply; whoever asked for the request is to send it.
                value: SecretText::new(header.value.expose().to_owned()).into(),
            })
            .collect(),
        // EXPOSE: the same.
        body: signed
            .body()
            .map(|body| SecretText::new(body.expose().to_owned()).into()),
        class: signed.class().to_wire(),
        binding: signed.binding().to_wire(),
        carries: request.carries,
    }
}
