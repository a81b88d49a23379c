//! Backups: whole copies of the vault, each a folder with a header and a database that opens under
//! the same keys, made in two places, rotated, and believed only once they were opened.
//!
//! The device secret is never part of a backup: what opens one is the password with the recovery
//! kit, or a device that still has its secret.
//!
//! Deliberately not here: when one is made (agent), and restoring (`restore.rs`).

use std::fs::{DirBuilder, File};
use std::io::Read;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use strongroom_store::{Access, LocalSpace, Marker, OpenError, Recount, Store, StoreError};

use crate::audit::{AuditEvent, EventKind};
use crate::backup_policy::BackupOutcome;
use crate::error::{CommitError, FileError};
use crate::layout;
use crate::open::{OpenVault, Trust};
use crate::ports::EntropyFailed;
use crate::put_back;
use crate::state::StateRecord;

const PREFIX: &str = "backup-";
const UNFINISHED: &str = ".unfinished-";
/// Left free on a disk after a backup: the vault itself must still be able to grow.
const MARGIN_BYTES: u64 = 4 * 1024 * 1024;

/// One of the two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// `backups/` in the vault folder.
    First,
    /// A folder that the person chose, off this disk.
    Second,
}

impl Destination {
    pub const ALL: [Self; 2] = [Self::First, Self::Second];

    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
        }
    }
}

/// Why a backup was not made. Nothing that was there before is lost then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    #[error("the vault is not verified, so a backup of it would be worth nothing")]
    NotVerified,
    #[error("there is not enough room for a backup: {needed_bytes} bytes are needed")]
    DiskShort { needed_bytes: u64 },
    #[error("the folder for backups is not there; is the disk connected?")]
    NoFolder,
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the copy could not be made")]
    Copy(#[from] OpenError),
    #[error("the copy does not open, or is not what was copied")]
    DoesNotVerify,
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Copy(error.into())
    }
}

/// A backup that lies in one of the places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupView {
    pub destination: Destination,
    pub path: PathBuf,
    /// When it was made, as its name says.
    pub made_ms: u64,
    pub bytes: u64,
}

/// What became of each place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    pub made: Vec<BackupView>,
    pub failed: Vec<(Destination, BackupError)>,
}

impl OpenVault {
    /// Makes a backup in every place there is, rotates the older ones, and records what became of
    /// it.
    ///
    /// # Errors
    /// If nothing could be tried. A place that failed is told in the report.
    pub fn back_up(&mut self) -> Result<BackupReport, BackupError> {
        if self.trust != Trust::Verified {
            return Err(BackupError::NotVerified);
        }
        let policy = self.backup_policy()?;
        let now_ms = self.ports.clock.utc_ms();
        let mut report = BackupReport {
            made: Vec::new(),
            failed: Vec::new(),
        };
        let places = [
            (
                Destination::First,
                Some(self.home.folder().join(layout::BACKUPS)),
            ),
            (Destination::Second, policy.second.clone()),
        ];
        for (destination, folder) in places {
            let Some(folder) = folder else { continue };
            match self.back_up_into(destination, &folder, now_ms) {
                Ok(made) => {
                    rotate(&folder, &made, self.vault_id(), policy.keep);
                    report.made.push(made);
                }
                Err(error) => report.failed.push((destination, error)),
            }
        }
        if !report.made.is_empty() {
            put_back::remove_put_aside(self.home.folder());
        }
        let kind = match report.failed.is_empty() {
            true => EventKind::BackedUp,
            false => EventKind::BackupFailed,
        };
        let outcomes: Vec<(Destination, BackupOutcome)> = report
            .made
            .iter()
            .map(|made| (made.destination, BackupOutcome::made_at(now_ms)))
            .chain(
                report
                    .failed
                    .iter()
                    .map(|(place, _)| (*place, BackupOutcome::failed_at(now_ms))),
            )
            .collect();
        let event = AuditEvent::from(kind).of_program();
        let recorded = self.commit(event, |tx| {
            for (destination, outcome) in &outcomes {
                let known = tx.local(LocalSpace::Backup, destination.word().as_bytes())?;
                let row = outcome.after(known.as_deref());
                tx.put_local(LocalSpace::Backup, destination.word().as_bytes(), &row)?;
            }
            Ok::<_, CommitError>(())
        });
        match recorded {
            // What became of it is told all the same; the reserve is kept for an unlock.
            Err(CommitError::DiskFull) => {}
            outcome => outcome?,
        }
        self.backups_changed();
        Ok(report)
    }

