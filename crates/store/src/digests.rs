//! The list projection: one compact summary an entry, as the list shows it.
//!
//! The summaries have a root of their own, over 256 chunks by the first byte of the entry's id, so
//! that the first list after an unlock can be verified without reading every write.
//!
//! Deliberately not here: what a summary says, and whether it agrees with the writes.

use rusqlite::OptionalExtension;
use strongroom_domain::EntryId;

use crate::error::StoreError;
use crate::hash::{Hash, Parts};
use crate::store::Store;
use crate::tx::Tx;

pub(crate) const CHUNKS: usize = 256;

type EntryBytes = [u8; 16];

/// Every summary, in one piece of memory, with what they hash to.
#[derive(Debug)]
pub struct Digests {
    bytes: Vec<u8>,
    rows: Vec<(EntryBytes, std::ops::Range<usize>)>,
    root: Hash,
}

impl Digests {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What they hash to; to be compared with the state record before anything is shown.
    pub fn list_root(&self) -> Hash {
        self.root
    }

    /// The summaries in ascending order of their entries' ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (EntryId, &[u8])> {
        self.rows
            .iter()
            .map(|(entry, range)| (EntryId::from_bytes(*entry), &self.bytes[range.clone()]))
    }
}

impl Store {
    /// Reads every summary.
    pub fn digests(&self) -> Result<Digests, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT entry, body FROM digest ORDER BY entry")?;
        let mut found = statement.query(())?;
        let mut chunks = ChunkHashes::default();
        let (mut bytes, mut rows) = (Vec::new(), Vec::new());
        while let Some(row) = found.next()? {
            let entry: EntryBytes = row.get(0)?;
            let body = row.get_ref(1)?.as_blob().map_err(|_| StoreError::Corrupt)?;
            chunks.add(&entry, body);
            let start = bytes.len();
            bytes.extend_from_slice(body);
            rows.push((entry, start..bytes.len()));
        }
        Ok(Digests {
            bytes,
            rows,
            root: list_root(&chunks.finish()),
        })
    }

    /// The summary of one entry.
    pub fn digest(&self, entry: EntryId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM digest WHERE entry = ?1")?;
        Ok(statement
            .query_row([entry.as_bytes()], |row| row.get(0))
            .optional()?)
    }
}

impl Tx<'_> {
    /// Writes the summary of an entry, replacing the one before.
    pub fn put_digest(&mut self, entry: EntryId, body: &[u8]) -> Result<(), StoreError> {
        self.rehash_chunk(*entry.as_bytes(), Some(body))?;
        self.connection
            .prepare_cached(
                "INSERT INTO digest (entry, body) VALUES (?1, ?2)
                 ON CONFLICT (entry) DO UPDATE SET body = excluded.body",
            )?
            .execute((entry.as_bytes(), body))?;
        Ok(())
    }

    /// Takes an entry out of the list.
    pub fn remove_digest(&mut self, entry: EntryId) -> Result<(), StoreError> {
        self.rehash_chunk(*entry.as_bytes(), None)?;
        self.connection
            .prepare_cached("DELETE FROM digest WHERE entry = ?1")?
            .execute([entry.as_bytes()])?;
        Ok(())
    }

    /// Hashes the chunk as it is read, which must be as it was verified, and as it will be.
    fn rehash_chunk(&mut self, entry: EntryBytes, body: Option<&[u8]>) -> Result<(), StoreError> {
        let chunk = entry[0];
        let (mut first, mut last) = ([0; 16], [0xff; 16]);
        (first[0], last[0]) = (chunk, chunk);
        let (old, new) = {
            let mut statement = self.connection.prepare_cached(
                "SELECT entry, body FROM digest WHERE entry BETWEEN ?1 AND ?2 ORDER BY entry",
            )?;
            let mut rows = statement.query((first, last))?;
            let (mut old, mut new) = (ChunkHash::new(), ChunkHash::new());
            let mut waiting = body;
            while let Some(row) = rows.next()? {
                let present: EntryBytes = row.get(0)?;
                let stored = row.get_ref(1)?.as_blob().map_err(|_| StoreError::Corrupt)?;
                old = old.add(&present, stored);
                if present >= entry
                    && let Some(body) = waiting.take()
                {
                    new = new.add(&entry, body);
                }
                if present != entry {
                    new = new.add(&present, stored);
                }
            }
            if let Some(body) = waiting {
                new = new.add(&entry, body);
            }
            (old.finish(), new.finish())
        };
        let (measured, pending) = self.both();
        let known = pending
            .chunks
            .get(&chunk)
            .unwrap_or(&measured.chunks[usize::from(chunk)]);
        if *known != old {
            return Err(StoreError::Corrupt);
        }
        pending.chunks.insert(chunk, new);
        Ok(())
    }
}

struct ChunkHash(Parts);

impl ChunkHash {
    fn new() -> Self {
        Self(Parts::new("strongroom/v1/list/chunk"))
    }

    fn add(self, entry: &EntryBytes, body: &[u8]) -> Self {
        Self(self.0.fixed(entry).sized(body))
    }

    fn finish(self) -> Hash {
        self.0.finish()
    }
}

/// The hashes of all chunks, from summaries given in ascending order.
pub(crate) struct ChunkHashes {
    done: Vec<Hash>,
    current: ChunkHash,
}

impl Default for ChunkHashes {
    fn default() -> Self {
        Self {
            done: Vec::with_capacity(CHUNKS),
            current: ChunkHash::new(),
        }
    }
}

impl ChunkHashes {
    pub(crate) fn add(&mut self, entry: &EntryBytes, body: &[u8]) {
        while self.done.len() < usize::from(entry[0]) {
            self.close();
        }
        let current = std::mem::replace(&mut self.current, ChunkHash::new());
        self.current = current.add(entry, body);
    }

    pub(crate) fn finish(mut self) -> Vec<Hash> {
        while self.done.len() < CHUNKS {
            self.close();
        }
        self.done
    }

    fn close(&mut self) {
        let current = std::mem::replace(&mut self.current, ChunkHash::new());
        self.done.push(current.finish());
    }
}

pub(crate) fn list_root(chunks: &[Hash]) -> Hash {
    Parts::new("strongroom/v1/list/root")
        .fixed(chunks.as_flattened())
        .finish()
}
