//! Taking up an older copy of the vault.
//!
//! From an open vault the contents of a backup go into a database of their own, and replacing the
//! header is the only commit: before it the present vault stands, after it the restored one. The
//! present header stays (password, devices, kit); what is spent stays spent.
//!
//! Deliberately not here: making backups (`backup.rs`), and a vault that does not open any more
//! (`put_back.rs`).

use std::path::{Path, PathBuf};

use strongroom_crypto::{AuthBlock, Header, HeaderError, MAX_HEADER_BYTES};
use strongroom_store::{Access, LocalSpace, Marker, OpenError, Store, StoreError, Tx};

use crate::anchor::{self, AnchorRead};
use crate::audit::{AuditEvent, Detail, EventKind};
use crate::backup::{self, BackupError, Destination, verified_record};
use crate::error::{CommitError, FileError, StepUpError, StepUpRequired};
use crate::layout;
use crate::open::{OpenVault, Trust};
use crate::ports::EntropyFailed;
use crate::put_back::INCOMING;
use crate::state::{AUTHOR, Ledger, LedgerSeed, StateError, StateRecord, append, first_record};
use crate::stepup::{Need, StepUp};
use crate::unlock::anchor_item;

/// Why a backup was not taken up. The present vault stands unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error("this folder holds no backup")]
    NotABackup,
    #[error("the header of the backup is refused: {0}")]
    Header(#[from] HeaderError),
    #[error("the backup is of another vault")]
    OtherVault,
    #[error(
        "the backup was made before the vault key was rotated: restore it into a new folder with \
             --vault, and open it with the recovery kit of that time"
    )]
    OlderKey,
    #[error("the backup is of an earlier database of this vault: restore it with its header")]
    OlderInstance,
    #[error("the backup does not verify; take another one")]
    DoesNotVerify,
    #[error("the header cannot be written, so nothing was restored")]
    HeaderInDoubt,
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

impl From<StoreError> for RestoreError {
    fn from(error: StoreError) -> Self {
        Self::State(error.into())
    }
}

impl From<BackupError> for RestoreError {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::File(file) => Self::File(file),
            BackupError::Copy(open) => Self::Database(open),
            BackupError::Entropy(failed) => Self::Entropy(failed),
            BackupError::Commit(commit) => Self::Commit(commit),
            _ => Self::DoesNotVerify,
        }
    }
}

/// What was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub epoch: u64,
    /// Entries of the log that the backup has.
    pub audit_size: u64,
    /// Entries of the log that were left behind.
    pub left_behind: u64,
    /// A backup of the vault that was left, like any other and rotated with them; `None` where it
    /// was too damaged for one.
    pub kept_aside: Option<PathBuf>,
}

/// What a look at a backup found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drill {
    pub epoch: u64,
    pub keys: usize,
    pub audit_size: u64,
}

/// A backup that was opened and verified.
struct Opened {
    store: Store,
    record: StateRecord,
    auth: AuthBlock,
}

impl OpenVault {
    /// Opens a backup, verifies all of it, and closes it again: the drill that shows it could be
    /// restored.
    pub fn restore_drill(&mut self, backup: &Path) -> Result<Drill, RestoreError> {
        let opened = self.open_backup(backup)?;
        let drill = Drill {
            epoch: opened.record.epoch,
            keys: opened.store.digests()?.len(),
            audit_size: opened.record.audit_size,
        };
        if self.trust == Trust::Verified {
            self.audit(EventKind::RestoreDrill.into())?;
        }
        Ok(drill)
    }

