//! Checks of keys: what goes to the worker, and what came from it, read as strictly as if a
//! stranger had written it.

use strongroom_domain::{Allowlist, IpRule, Line, Observation, Tri, UtcMs};
use strongroom_secret::SecretText;
use strongroom_vault::{SeenKey, SignedRequest};
use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault};

use super::enums::Twin;
use super::keys::permission_set;

/// An exchange that a test plays on the loopback.
#[derive(Debug, Clone)]
pub(crate) struct Loopback {
    url: String,
    authority: Option<String>,
}

/// Refuses every address that is not of the loopback, before a code is spent; the worker refuses
/// it once more.
pub(crate) fn loopback(given: wire::LoopbackExchange) -> Result<Loopback, Fault> {
    let address = given.url.strip_prefix("https://");
    let address = address.and_then(|address| address.parse::<std::net::SocketAddr>().ok());
    if address.is_none_or(|address| !address.ip().is_loopback()) {
        return Err(Fault::new(
            ErrorCode::Invalid,
            "a base address is https://, an address of the loopback and a port, such as \
             https://127.0.0.1:8443; nothing else can stand in for an exchange",
        ));
    }
    Ok(Loopback {
        url: given.url,
        authority: given.authority,
    })
}

impl From<Loopback> for wire::LoopbackExchange {
    fn from(loopback: Loopback) -> Self {
        Self {
            url: loopback.url,
            authority: loopback.authority,
        }
    }
}

pub(crate) fn diagnosis_step(step: strongroom_vault::Step) -> wire::DiagnosisStep {
    wire::DiagnosisStep {
        cause: step.cause.name().to_owned(),
        outcome: step.outcome.to_wire(),
        words: step.words,
    }
}

pub(crate) fn worker_request(request: &SignedRequest) -> wire::WorkerRequest {
    let signed = &request.signed;
    wire::WorkerRequest {
        method: signed.method().as_str().to_owned(),
        host: signed.host().to_owned(),
        target: SecretText::new(signed.target().to_owned()).into(),
        headers: signed
            .headers()
            .map(|header| wire::SignedHeader {
                name: header.name.to_owned(),
                // EXPOSE: to the process that sends it; this is what it was signed for.
                value: SecretText::new(header.value.expose().to_owned()).into(),
            })
            .collect(),
        // EXPOSE: the same.
        body: signed
            .body()
            .map(|body| SecretText::new(body.expose().to_owned()).into()),
    }
}

/// What the worker read, as the vault keeps it.
///
/// # Errors
/// Anything that is not of its form: then nothing of it is believed.
pub(crate) fn seen_key(seen: &wire::Seen, at: UtcMs) -> Result<SeenKey, Fault> {
    let odd = || {
        Fault::new(
            ErrorCode::Internal,
            "what was read of the answer is not of its form, so nothing of it is kept",
        )
    };
    let line = |text: &Option<String>| -> Result<Option<Line>, Fault> {
        let line = text.as_deref().map(Line::parse).transpose();
        line.map_err(|_| odd())
    };
    let moment = |ms: Option<i64>| -> Result<Option<UtcMs>, Fault> {
        ms.map(UtcMs::parse).transpose().map_err(|_| odd())
    };
    let (restricted, allowlist) = match &seen.allowlist {
        wire::SeenAllowlist::Listed { addresses, unread } => {
            let rules = addresses
                .iter()
                .map(|address| IpRule::parse(address))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| odd())?;
            let list = if *unread == 0 {
                Allowlist::listed(rules).unwrap_or(Allowlist::Unknown)
            } else {
                Allowlist::Unknown
            };
            (Tri::Yes, list)
        }
        wire::SeenAllowlist::Restricted {} => (Tri::Yes, Allowlist::Unknown),
        wire::SeenAllowlist::Unrestricted {} => (Tri::No, Allowlist::Unrestricted),
        wire::SeenAllowlist::Unknown {} => (Tri::Unknown, Allowlist::Unknown),
    };
    let expires = match seen.expiry {
        wire::SeenExpiry::At { at_ms } => moment(Some(at_ms))?,
        wire::SeenExpiry::Never {} | wire::SeenExpiry::NotReported {} => None,
    };
    Ok(SeenKey {
        permissions: permission_set(seen.permissions, &seen.native).map_err(|_| odd())?,
        observation: Observation {
            at,
            restricted,
            allowlist,
            expires,
            created: moment(seen.created_ms)?,
            last_used: moment(seen.last_used_ms)?,
            label: line(&seen.label)?,
            stopped: line(&seen.stopped)?,
        },
    })
}
