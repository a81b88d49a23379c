//! Finding the slot that a password and a factor open.
//!
//! Deliberately not here: how often that may be tried (`tries.rs`), and slots themselves (crypto).

use strongroom_crypto::{Header, SlotKind, SlotRefused, VaultKey, derive_factor_device};
use strongroom_domain::DeviceId;
use strongroom_secret::Key32;

/// Why no slot opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlotError {
    NoMatch,
    Tampered,
    DeviceRemoved,
}

/// The slot of this device. Without `recorded`, every device's is tried.
pub(crate) fn open_device_slot(
    header: &Header,
    pw: &Key32,
    ds: &Key32,
    recorded: Option<DeviceId>,
) -> Result<(VaultKey, DeviceId, Key32), SlotError> {
    let fixed = header.fixed();
    let devices = || {
        header
            .slots()
            .iter()
            .filter(|slot| slot.kind() == SlotKind::Device)
    };
    if let Some(id) = recorded
        && !devices().any(|slot| slot.device_id() == id.as_bytes())
    {
        return Err(SlotError::DeviceRemoved);
    }
    // The record of the device's id is a hint: where it is missing, every slot is tried, which
    // costs a few hashes each.
    for slot in devices() {
        let id = DeviceId::from_bytes(*slot.device_id());
        if recorded.is_some_and(|recorded| recorded != id) {
            continue;
        }
        let factor = derive_factor_device(ds, fixed.vault_id(), slot.device_id(), fixed.key_gen());
        match slot.open(fixed, pw, &factor) {
            Ok(vk) => return Ok((vk, id, factor)),
            Err(SlotRefused::NoMatch) => {}
            Err(SlotRefused::Tampered) => return Err(SlotError::Tampered),
        }
    }
    Err(SlotError::NoMatch)
}

/// The slot of the kit; `None` if there is none.
pub(crate) fn open_recovery_slot(
    header: &Header,
    pw: &Key32,
    factor: &Key32,
) -> Option<Result<(VaultKey, [u8; 16]), SlotError>> {
    let slot = header
        .slots()
        .iter()
        .find(|slot| slot.kind() == SlotKind::Recovery)?;
    Some(match slot.open(header.fixed(), pw, factor) {
        Ok(vk) => Ok((vk, *slot.id())),
        Err(SlotRefused::NoMatch) => Err(SlotError::NoMatch),
        Err(SlotRefused::Tampered) => Err(SlotError::Tampered),
    })
}
