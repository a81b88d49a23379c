//! The devices of a vault: a slot each in the header, and a row each in the database with the
//! factor, so that a password change can wrap the vault key anew for all of them.
//!
//! Deliberately not here: enrolling (`new_device.rs`).

use strongroom_crypto::{Slot, SlotKind, VaultKey};
use strongroom_domain::DeviceId;
use strongroom_secret::{Key32, SecretBytes};
use strongroom_store::LocalSpace;

use crate::audit::EventKind;
use crate::error::{CommitError, HeaderChangeError};
use crate::open::OpenVault;
use crate::place::PlaceChoice;
use crate::stepup::{Need, StepUp};

/// As many as a header may have.
pub(crate) const MAX_SLOTS: usize = 64;

/// What the database keeps of a slot.
#[derive(Debug)]
pub(crate) struct FactorRow {
    slot_id: [u8; 16],
    factor: Key32,
    enrolled_ms: u64,
    name: String,
}

impl FactorRow {
    pub(crate) fn new(slot_id: [u8; 16], factor: Key32, enrolled_ms: u64, name: &str) -> Self {
        Self {
            slot_id,
            factor,
            enrolled_ms,
            name: name.to_owned(),
        }
    }

    pub(crate) fn factor(&self) -> &Key32 {
        &self.factor
    }

    pub(crate) fn slot_id(&self) -> &[u8; 16] {
        &self.slot_id
    }

    /// factor ‖ enrolled_ms ‖ name.
    pub(crate) fn body(&self) -> SecretBytes {
        let mut body = Vec::with_capacity(40 + self.name.len());
        // EXPOSE: kept inside the encrypted database, as the design says.
        body.extend_from_slice(self.factor.expose());
        body.extend_from_slice(&self.enrolled_ms.to_be_bytes());
        body.extend_from_slice(self.name.as_bytes());
        SecretBytes::new(body)
    }

    fn parse(slot_id: [u8; 16], body: &SecretBytes) -> Option<Self> {
        // EXPOSE: split into its parts; the factor goes into memory that wipes itself.
        let (factor, rest) = body.expose().split_first_chunk::<32>()?;
        let (enrolled, name) = rest.split_first_chunk::<8>()?;
        Some(Self {
            slot_id,
            factor: Key32::from_slice(factor)?,
            enrolled_ms: u64::from_be_bytes(*enrolled),
            name: String::from_utf8(name.to_vec()).ok()?,
        })
    }
}

/// A slot as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    /// The device's id; for the recovery kit its fingerprint.
    pub id: String,
    pub name: String,
    pub kind: DeviceKind,
    pub enrolled_ms: Option<u64>,
    pub this_device: bool,
    /// Known of this device only.
    pub place: Option<PlaceChoice>,
    /// The slot does not open any more: somebody changed the header. The device enrols again, the
    /// kit is made anew, or a password change puts both right.
    pub damaged: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    Device,
    RecoveryKit,
}

impl OpenVault {
    pub fn devices(&self) -> Vec<DeviceView> {
        self.header
            .slots()
            .iter()
            .map(|slot| self.device_view(slot))
            .collect()
    }

    fn device_view(&self, slot: &Slot) -> DeviceView {
        let row = self.factor(slot.id());
        let this_device =
            slot.kind() == SlotKind::Device && slot.device_id() == self.device_id.as_bytes();
        let (id, kind) = match slot.kind() {
            SlotKind::Device => (
                DeviceId::from_bytes(*slot.device_id()).to_string(),
                DeviceKind::Device,
            ),
            SlotKind::Recovery => (
                strongroom_crypto::kit_fingerprint(self.vault_id(), slot.id()),
                DeviceKind::RecoveryKit,
            ),
        };
        DeviceView {
            id,
            name: row.as_ref().map(|row| row.name.clone()).unwrap_or_default(),
            kind,
            enrolled_ms: row.map(|row| row.enrolled_ms),
            this_device,
            place: this_device.then(|| self.place.choice()),
            damaged: self.note.damaged_slots.contains(slot.id()),
        }
    }

    /// Takes another device's slot away. That device keeps what it has copied; where it may have
    /// been stolen, rotate the vault key.
    pub fn remove_device(
        &mut self,
        step_up: &StepUp,
        device: DeviceId,
    ) -> Result<(), HeaderChangeError> {
        self.require(step_up, Need::Code)?;
        if device == self.device_id {
            return Err(HeaderChangeError::ThisDevice);
        }
        let is_it =
            |slot: &Slot| slot.kind() == SlotKind::Device && slot.device_id() == device.as_bytes();
        let (gone, kept): (Vec<Slot>, Vec<Slot>) =
            self.header.slots().iter().cloned().partition(is_it);
        if gone.is_empty() {
            return Err(HeaderChangeError::NoSuchDevice);
        }
        self.commit(EventKind::DeviceRemoved.into(), |_| {
            Ok::<_, HeaderChangeError>(())
        })?;
        self.auth.slots_rev += 1;
        let written = self.write_header::<HeaderChangeError>(self.header.fixed().clone(), kept);
        if written.is_err() {
            // In memory it stays as the disk has it.
            self.auth.slots_rev -= 1;
        }
        written?;
        self.forget_stray_factors()?;
        Ok(())
    }

