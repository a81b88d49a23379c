//! Unlocking, step by step in the order that `security.md` gives.
//!
//! The keyring is read first and its answer held, then the throttle is asked, then Argon2id runs
//! whatever the answer was, so that the time tells nothing; only then is anything said. The last
//! TOTP step is on the disk before the database is opened.
//!
//! Deliberately not here: verifying the database (`verify.rs`) and the slot of a new device
//! (`new_device.rs`).

use strongroom_crypto::{
    AuthBlock, DeviceKeys, FixedPart, Header, KdfError, Slot, VaultKey, VaultKeys,
};
use strongroom_domain::{DeviceId, MemberId};
use strongroom_secret::{Key32, SecretText};
use strongroom_store::{Access, Marker, OpenError, Store};

use crate::anchor::{self, Anchor, AnchorRead, Standing};
use crate::devices::FactorRow;
use crate::error::{CommitError, DeviceSecretAbsent, FileError};
use crate::header_file::{self, HeaderReadError, seal_header};
use crate::home::LockedVault;
use crate::layout;
use crate::open::{OpenVault, Trust};
use crate::place::DevicePlace;
use crate::ports::{EntropyFailed, ItemName, Purpose};
use crate::preauth::Tried;
use crate::presence::{NotPresent, Presence, show_presence};
use crate::slots::open_device_slot;
use crate::state::{Ledger, StateError, VerifyProgress};
use crate::tries::Tries;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    #[error("wrong password or code")]
    WrongPasswordOrCode,
    #[error("too many tries; wait {} s", wait_ms.div_ceil(1000))]
    Throttled { wait_ms: u64 },
    #[error(transparent)]
    NoDeviceSecret(#[from] DeviceSecretAbsent),
    #[error("this device is not enrolled in this vault any more; use the recovery kit")]
    DeviceRemoved,
    #[error("this vault has no recovery kit")]
    NoRecoverySlot,
    #[error("the recovery secret is not written right: {0}")]
    KitSecret(strongroom_crypto::KitSecretError),
    #[error("the clock moved back behind the last accepted code; use a recovery code")]
    ClockMovedBack,
    #[error("the vault header was changed by someone else; restore a backup")]
    HeaderTampered,
    #[error(transparent)]
    Header(#[from] HeaderReadError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("there are too many devices; remove one first")]
    TooManyDevices,
    #[error("the keyring did not take the device secret")]
    KeyringRefused,
    #[error("there is not enough free memory to open the vault")]
    NoMemory,
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

impl From<strongroom_crypto::RandomFailed> for UnlockError {
    fn from(failed: strongroom_crypto::RandomFailed) -> Self {
        Self::Entropy(failed.into())
    }
}

impl From<KdfError> for UnlockError {
    fn from(_: KdfError) -> Self {
        // The limits were checked when the header was read.
        Self::NoMemory
    }
}

/// What an unlock found, for the verification that follows it.
#[derive(Debug)]
pub(crate) struct UnlockNote {
    pub(crate) failed_tries: u32,
    /// As read before this unlock wrote anything.
    pub(crate) anchor: AnchorRead,
    /// There was none although this device is enrolled.
    pub(crate) anchor_missing: bool,
    /// The header is older than one this device has written.
    pub(crate) header_rolled_back: bool,
    /// The folder cannot be written; the last step stands in the anchor alone.
    pub(crate) read_only: bool,
    /// Slots of others that do not open with the factor the database keeps for them.
    pub(crate) damaged_slots: Vec<[u8; 16]>,
    /// This unlock gave the device its slot.
    pub(crate) enrolled: bool,
}

/// A device slot that is added together with this unlock.
pub(crate) struct NewSlot {
    /// All slots of the next header.
    pub(crate) slots: Vec<Slot>,
    pub(crate) factors: Vec<FactorRow>,
    pub(crate) device_secret: Key32,
    /// Where this try was counted, and under which keys: those of the new secret are nobody's
    /// until it is kept.
    pub(crate) counted_in: DevicePlace,
    pub(crate) count_keys: Option<DeviceKeys>,
}

/// Password and factor were right; presence is still to be shown.
pub(crate) struct Keyed {
    pub(crate) header: Header,
    pub(crate) pw: Key32,
    pub(crate) vk: VaultKey,
    pub(crate) place: DevicePlace,
    pub(crate) device_id: DeviceId,
    pub(crate) device_keys: DeviceKeys,
    pub(crate) tries: Tries,
    /// The factor of this device.
    pub(crate) factor: Key32,
    pub(crate) new_slot: Option<NewSlot>,
}

impl LockedVault {
    /// Opens with the password and this device's secret. The list can be served at once; call
    /// [`OpenVault::verify_some`] until it is done before anything else.
    pub fn unlock(
        &self,
        password: &SecretText,
        presence: Presence<'_>,
    ) -> Result<OpenVault, UnlockError> {
        let header = self.header()?;
        let fixed = header.fixed().clone();
        let (place, recorded) = self.places.recorded(fixed.vault_id());
        let secret = match place.device_secret(&self.ports, fixed.vault_id(), fixed.key_gen()) {
            Ok(secret) => secret,
            Err(absent) => {
                self.try_nothing(&place, &fixed, password)?;
                return Err(absent.into());
            }
        };
        let keys = DeviceKeys::derive_from(&secret, fixed.vault_id());
        let (tries, pw) = self.try_password(&place, &fixed, Some(&keys), password)?;
        let found = open_device_slot(&header, &pw, &secret, recorded);
        let (vk, device_id, factor) = match found {
            Ok(found) => found,
            Err(refused) => {
                return Err(self.refuse_slot(&place, &fixed, Some(&keys), &tries, refused));
            }
        };
        self.open_keyed(
            Keyed {
                header,
                pw,
                vk,
                place,
                device_id,
                device_keys: keys,
                tries,
                factor,
                new_slot: None,
            },
            presence,
        )
    }

    /// Auth block, presence, last step on the disk, database.
    pub(crate) fn open_keyed(
        &self,
        keyed: Keyed,
        presence: Presence<'_>,
    ) -> Result<OpenVault, UnlockError> {
        let Keyed {
            header,
            pw,
            vk,
            place,
            device_id,
            device_keys,
            tries,
            factor,
            new_slot,
        } = keyed;
        let enrolled = new_slot.is_some();
        let fixed = header.fixed().clone();
        let keys = VaultKeys::derive_from(&vk, fixed.vault_id(), fixed.key_gen())
            .ok_or(UnlockError::NoMemory)?;
        let (slots, rev) = (header.slots(), header.rev());
        let opened = AuthBlock::open(header.auth(), &keys.derive_auth_key(), &fixed, slots, rev);
        let mut auth = opened.map_err(|_| UnlockError::HeaderTampered)?;

        let item = anchor_item(&fixed);
        let seen = match &new_slot {
            // An anchor left by an earlier enrolment of this machine is not under the new key. That
            // this state was given up for an older one is so under every key.
            Some(_) => match anchor::standing(&place, &self.ports, &item) {
                Standing::GivenUp => AnchorRead::Broken,
                _ => AnchorRead::None,
            },
            None => anchor::read(&place, &self.ports, &item, device_keys.preauth()),
        };
        let mut header_rolled_back = believe_last_step(&mut auth, rev, &seen);
        let now = self.ports.now();
        if let Err(refused) = show_presence(&mut auth, presence, &now) {
            let mut after = tries.before;
            if refused == NotPresent::Wrong {
                after.count(Tried::Code, now);
            }
            let (counted_in, count_keys) = match &new_slot {
                Some(new) => (&new.counted_in, new.count_keys.as_ref()),
                None => (&place, Some(&device_keys)),
            };
            self.end_try(counted_in, &fixed, count_keys, after)?;
            return Err(match refused {
                NotPresent::Wrong | NotPresent::Replayed => UnlockError::WrongPasswordOrCode,
                NotPresent::ClockMovedBack => UnlockError::ClockMovedBack,
            });
        }

        if seen == AnchorRead::Silent {
            // The keyring gave the secret a moment ago. Opening without the anchor would write a
            // new one over the newest state that this device has seen.
            self.end_try(&place, &fixed, Some(&device_keys), tries.before)?;
            return Err(DeviceSecretAbsent::KeyringLocked.into());
        }

        let (slots, new_factors) = match new_slot {
            Some(new) => {
                auth.slots_rev += 1;
                self.keep_new_device(&fixed, &place, device_id, &new.device_secret)?;
                (new.slots, new.factors)
            }
            None => (header.slots().to_vec(), Vec::new()),
        };
        let random = self.ports.random();
        // Under a rolled-back header the revision stands still, so that the alarm comes again at
        // every unlock until it is acknowledged.
        let next_rev = if header_rolled_back { rev } else { rev + 1 };
        let next = seal_header(&random, &keys, &auth, fixed.clone(), slots, next_rev)?;
        let (header, read_only) = match header_file::write(&self.home, &next) {
            Ok(()) => (next, false),
            // The step must stand somewhere before the database is opened. A recovery code can
            // only be spent in the header.
            Err(error @ (FileError::ReadOnly | FileError::DiskFull)) => {
                let may_read = new_factors.is_empty() && matches!(presence, Presence::Totp(_));
                if !may_read || seen == AnchorRead::Broken {
                    return Err(error.into());
                }
                (header, true)
            }
            Err(error) => return Err(error.into()),
        };
        let mut now_seen = seen.value().cloned().unwrap_or_else(Anchor::nothing_seen);
        now_seen.last_step = auth.last_step;
        if !header_rolled_back {
            // In a folder that cannot be written, too: a step is believed of an anchor only under
            // the header it was taken under.
            now_seen.hdr_rev = header.rev();
        }
        let write_anchor =
            || anchor::write(&place, &self.ports, &item, device_keys.preauth(), &now_seen);
        if read_only {
            write_anchor().map_err(|_| FileError::ReadOnly)?;
        }
        let beside = || {
            if !read_only && seen.value().is_some() {
                // Where it cannot be written now, the next commit or lock writes it.
                let _ = write_anchor();
            }
            self.settle_throttle(&place, &fixed, &device_keys, &tries);
        };
        // The step is on the disk. What only looks back is written while the database opens.
        let opened = std::thread::scope(|scope| {
            scope.spawn(beside);
            self.open_database(&fixed, &keys, auth.db_instance_id, read_only)
        });
        let (store, ledger, author) = opened?;
        let record_rev = ledger.record().hdr_rev;
        if record_rev > rev && !header_rolled_back {
            // The database was written under a later header than the one that stood here. This
            // device has not seen that one, so it is kept in mind as if it had: the alarm comes
            // again at every unlock until it is acknowledged.
            header_rolled_back = true;
            now_seen.hdr_rev = record_rev.max(header.rev()) + 1;
            if seen != AnchorRead::Broken {
                let keys = device_keys.preauth();
                let _ = anchor::write(&place, &self.ports, &item, keys, &now_seen);
            }
        }
        let mut vault = OpenVault {
            store,
            ledger,
            trust: Trust::ListOnly,
            records: crate::records::Records::default(),
            note: UnlockNote {
                failed_tries: tries.before.since_unlock,
                anchor_missing: seen == AnchorRead::None && !enrolled,
                anchor: seen,
                header_rolled_back,
                read_only,
                damaged_slots: Vec::new(),
                enrolled,
            },
            keys,
            device_keys,
            header,
            header_in_doubt: false,
            auth,
            new_factors,
            device_id,
            author,
            place,
            session: self.ports.make_id()?,
            ports: self.ports.clone(),
            home: self.home.clone(),
        };
        vault.keep_own_factor(factor);
        vault.note.damaged_slots = vault.slots_that_do_not_open(&pw);
        Ok(vault)
    }

    fn open_database(
        &self,
        fixed: &FixedPart,
        keys: &VaultKeys,
        db_instance_id: [u8; 16],
        read_only: bool,
    ) -> Result<(Store, Ledger, MemberId), UnlockError> {
        let access = if read_only {
            Access::ReadOnly
        } else {
            Access::ReadWrite
        };
        let vault_id = *fixed.vault_id();
        let marker = Marker {
            vault_id,
            db_instance_id,
        };
        let path = layout::database(self.home.folder(), &db_instance_id);
        let store = Store::open(&path, &keys.derive_db_key(&db_instance_id), marker, access)?;
        let (ledger, author) = Ledger::open(&store, keys, vault_id, db_instance_id)?;
        Ok((store, ledger, author))
    }
}

pub(crate) fn anchor_item(fixed: &FixedPart) -> ItemName {
    ItemName {
        vault_id: *fixed.vault_id(),
        key_gen: fixed.key_gen(),
        purpose: Purpose::Anchor,
    }
}

/// Takes the later last step where the header is not newer than the anchor; says whether the
/// header is older than one this device has written. A newer header is believed alone, because a
/// recovery code may have set the step back.
fn believe_last_step(auth: &mut AuthBlock, rev: u64, seen: &AnchorRead) -> bool {
    let Some(anchor) = seen.value() else {
        return false;
    };
    if rev <= anchor.hdr_rev {
        auth.last_step = auth.last_step.max(anchor.last_step);
    }
    rev < anchor.hdr_rev
}

impl OpenVault {
    /// Verifies about `rows` more rows. Until it says `Done` only the list may leave. Nothing is
    /// written meanwhile and SQLite holds the file exclusively, so all slices see one state.
    pub fn verify_some(&mut self, rows: usize) -> Result<VerifyProgress, StateError> {
        let before = self.trust;
        let progress = self.verify_slice(rows)?;
        if before == Trust::ListOnly && self.trust == Trust::Verified {
            // What is left to tidy can wait for the next unlock.
            let _ = self.tidy();
        }
        Ok(progress)
    }

    /// Verifies to the end.
    pub fn verify_fully(&mut self) -> Result<(), StateError> {
        while self.verify_some(4096)? == VerifyProgress::More {}
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), CommitError> {
        self.home.keep_reserve();
        self.remember_new_factors()?;
        self.tidy_rotation();
        Ok(())
    }
}