    /// Takes up a backup, after one was made of the vault at hand: what is left behind may turn out
    /// to be wanted.
    pub fn restore(&mut self, step_up: &StepUp, backup: &Path) -> Result<Restored, RestoreError> {
        self.require(step_up, Need::Code)?;
        if self.trust == Trust::ListOnly {
            return Err(CommitError::NotYetVerified.into());
        }
        let opened = self.open_backup(backup)?;
        let kept_aside = self.keep_present()?;
        let db_instance_id = self.ports.make_id()?;
        let path = layout::database(self.home.folder(), &db_instance_id);
        let restored = self.fill_restored(&opened, &path, db_instance_id);
        let (store, ledger) = match restored {
            Ok(restored) => restored,
            Err(error) => {
                // Unfinished and never named by a header.
                let _ = std::fs::remove_file(&path);
                return Err(error);
            }
        };
        let (left, taken_up) = (self.ledger.record().clone(), opened.record);
        let was = (
            self.auth.db_instance_id,
            self.auth.last_step,
            self.auth.recovery,
        );
        self.auth.db_instance_id = db_instance_id;
        self.auth.last_step = self.auth.last_step.max(opened.auth.last_step);
        for entry in &mut self.auth.recovery {
            let spent = |other: &strongroom_crypto::RecoveryEntry| {
                other.spent && other.digest == entry.digest
            };
            entry.spent |= opened.auth.recovery.iter().any(spent);
        }
        // The header becomes newer than any that this device has seen, also under an alarm: what is
        // taken up is what later states are measured by.
        let seen_rev = self.note.anchor.value().map_or(0, |seen| seen.hdr_rev);
        match self.raise_header(seen_rev.max(left.hdr_rev)) {
            Ok(()) => {}
            // Which of the two headers stands is not known: neither database may go.
            Err(StepUpError::File(FileError::InDoubt | FileError::NotAsWritten)) => {
                return Err(RestoreError::HeaderInDoubt);
            }
            Err(_) => {
                (
                    self.auth.db_instance_id,
                    self.auth.last_step,
                    self.auth.recovery,
                ) = was;
                drop(store);
                let _ = std::fs::remove_file(&path);
                return Err(RestoreError::HeaderInDoubt);
            }
        }
        self.store = store;
        self.ledger = ledger;
        self.records = crate::records::Records::default();
        self.trust = Trust::Verified;
        self.note.anchor = AnchorRead::None;
        self.note.header_rolled_back = false;
        // It stays due where the keyring does not take it now.
        let _ = self.flush_anchor();
        Ok(Restored {
            epoch: self.ledger.record().epoch,
            audit_size: taken_up.audit_size,
            left_behind: left.audit_size.saturating_sub(taken_up.audit_size),
            kept_aside,
        })
    }

    /// A verified copy of the present vault among the backups; none is rotated away for it.
    fn keep_present(&self) -> Result<Option<PathBuf>, RestoreError> {
        if self.trust == Trust::Broken {
            return Ok(None);
        }
        let folder = self.home.folder().join(layout::BACKUPS);
        let now_ms = self.ports.clock.utc_ms();
        match self.back_up_into(Destination::First, &folder, now_ms) {
            Ok(made) => Ok(Some(made.path)),
            // Damaged since it was verified: a restore is what helps.
            Err(BackupError::DoesNotVerify | BackupError::Copy(_)) => Ok(None),
            Err(BackupError::DiskShort { .. }) => Err(FileError::DiskFull.into()),
            Err(other) => Err(other.into()),
        }
    }

    fn open_backup(&self, backup: &Path) -> Result<Opened, RestoreError> {
        let header = read_header(backup)?;
        let fixed = header.fixed();
        if fixed.vault_id() != self.vault_id() {
            return Err(RestoreError::OtherVault);
        }
        if fixed.key_gen() != self.key_gen() {
            return Err(RestoreError::OlderKey);
        }
        let (slots, rev) = (header.slots(), header.rev());
        let auth = AuthBlock::open(
            header.auth(),
            &self.keys.derive_auth_key(),
            fixed,
            slots,
            rev,
        )
        .map_err(|_| RestoreError::DoesNotVerify)?;
        let (database, db_instance_id) =
            backup::database_in(backup).ok_or(RestoreError::NotABackup)?;
        if db_instance_id != auth.db_instance_id {
            return Err(RestoreError::DoesNotVerify);
        }
        // A backup may lie on a medium without modes; it is opened from a copy of our own.
        let copy = self.home.folder().join(INCOMING);
        let _ = std::fs::remove_file(&copy);
        backup::copy_file(&database, &copy)?;
        let marker = Marker {
            vault_id: *self.vault_id(),
            db_instance_id,
        };
        let key = self.keys.derive_db_key(&db_instance_id);
        let store = Store::open(&copy, &key, marker, Access::ReadWrite);
        // The file lives on as long as it is open, and is gone with it whatever happens.
        let _ = std::fs::remove_file(&copy);
        let store = store?;
        let record = verified_record(&store, &self.keys.derive_state_key())
            .ok_or(RestoreError::DoesNotVerify)?;
        Ok(Opened {
            store,
            record,
            auth,
        })
    }

