//! Computes from scratch what the database hashes to, in slices.
//!
//! SQLCipher authenticates each page but not that it is the newest: an older copy of a page passes
//! every check of its own. So at each unlock all rows are read and hashed, and the vault compares
//! the result with the state record. The work is bounded per slice, so that a caller can give up
//! its lock in between; nothing can be written meanwhile, since a store that has not adopted a
//! result refuses to begin a transaction.
//!
//! Deliberately not here: the comparison, and what happens when it fails (vault).

use rusqlite::Row;

use crate::buckets::{Buckets, RowHash};
use crate::digests::{CHUNKS, ChunkHashes, list_root};
use crate::error::StoreError;
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::local::local_row;
use crate::rows;
use crate::store::Store;

/// What a database was found to hash to, with what is needed to keep that up to date.
pub struct Measured {
    pub(crate) buckets: Buckets,
    pub(crate) chunks: Vec<Hash>,
    pub(crate) frontier: Frontier,
}

impl std::fmt::Debug for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Measured")
            .field("audit_size", &self.audit_size())
            .finish_non_exhaustive()
    }
}

impl Measured {
    pub(crate) fn empty() -> Self {
        Self {
            buckets: Buckets::empty(),
            chunks: ChunkHashes::default().finish(),
            frontier: Frontier::default(),
        }
    }

    /// Over every write with its body and what it supersedes, every entry, fingerprint and local
    /// row.
    pub fn items_root(&self) -> Hash {
        self.buckets.root()
    }

    pub fn list_root(&self) -> Hash {
        list_root(&self.chunks)
    }

    pub fn audit_size(&self) -> u64 {
        self.frontier.size()
    }

    pub fn audit_root(&self) -> Hash {
        self.frontier.root()
    }
}

/// Whether there is more to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    More,
    Done,
}

/// A recomputation under way.
pub struct Recount {
    stage: Stage,
    rows: Vec<Vec<Hash>>,
    chunks: ChunkHashes,
    frontier: Frontier,
}

impl std::fmt::Debug for Recount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recount").finish_non_exhaustive()
    }
}

/// Entry, register and id.
type WriteName = ([u8; 16], u16, [u8; 16]);

/// Fingerprint, entry, write and field.
type PrintName = ([u8; 32], [u8; 16], [u8; 16], u8);

/// Which table is read, and after which row the next slice begins.
enum Stage {
    Writes(Option<WriteName>),
    Prints(Option<PrintName>),
    Entries,
    Locals,
    Digests,
    Audit,
    Done,
}

impl Default for Recount {
    fn default() -> Self {
        Self::new()
    }
}

impl Recount {
    pub fn new() -> Self {
        Self {
            stage: Stage::Writes(None),
            rows: Buckets::unsorted_rows(),
            chunks: ChunkHashes::default(),
            frontier: Frontier::default(),
        }
    }

