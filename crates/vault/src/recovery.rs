//! The recovery kit: two pages of text with the recovery secret and ten recovery codes, written
//! once to a path that the person chose, and the test that a printed kit is still good.
//!
//! Deliberately not here: opening with it (`new_device.rs`).

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use strongroom_crypto::{
    FixedPart, RECOVERY_CODES, RecoveryCode, RecoveryEntry, Slot, SlotKind, VaultKey,
    derive_factor_recovery, format_recovery_secret, kit_fingerprint, make_recovery_codes,
    parse_recovery_secret,
};
use strongroom_secret::{Key32, SecretBytes, SecretText};
use strongroom_store::LocalSpace;

use crate::audit::EventKind;
use crate::devices::FactorRow;
use crate::error::{FileError, HeaderChangeError};
use crate::layout;
use crate::open::OpenVault;
use crate::ports::{EntropyFailed, Ports};
use crate::stepup::{Need, StepUp};

/// Local setting: when a printed kit was last tried, in milliseconds (u64, big-endian).
const KIT_TESTED: &[u8] = b"kit-tested";
/// Far more than a kit has.
const MOST_KIT_BYTES: usize = 16 * 1024;

/// A kit that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitView {
    pub path: PathBuf,
    pub fingerprint: String,
    pub recovery_codes: usize,
}

/// What a test of the printed kit showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitTest {
    pub works: bool,
    /// Of the kit that this vault has now.
    pub fingerprint: String,
}

/// Everything new that a kit brings, before any of it is written.
pub(crate) struct NewKit {
    pub(crate) slot: Slot,
    pub(crate) factor: FactorRow,
    pub(crate) entries: [RecoveryEntry; RECOVERY_CODES],
    rs: Key32,
    codes: Vec<RecoveryCode>,
    fingerprint: String,
}

impl NewKit {
    pub(crate) fn make(
        ports: &Ports,
        fixed: &FixedPart,
        pw: &Key32,
        vk: &VaultKey,
    ) -> Result<Self, EntropyFailed> {
        let random = ports.random();
        let rs = Key32::try_filled_by(|rs| ports.entropy.fill(rs))?;
        let factor = derive_factor_recovery(&rs, fixed.vault_id(), fixed.key_gen());
        let slot = Slot::make(&random, fixed, SlotKind::Recovery, [0; 16], pw, &factor, vk)?;
        let codes = make_recovery_codes(&random)?;
        let mut entries = no_recovery_codes();
        for (entry, code) in entries.iter_mut().zip(&codes) {
            *entry = RecoveryEntry {
                digest: code.digest(),
                spent: false,
            };
        }
        let fingerprint = kit_fingerprint(fixed.vault_id(), slot.id());
        let factor = FactorRow::new(*slot.id(), factor, ports.clock.utc_ms(), "");
        Ok(Self {
            slot,
            factor,
            entries,
            rs,
            codes,
            fingerprint,
        })
    }

    /// Writes the kit to a new file of mode 0600 and reads it back as a person would.
    pub(crate) fn write(
        &self,
        vault_folder: &Path,
        vault_id: &[u8; 16],
        path: &Path,
    ) -> Result<KitView, HeaderChangeError> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or(FileError::NotAPlainFile)?;
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = std::fs::canonicalize(folder).map_err(layout::classify)?;
        if folder.starts_with(vault_folder) {
            return Err(HeaderChangeError::KitInsideVault);
        }
        let text = self.text(vault_id);
        // EXPOSE: the kit is for paper; the person chose where it is written.
        layout::write_new(&folder.join(name), text.expose().as_bytes())?;
        let read = layout::read(&folder, name, MOST_KIT_BYTES)
            .map(|bytes| SecretBytes::new(bytes).into_text());
        match read {
            Ok(Some(read)) if self.is_in(&read) => {}
            _ => {
                let _ = layout::remove(&folder, name);
                return Err(FileError::NotAsWritten.into());
            }
        }
        Ok(KitView {
            path: folder.join(name),
            fingerprint: self.fingerprint.clone(),
            recovery_codes: self.codes.len(),
        })
    }

    fn is_in(&self, text: &SecretText) -> bool {
        // EXPOSE: each line is tried as the recovery secret.
        let mut lines = text.expose().lines();
        lines.any(|line| {
            parse_recovery_secret(&SecretText::new(line.to_owned()))
                .is_ok_and(|rs| rs.ct_eq(&self.rs))
        })
    }

    /// Two pages; the form feed between them makes printers start a new sheet.
    fn text(&self, vault_id: &[u8; 16]) -> SecretText {
        let mut text = String::with_capacity(4096);
        text.push_str("STRONGROOM RECOVERY KIT\n\nVault        ");
        text.push_str(&HEXLOWER.encode(vault_id));
        text.push_str("\nKit          ");
        text.push_str(&self.fingerprint);
        text.push_str("\n\nRecovery secret\n\n    ");
        // EXPOSE: the kit is for paper; the buffer wipes itself.
        text.push_str(format_recovery_secret(&self.rs).expose());
        text.push_str(
            "\n\nWith this secret, the master password and a code of your authenticator (or a\n\
             recovery code) the vault opens on any machine. It opens nothing without the\n\
             password, and nobody else has a copy: there is no escrow.\n\n\
             Print this page, keep it where you keep deeds, and delete the file.\n\x0c\
             STRONGROOM RECOVERY CODES\n\nVault        ",
        );
        text.push_str(&HEXLOWER.encode(vault_id));
        text.push_str("\nKit          ");
        text.push_str(&self.fingerprint);
        text.push_str("\n\n");
        for (index, code) in self.codes.iter().enumerate() {
            text.push_str(&format!("    {:2}  ", index + 1));
            // EXPOSE: as above.
            text.push_str(code.format().expose());
            text.push('\n');
        }
        text.push_str(
            "\nEach code stands in once for a code of your authenticator. Keep this page apart\n\
             from the first one.\n",
        );
        SecretText::new(text)
    }
}

