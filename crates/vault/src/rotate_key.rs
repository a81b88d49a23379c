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
use crate::ports::{ItemName, Purpose};
use crate::recovery::{KitView, NewKit};
use crate::state::{Ledger, LedgerSeed};
use crate::stepup::{Need, StepUp};

/// Stands in the vault folder from the first step of a rotation until its clutter is gone.
const ROTATING: &str = "rotating";
const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What stands in that file. Several rotations may follow each other before there is a good unlock,
/// and any of them may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RotationMark {
    /// The first key generation of which secrets may still be in their place.
    oldest: u32,
    /// The last one under which the vault was backed up.
    backed_up: u32,
}

impl RotationMark {
    const BYTES: usize = 8;

    fn encode(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..4].copy_from_slice(&self.oldest.to_be_bytes());
        bytes[4..].copy_from_slice(&self.backed_up.to_be_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let ([oldest, backed_up], []) = bytes.as_chunks::<4>() else {
            return None;
        };
        Some(Self {
            oldest: u32::from_be_bytes(*oldest),
            backed_up: u32::from_be_bytes(*backed_up),
        })
    }
}

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
                    self.tidy_rotation();
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
        let present = self.key_gen();
        let mark = self.rotation_mark().unwrap_or(RotationMark {
            oldest: present,
            backed_up: present,
        });
        self.mark_rotation(mark)?;
        let ds = Key32::try_filled_by(|ds| self.ports.entropy.fill(ds))?;
        self.place
            .keep_device_secret(&self.ports, fixed.vault_id(), fixed.key_gen(), &ds)?;

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

    fn mark_rotation(&self, mark: RotationMark) -> Result<(), FileError> {
        self.home.replace(ROTATING, &mark.encode())
    }

    /// `None` where no rotation has left anything behind. A file that cannot be read says as little
    /// as it can.
    fn rotation_mark(&self) -> Option<RotationMark> {
        let folder = self.home.folder();
        std::fs::symlink_metadata(folder.join(ROTATING)).ok()?;
        let bytes = layout::read(folder, ROTATING, RotationMark::BYTES).unwrap_or_default();
        Some(RotationMark::decode(&bytes).unwrap_or(RotationMark {
            oldest: self.key_gen().saturating_sub(1),
            backed_up: 0,
        }))
    }

    /// Says whether there is a backup under the new key. Without one the old half is kept.
    fn back_up_rotated(&mut self) -> bool {
        let made = self.back_up().is_ok_and(|report| !report.made.is_empty());
        let mark = self.rotation_mark().map(|mark| RotationMark {
            backed_up: self.key_gen(),
            ..mark
        });
        made && mark.is_none_or(|mark| self.mark_rotation(mark).is_ok())
    }

    /// After a good unlock, or where a rotation came to nothing: what a rotation or a restore left
    /// behind goes, the old half of a rotation only once a backup under the new key was made.
    pub(crate) fn tidy_rotation(&mut self) {
        let mark = self.rotation_mark();
        let now = self.key_gen();
        let has_old_half = |mark: RotationMark| mark.oldest < now && mark.backed_up < now;
        if mark.is_some_and(has_old_half) && !self.back_up_rotated() {
            return;
        }
        self.remove_leftovers(mark);
    }

    /// Removes databases of other instances, the secrets of older key generations and of one that
    /// was begun.
    fn remove_leftovers(&self, mark: Option<RotationMark>) {
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
        if let Some(mark) = mark {
            let now = self.key_gen();
            // The oldest first, and of each its secret first: whatever stops this, what is left of
            // an old key cannot be opened, or has a newer one above it that tells of the rotation.
            for key_gen in (mark.oldest..now).chain(now.checked_add(1)) {
                for purpose in [Purpose::DeviceSecret, Purpose::Anchor, Purpose::Throttle] {
                    let item = ItemName {
                        vault_id: *self.vault_id(),
                        key_gen,
                        purpose,
                    };
                    if self.place.delete(&self.ports, &item).is_err() {
                        // Tried again after the next unlock; the files go last.
                        return;
                    }
                }
            }
        }
        for name in &strangers {
            let _ = layout::remove(folder, name);
        }
        if mark.is_some() {
            let _ = layout::remove(folder, ROTATING);
        }
    }
}
