//! A transaction: everything that changes the database.
//!
//! Deliberately not here: SQL of the single tables (each has its file with an `impl Tx`), and the
//! rule what belongs together in a commit, which is the vault's.

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::buckets::{Changes, RowHash};
use crate::digests::list_root;
use crate::error::StoreError;
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::recount::Measured;
use crate::store::Store;

/// A transaction. Dropped without [`Tx::commit`] it leaves nothing behind.
///
/// It reads as the store does, its own changes included.
pub struct Tx<'s> {
    store: &'s mut Store,
    open: bool,
}

/// What a transaction has changed of what the database hashes to.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) changes: Changes,
    pub(crate) chunks: BTreeMap<u8, Hash>,
    pub(crate) frontier: Frontier,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl Deref for Tx<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store
    }
}

impl<'s> Tx<'s> {
    pub(crate) fn begin(store: &'s mut Store) -> Result<Self, StoreError> {
        if store.in_doubt {
            return Err(StoreError::InDoubt);
        }
        let frontier = store
            .measured
            .as_ref()
            .ok_or(StoreError::NotVerified)?
            .frontier
            .clone();
        store
            .connection
            .prepare_cached("BEGIN IMMEDIATE")?
            .execute(())?;
        store.pending = Some(Pending {
            frontier,
            ..Pending::default()
        });
        Ok(Self { store, open: true })
    }

    /// What every covered row hashes to, this transaction's changes included.
    pub fn items_root(&self) -> Hash {
        self.pending().changes.root(&self.measured().buckets)
    }

    /// What the list projection hashes to, this transaction's changes included.
    pub fn list_root(&self) -> Hash {
        let mut chunks = self.measured().chunks.clone();
        for (chunk, hash) in &self.pending().chunks {
            chunks[usize::from(*chunk)] = *hash;
        }
        list_root(&chunks)
    }

    /// Writes the state record.
    pub fn put_state(&mut self, record: &[u8]) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO state (one, record) VALUES (1, ?1)
                 ON CONFLICT (one) DO UPDATE SET record = excluded.record",
            )?
            .execute([record])?;
        Ok(())
    }

    /// Makes the changes last: when this returns `Ok`, they are on the disk.
    ///
    /// # Errors
    /// On an error nothing was changed, except where reading or writing the file itself failed:
    /// then the outcome is unknown and every further transaction is refused with `InDoubt`.
    pub fn commit(mut self) -> Result<(), StoreError> {
        let outcome = self
            .connection
            .prepare_cached("COMMIT")
            .and_then(|mut statement| statement.execute(()))
            .map_err(StoreError::from);
        if let Err(error) = outcome {
            if matches!(error, StoreError::Io { .. } | StoreError::Corrupt) {
                self.store.in_doubt = true;
            }
            return Err(error);
        }
        self.open = false;
        let Pending {
            changes,
            chunks,
            frontier,
        } = self.store.pending.take().expect("set when it began");
        let measured = self.store.measured.as_mut().expect("checked when it began");
        changes.settle(&mut measured.buckets);
        for (chunk, hash) in chunks {
            measured.chunks[usize::from(chunk)] = hash;
        }
        measured.frontier = frontier;
        Ok(())
    }

    pub(crate) fn cover(&mut self, row: RowHash) {
        let (measured, pending) = self.both();
        pending.changes.add(&measured.buckets, row);
    }

    pub(crate) fn uncover(&mut self, row: RowHash) -> Result<(), StoreError> {
        let (measured, pending) = self.both();
        pending.changes.remove(&measured.buckets, row)
    }

    pub(crate) fn measured(&self) -> &Measured {
        self.store.measured.as_ref().expect("checked when it began")
    }

    pub(crate) fn pending(&self) -> &Pending {
        self.store.pending.as_ref().expect("set when it began")
    }

    pub(crate) fn both(&mut self) -> (&Measured, &mut Pending) {
        let Store {
            measured, pending, ..
        } = &mut *self.store;
        (
            measured.as_ref().expect("checked when it began"),
            pending.as_mut().expect("set when it began"),
        )
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        self.store.pending = None;
        if !self.open || self.store.connection.is_autocommit() {
            return;
        }
        // A rollback that fails leaves the outcome to the journal; until it has been played back
        // at the next opening, nothing more is written.
        if self.store.connection.execute_batch("ROLLBACK").is_err() {
            self.store.in_doubt = true;
        }
    }
}
