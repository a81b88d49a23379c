//! Rotating the vault key after a suspected compromise: new vault key, new device secret, new
//! recovery secret, new database, every value sealed anew.
//!
//! The header's replacement is the only commit. Before it the old vault is whole and what was
//! begun is clutter; after it the new one is, and the old file and secrets are clutter. The clutter
//! goes after the next good unlock.
//!
//! Deliberately not here: copying the rows (`rekey.rs`) and the backup itself (`backup.rs`).

use std::path::Path;

use strongroom_crypto::{
    DeviceKeys, FixedPart, Slot, SlotKind, VaultKey, VaultKeys, derive_factor_device,
};
use strongroom_secret::Key32;
use strongroom_store::{Marker, Store};

use crate::anchor::AnchorRead;
use crate::audit::EventKind;
use crate::devices::FactorRow;
use crate::error::{CommitError, FileError, HeaderChangeError};
use crate::header_file::seal_header;
use crate::layout;
use crate::open::{OpenVault, Trust};
use crate::ports::{ItemName, KeyringRefused, Lookup, Purpose};
use crate::recovery::{KitView, NewKit};
use crate::state::{Ledger, LedgerSeed};
use crate::stepup::{Need, StepUp};

/// Stands in the vault folder from the first step of a rotation until its clutter is gone, and says
/// under which key generation the vault was backed up last (u32). Whoever can write the folder can
/// write it: it brings the tidying about, and decides nothing about which secrets go.
const ROTATING: &str = "rotating";
const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

/// A rotation that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    pub key_gen: u32,
    pub kit: KitView,
    /// Other devices, which enrol again with the new kit.
    pub devices_dropped: usize,
    /// A backup under the new key was made. If not, the old database and secrets stay until one is.
    pub backed_up: bool,
}

/// The new half, complete before the header is touched.
struct Next {
    fixed: FixedPart,
    keys: VaultKeys,
    device_keys: DeviceKeys,
    store: Store,
    ledger: Ledger,
    db_instance_id: [u8; 16],
}

impl OpenVault {
    /// Writes the new kit to `kit_path` first, and a backup last: older ones open with the old kit
    /// only. On an error the vault is as it was.
    pub fn rotate_vault_key(
        &mut self,
        step_up: &StepUp,
        kit_path: &Path,
    ) -> Result<Rotated, HeaderChangeError> {
        self.require(step_up, Need::CodeAndPassword)?;
        if self.trust != Trust::Verified {
            return Err(CommitError::NotYetVerified.into());
        }
        let pw = step_up.pw().ok_or(HeaderChangeError::WrongPassword)?;
        // Opens the old slot, which shows that the password is right.
        let _old = self.vault_key(pw)?;

        let old = self.header.fixed();
        let key_gen = old
            .key_gen()
            .checked_add(1)
            .ok_or(HeaderChangeError::NotVerified)?;
        let fixed = FixedPart::new(*old.vault_id(), old.kdf().clone(), key_gen);
        let vk = VaultKey::make(&self.ports.random())?;
        let kit = NewKit::make(&self.ports, &fixed, pw, &vk)?;
        let view = kit.write(self.home.folder(), fixed.vault_id(), kit_path)?;
        let former = self.backed_up_under();
        match self.rotate_to(fixed, &vk, pw, kit) {
            Ok(devices_dropped) => Ok(Rotated {
                key_gen,
                kit: view,
                devices_dropped,
                backed_up: self.back_up_rotated(),
            }),
            Err(error) => {
                if !self.header_in_doubt {
                    let _ = std::fs::remove_file(&view.path);
                    self.abandon_rotation(former);
                }
                Err(error)
            }
        }
    }

