//! Status, unlock, lock, step-up, the rollback alarm and the self-test.

use strongroom_vault::{DeviceSecretAbsent, LockedVault, Need, OpenVault, Trust};
use strongroom_wire::{
    AcknowledgeAlarm, DeviceSecretState, Done, ErrorCode, Fault, Grace, Nothing, SelfTest,
    StatusView, StepUpGrace, Unlock, UnlockNewDevice, Unlocked, VaultState,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, count, ms, presence};
use crate::grace::present;
use crate::handlers::create::hex;
use crate::handlers::reminders::{count_reminders, describe_reminders};
use crate::router::Call;
use crate::self_test;
use crate::session::{Opened, Session};

pub(crate) fn status(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<StatusView, Fault> {
    let session = agent.session(&call.vault);
    let mut view = StatusView {
        state: VaultState::Absent,
        vault: session.folder().to_string_lossy().into_owned(),
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        agent_pid: std::process::id(),
        place: None,
        device_secret: DeviceSecretState::Missing,
        keys: None,
        due: None,
        overdue: None,
        next_reminder_ms: None,
        auto_lock_at_ms: None,
        grace_until_ms: None,
        throttled_ms: None,
        verified: None,
        alarm: None,
        last_backup_ms: None,
        kit_tested_ms: None,
    };
    if let Some(mut guard) = session.peek() {
        describe_open(agent, &call, &session, &mut guard, &mut view);
        return Ok(view);
    }
    match session.locked(agent) {
        Ok(locked) => describe_locked(agent, &session, &locked, &mut view)?,
        Err(fault) if fault.code == ErrorCode::NoVault => {}
        Err(fault) => return Err(fault),
    }
    Ok(view)
}

fn describe_open(
    agent: &Agent,
    call: &Call<'_>,
    session: &Session,
    opened: &mut Opened,
    view: &mut StatusView,
) {
    let auto_lock_at = opened.auto_lock_at_mono_ms();
    let vault = &mut opened.vault;
    view.state = match vault.trust() {
        Trust::ListOnly if vault.seems_rolled_back() => VaultState::ReadOnly,
        Trust::ListOnly | Trust::Verified => VaultState::Unlocked,
        Trust::RolledBack | Trust::Broken | Trust::ReadOnly => VaultState::ReadOnly,
    };
    view.verified = match vault.trust() {
        Trust::ListOnly => None,
        Trust::Verified | Trust::RolledBack | Trust::ReadOnly => Some(true),
        Trust::Broken => Some(false),
    };
    view.alarm = alarm(vault);
    view.place = Some(vault.place().choice().to_wire());
    view.device_secret = DeviceSecretState::Present;
    view.keys = vault.keys().ok().map(|keys| count(keys.len()));
    view.kit_tested_ms = vault.kit_tested_ms().map(ms);
    view.last_backup_ms = last_backup(vault).map(ms);
    let now = agent.ports.clock.utc_ms();
    let mono = agent.ports.clock.mono_ms();
    view.auto_lock_at_ms = Some(ms(now.saturating_add(auto_lock_at.saturating_sub(mono))));
    let grace_ms = u64::from(vault.grace_s()) * 1000;
    view.grace_until_ms = opened.graces.get(&call.peer.connection).and_then(|held| {
        let left = grace_ms.checked_sub(held.age_ms(&*agent.ports.clock))?;
        Some(ms(now + left))
    });
    let glance = session.glance(now).or_else(|| {
        let glance = count_reminders(agent, vault.reminders().ok()?);
        session.keep_glance(glance);
        Some(glance)
    });
    if let Some(glance) = glance {
        describe_reminders(glance, view);
    }
}

fn last_backup(vault: &OpenVault) -> Option<u64> {
    let health = vault.backup_health().ok()?;
    let second = health.second.map_or(0, |outcome| outcome.last_made_ms);
    Some(health.first.last_made_ms.max(second)).filter(|made| *made > 0)
}

fn describe_locked(
    agent: &Agent,
    session: &Session,
    locked: &LockedVault,
    view: &mut StatusView,
) -> Result<(), Fault> {
    let seen = locked.look().map_err(Told::told)?;
    let readable = seen.device_secret.is_none();
    view.state = VaultState::Locked;
    view.place = Some(seen.place.choice().to_wire());
    view.device_secret = match seen.device_secret {
        None => DeviceSecretState::Present,
        Some(DeviceSecretAbsent::Missing | DeviceSecretAbsent::Damaged) => {
            DeviceSecretState::Missing
        }
        Some(DeviceSecretAbsent::KeyringLocked) => DeviceSecretState::KeyringLocked,
        Some(DeviceSecretAbsent::NoKeyring) => DeviceSecretState::NoKeyring,
        Some(DeviceSecretAbsent::Ambiguous) => DeviceSecretState::Ambiguous,
    };
    view.throttled_ms = (seen.throttled_ms > 0).then_some(seen.throttled_ms);
    if !readable {
        return Ok(());
    }
    let glance = session.glance(agent.ports.clock.utc_ms()).or_else(|| {
        let glance = count_reminders(agent, &locked.reminders().ok()?);
        crate::memory::give_back();
        session.keep_glance(glance);
        Some(glance)
    });
    if let Some(glance) = glance {
        describe_reminders(glance, view);
    }
    Ok(())
}

fn alarm(vault: &OpenVault) -> Option<String> {
    // The first list leaves before every row has been read again; its alarm goes with it.
    let is_older = match vault.trust() {
        Trust::RolledBack => true,
        Trust::ListOnly => vault.seems_rolled_back(),
        Trust::Broken | Trust::Verified | Trust::ReadOnly => false,
    };
    if is_older {
        return Some(
            "This vault is older than the last state this device has seen: somebody may have put \
             back an older copy. It is read-only until you acknowledge that."
                .to_owned(),
        );
    }
    (vault.trust() == Trust::Broken).then(|| {
        "This vault does not verify, so nothing of it is shown. Lock it, then restore a backup."
            .to_owned()
    })
}

pub(crate) fn unlock(agent: &Agent, call: Call<'_>, request: Unlock) -> Result<Unlocked, Fault> {
    open_with(agent, &call, |locked| {
        let password = request.password.into_secret();
        locked
            .unlock(&password, presence(&request.code))
            .map_err(Told::told)
    })
}

pub(crate) fn unlock_new_device(
    agent: &Agent,
    call: Call<'_>,
    request: UnlockNewDevice,
) -> Result<Unlocked, Fault> {
    open_with(agent, &call, |locked| {
        let password = request.password.into_secret();
        let recovery_secret = request.recovery_secret.into_secret();
        locked
            .unlock_new_device(
                &password,
                &recovery_secret,
                presence(&request.code),
                Twin::from_wire(request.place),
                &request.device_name,
            )
            .map_err(Told::told)
    })
}

/// Unlocks while nobody else makes or opens the same vault. A vault that is open stays open only
/// if the credentials are right: they are asked for in any case.
fn open_with(
    agent: &Agent,
    call: &Call<'_>,
    unlock: impl FnOnce(&LockedVault) -> Result<OpenVault, Fault>,
) -> Result<Unlocked, Fault> {
    let session = agent.session(&call.vault);
    let pending = session.pending();
    if session.peek().is_some() {
        return Err(Fault::new(
            ErrorCode::Refused,
            "the vault is unlocked already",
        ));
    }
    let locked = session.locked(agent)?;
    let locks_before = session.locks();
    let outcome = unlock(&locked);
    crate::memory::give_back();
    let vault = outcome?;
    if session.locks() != locks_before {
        // The screen was locked or the machine went to sleep while Argon2 ran: nobody is there.
        return Err(Fault::new(
            ErrorCode::Locked,
            "the vault was locked while it was being opened; unlock it again",
        ));
    }
    let vault_id = hex(vault.vault_id());
    session.opened(agent, vault);
    drop(pending);
    let mut guard = session.open(agent)?;
    Ok(unlocked(&mut guard.vault, vault_id))
}

fn unlocked(vault: &mut OpenVault, vault_id: String) -> Unlocked {
    let mut notes = Vec::new();
    if vault.trust() == Trust::ReadOnly {
        notes.push("The vault's folder cannot be written: everything is read-only.".to_owned());
    }
    if vault.anchor_missing() {
        notes.push(
            "What this device had seen of the vault last is gone from its keyring, so an older \
             copy would not have been noticed."
                .to_owned(),
        );
    }
    if !vault.has_kit() {
        notes.push(
            "There is no recovery kit: without one, a lost keyring means a lost vault.".to_owned(),
        );
    } else if vault.kit_tested_ms().is_none() {
        notes.push("The recovery kit was never tested; `recovery test` does it.".to_owned());
    }
    if vault.backup_health().is_ok_and(|health| health.stale) {
        notes.push("No backup is younger than a week; `backup` makes one.".to_owned());
    }
    Unlocked {
        vault_id,
        keys: vault.keys().map_or(0, |keys| count(keys.len())),
        failed_tries: vault.failed_tries(),
        recovery_codes_left: count(vault.recovery_codes_left()),
        rollback_alarm: alarm(vault),
        notes,
    }
}

pub(crate) fn lock(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    session.lock(agent);
    Ok(Done {})
}

pub(crate) fn step_up(agent: &Agent, call: Call<'_>, request: StepUpGrace) -> Result<Grace, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open(agent)?;
    let given = request.step_up;
    let password = given
        .password
        .map(strongroom_wire::SecretField::into_secret);
    let step_up = guard
        .vault
        .step_up(presence(&given.code), password.as_ref())
        .map_err(Told::told)?;
    let lasts_ms = u64::from(guard.vault.grace_s()) * 1000;
    let until_ms = ms(agent.ports.clock.utc_ms().saturating_add(lasts_ms));
    guard
        .graces
        .insert(call.peer.connection, step_up.without_password());
    Ok(Grace { until_ms })
}

pub(crate) fn step_up_end(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    if let Some(mut guard) = session.peek() {
        guard.graces.remove(&call.peer.connection);
    }
    Ok(Done {})
}

pub(crate) fn acknowledge_alarm(
    agent: &Agent,
    call: Call<'_>,
    request: AcknowledgeAlarm,
) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        Some(request.step_up),
        Need::Code,
    )?;
    opened
        .vault
        .acknowledge_rollback(&step_up)
        .map(|()| Done {})
        .map_err(Told::told)
}

pub(crate) fn self_test(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<SelfTest, Fault> {
    let session = agent.session(&call.vault);
    let memory_locked = session.peek().map(|guard| guard.vault.memory_is_locked());
    Ok(self_test::run(agent, memory_locked))
}

/// What this machine calls itself; a hint for the list of devices.
pub(crate) fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "this machine".to_owned())
}
