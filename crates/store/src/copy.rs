//! Copies of a whole database: as a backup under the same key, or into another database under a
//! new one.
//!
//! Deliberately not here: the header that belongs to a copy, and the decision when to make one.

use std::path::Path;

use crate::error::{OpenError, StoreError};
use crate::file;
use crate::store::Store;
use crate::tx::Tx;
use crate::writes::StoredWrite;

/// Leaves copied at a time, so that a long log does not stand in memory.
const LEAVES: usize = 1024;

impl Store {
    /// Writes a compact copy under the same key to a new file, and brings it to the disk.
    ///
    /// # Errors
    /// `AlreadyThere` if the file exists; a copy that was begun is removed again.
    pub fn vacuum_into(&self, path: &Path) -> Result<(), OpenError> {
        let path = file::make_empty(path)?;
        let copied = path
            .to_str()
            .ok_or(StoreError::Engine {
                code: rusqlite::ffi::SQLITE_CANTOPEN,
            })
            .and_then(|name| Ok(self.connection.execute("VACUUM INTO ?1", [name])?))
            .and_then(|_| file::settle(&path));
        if let Err(error) = copied {
            // Half a copy is worth nothing, and the disk may be full because of it.
            let _ = std::fs::remove_file(&path);
            return Err(error.into());
        }
        Ok(())
    }

    /// Writes everything but the state record into a transaction on another, empty database.
    /// `reseal` may change a write's body and fingerprints on the way: a new vault key seals
    /// every value anew.
    ///
    /// # Errors
    /// Those of `reseal`; `Corrupt` if this database is not what was verified.
    pub fn copy_into<E: From<StoreError>>(
        &self,
        target: &mut Tx<'_>,
        mut reseal: impl FnMut(&mut StoredWrite) -> Result<(), E>,
    ) -> Result<(), E> {
        self.copy_entries(target)?;
        self.for_each_write(|mut stored| {
            reseal(&mut stored)?;
            Ok::<(), E>(target.insert_sealed(&stored.write, &stored.fingerprints)?)
        })?;
        self.copy_rest(target)?;
        Ok(())
    }

    fn copy_entries(&self, target: &mut Tx<'_>) -> Result<(), StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT kind, id, parent FROM entry ORDER BY kind, id")?;
        let mut found = statement.query(())?;
        while let Some(row) = found.next()? {
            target.insert_raw_entry(row.get(0)?, &row.get(1)?, row.get::<_, Option<_>>(2)?)?;
        }
        Ok(())
    }

    fn copy_rest(&self, target: &mut Tx<'_>) -> Result<(), StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT space, name, body FROM local ORDER BY space, name")?;
        let mut found = statement.query(())?;
        while let Some(row) = found.next()? {
            let (name, body): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
            target.put_raw_local(row.get(0)?, &name, &body)?;
        }
        for (entry, body) in self.digests()?.iter() {
            target.put_digest(entry, body)?;
        }
        let mut next = 0;
        loop {
            let leaves = self.audit_range(next, LEAVES)?;
            let Some((last, _)) = leaves.last() else {
                return Ok(());
            };
            next = last + 1;
            for (_, leaf) in &leaves {
                target.append_audit(leaf)?;
            }
        }
    }
}