    /// Reads at most about `limit` rows more.
    ///
    /// # Errors
    /// `Corrupt` where a row cannot be what it claims to be, a leaf of the log is missing, or a
    /// stored node of its tree is wrong.
    pub fn step(&mut self, store: &Store, limit: usize) -> Result<Progress, StoreError> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Writes(after) => match self.writes(store, after, limit)? {
                Some(last) => Stage::Writes(Some(last)),
                None => Stage::Prints(None),
            },
            Stage::Prints(after) => match self.prints(store, after, limit)? {
                Some(last) => Stage::Prints(Some(last)),
                None => Stage::Entries,
            },
            Stage::Entries => {
                self.entries(store)?;
                Stage::Locals
            }
            Stage::Locals => {
                self.locals(store)?;
                Stage::Digests
            }
            Stage::Digests => {
                self.digests(store)?;
                Stage::Audit
            }
            Stage::Audit => match self.audit(store, limit)? {
                Progress::More => Stage::Audit,
                Progress::Done => Stage::Done,
            },
            Stage::Done => Stage::Done,
        };
        Ok(if matches!(self.stage, Stage::Done) {
            Progress::Done
        } else {
            Progress::More
        })
    }

    /// Everything at once.
    pub fn run(store: &Store) -> Result<Measured, StoreError> {
        let mut recount = Self::new();
        while recount.step(store, usize::MAX)? == Progress::More {}
        Ok(recount.finish())
    }

    /// What was found. Only meaningful once [`Recount::step`] has answered `Done`.
    pub fn finish(self) -> Measured {
        debug_assert!(
            matches!(self.stage, Stage::Done),
            "the recount was not finished"
        );
        let chunks = self.chunks.finish();
        debug_assert_eq!(chunks.len(), CHUNKS);
        Measured {
            buckets: Buckets::from_rows(self.rows),
            chunks,
            frontier: self.frontier,
        }
    }

    fn add(&mut self, row: RowHash) {
        self.rows[usize::from(row.bucket)].push(row.hash);
    }

    fn writes(
        &mut self,
        store: &Store,
        after: Option<WriteName>,
        limit: usize,
    ) -> Result<Option<WriteName>, StoreError> {
        let (entry, register, id) = after.unwrap_or_default();
        // The first slice begins before every row: no write has an id of zeros.
        let mut statement = store.connection.prepare_cached(rows::WRITES_AFTER)?;
        let mut found = statement.query((entry, register, id, sql_limit(limit)))?;
        let (mut last, mut count) = (None, 0);
        while let Some(row) = found.next()? {
            let raw = rows::RawWrite::read(row)?;
            self.add(raw.row_hash());
            last = Some((raw.entry, raw.register, raw.id));
            count += 1;
        }
        Ok(last.filter(|_| count == limit))
    }

    fn prints(
        &mut self,
        store: &Store,
        after: Option<PrintName>,
        limit: usize,
    ) -> Result<Option<PrintName>, StoreError> {
        let (print, entry, id, field) = after.unwrap_or_default();
        let mut statement = store.connection.prepare_cached(
            "SELECT print, entry, write_id, field FROM fingerprint
             WHERE (print, entry, write_id, field) > (?1, ?2, ?3, ?4)
             ORDER BY print, entry, write_id, field LIMIT ?5",
        )?;
        let mut found = statement.query((print, entry, id, field, sql_limit(limit)))?;
        let (mut last, mut count) = (None, 0);
        while let Some(row) = found.next()? {
            let (print, entry, id, field) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            self.add(rows::print_row(&print, &entry, &id, field));
            last = Some((print, entry, id, field));
            count += 1;
        }
        Ok(last.filter(|_| count == limit))
    }

    fn entries(&mut self, store: &Store) -> Result<(), StoreError> {
        let sql = "SELECT kind, id, parent FROM entry ORDER BY kind, id";
        each(store, sql, |row| {
            let (kind, id): (u8, [u8; 16]) = (row.get(0)?, row.get(1)?);
            let parent: Option<[u8; 16]> = row.get(2)?;
            self.add(rows::entry_row(kind, &id, parent.as_ref()));
            Ok(())
        })?;
        let sql = "SELECT parent, kind, id FROM entry INDEXED BY entry_by_parent
                   WHERE parent IS NOT NULL ORDER BY parent, kind, id";
        each(store, sql, |row| {
            self.add(rows::child_row(&row.get(0)?, row.get(1)?, &row.get(2)?));
            Ok(())
        })
    }

    fn locals(&mut self, store: &Store) -> Result<(), StoreError> {
        let sql = "SELECT space, name, body FROM local ORDER BY space, name";
        each(store, sql, |row| {
            let (name, body) = (blob(row, 1)?, blob(row, 2)?);
            self.add(local_row(row.get(0)?, name, body));
            Ok(())
        })
    }

    fn digests(&mut self, store: &Store) -> Result<(), StoreError> {
        each(
            store,
            "SELECT entry, body FROM digest ORDER BY entry",
            |row| {
                self.chunks.add(&row.get(0)?, blob(row, 1)?);
                Ok(())
            },
        )
    }

    fn audit(&mut self, store: &Store, limit: usize) -> Result<Progress, StoreError> {
        let mut statement = store.connection.prepare_cached(
            "SELECT seq, leaf, nodes FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
        )?;
        let from = self.frontier.size();
        let mut found = statement.query((from.cast_signed(), sql_limit(limit)))?;
        let mut count = 0;
        while let Some(row) = found.next()? {
            let seq: i64 = row.get(0)?;
            let leaf = row.get_ref(1)?.as_blob().map_err(|_| StoreError::Corrupt)?;
            let nodes = row.get_ref(2)?.as_blob().map_err(|_| StoreError::Corrupt)?;
            if seq.cast_unsigned() != self.frontier.size()
                || self.frontier.append(leaf).as_flattened() != nodes
            {
                return Err(StoreError::Corrupt);
            }
            count += 1;
        }
        Ok(if count == limit {
            Progress::More
        } else {
            Progress::Done
        })
    }
}

fn each(
    store: &Store,
    sql: &str,
    mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = store.connection.prepare_cached(sql)?;
    let mut found = statement.query(())?;
    while let Some(row) = found.next()? {
        take(row)?;
    }
    Ok(())
}

fn blob<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8], StoreError> {
    row.get_ref(column)?
        .as_blob()
        .map_err(|_| StoreError::Corrupt)
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