    /// What the database keeps of a slot, or will keep once it is verified.
    pub(crate) fn factor(&self, slot_id: &[u8; 16]) -> Option<FactorRow> {
        if let Some(row) = self.new_factors.iter().find(|row| row.slot_id() == slot_id) {
            return FactorRow::parse(*slot_id, &row.body());
        }
        let body = self.store.local(LocalSpace::Factor, slot_id).ok()??;
        FactorRow::parse(*slot_id, &SecretBytes::new(body))
    }

    /// A database that was put back from before this device enrolled does not know its factor, and
    /// without it no password could be checked or changed. The unlock has just derived it.
    pub(crate) fn keep_own_factor(&mut self, factor: Key32) {
        let own = |slot: &&Slot| {
            slot.kind() == SlotKind::Device && slot.device_id() == self.device_id.as_bytes()
        };
        let Some(slot_id) = self.header.slots().iter().find(own).map(|slot| *slot.id()) else {
            return;
        };
        let known = self.factor(&slot_id);
        if known.is_some_and(|row| row.factor.ct_eq(&factor)) {
            return;
        }
        let now = self.ports.clock.utc_ms();
        self.new_factors
            .push(FactorRow::new(slot_id, factor, now, ""));
    }

    /// Writes the factors that this unlock brought.
    pub(crate) fn remember_new_factors(&mut self) -> Result<(), CommitError> {
        if self.new_factors.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.new_factors);
        let known: Vec<[u8; 16]> = self.header.slots().iter().map(|slot| *slot.id()).collect();
        let event = if self.note.enrolled {
            EventKind::DeviceEnrolled
        } else {
            EventKind::FactorsTidied
        };
        let written = self.commit(event.into(), |tx| {
            for row in rows.iter().filter(|row| known.contains(row.slot_id())) {
                let there = tx.local(LocalSpace::Factor, row.slot_id())?;
                let there =
                    there.and_then(|body| FactorRow::parse(row.slot_id, &SecretBytes::new(body)));
                // The kit's own row may be there with its date; it is not written over.
                if !there.is_some_and(|there| there.factor.ct_eq(&row.factor)) {
                    // EXPOSE: kept inside the encrypted database, as the design says.
                    tx.put_local(LocalSpace::Factor, row.slot_id(), row.body().expose())?;
                }
            }
            Ok::<_, CommitError>(())
        });
        if written.is_err() {
            self.new_factors = rows;
            return written;
        }
        self.forget_stray_factors()
    }

    /// Removes rows whose slot is gone.
    pub(crate) fn forget_stray_factors(&mut self) -> Result<(), CommitError> {
        let strays: Vec<Vec<u8>> = self
            .store
            .local_rows(LocalSpace::Factor)?
            .into_iter()
            .map(|row| row.name)
            .filter(|name| {
                !self
                    .header
                    .slots()
                    .iter()
                    .any(|slot| slot.id() == name.as_slice())
            })
            .collect();
        if strays.is_empty() {
            return Ok(());
        }
        self.commit(EventKind::FactorsTidied.into(), |tx| {
            for name in &strays {
                tx.remove_local(LocalSpace::Factor, name)?;
            }
            Ok(())
        })
    }

    /// The auth block vouches for the ids of the slots only. Whoever can write the header could
    /// spoil the kit's slot, and nobody would know before the day it is needed; with the password
    /// at hand each slot is tried with the factor that the database keeps.
    pub(crate) fn slots_that_do_not_open(&self, pw: &Key32) -> Vec<[u8; 16]> {
        let fixed = self.header.fixed();
        let spoilt = |slot: &&Slot| {
            let row = self.factor(slot.id());
            row.is_some_and(|row| slot.open(fixed, pw, row.factor()).is_err())
        };
        self.header
            .slots()
            .iter()
            .filter(spoilt)
            .map(|slot| *slot.id())
            .collect()
    }

    /// VK, opened once more with a PW that a step-up brought.
    pub(crate) fn vault_key(&self, pw: &Key32) -> Result<VaultKey, HeaderChangeError> {
        let own = self.header.slots().iter().find(|slot| {
            slot.kind() == SlotKind::Device && slot.device_id() == self.device_id.as_bytes()
        });
        let slot = own.ok_or(HeaderChangeError::NoSuchDevice)?;
        let row = self
            .factor(slot.id())
            .ok_or(HeaderChangeError::WrongPassword)?;
        slot.open(self.header.fixed(), pw, row.factor())
            .map_err(|_| HeaderChangeError::WrongPassword)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_back() {
        let row = FactorRow::new([1; 16], Key32::filled_by(|key| key.fill(2)), 3, "desk");
        let again = FactorRow::parse([1; 16], &row.body()).expect("reads back");
        assert!(again.factor.ct_eq(&row.factor));
        assert_eq!((again.enrolled_ms, again.name.as_str()), (3, "desk"));
        assert!(FactorRow::parse([1; 16], &SecretBytes::new(vec![0; 39])).is_none());
    }
}
