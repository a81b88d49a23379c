//! Between the types of `vault` and `domain` and their twins in `wire`, both ways, and from every
//! error to the fault a client sees.
//!
//! Not here: any decision. What cannot be parsed is refused with the sentence of the type that
//! refused it.

mod checks;
mod enums;
mod fault;
mod keys;
mod local_time;
mod share;
pub(crate) mod unanswered;

use strongroom_vault::Presence;
use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault};

pub(crate) use checks::{Loopback, diagnosis_step, loopback, seen_key, worker_request};
pub(crate) use enums::Twin;
pub(crate) use fault::Told;
pub(crate) use keys::*;
pub(crate) use local_time::LocalTime;
pub(crate) use share::*;

/// The code of a request as the vault takes it.
pub(crate) fn presence(code: &wire::Code) -> Presence<'_> {
    let text = code.value.secret();
    match code.kind {
        wire::CodeKind::Totp => Presence::Totp(text),
        wire::CodeKind::Recovery => Presence::Recovery(text),
    }
}

/// A refused value, with the sentence of whatever refused it and where it stood.
pub(crate) fn refused(what: &str, why: impl std::fmt::Display) -> Fault {
    Fault::new(ErrorCode::Invalid, format!("{what}: {why}"))
}

pub(crate) fn kit_view(kit: strongroom_vault::KitView) -> wire::KitView {
    wire::KitView {
        path: kit.path.to_string_lossy().into_owned(),
        fingerprint: kit.fingerprint,
        recovery_codes: u32::try_from(kit.recovery_codes).unwrap_or(u32::MAX),
    }
}

/// Who calls, for the audit log. What calls itself anything else is told as the agent's own.
pub(crate) fn client(peer: &crate::server::Peer) -> strongroom_vault::Client {
    match peer.client.as_str() {
        "cli" => strongroom_vault::Client::CommandLine,
        "desktop" => strongroom_vault::Client::Desktop,
        _ => strongroom_vault::Client::Agent,
    }
}

/// Milliseconds as `wire` carries them.
pub(crate) fn ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
