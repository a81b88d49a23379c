//! Importing keys from other programs' files: preview, all or nothing, undo, and importing again
//! changes nothing.
//!
//! A plan is made from bytes; it shows every draft and what became of every field of the source.
//! Applying it writes one commit. What it added is remembered as a batch, so that it can be undone:
//! keys that were changed since are kept.
//!
//! Deliberately not here: the formats, opening files, and rewriting the source.

mod batch;
mod columns;
mod plan;
mod view;

pub use batch::BatchId;
pub use view::{
    ImportDraft, ImportField, ImportOptions, ImportOutcome, ImportPlan, ImportUndone, Imported,
    ImportedKey,
};

use strongroom_domain::{EntryId, EntryKind, WriteId};
use strongroom_formats as formats;
use strongroom_store::LocalSpace;

use self::batch::{Batch, decode_batch, encode_batch};
use self::columns::ColumnMemory;
use crate::audit::{AuditEvent, Client, Detail, EventKind};
use crate::error::CommitError;
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, ReadError, WriteKeyError};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("this is no file of keys we know; say which kind it is")]
    UnknownSource,
    #[error("there is no such kind of source; it is freqtrade, ccxt, env, csv or strongroom")]
    NoSuchSource,
    #[error(transparent)]
    Source(#[from] formats::ImportError),
    #[error("no column can hold that field")]
    NoSuchField,
    #[error("there is no import to undo")]
    NoBatch,
    #[error(transparent)]
    Write(#[from] WriteKeyError),
}

impl From<ReadError> for ImportError {
    fn from(error: ReadError) -> Self {
        Self::Write(error.into())
    }
}

impl From<CommitError> for ImportError {
    fn from(error: CommitError) -> Self {
        Self::Write(error.into())
    }
}

impl OpenVault {
    /// Records what a plan has and the vault has not, in one commit.
    pub fn apply_import(&mut self, plan: ImportPlan, by: Client) -> Result<Imported, ImportError> {
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        let (mut added, mut already) = (Vec::new(), 0);
        for (number, planned) in plan.drafts.into_iter().enumerate() {
            let new = planned.new;
            // The vault may have changed since the plan was made.
            let here = self.already_here(&new.exchange, &new.fields)?;
            if planned.view.already.is_some() || here.is_some() {
                already += 1;
                continue;
            }
            let label = new.label.clone();
            let (id, _) = self.draft_key(&mut draft, new)?;
            draft.forget();
            added.push(ImportedKey {
                id,
                label,
                draft: number,
            });
        }
        if added.is_empty() {
            return Ok(Imported {
                batch: None,
                added,
                already,
            });
        }
        let batch = self.make_batch_id()?;
        let writes: Vec<(EntryId, WriteId)> = draft.write_ids().collect();
        let body = encode_batch(&added, &writes);
        draft.put_local(LocalSpace::ImportBatch, batch.0.as_bytes(), Some(body));
        if let Some(ColumnMemory { hash, body }) = plan.columns {
            draft.put_local(LocalSpace::ImportColumns, &hash, Some(body));
        }
        let event = AuditEvent::from(EventKind::Imported).detail(Detail::Count(added.len() as u64));
        let ready = draft.finish();
        self.write_draft(event, by, ready)?;
        Ok(Imported {
            batch: Some(batch),
            added,
            already,
        })
    }

    /// The keys that an import added and that are still here.
    pub fn import_keys(&mut self, batch: BatchId) -> Result<Vec<ImportedKey>, ImportError> {
        self.make_ready()?;
        let batch = self.read_batch(batch)?;
        let list = self.records.list.as_ref();
        let listed = batch.keys.into_iter().filter_map(|(draft, id)| {
            let label = list?.get(id)?.label.clone();
            Some(ImportedKey { id, label, draft })
        });
        Ok(listed.collect())
    }

    /// Takes back an import, the latest if none is named. A key that was changed since stays. The
    /// others are deleted: their secrets stay sealed until they are purged by id, so that an undo
    /// after the source was rewritten loses nothing.
    pub fn undo_import(
        &mut self,
        batch: Option<BatchId>,
        by: Client,
    ) -> Result<ImportUndone, ImportError> {
        self.make_ready()?;
        let id = match batch {
            Some(batch) => batch,
            None => self.latest_batch()?.ok_or(ImportError::NoBatch)?,
        };
        let batch = self.read_batch(id)?;
        let mut draft = Draft::new(self)?;
        let mut undone = ImportUndone {
            removed: 0,
            kept: 0,
        };
        for (_, key) in &batch.keys {
            draft.load(*key)?;
            if draft.record(*key).is_none() {
                continue;
            }
            let written: Vec<WriteId> = draft.replica.writes().map(|write| write.id).collect();
            if written.iter().all(|write| batch.writes.contains(write)) {
                let deletion = Self::deletion(&draft, *key);
                draft.set(EntryKind::Key, *key, &deletion)?;
                draft.changed(*key);
                undone.removed += 1;
            } else {
                undone.kept += 1;
            }
            draft.forget();
        }
        draft.put_local(LocalSpace::ImportBatch, id.0.as_bytes(), None);
        let count = Detail::Count(undone.removed as u64);
        let event = AuditEvent::from(EventKind::ImportUndone).detail(count);
        let ready = draft.finish();
        self.write_draft(event, by, ready)?;
        Ok(undone)
    }

    fn latest_batch(&self) -> Result<Option<BatchId>, ImportError> {
        let rows = self
            .store
            .local_rows(LocalSpace::ImportBatch)
            .map_err(ReadError::from)?;
        Ok(rows
            .last()
            .and_then(|row| EntryId::from_slice(&row.name))
            .map(BatchId))
    }

    fn read_batch(&self, batch: BatchId) -> Result<Batch, ImportError> {
        let row = self
            .store
            .local(LocalSpace::ImportBatch, batch.0.as_bytes());
        let bytes = row.map_err(ReadError::from)?.ok_or(ImportError::NoBatch)?;
        decode_batch(&bytes).ok_or(ImportError::Write(
            KeyError::Read(ReadError::Damaged).into(),
        ))
    }

    /// Time first, so that the latest stands last.
    fn make_batch_id(&self) -> Result<BatchId, CommitError> {
        let mut id = self.ports.make_id()?;
        id[..8].copy_from_slice(&self.ports.clock.utc_ms().to_be_bytes());
        Ok(BatchId(EntryId::from_bytes(id)))
    }
}