    /// Makes one backup in a folder that is no destination of the automatic ones; none is rotated
    /// away there.
    pub fn back_up_once(&mut self, folder: &Path) -> Result<BackupView, BackupError> {
        if self.trust != Trust::Verified {
            return Err(BackupError::NotVerified);
        }
        let now_ms = self.ports.clock.utc_ms();
        let made = self.back_up_into(Destination::Second, folder, now_ms)?;
        self.audit(AuditEvent::from(EventKind::BackedUp))?;
        Ok(made)
    }

    /// The backups of this vault, newest first.
    pub fn backups(&self) -> Result<Vec<BackupView>, BackupError> {
        let first = self.home.folder().join(layout::BACKUPS);
        let mut found = list(&first, Destination::First, self.vault_id());
        if let Some(second) = self.backup_policy()?.second {
            found.extend(list(&second, Destination::Second, self.vault_id()));
        }
        found.sort_by_key(|backup| std::cmp::Reverse(backup.made_ms));
        Ok(found)
    }

    pub(crate) fn back_up_into(
        &self,
        destination: Destination,
        folder: &Path,
        now_ms: u64,
    ) -> Result<BackupView, BackupError> {
        match destination {
            Destination::First => make_folder(folder)?,
            // A folder on a disk that is not connected must not be made on this one.
            Destination::Second if !folder.is_dir() => return Err(BackupError::NoFolder),
            Destination::Second => {}
        }
        let header = self.header.encode();
        let size = std::fs::metadata(self.store.path())
            .map_err(layout::classify)?
            .len();
        let needed_bytes = size + header.len() as u64 + MARGIN_BYTES;
        if free_bytes(folder)? < needed_bytes {
            return Err(BackupError::DiskShort { needed_bytes });
        }
        let mut mark = [0; 4];
        self.ports.entropy.fill(&mut mark)?;
        let mark = HEXLOWER.encode(&mark);
        let unfinished = folder.join(format!("{UNFINISHED}{mark}"));
        let name = format!("{PREFIX}{}-{now_ms:013}-{mark}", short(self.vault_id()));
        let made = self.fill(&unfinished, &header).and_then(|bytes| {
            let path = folder.join(&name);
            std::fs::rename(&unfinished, &path).map_err(layout::classify)?;
            layout::sync_folder(folder).map_err(layout::classify)?;
            Ok(BackupView {
                destination,
                path,
                made_ms: now_ms,
                bytes,
            })
        });
        if made.is_err() {
            // Half a backup is worth nothing and may be why the disk is full.
            let _ = std::fs::remove_dir_all(&unfinished);
        }
        made
    }

    /// Database and header into a new folder; then opens what was written and recomputes it.
    fn fill(&self, folder: &Path, header: &[u8]) -> Result<u64, BackupError> {
        DirBuilder::new()
            .mode(0o700)
            .create(folder)
            .map_err(layout::classify)?;
        let database = layout::database(folder, &self.auth.db_instance_id);
        self.store.vacuum_into(&database)?;
        layout::write_new(&folder.join(layout::HEADER), header)?;
        layout::sync_folder(folder).map_err(layout::classify)?;

        let written = std::fs::read(folder.join(layout::HEADER)).map_err(layout::classify)?;
        let record = self.check_copy(&database, self.auth.db_instance_id)?;
        if written != header || record != *self.ledger.record() {
            return Err(BackupError::DoesNotVerify);
        }
        let bytes = std::fs::metadata(&database)
            .map_err(layout::classify)?
            .len();
        Ok(bytes + header.len() as u64)
    }

