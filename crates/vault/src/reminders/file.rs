//! `reminders.idx` on the disk: sealed, replaced as a whole, readable while the vault is locked.

use minicbor::{Decoder, Encoder};
use strongroom_crypto::{open_index, seal_index};
use strongroom_domain::remind::ReminderIndex;
use strongroom_domain::{Canonical, UtcMs};

use crate::error::{DeviceSecretAbsent, FileError};
use crate::home::{Home, LockedVault};
use crate::layout;
use crate::ports::Ports;

/// Two due moments of a hundred thousand keys fit.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Why the index could not be read while the vault is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RemindersAbsent {
    #[error(transparent)]
    NoDeviceSecret(#[from] DeviceSecretAbsent),
    #[error("there is no reminder index yet; unlock the vault once")]
    NoIndex,
    #[error("the reminder index does not open; unlock the vault to write it anew")]
    Damaged,
    #[error(transparent)]
    File(FileError),
}

impl LockedVault {
    /// The reminders as the index has them; never asks the keyring to open.
    pub fn reminders(&self) -> Result<ReminderIndex, RemindersAbsent> {
        let keys = self.device_keys()?;
        let vault_id = self.vault_id().map_err(|_| RemindersAbsent::Damaged)?;
        read(&self.home, keys.index(), &vault_id)
    }

    /// Writes the index after something was told or snoozed.
    pub fn save_reminders(&self, index: &ReminderIndex) -> Result<(), ReminderSaveError> {
        let keys = self.device_keys()?;
        let vault_id = self.vault_id().map_err(|_| FileError::Missing)?;
        write(&self.home, &self.ports, keys.index(), &vault_id, index)
    }
}

/// The index was not written; the file is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReminderSaveError {
    #[error(transparent)]
    NoDeviceSecret(#[from] DeviceSecretAbsent),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Entropy(#[from] crate::ports::EntropyFailed),
}

pub(super) fn encode_snooze(from: UtcMs, until: UtcMs) -> Vec<u8> {
    let mut out = Encoder::new(Vec::with_capacity(24));
    out.array(2).expect("writing to memory cannot fail");
    from.write_cbor(&mut out);
    until.write_cbor(&mut out);
    out.into_writer()
}

pub(super) fn decode_snooze(bytes: &[u8]) -> Option<(UtcMs, UtcMs)> {
    let mut input = Decoder::new(bytes);
    if input.array().ok()? != Some(2) {
        return None;
    }
    Some((
        UtcMs::read_cbor(&mut input).ok()?,
        UtcMs::read_cbor(&mut input).ok()?,
    ))
}

pub(super) fn read(
    home: &Home,
    k_idx: &strongroom_secret::Key32,
    vault_id: &[u8; 16],
) -> Result<ReminderIndex, RemindersAbsent> {
    let sealed =
        layout::read(home.folder(), layout::REMINDERS, MOST_BYTES).map_err(
            |error| match error {
                FileError::Missing => RemindersAbsent::NoIndex,
                other => RemindersAbsent::File(other),
            },
        )?;
    let plain = open_index(k_idx, vault_id, &sealed).map_err(|_| RemindersAbsent::Damaged)?;
    // EXPOSE: due dates and opt-in labels, which is what the locked vault may know.
    ReminderIndex::decode_unchecked(plain.expose()).map_err(|_| RemindersAbsent::Damaged)
}

pub(super) fn write(
    home: &Home,
    ports: &Ports,
    k_idx: &strongroom_secret::Key32,
    vault_id: &[u8; 16],
    index: &ReminderIndex,
) -> Result<(), ReminderSaveError> {
    let sealed = seal_index(&ports.random(), k_idx, vault_id, &index.encode())
        .map_err(crate::ports::EntropyFailed::from)?;
    Ok(home.replace(layout::REMINDERS, &sealed)?)
}