    fn rotate_to(
        &mut self,
        fixed: FixedPart,
        vk: &VaultKey,
        pw: &Key32,
        kit: NewKit,
    ) -> Result<usize, HeaderChangeError> {
        let backed_up = self.backed_up_under().unwrap_or(self.key_gen());
        self.mark_rotation(backed_up)?;
        let ds = Key32::try_filled_by(|ds| self.ports.entropy.fill(ds))?;
        self.place
            .keep_device_secret(&self.ports, fixed.vault_id(), fixed.key_gen(), &ds)?;
        // What was given up under this number does not open with the new secret, and its anchor is
        // not one of the state that is made now.
        let _ = self.delete_item(fixed.key_gen(), Purpose::Anchor);

        let id = *self.device_id.as_bytes();
        let factor = derive_factor_device(&ds, fixed.vault_id(), &id, fixed.key_gen());
        let random = self.ports.random();
        let slot = Slot::make(&random, &fixed, SlotKind::Device, id, pw, &factor, vk)?;
        let name = self.own_name();
        let row = FactorRow::new(*slot.id(), factor, self.ports.clock.utc_ms(), &name);
        let next = self.copy_to_new_database(fixed, vk, &ds, &[&row, &kit.factor])?;

        let kept = self.auth.recovery;
        let kept_rev = self.auth.slots_rev;
        let kept_db = self.auth.db_instance_id;
        self.auth.recovery = kit.entries;
        self.auth.slots_rev += 1;
        self.auth.db_instance_id = next.db_instance_id;
        let slots = vec![slot, kit.slot];
        let dropped = self
            .header
            .slots()
            .iter()
            .filter(|slot| *slot.device_id() != id);
        let dropped = dropped
            .filter(|slot| slot.kind() == SlotKind::Device)
            .count();
        let rev = self.header.rev() + 1;
        let sealed = seal_header(
            &random,
            &next.keys,
            &self.auth,
            next.fixed.clone(),
            slots,
            rev,
        )
        .map_err(HeaderChangeError::from)
        .and_then(|header| Ok(self.replace_header(header)?));
        if let Err(error) = sealed {
            self.auth.recovery = kept;
            self.auth.slots_rev = kept_rev;
            self.auth.db_instance_id = kept_db;
            return Err(error);
        }
        self.store = next.store;
        self.ledger = next.ledger;
        self.keys = next.keys;
        self.device_keys = next.device_keys;
        self.reseal_reminders();
        self.note.anchor = AnchorRead::None;
        // Where it cannot be written now, the next commit or lock writes it.
        let _ = self.flush_anchor();
        Ok(dropped)
    }

    fn copy_to_new_database(
        &self,
        fixed: FixedPart,
        vk: &VaultKey,
        ds: &Key32,
        factors: &[&FactorRow],
    ) -> Result<Next, HeaderChangeError> {
        let vault_id = *fixed.vault_id();
        let keys = VaultKeys::derive_from(vk, &vault_id, fixed.key_gen())
            .ok_or(HeaderChangeError::NoMemory)?;
        let db_instance_id = self.ports.make_id()?;
        let path = layout::database(self.home.folder(), &db_instance_id);
        let marker = Marker {
            vault_id,
            db_instance_id,
        };
        let mut store = Store::create(&path, &keys.derive_db_key(&db_instance_id), marker)
            .map_err(|_| HeaderChangeError::NotVerified)?;
        let seed = LedgerSeed {
            keys: &keys,
            ports: &self.ports,
            vault_id,
            db_instance_id,
            device_id: self.device_id,
            author: self.author,
            hdr_rev: self.header.rev() + 1,
            app_version: APP_VERSION,
        };
        let copied = Ledger::copy_for_new_key(
            &self.ledger,
            &self.store,
            &self.keys,
            &mut store,
            seed,
            EventKind::VaultKeyRotated.into(),
            factors,
        );
        let ledger = copied.map_err(|_| {
            let _ = std::fs::remove_file(&path);
            HeaderChangeError::NotVerified
        })?;
        let device_keys = DeviceKeys::derive_from(ds, &vault_id);
        Ok(Next {
            fixed,
            keys,
            device_keys,
            store,
            ledger,
            db_instance_id,
        })
    }

    fn own_name(&self) -> String {
        let mut devices = self.devices().into_iter();
        devices
            .find(|device| device.this_device)
            .map(|device| device.name)
            .unwrap_or_default()
    }

    fn mark_rotation(&self, backed_up: u32) -> Result<(), FileError> {
        self.home.replace(ROTATING, &backed_up.to_be_bytes())
    }