/// A vault without a kit has ten codes that nobody knows and that are spent.
pub(crate) fn no_recovery_codes() -> [RecoveryEntry; RECOVERY_CODES] {
    [RecoveryEntry {
        digest: [0; 32],
        spent: true,
    }; RECOVERY_CODES]
}

impl OpenVault {
    /// Makes a new kit; the recovery secret and the codes of the old one are worth nothing from
    /// then on, except for old backups.
    pub fn make_kit(
        &mut self,
        step_up: &StepUp,
        path: &Path,
    ) -> Result<KitView, HeaderChangeError> {
        self.require(step_up, Need::CodeAndPassword)?;
        let pw = step_up.pw().ok_or(HeaderChangeError::WrongPassword)?;
        let vk = self.vault_key(pw)?;
        let fixed = self.header.fixed().clone();
        let kit = NewKit::make(&self.ports, &fixed, pw, &vk)?;
        let view = kit.write(self.home.folder(), fixed.vault_id(), path)?;
        if let Err(error) = self.take_kit(&fixed, kit) {
            // It opens nothing and would only be mistaken for one that does; unless it is not known
            // which header stands, because then it may be the only one that does.
            if !self.header_in_doubt {
                let _ = std::fs::remove_file(&view.path);
            }
            return Err(error);
        }
        self.forget_stray_factors()?;
        Ok(view)
    }

    fn take_kit(&mut self, fixed: &FixedPart, kit: NewKit) -> Result<(), HeaderChangeError> {
        self.commit(EventKind::KitMade.into(), |tx| {
            let row = &kit.factor;
            // EXPOSE: kept inside the encrypted database, as the design says.
            tx.put_local(LocalSpace::Factor, row.slot_id(), row.body().expose())?;
            tx.remove_local(LocalSpace::Setting, KIT_TESTED)?;
            Ok::<_, HeaderChangeError>(())
        })?;
        let mut slots: Vec<Slot> = self
            .header
            .slots()
            .iter()
            .filter(|slot| slot.kind() != SlotKind::Recovery)
            .cloned()
            .collect();
        slots.push(kit.slot);
        let before = (self.auth.recovery, self.auth.slots_rev);
        self.auth.recovery = kit.entries;
        self.auth.slots_rev += 1;
        let written = self.write_header(fixed.clone(), slots);
        if written.is_err() {
            (self.auth.recovery, self.auth.slots_rev) = before;
        }
        written
    }

    /// Tries the secret of a printed kit without changing anything but the date of the test.
    pub fn test_kit(&mut self, recovery_secret: &SecretText) -> Result<KitTest, HeaderChangeError> {
        let fixed = self.header.fixed().clone();
        let slot = self
            .header
            .slots()
            .iter()
            .find(|slot| slot.kind() == SlotKind::Recovery);
        let Some(slot_id) = slot.map(|slot| *slot.id()) else {
            return Ok(KitTest {
                works: false,
                fingerprint: String::new(),
            });
        };
        let kept = self.factor(&slot_id);
        let damaged = self.note.damaged_slots.contains(&slot_id);
        let works = match (parse_recovery_secret(recovery_secret), kept) {
            (Ok(rs), Some(row)) if !damaged => {
                derive_factor_recovery(&rs, fixed.vault_id(), fixed.key_gen()).ct_eq(row.factor())
            }
            _ => false,
        };
        if works {
            let now = self.ports.clock.utc_ms().to_be_bytes();
            self.commit(EventKind::KitTested.into(), |tx| {
                Ok::<_, HeaderChangeError>(tx.put_local(LocalSpace::Setting, KIT_TESTED, &now)?)
            })?;
        }
        Ok(KitTest {
            works,
            fingerprint: kit_fingerprint(fixed.vault_id(), &slot_id),
        })
    }

    /// When the present kit was last tried, in milliseconds since 1970.
    pub fn kit_tested_ms(&self) -> Option<u64> {
        let body = self.store.local(LocalSpace::Setting, KIT_TESTED).ok()??;
        Some(u64::from_be_bytes(body.try_into().ok()?))
    }

    pub fn has_kit(&self) -> bool {
        crate::home::has_recovery_slot(&self.header)
    }
}
