//! Changing the master password: a new salt, every slot wrapped anew, one replacement of the
//! header. Afterwards the old password opens nothing but older copies.
//!
//! Deliberately not here: the vault key, which stays (`rotate_key.rs` changes it).

use strongroom_crypto::{FixedPart, KdfParams, Slot, check_password, derive_pw};
use strongroom_secret::SecretText;

use crate::audit::EventKind;
use crate::error::HeaderChangeError;
use crate::open::OpenVault;
use crate::stepup::{Need, StepUp};

impl OpenVault {
    /// Gives the number of slots that could not be wrapped anew because their factor is not
    /// known here; they are gone and their devices enrol again with the kit.
    pub fn change_password(
        &mut self,
        step_up: &StepUp,
        new_password: &SecretText,
    ) -> Result<usize, HeaderChangeError> {
        self.require(step_up, Need::CodeAndPassword)?;
        let old_pw = step_up.pw().ok_or(HeaderChangeError::WrongPassword)?;
        let vk = self.vault_key(old_pw)?;
        check_password(new_password)?;

        let old = self.header.fixed().clone();
        let mut salt = [0; 32];
        self.ports.entropy.fill(&mut salt)?;
        let kdf = KdfParams {
            cost: old.kdf().cost,
            salt,
        };
        let new_pw = derive_pw(new_password, &kdf).map_err(|_| HeaderChangeError::NoMemory)?;
        let fixed = FixedPart::new(*old.vault_id(), kdf, old.key_gen());
        let random = self.ports.random();
        let mut slots: Vec<Slot> = Vec::new();
        for slot in self.header.slots() {
            // The database was verified, so its factors are right even for a slot that somebody
            // spoilt in the header; wrapping it anew puts it right.
            if let Some(row) = self.factor(slot.id()) {
                slots.push(slot.rewrapped(&random, &fixed, &new_pw, row.factor(), &vk)?);
            }
        }
        let lost = self.header.slots().len() - slots.len();

        self.commit(EventKind::PasswordChanged.into(), |_| {
            Ok::<_, HeaderChangeError>(())
        })?;
        let slots_rev = self.auth.slots_rev;
        self.auth.slots_rev += u64::from(lost > 0);
        let written = self.write_header::<HeaderChangeError>(fixed, slots);
        if written.is_err() {
            // In memory it stays as the disk has it.
            self.auth.slots_rev = slots_rev;
        }
        written?;
        self.note.damaged_slots.clear();
        Ok(lost)
    }
}
