//! Reading and verifying the log, signing checkpoints, and the lock that ends a session.
//!
//! Deliberately not here: the file that is handed out (`export.rs`).

use strongroom_crypto::checkpoint::{self, Checkpoint};
use strongroom_crypto::{CborError, NoteError};
use strongroom_store::{LocalSpace, StoreError};

use crate::audit::{AuditEntry, AuditEvent, EventKind};
use crate::error::CommitError;
use crate::open::{OpenVault, Trust};
use crate::state::{StateError, audit_key};

/// Name of the local row with the last checkpoint signed here.
const LAST_CHECKPOINT: &[u8] = b"last-checkpoint";

/// Leaves read at a time while verifying.
const PAGE: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    #[error("the vault is still being verified; try again in a moment")]
    NotYetVerified,
    #[error("the vault does not verify; restore a backup")]
    Broken,
    #[error("entry {seq} of the log is not one Strongroom wrote")]
    Entry { seq: u64 },
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error("the checkpoint is of a longer log than this one: this vault is older")]
    Older,
    #[error("the checkpoint is of another history than this log's")]
    OtherHistory,
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<StoreError> for AuditError {
    fn from(error: StoreError) -> Self {
        Self::State(error.into())
    }
}

/// What a verification of the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    pub size: u64,
    pub root: [u8; 32],
    /// Up to which entry this device's anchor vouches.
    pub anchored: u64,
    /// Up to which entry the last checkpoint signed by this vault's audit key vouches.
    pub checkpointed: u64,
    /// The audit key as others verify with it (C2SP).
    pub verifier_key: String,
}

impl OpenVault {
    /// At most `limit` entries from number `from` on, in order.
    pub fn audit_entries(&self, from: u64, limit: usize) -> Result<Vec<AuditEntry>, AuditError> {
        self.check_log_readable()?;
        self.store
            .audit_range(from, limit)?
            .into_iter()
            .map(|(seq, leaf)| entry_of(seq, &leaf))
            .collect()
    }

    pub fn audit_size(&self) -> u64 {
        self.ledger.record().audit_size
    }

    /// Verifies every entry, the tree over them, the last checkpoint, and one held elsewhere if
    /// given. The anchor was compared when the vault was unlocked.
    pub fn audit_verify(&self, held_elsewhere: Option<&str>) -> Result<AuditReport, AuditError> {
        self.check_log_readable()?;
        let record = self.ledger.record();
        let mut frontier = strongroom_crypto::merkle::Frontier::default();
        while frontier.size() < record.audit_size {
            let page = self.store.audit_range(frontier.size(), PAGE)?;
            if page.is_empty() {
                return Err(AuditError::Broken);
            }
            for (seq, leaf) in &page {
                entry_of(*seq, leaf)?;
                frontier.append(strongroom_crypto::merkle::leaf_hash(leaf));
            }
        }
        if frontier.root() != record.audit_root {
            return Err(AuditError::Broken);
        }
        let public = self.audit_public_key()?;
        let checkpointed = match self.last_checkpoint()? {
            Some(note) => self.check_note(&note, &public)?.size,
            None => 0,
        };
        if let Some(note) = held_elsewhere {
            self.check_note(note, &public)?;
        }
        let anchored = if self.trust == Trust::Verified {
            record
                .audit_size
                .saturating_sub(u64::from(self.ledger.unanchored()))
        } else {
            0
        };
        Ok(AuditReport {
            size: record.audit_size,
            root: record.audit_root,
            anchored,
            checkpointed,
            verifier_key: checkpoint::verifier_key(&checkpoint::origin(self.vault_id()), &public),
        })
    }

    /// Records `event` and signs a checkpoint that covers it.
    pub(crate) fn audit_with_checkpoint(
        &mut self,
        event: AuditEvent,
    ) -> Result<String, AuditError> {
        let seed = audit_key(&self.store, &self.keys, *self.vault_id())?;
        let origin = checkpoint::origin(self.vault_id());
        let sign = |tx: &mut strongroom_store::Tx<'_>| {
            let (size, root) = tx.audit_head();
            let note = checkpoint::sign(
                &Checkpoint {
                    origin: origin.clone(),
                    size,
                    root,
                },
                &seed,
            );
            tx.put_local(LocalSpace::Checkpoint, LAST_CHECKPOINT, note.as_bytes())
                .map_err(CommitError::from)?;
            Ok::<_, CommitError>(note)
        };
        match self.commit(event, sign) {
            Err(CommitError::DiskFull) if self.home.give_up_reserve() => {
                Ok(self.commit(event, sign)?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// The log as it stands, signed; for others to hold it against what they are shown later.
    pub(crate) fn audit_note(&self) -> Result<String, AuditError> {
        let seed = audit_key(&self.store, &self.keys, *self.vault_id())?;
        let record = self.ledger.record();
        let stands = Checkpoint {
            origin: checkpoint::origin(self.vault_id()),
            size: record.audit_size,
            root: record.audit_root,
        };
        Ok(checkpoint::sign(&stands, &seed))
    }

    /// Locks: the log says so, a checkpoint is signed, the anchor learns the state. The keys are
    /// wiped whatever of this fails.
    pub fn lock(mut self) -> Result<(), AuditError> {
        if self.trust != Trust::Verified {
            return Ok(());
        }
        // What could not be written is worked out again at the next unlock.
        let _ = self.flush_reminders();
        let recorded = self.audit_with_checkpoint(EventKind::Locked.into());
        let anchored = self.flush_anchor();
        recorded?;
        anchored.map_err(|_| AuditError::Commit(CommitError::Store))
    }

    fn last_checkpoint(&self) -> Result<Option<String>, AuditError> {
        let row = self.store.local(LocalSpace::Checkpoint, LAST_CHECKPOINT)?;
        row.map(|bytes| String::from_utf8(bytes).map_err(|_| NoteError::Malformed.into()))
            .transpose()
    }

    pub(crate) fn audit_public_key(&self) -> Result<[u8; 32], AuditError> {
        Ok(checkpoint::public_key(&audit_key(
            &self.store,
            &self.keys,
            *self.vault_id(),
        )?))
    }

    /// Whether a signed checkpoint is of a beginning of this log.
    fn check_note(&self, note: &str, public: &[u8; 32]) -> Result<Checkpoint, AuditError> {
        let found = checkpoint::verify(note, &checkpoint::origin(self.vault_id()), public)?;
        if found.size > self.ledger.record().audit_size {
            return Err(AuditError::Older);
        }
        if self.store.audit_root(found.size)? != found.root {
            return Err(AuditError::OtherHistory);
        }
        Ok(found)
    }

    pub(crate) fn check_log_readable(&self) -> Result<(), AuditError> {
        match self.trust {
            Trust::ListOnly => Err(AuditError::NotYetVerified),
            Trust::Broken => Err(AuditError::Broken),
            Trust::Verified | Trust::RolledBack | Trust::ReadOnly => Ok(()),
        }
    }
}

pub(crate) fn entry_of(seq: u64, leaf: &[u8]) -> Result<AuditEntry, AuditError> {
    match AuditEntry::decode(leaf) {
        Ok(entry) if entry.seq == seq => Ok(entry),
        Ok(_) | Err(CborError::Malformed | CborError::NotCanonical) => {
            Err(AuditError::Entry { seq })
        }
    }
}