    /// A new database with the backup's contents, this vault's factors, and the entry that says
    /// what was taken up and what was left.
    fn fill_restored(
        &self,
        opened: &Opened,
        path: &Path,
        db_instance_id: [u8; 16],
    ) -> Result<(Store, Ledger), RestoreError> {
        let item = anchor_item(self.header.fixed());
        let seen = anchor::read(&self.place, &self.ports, &item, self.device_keys.preauth());
        let seen_epoch = seen.value().map_or(0, |anchor| anchor.epoch);
        let present = self.ledger.record();
        let epoch = seen_epoch.max(opened.record.epoch).max(present.epoch) + 1;
        let roots = Detail::Roots {
            left: present.audit_root,
            taken_up: opened.record.audit_root,
        };
        let event = AuditEvent::from(EventKind::Restored).detail(roots);
        let seed = LedgerSeed {
            keys: &self.keys,
            ports: &self.ports,
            vault_id: *self.vault_id(),
            db_instance_id,
            device_id: self.device_id,
            author: self.author,
            hdr_rev: self.header.rev() + 1,
            app_version: env!("CARGO_PKG_VERSION"),
        };
        let marker = Marker {
            vault_id: seed.vault_id,
            db_instance_id,
        };
        let key = self.keys.derive_db_key(&db_instance_id);
        let mut store = Store::create(path, &key, marker)?;
        let mut tx = store.begin()?;
        opened
            .store
            .copy_into(&mut tx, |_| Ok::<_, StoreError>(()))?;
        let slots: Vec<[u8; 16]> = self.header.slots().iter().map(|slot| *slot.id()).collect();
        for row in tx.local_rows(LocalSpace::Factor)? {
            if !slots.iter().any(|slot| slot[..] == row.name[..]) {
                tx.remove_local(LocalSpace::Factor, &row.name)?;
            }
        }
        // A database that is damaged may not give its factors any more; the backup's are as good
        // for the slots both have.
        for row in self
            .store
            .local_rows(LocalSpace::Factor)
            .unwrap_or_default()
        {
            tx.put_local(LocalSpace::Factor, &row.name, &row.body)?;
        }
        self.keep_sharing(&mut tx)?;
        append(&mut tx, &seed, event)?;
        let record = first_record(&tx, &seed, epoch);
        tx.put_state(&record.seal(&self.keys.derive_state_key()))?;
        tx.commit()?;
        match verified_record(&store, &self.keys.derive_state_key()) {
            Some(found) if found == record => Ok((store, Ledger::over(record))),
            _ => Err(StateError::CopyDiffers.into()),
        }
    }
}

impl OpenVault {
    /// What was told to others stays told, and who somebody is does not go back with the contents:
    /// the person's own keys, the contacts as they are now, the counting of shares, and what was
    /// given to whom. Of a database that is too damaged to give them, the backup's stand.
    fn keep_sharing(&self, tx: &mut Tx<'_>) -> Result<(), RestoreError> {
        for space in [
            LocalSpace::Identity,
            LocalSpace::Contact,
            LocalSpace::ShareChain,
        ] {
            let present = self.store.local_rows(space).unwrap_or_default();
            if present.is_empty() {
                continue;
            }
            for old in tx.local_rows(space)? {
                tx.remove_local(space, &old.name)?;
            }
            for row in present {
                tx.put_local(space, &row.name, &row.body)?;
            }
        }
        for space in [LocalSpace::Given, LocalSpace::ShareLog] {
            for row in self.store.local_rows(space).unwrap_or_default() {
                tx.put_local(space, &row.name, &row.body)?;
            }
        }
        Ok(tx.put_local(LocalSpace::Setting, AUTHOR, self.author.as_bytes())?)
    }
}

pub(crate) fn read_header(backup: &Path) -> Result<Header, RestoreError> {
    // Read without the checks of mode and owner: a backup may lie on a medium that has neither.
    let bytes = match std::fs::metadata(backup.join(layout::HEADER)) {
        Ok(found) if found.len() <= MAX_HEADER_BYTES as u64 => {
            std::fs::read(backup.join(layout::HEADER)).map_err(layout::classify)?
        }
        Ok(_) => return Err(HeaderError::TooLarge.into()),
        Err(_) => return Err(RestoreError::NotABackup),
    };
    Ok(Header::parse(&bytes)?)
}