    /// What the mark of a rotation says; `None` where there is no mark. One that cannot be read says
    /// as little as it can.
    fn backed_up_under(&self) -> Option<u32> {
        let folder = self.home.folder();
        std::fs::symlink_metadata(folder.join(ROTATING)).ok()?;
        let bytes = layout::read(folder, ROTATING, 4).unwrap_or_default();
        Some(bytes.try_into().map_or(0, u32::from_be_bytes))
    }

    /// Says whether there is a backup under the new key. Without one the old half is kept.
    fn back_up_rotated(&mut self) -> bool {
        let made = self.back_up().is_ok_and(|report| !report.made.is_empty());
        made && self.mark_rotation(self.key_gen()).is_ok()
    }

    /// After a good unlock: what a rotation or a restore left behind goes, the old half of a rotation
    /// only once a backup under the new key was made.
    pub(crate) fn tidy_rotation(&mut self) {
        let now = self.key_gen();
        let backed_up = self.backed_up_under();
        // Asked of the keyring, because the mark may have been taken away.
        let has_old_half = now > 1 && self.has_item(now - 1, Purpose::DeviceSecret);
        if has_old_half && backed_up != Some(now) && !self.back_up_rotated() {
            return;
        }
        let is_marked = backed_up.is_some() || has_old_half;
        if is_marked && self.remove_old_secrets().is_err() {
            // Tried again after the next unlock; the files go last.
            return;
        }
        // A later key that was in use is not clutter: the vault was put back to before it, in full
        // knowledge, and may be put forward again.
        if self.has_item(now.saturating_add(1), Purpose::Anchor) {
            return;
        }
        if is_marked && self.remove_begun().is_err() {
            return;
        }
        self.remove_leftovers(is_marked);
    }

    /// After a rotation that came to nothing: what it began goes. What the one before it left behind
    /// waits for a good unlock still.
    fn abandon_rotation(&self, former: Option<u32>) {
        if self.remove_begun().is_ok() && former.is_none() {
            self.remove_leftovers(true);
        }
    }

    /// Of all older key generations, the oldest first, and of each its secret first: whatever stops
    /// this, what is left of an old key cannot be opened, or has every newer one above it.
    fn remove_old_secrets(&self) -> Result<(), KeyringRefused> {
        (1..self.key_gen()).try_for_each(|key_gen| {
            self.delete_item(key_gen, Purpose::DeviceSecret)?;
            self.delete_item(key_gen, Purpose::Anchor)?;
            self.delete_item(key_gen, Purpose::Throttle)
        })
    }

    /// The secret of a generation that was begun and never in use: such a one has no anchor.
    fn remove_begun(&self) -> Result<(), KeyringRefused> {
        let Some(begun) = self.key_gen().checked_add(1) else {
            return Ok(());
        };
        if self.has_item(begun, Purpose::Anchor) {
            return Ok(());
        }
        self.delete_item(begun, Purpose::DeviceSecret)?;
        self.delete_item(begun, Purpose::Throttle)
    }

    fn item(&self, key_gen: u32, purpose: Purpose) -> ItemName {
        ItemName {
            vault_id: *self.vault_id(),
            key_gen,
            purpose,
        }
    }

    fn delete_item(&self, key_gen: u32, purpose: Purpose) -> Result<(), KeyringRefused> {
        self.place.delete(&self.ports, &self.item(key_gen, purpose))
    }

    /// Whether there is one, or may be: a keyring that does not answer does not say that there is none.
    fn has_item(&self, key_gen: u32, purpose: Purpose) -> bool {
        let found = self.place.get(&self.ports, &self.item(key_gen, purpose));
        !matches!(found, Lookup::Missing)
    }

    /// Removes databases of other instances, and at last the mark.
    fn remove_leftovers(&self, is_marked: bool) {
        let folder = self.home.folder();
        let own = layout::database(folder, &self.auth.db_instance_id);
        let own = own
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let strangers: Vec<String> = names
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| layout::is_database_name(name) && !name.starts_with(&own))
            .collect();
        for name in &strangers {
            let _ = layout::remove(folder, name);
        }
        if is_marked {
            let _ = layout::remove(folder, ROTATING);
        }
    }
}
