//! Opening on a machine that has no device secret of this vault: password, recovery secret and a
//! code give it a slot and a secret of its own.
//!
//! Deliberately not here: removing devices (`devices.rs`).

use strongroom_crypto::{
    DeviceKeys, FixedPart, Slot, SlotKind, derive_factor_device, derive_factor_recovery,
    parse_recovery_secret,
};
use strongroom_domain::DeviceId;
use strongroom_secret::{Key32, SecretText};

use crate::devices::{FactorRow, MAX_SLOTS};
use crate::home::LockedVault;
use crate::open::OpenVault;
use crate::place::{DevicePlace, PlaceChoice};
use crate::presence::Presence;
use crate::slots::open_recovery_slot;
use crate::unlock::{Keyed, NewSlot, UnlockError};

impl LockedVault {
    /// Opens with the password and the recovery secret, and enrols this machine. What this machine
    /// kept for the vault before is replaced.
    pub fn unlock_new_device(
        &self,
        password: &SecretText,
        recovery_secret: &SecretText,
        presence: Presence<'_>,
        choice: PlaceChoice,
        device_name: &str,
    ) -> Result<OpenVault, UnlockError> {
        // A slip of the pen is found by the checksum and is no try.
        let rs = parse_recovery_secret(recovery_secret).map_err(UnlockError::KitSecret)?;
        let header = self.header()?;
        let fixed = header.fixed().clone();
        let (counted_in, recorded) = self.places.recorded(fixed.vault_id());
        let place = self.places.place(fixed.vault_id(), choice);
        // A machine that has its secret counts this try with the others and under the same MAC:
        // the way in by the kit must not wipe out what was tried without it.
        let secret = counted_in.device_secret(&self.ports, fixed.vault_id(), fixed.key_gen());
        let count_keys = secret
            .ok()
            .map(|ds| DeviceKeys::derive_from(&ds, fixed.vault_id()));
        let (tries, pw) = self.try_password(&counted_in, &fixed, count_keys.as_ref(), password)?;
        let factor = derive_factor_recovery(&rs, fixed.vault_id(), fixed.key_gen());
        let (vk, slot_id) = match open_recovery_slot(&header, &pw, &factor) {
            Some(Ok(opened)) => opened,
            Some(Err(refused)) => {
                let keys = count_keys.as_ref();
                return Err(self.refuse_slot(&counted_in, &fixed, keys, &tries, refused));
            }
            None => {
                self.end_try(&counted_in, &fixed, count_keys.as_ref(), tries.before)?;
                return Err(UnlockError::NoRecoverySlot);
            }
        };
        let device_id = match recorded {
            Some(id) => id,
            None => DeviceId::from_bytes(self.ports.make_id()?),
        };
        let random = self.ports.random();
        let ds = Key32::try_filled_by(|ds| self.ports.entropy.fill(ds))?;
        let id = *device_id.as_bytes();
        let device_factor = derive_factor_device(&ds, fixed.vault_id(), &id, fixed.key_gen());
        let slot = Slot::make(
            &random,
            &fixed,
            SlotKind::Device,
            id,
            &pw,
            &device_factor,
            &vk,
        )?;
        let enrolled_ms = self.ports.clock.utc_ms();
        // EXPOSE: the row and the open vault hold one each.
        let own_factor = Key32::filled_by(|own| own.copy_from_slice(device_factor.expose()));
        let factors = vec![
            FactorRow::new(*slot.id(), device_factor, enrolled_ms, device_name),
            FactorRow::new(slot_id, factor, enrolled_ms, ""),
        ];
        let mut slots: Vec<Slot> = header
            .slots()
            .iter()
            .filter(|slot| *slot.device_id() != id)
            .cloned()
            .collect();
        slots.push(slot);
        if slots.len() > MAX_SLOTS {
            return Err(UnlockError::TooManyDevices);
        }
        let device_keys = DeviceKeys::derive_from(&ds, fixed.vault_id());
        let new_slot = Some(NewSlot {
            slots,
            factors,
            device_secret: ds,
            counted_in,
            count_keys,
        });
        self.open_keyed(
            Keyed {
                header,
                pw,
                vk,
                place,
                device_id,
                device_keys,
                tries,
                factor: own_factor,
                new_slot,
            },
            presence,
        )
    }

    /// Keeps the new device's secret before the header names its slot: a slot without a secret
    /// would lock the person out, a secret without a slot is only clutter.
    pub(crate) fn keep_new_device(
        &self,
        fixed: &FixedPart,
        place: &DevicePlace,
        device_id: DeviceId,
        ds: &Key32,
    ) -> Result<(), UnlockError> {
        place
            .keep_device_secret(&self.ports, fixed.vault_id(), fixed.key_gen(), ds)
            .map_err(|_| UnlockError::KeyringRefused)?;
        Ok(self.places.record(fixed.vault_id(), place, device_id)?)
    }
}
