//! Taking up a backup, from an open vault or in place of one that no longer opens.

use std::path::Path;

use strongroom_vault::{HeaderChoice, LockedVault, Need, RestoreError, put_in_place};
use strongroom_wire::{ErrorCode, Fault, RestoreBackup, Restored, StepUp};

use crate::agent::Agent;
use crate::convert::{Told, count, presence};
use crate::grace::present;
use crate::handlers::create::absolute;
use crate::router::Call;
use crate::session::Session;

pub(crate) fn restore_backup(
    agent: &Agent,
    call: Call<'_>,
    request: RestoreBackup,
) -> Result<Restored, Fault> {
    let path = absolute("the backup", Some(request.path))?.unwrap_or_default();
    let session = agent.session(&call.vault);
    let pending = session.pending();
    if session.peek().is_some() {
        let restored = into_open(
            agent,
            &call,
            &session,
            &path,
            StepUp {
                code: request.code,
                password: Some(request.password),
            },
        );
        drop(pending);
        return restored;
    }
    let password = request.password.into_secret();
    let restored = match session.locked(agent) {
        Ok(locked) => match locked.unlock_to_restore(&password, presence(&request.code)) {
            Ok((mut vault, step_up)) => {
                vault.verify_fully().map_err(Told::told)?;
                let restored = vault.restore(&step_up, &path).map_err(Told::told)?;
                let keys = vault.keys().map_err(Told::told)?.len();
                session.opened(agent, vault);
                Ok(Restored {
                    keys: count(keys),
                    epoch: restored.epoch,
                    kept_aside: restored.kept_aside.as_deref().map(words),
                })
            }
            Err(error) => in_place_of_damage(&session, &locked, &path, error.told()),
        },
        // A header that does not read, or none: a new machine, or a folder that was lost.
        Err(fault) if matches!(fault.code, ErrorCode::Corrupt | ErrorCode::NoVault) => {
            let home = session.home().or_else(|_| session.new_home());
            let home = home.map_err(Told::told)?;
            let now_ms = agent.ports.clock.utc_ms();
            let aside = put_in_place(home.folder(), &path, HeaderChoice::OfBackup, now_ms);
            aside.map(|aside| put_back(&aside)).map_err(Told::told)
        }
        Err(fault) => Err(fault),
    };
    drop(pending);
    restored
}

/// Where the password or the code was wrong nothing is replaced; where the vault is damaged the
/// backup takes its place, under the present header if that can be.
fn in_place_of_damage(
    session: &Session,
    locked: &LockedVault,
    path: &Path,
    fault: Fault,
) -> Result<Restored, Fault> {
    if fault.code != ErrorCode::Corrupt || session.peek().is_some() {
        return Err(fault);
    }
    locked
        .put_backup_in_place(path, HeaderChoice::Present)
        .or_else(|error| match error {
            RestoreError::OlderKey | RestoreError::OlderInstance | RestoreError::HeaderInDoubt => {
                locked.put_backup_in_place(path, HeaderChoice::OfBackup)
            }
            other => Err(other),
        })
        .map(|aside| put_back(&aside))
        .map_err(Told::told)
}

/// What it holds is known once it is unlocked, which raises the alarm that a step-up ends.
fn put_back(aside: &Path) -> Restored {
    Restored {
        keys: 0,
        epoch: 0,
        kept_aside: Some(words(aside)),
    }
}

fn words(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The contents of the backup go into a database of their own, under the present header.
fn into_open(
    agent: &Agent,
    call: &Call<'_>,
    session: &Session,
    path: &Path,
    given: StepUp,
) -> Result<Restored, Fault> {
    let mut guard = session.open_verified(agent)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        Some(given),
        Need::Code,
    )?;
    let restored = opened.vault.restore(&step_up, path).map_err(Told::told)?;
    drop(step_up);
    // What was held of the vault before is of another past.
    opened.plans = crate::plans::Plans::default();
    opened.shares = crate::plans::Plans::default();
    let keys = opened.vault.keys().map_err(Told::told)?.len();
    guard.settings_changed(agent);
    Ok(Restored {
        keys: count(keys),
        epoch: restored.epoch,
        kept_aside: restored.kept_aside.as_deref().map(words),
    })
}