    /// Opens a copy of this vault's database to look at it, and recomputes all of it.
    pub(crate) fn check_copy(
        &self,
        database: &Path,
        db_instance_id: [u8; 16],
    ) -> Result<StateRecord, BackupError> {
        let marker = Marker {
            vault_id: *self.vault_id(),
            db_instance_id,
        };
        let key = self.keys.derive_db_key(&db_instance_id);
        let copy = Store::open(database, &key, marker, Access::Copy)?;
        verified_record(&copy, &self.keys.derive_state_key()).ok_or(BackupError::DoesNotVerify)
    }
}

/// The state record of a database, if the database is what it says.
pub(crate) fn verified_record(
    store: &Store,
    k_state: &strongroom_secret::Key32,
) -> Option<StateRecord> {
    let record = StateRecord::open(&store.state().ok()??, k_state)?;
    let found = Recount::run(store).ok()?;
    let agrees = found.items_root() == record.items_root
        && found.list_root() == record.list_root
        && found.audit_size() == record.audit_size
        && found.audit_root() == record.audit_root;
    agrees.then_some(record)
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), FileError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(layout::classify(error))
        }
        _ => Ok(()),
    }
}

fn free_bytes(folder: &Path) -> Result<u64, FileError> {
    let found = rustix::fs::statvfs(folder).map_err(|error| layout::classify(error.into()))?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Enough of the vault's id to tell two vaults that back up to one folder apart.
fn short(vault_id: &[u8; 16]) -> String {
    HEXLOWER.encode(&vault_id[..4])
}

/// The finished backups of this vault in a folder, newest first. A folder that is not there has
/// none.
fn list(folder: &Path, destination: Destination, vault_id: &[u8; 16]) -> Vec<BackupView> {
    let prefix = format!("{PREFIX}{}-", short(vault_id));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<BackupView> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let made_ms = name
                .strip_prefix(&prefix)?
                .split('-')
                .next()?
                .parse()
                .ok()?;
            let path = entry.path();
            let bytes = std::fs::read_dir(&path)
                .ok()?
                .flatten()
                .filter_map(|file| file.metadata().ok())
                .map(|metadata| metadata.len())
                .sum();
            Some(BackupView {
                destination,
                path,
                made_ms,
                bytes,
            })
        })
        .collect();
    found.sort_by_key(|backup| std::cmp::Reverse(backup.made_ms));
    found
}

/// Removes the oldest beyond `keep`, and what an interrupted backup left. Called after a new one
/// has verified, so there is never a moment without one, and that one stays in any case. The names
/// of others may say a time that has not come: then a clock was wrong, and they count as older than
/// all the rest.
fn rotate(folder: &Path, just_made: &BackupView, vault_id: &[u8; 16], keep: u32) {
    let destination = just_made.destination;
    let mut others = list(folder, destination, vault_id);
    others.retain(|backup| backup.path != just_made.path);
    others.sort_by_key(|backup| {
        let to_come = backup.made_ms > just_made.made_ms;
        (to_come, std::cmp::Reverse(backup.made_ms))
    });
    let keep = usize::try_from(keep.max(1)).unwrap_or(usize::MAX);
    for old in others.into_iter().skip(keep - 1) {
        // One that cannot be removed is tried again after the next backup.
        let _ = std::fs::remove_dir_all(old.path);
    }
    if destination == Destination::First {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in entries {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// The one database in the folder of a backup, with its instance.
pub(crate) fn database_in(folder: &Path) -> Option<(PathBuf, [u8; 16])> {
    let mut found = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let id = name.strip_prefix("vault-")?.strip_suffix(".db")?;
            let id: [u8; 16] = HEXLOWER.decode(id.as_bytes()).ok()?.try_into().ok()?;
            Some((entry.path(), id))
        });
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// Copies a file of a backup into a vault folder, for its owner alone, and reads it back.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<(), FileError> {
    let mut bytes = Vec::new();
    File::open(from)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(layout::classify)?;
    layout::write_new(to, &bytes)?;
    match std::fs::read(to) {
        Ok(written) if written == bytes => Ok(()),
        _ => Err(FileError::NotAsWritten),
    }
}
