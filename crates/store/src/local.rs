//! Rows that belong to this vault and are never shared: settings, batches, snoozes, factors.
//!
//! Deliberately not here: what the bodies mean. They are bytes of whoever writes the space.

use rusqlite::OptionalExtension;

use crate::buckets::{RowHash, bucket_of};
use crate::error::StoreError;
use crate::hash::Parts;
use crate::store::Store;
use crate::tx::Tx;

/// What a local row is about. The codes are stored and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum LocalSpace {
    /// Settings of the vault.
    Setting = 1,
    /// Factors of the slots, kept so that a password change can re-wrap.
    Factor = 2,
    /// What an import wrote, kept so that it can be undone.
    ImportBatch = 3,
    /// Reminders put off.
    Snooze = 4,
    /// Reminders acknowledged.
    Acknowledgement = 5,
    /// Where and when backups were made.
    Backup = 6,
    /// Audit signing key and checkpoints.
    Checkpoint = 7,
    /// What the scheduler last showed.
    Scheduler = 8,
    /// Fingerprints of whole sources, so that importing again is a no-op.
    ImportSource = 9,
    /// What the columns of a table were said to mean, by the hash of its header.
    ImportColumns = 10,
    /// Keys whose exchange is asked regularly, by the key's id.
    Checks = 12,
    /// The sealed keys of the person the vault belongs to, and their card.
    Identity = 20,
    /// People something is shared with, by an id of this vault.
    Contact = 21,
    /// Secrets that were given away: to whom, which write, when. Only ever added to.
    Given = 22,
    /// Shares that were made and imported. Only ever added to.
    ShareLog = 23,
    /// What an imported share wrote, kept so that it can be undone.
    ShareBatch = 24,
    /// The last share made for a set of recipients.
    ShareChain = 25,
}

/// A row of a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalRow {
    pub name: Vec<u8>,
    pub body: Vec<u8>,
}

impl Store {
    pub fn local(&self, space: LocalSpace, name: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.raw_local(space as u8, name)
    }

    fn raw_local(&self, space: u8, name: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM local WHERE space = ?1 AND name = ?2")?;
        let body: Option<Vec<u8>> = statement
            .query_row((space, name), |row| row.get(0))
            .optional()?;
        if let Some(body) = &body {
            self.expect_known(local_row(space, name, body))?;
        }
        Ok(body)
    }

    /// All rows of a space in order of their names.
    pub fn local_rows(&self, space: LocalSpace) -> Result<Vec<LocalRow>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name, body FROM local WHERE space = ?1 ORDER BY name")?;
        let mut found = statement.query([space as u8])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let row = LocalRow {
                name: row.get(0)?,
                body: row.get(1)?,
            };
            self.expect_known(local_row(space as u8, &row.name, &row.body))?;
            rows.push(row);
        }
        Ok(rows)
    }
}

impl Tx<'_> {
    /// Writes a row, replacing what stood under its name.
    pub fn put_local(
        &mut self,
        space: LocalSpace,
        name: &[u8],
        body: &[u8],
    ) -> Result<(), StoreError> {
        self.put_raw_local(space as u8, name, body)
    }

    pub(crate) fn put_raw_local(
        &mut self,
        space: u8,
        name: &[u8],
        body: &[u8],
    ) -> Result<(), StoreError> {
        if let Some(old) = self.raw_local(space, name)? {
            if old == body {
                return Ok(());
            }
            self.uncover(local_row(space, name, &old))?;
        }
        self.connection
            .prepare_cached(
                "INSERT INTO local (space, name, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT (space, name) DO UPDATE SET body = excluded.body",
            )?
            .execute((space, name, body))?;
        self.cover(local_row(space, name, body));
        Ok(())
    }

    /// Removes a row; says whether there was one.
    pub fn remove_local(&mut self, space: LocalSpace, name: &[u8]) -> Result<bool, StoreError> {
        let Some(old) = self.local(space, name)? else {
            return Ok(false);
        };
        self.connection
            .prepare_cached("DELETE FROM local WHERE space = ?1 AND name = ?2")?
            .execute((space as u8, name))?;
        self.uncover(local_row(space as u8, name, &old))?;
        Ok(true)
    }
}

pub(crate) fn local_row(space: u8, name: &[u8], body: &[u8]) -> RowHash {
    let named = Parts::new("strongroom/v1/items/local")
        .fixed(&[space])
        .sized(name);
    let bucket = bucket_of(&named.finish());
    let hash = Parts::new("strongroom/v1/items/local-row")
        .fixed(&[space])
        .sized(name)
        .sized(body)
        .finish();
    RowHash { bucket, hash }
}
