//! Password, authenticator, recovery kit, vault key and devices: what opens the vault.

use std::path::PathBuf;

use strongroom_domain::DeviceId;
use strongroom_vault::{DeviceKind, Need};
use strongroom_wire::{
    DeviceList, DeviceRemove, DeviceView, Done, ErrorCode, Fault, KitView, Nothing, PasswordChange,
    PasswordChanged, RecoveryKit, RecoveryTest, RecoveryTested, RotateVaultKey, TotpResetBegin,
    TotpResetBegun, TotpResetConfirm, VaultKeyRotated,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, count, kit_view};
use crate::grace::present;
use crate::handlers::create::{absolute, account_name};
use crate::router::Call;

pub(crate) fn recovery_kit(
    agent: &Agent,
    call: Call<'_>,
    request: RecoveryKit,
) -> Result<KitView, Fault> {
    let path = required_path("the recovery kit", request.path)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        Some(request.step_up),
        Need::CodeAndPassword,
    )?;
    opened
        .vault
        .make_kit(&step_up, &path)
        .map(kit_view)
        .map_err(Told::told)
}

pub(crate) fn recovery_test(
    agent: &Agent,
    call: Call<'_>,
    request: RecoveryTest,
) -> Result<RecoveryTested, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let secret = request.recovery_secret.into_secret();
    let tested = guard.vault.test_kit(&secret).map_err(Told::told)?;
    Ok(RecoveryTested {
        works: tested.works,
        fingerprint: tested.fingerprint,
    })
}

pub(crate) fn password_change(
    agent: &Agent,
    call: Call<'_>,
    request: PasswordChange,
) -> Result<PasswordChanged, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        Some(request.step_up),
        Need::CodeAndPassword,
    )?;
    let new_password = request.new_password.into_secret();
    opened
        .vault
        .change_password(&step_up, &new_password)
        .map(|dropped| PasswordChanged {
            devices_dropped: count(dropped),
        })
        .map_err(Told::told)
}

pub(crate) fn totp_reset_begin(
    agent: &Agent,
    call: Call<'_>,
    request: TotpResetBegin,
) -> Result<TotpResetBegun, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        Some(request.step_up),
        Need::CodeAndPassword,
    )?;
    let reset = opened
        .vault
        .begin_totp_reset(&step_up)
        .map_err(Told::told)?;
    let account = account_name(None, session.folder());
    let begun = TotpResetBegun {
        otpauth: reset.uri(&account).into(),
        seed: reset.seed().into(),
    };
    opened.totp_resets.insert(call.peer.connection, reset);
    Ok(begun)
}

pub(crate) fn totp_reset_confirm(
    agent: &Agent,
    call: Call<'_>,
    request: TotpResetConfirm,
) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let opened = &mut *guard;
    let Some(reset) = opened.totp_resets.remove(&call.peer.connection) else {
        return Err(Fault::new(
            ErrorCode::Refused,
            "no new authenticator was begun on this connection; begin again",
        ));
    };
    let code = request.code.into_secret();
    match opened.vault.confirm_totp_reset(reset, &code) {
        Ok(()) => Ok(Done {}),
        Err((reset, error)) => {
            // After a wrong code the same authenticator may be tried again.
            if let Some(reset) = reset {
                opened.totp_resets.insert(call.peer.connection, reset);
            }
            Err(error.told())
        }
    }
}

pub(crate) fn rotate_vault_key(
    agent: &Agent,
    call: Call<'_>,
    request: RotateVaultKey,
) -> Result<VaultKeyRotated, Fault> {
    let path = required_path("the recovery kit", request.kit_path)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        Some(request.step_up),
        Need::CodeAndPassword,
    )?;
    let rotated = opened
        .vault
        .rotate_vault_key(&step_up, &path)
        .map_err(Told::told)?;
    agent.alarm.tell();
    Ok(VaultKeyRotated {
        key_generation: rotated.key_gen,
        devices_dropped: count(rotated.devices_dropped),
        backed_up: rotated.backed_up,
        kit: kit_view(rotated.kit),
    })
}

pub(crate) fn device_list(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<DeviceList, Fault> {
    let session = agent.session(&call.vault);
    let guard = session.open_verified(agent)?;
    let devices = guard
        .vault
        .devices()
        .into_iter()
        .map(|device| DeviceView {
            id: device.id,
            name: device.name,
            kind: match device.kind {
                DeviceKind::Device => "device",
                DeviceKind::RecoveryKit => "recovery",
            }
            .to_owned(),
            enrolled_ms: device
                .enrolled_ms
                .and_then(|ms| i64::try_from(ms).ok())
                .unwrap_or_default(),
            this_device: device.this_device,
            damaged: device.damaged,
            place: device.place.map(Twin::to_wire),
        })
        .collect();
    Ok(DeviceList { devices })
}

pub(crate) fn device_remove(
    agent: &Agent,
    call: Call<'_>,
    request: DeviceRemove,
) -> Result<Done, Fault> {
    let device = DeviceId::parse(&request.id)
        .map_err(|_| Fault::new(ErrorCode::NotFound, "there is no such device"))?;
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
        .remove_device(&step_up, device)
        .map(|()| Done {})
        .map_err(Told::told)
}

fn required_path(what: &str, path: String) -> Result<PathBuf, Fault> {
    absolute(what, Some(path))?
        .ok_or_else(|| Fault::new(ErrorCode::Invalid, format!("the path of {what} is missing")))
}
