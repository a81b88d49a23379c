//! Who may do a critical act now: a code that came with it, or the grace of its connection.
//!
//! Not here: whether a code is right, which the vault says.

use std::collections::HashMap;
use std::ops::Deref;

use strongroom_vault::{Need, OpenVault, StepUp};
use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault};

use crate::agent::Agent;
use crate::convert::{Told, presence};

/// A step-up for one act: given with it, or still holding from before on this connection.
pub(crate) enum Presented<'a> {
    Fresh(StepUp),
    Grace(&'a StepUp),
}

impl Deref for Presented<'_> {
    type Target = StepUp;

    fn deref(&self) -> &StepUp {
        match self {
            Self::Fresh(step_up) => step_up,
            Self::Grace(step_up) => step_up,
        }
    }
}

/// Checks the code that came with a request, or finds the grace of its connection. A grace never
/// covers an act that asks for the password.
///
/// # Errors
/// `StepUpRequired` if there is neither; what the vault says of a wrong code.
pub(crate) fn present<'a>(
    agent: &Agent,
    vault: &mut OpenVault,
    graces: &'a HashMap<u64, StepUp>,
    connection: u64,
    given: Option<wire::StepUp>,
    need: Need,
) -> Result<Presented<'a>, Fault> {
    if let Some(given) = given {
        let password = given.password.map(wire::SecretField::into_secret);
        if need == Need::CodeAndPassword && password.is_none() {
            return Err(step_up_required(need));
        }
        let code = given.code;
        return vault
            .step_up(presence(&code), password.as_ref())
            .map(Presented::Fresh)
            .map_err(Told::told);
    }
    let grace_ms = u64::from(vault.grace_s()) * 1000;
    graces
        .get(&connection)
        .filter(|held| need == Need::Code && held.age_ms(&*agent.ports.clock) < grace_ms)
        .map(Presented::Grace)
        .ok_or_else(|| step_up_required(need))
}

fn step_up_required(need: Need) -> Fault {
    Fault::new(
        ErrorCode::StepUpRequired,
        match need {
            Need::Code => "this needs a fresh code of your authenticator",
            Need::CodeAndPassword => {
                "this needs a fresh code of your authenticator and the password"
            }
        },
    )
}
