//! Making a vault: begin shows an authenticator, confirm takes a code of it and writes.

use std::path::{Path, PathBuf};

use strongroom_vault::{BackupPolicy, Enrolment, FileError, NewVault};
use strongroom_wire::{
    CreateBegin, CreateBegun, CreateConfirm, CreateConfirmed, ErrorCode, Fault, KdfView,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, kit_view};
use crate::handlers::session::host_name;
use crate::router::Call;

pub(crate) fn create_begin(
    agent: &Agent,
    call: Call<'_>,
    request: CreateBegin,
) -> Result<CreateBegun, Fault> {
    let session = agent.session(&call.vault);
    let mut pending = session.pending();
    // A vault that is being made holds its folder; the next attempt takes its place.
    pending.enrolment = None;
    if session.locked(agent).is_ok() {
        return Err(FileError::AlreadyThere.told());
    }
    let home = session.new_home().map_err(Told::told)?;
    let device_name = host_name();
    let new = NewVault {
        place: Twin::from_wire(request.place),
        kdf_mib: request.kdf_mib,
        device_name: &device_name,
    };
    let password = request.password.into_secret();
    let enrolment = Enrolment::begin(
        home,
        agent.ports.clone(),
        agent.places.clone(),
        &password,
        new,
    )
    .map_err(Told::told)?;
    let account = account_name(request.name, session.folder());
    let (Some(otpauth), Some(seed)) = (enrolment.uri(&account), enrolment.seed()) else {
        return Err(Fault::new(
            ErrorCode::VaultExists,
            "this vault was made already",
        ));
    };
    let (memory_mib, passes, lanes) = enrolment.kdf();
    let begun = CreateBegun {
        otpauth: otpauth.into(),
        seed: seed.into(),
        kdf: KdfView {
            memory_mib,
            passes,
            lanes,
        },
        kdf_ms: enrolment.kdf_ms(),
    };
    pending.enrolment = Some((call.peer.connection, enrolment));
    Ok(begun)
}

pub(crate) fn create_confirm(
    agent: &Agent,
    call: Call<'_>,
    request: CreateConfirm,
) -> Result<CreateConfirmed, Fault> {
    let kit_path = absolute("the recovery kit", request.kit_path)?;
    let backup_folder = absolute("the backups' folder", request.backup_folder)?;
    let session = agent.session(&call.vault);
    let mut pending = session.pending();
    let Some((_, enrolment)) = pending
        .enrolment
        .as_mut()
        .filter(|(of, _)| *of == call.peer.connection)
    else {
        return Err(Fault::new(
            ErrorCode::Refused,
            "nothing is being made on this connection; begin again",
        ));
    };
    let code = request.code.into_secret();
    let mut created = enrolment
        .confirm(&code, kit_path.as_deref())
        .map_err(Told::told)?;
    let vault_id = hex(created.vault.vault_id());
    pending.enrolment = None;
    let backups = backup_folder.map(|folder| {
        let policy = BackupPolicy {
            second: Some(folder),
            ..BackupPolicy::default()
        };
        created.vault.set_backup_policy(&policy)
    });
    session.opened(agent, created.vault);
    // The vault, its kit and the device secret exist by now: a folder that is refused is a note
    // beside them, never a failure that hides them.
    let notes = backups
        .and_then(Result::err)
        .map(|refused| {
            format!(
                "The second folder for backups was not taken: {} Set it with `settings set \
                 backup-folder`.",
                refused.told().message
            )
        })
        .into_iter()
        .collect();
    Ok(CreateConfirmed {
        vault_id,
        kit: created.kit.map(kit_view),
        notes,
    })
}

/// A path that a client gave. Clients make it absolute: the agent's own folder is not theirs.
pub(crate) fn absolute(what: &str, path: Option<String>) -> Result<Option<PathBuf>, Fault> {
    let path = path.map(PathBuf::from);
    match &path {
        Some(path) if !path.is_absolute() => Err(Fault::new(
            ErrorCode::Invalid,
            format!("the path of {what} must be absolute"),
        )),
        _ => Ok(path),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// What the authenticator shows under the code.
pub(crate) fn account_name(asked: Option<String>, folder: &Path) -> String {
    asked.unwrap_or_else(|| {
        folder.file_name().map_or_else(
            || "vault".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        )
    })
}
