//! What the tests of this suite do to a vault besides using it.

use std::path::{Path, PathBuf};

use strongroom_vault::{LockedVault, OpenVault, Presence, StepUp, Trust, UnlockError};

use crate::desk::{Desk, PASSWORD, copy_folder, text};

/// A small committed change, told apart by its number.
pub(crate) fn edit(vault: &mut OpenVault, number: u32) {
    vault
        .set_setting("auto-lock-minutes", &number.to_string())
        .expect("is written");
}

pub(crate) fn edited(vault: &OpenVault) -> u32 {
    vault.settings().auto_lock_minutes
}

/// Unlocks, or says at which point it was refused.
pub(crate) fn try_unlock(desk: &Desk, locked: &LockedVault) -> Result<OpenVault, UnlockError> {
    desk.unlock_with(locked, PASSWORD, &desk.fresh_code())
}

pub(crate) fn trust_at_unlock(desk: &Desk, locked: &LockedVault) -> Option<Trust> {
    try_unlock(desk, locked).ok().map(|vault| vault.trust())
}

pub(crate) fn step_up(desk: &Desk, vault: &mut OpenVault) -> StepUp {
    vault
        .step_up(Presence::Totp(&desk.fresh_code()), None)
        .expect("a fresh code")
}

pub(crate) fn step_up_with_password(desk: &Desk, vault: &mut OpenVault, password: &str) -> StepUp {
    vault
        .step_up(Presence::Totp(&desk.fresh_code()), Some(&text(password)))
        .expect("a fresh code and the password")
}

/// The one database of the vault folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .collect();
    assert_eq!(found.len(), 1, "databases in the folder");
    found.remove(0)
}

/// A copy of the whole folder as it is now.
pub(crate) fn snapshot(desk: &Desk, name: &str) -> PathBuf {
    let to = desk.root.path().join(name);
    copy_folder(&desk.folder(), &to);
    to
}

/// Puts a whole folder in the place of the present one. Nobody may hold it.
pub(crate) fn put_back(desk: &Desk, snapshot: &Path) {
    std::fs::remove_dir_all(desk.folder()).expect("removed");
    copy_folder(snapshot, &desk.folder());
}

/// A vault with some history behind it, locked.
pub(crate) fn used(desk: &Desk) -> LockedVault {
    let (mut vault, locked) = desk.create();
    for number in 1..=10 {
        edit(&mut vault, number);
    }
    vault.lock().expect("locks");
    locked
}
