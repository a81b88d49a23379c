//! An open database: what can be read from it, and the beginning of a transaction.
//!
//! Deliberately not here: opening (`open.rs`), writing (`tx.rs`), and the meaning of anything
//! read. A `Store` refuses every write until the caller has recomputed what the database hashes
//! to and adopted the result (`recount.rs`).

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use crate::buckets::RowHash;
use crate::error::StoreError;
use crate::open::Access;
use crate::recount::Measured;
use crate::tx::{Pending, Tx};

/// An open SQLCipher database of one vault.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) measured: Option<Measured>,
    pub(crate) pending: Option<Pending>,
    pub(crate) in_doubt: bool,
    path: PathBuf,
    access: Access,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("access", &self.access)
            .field("verified", &self.measured.is_some())
            .finish_non_exhaustive()
    }
}

impl Store {
    pub(crate) fn over(
        connection: Connection,
        path: PathBuf,
        access: Access,
        measured: Option<Measured>,
    ) -> Self {
        Self {
            connection,
            measured,
            pending: None,
            in_doubt: false,
            path,
            access,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn access(&self) -> Access {
        self.access
    }

    /// Whether the contents were recomputed and adopted, so that writing is possible.
    pub fn is_verified(&self) -> bool {
        self.measured.is_some()
    }

    /// Takes over what a recomputation found, once the caller has compared it with the state
    /// record.
    pub fn adopt(&mut self, measured: Measured) {
        self.measured = Some(measured);
    }

    /// Begins the one transaction there can be.
    ///
    /// # Errors
    /// `NotVerified` before [`Store::adopt`]; `InDoubt` after a commit whose outcome is unknown.
    pub fn begin(&mut self) -> Result<Tx<'_>, StoreError> {
        Tx::begin(self)
    }

    /// The state record as the vault wrote it.
    pub fn state(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT record FROM state")?;
        Ok(statement.query_row((), |row| row.get(0)).optional()?)
    }

    /// SQLCipher's own check of every page's authentication code. It finds damage, not an older
    /// page that was put back.
    pub fn pages_are_sound(&self) -> Result<bool, StoreError> {
        let mut statement = self.connection.prepare("PRAGMA cipher_integrity_check")?;
        let complaints = statement.query(())?.next()?.is_some();
        Ok(!complaints)
    }

    /// Refuses a row that was neither there when the database was verified nor written since:
    /// then the file was changed behind our back.
    pub(crate) fn expect_known(&self, row: RowHash) -> Result<(), StoreError> {
        let known = match (&self.measured, &self.pending) {
            (None, _) => true,
            (Some(measured), None) => measured.buckets.holds(row),
            (Some(measured), Some(pending)) => pending.changes.holds(&measured.buckets, row),
        };
        if known {
            Ok(())
        } else {
            Err(StoreError::Corrupt)
        }
    }
}
