//! Putting a backup's files in the place of a vault that does not open any more.
//!
//! No code is asked for, because whoever can write the folder could do the same by hand: the next
//! unlock raises the alarm, which only a step-up ends. What was there is kept aside until there is a
//! verified backup of what took its place.
//!
//! Deliberately not here: restoring from an open vault (`restore.rs`).

use std::path::{Path, PathBuf};

use strongroom_crypto::{Header, MAX_HEADER_BYTES};

use crate::backup;
use crate::home::LockedVault;
use crate::layout;
use crate::restore::{RestoreError, read_header};

/// Where the present files go when a copy is put in their place.
const ASIDE: &str = "replaced-";
/// A copy on its way in.
pub(crate) const INCOMING: &str = ".restoring.db";

/// Which header a locked vault goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderChoice {
    /// The present one: password, devices and kit as they are now.
    Present,
    /// The backup's: password, devices and kit as they were then.
    OfBackup,
}

impl LockedVault {
    /// Puts a backup's database in the place of the present one, and its header too if asked. What
    /// was there is kept in a folder beside it, whose name is returned.
    pub fn put_backup_in_place(
        &self,
        backup: &Path,
        choice: HeaderChoice,
    ) -> Result<PathBuf, RestoreError> {
        put_in_place(
            self.home.folder(),
            backup,
            choice,
            self.ports.clock.utc_ms(),
        )
    }
}

/// The same for a folder in which not even the header can be read; its lock must be held.
pub fn put_in_place(
    folder: &Path,
    backup: &Path,
    choice: HeaderChoice,
    now_ms: u64,
) -> Result<PathBuf, RestoreError> {
    let theirs = read_header(backup)?;
    let ours = layout::read(folder, layout::HEADER, MAX_HEADER_BYTES)
        .ok()
        .and_then(|bytes| Header::parse(&bytes).ok());
    if let Some(ours) = &ours {
        if ours.fixed().vault_id() != theirs.fixed().vault_id() {
            return Err(RestoreError::OtherVault);
        }
        if choice == HeaderChoice::Present && ours.fixed().key_gen() != theirs.fixed().key_gen() {
            return Err(RestoreError::OlderKey);
        }
    } else if choice == HeaderChoice::Present {
        return Err(RestoreError::HeaderInDoubt);
    }
    let (database, db_instance_id) = backup::database_in(backup).ok_or(RestoreError::NotABackup)?;
    // The present header names the present instance; that can only be seen from the file's name.
    let present = backup::database_in(folder);
    if choice == HeaderChoice::Present && present.is_some_and(|(_, id)| id != db_instance_id) {
        return Err(RestoreError::OlderInstance);
    }

    let incoming = folder.join(INCOMING);
    let _ = std::fs::remove_file(&incoming);
    backup::copy_file(&database, &incoming)?;
    let aside = folder.join(format!("{ASIDE}{now_ms}"));
    backup::make_folder(&aside)?;
    for entry in std::fs::read_dir(folder)
        .map_err(layout::classify)?
        .flatten()
    {
        let name = entry.file_name();
        if name.to_str().is_some_and(layout::is_database_name) {
            std::fs::rename(entry.path(), aside.join(&name)).map_err(layout::classify)?;
        }
    }
    std::fs::rename(&incoming, layout::database(folder, &db_instance_id))
        .map_err(layout::classify)?;
    if choice == HeaderChoice::OfBackup {
        if let Ok(present) = std::fs::read(folder.join(layout::HEADER)) {
            layout::write_new(&aside.join(layout::HEADER), &present)?;
        }
        layout::replace(folder, layout::HEADER, &theirs.encode())?;
    }
    layout::sync_folder(folder).map_err(layout::classify)?;
    Ok(aside)
}

/// Removes what a restore that was killed left half copied.
pub(crate) fn remove_half_copied(folder: &Path) {
    let _ = std::fs::remove_file(folder.join(INCOMING));
}

/// Removes what was put aside, once there is a verified backup of what took its place.
pub(crate) fn remove_put_aside(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with(ASIDE) {
            // What cannot be removed now is tried again after the next backup.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
