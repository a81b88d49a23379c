//! Rows as they are stored, and what each hashes to.
//!
//! The hash is over logical content in a fixed order, so it survives a migration that only moves
//! columns. Deliberately not here: the domain's types (`writes.rs`).

use rusqlite::Row;

use crate::buckets::{RowHash, bucket_of};
use crate::error::StoreError;
use crate::hash::Parts;

/// A fingerprint as stored: field code, then HMAC.
pub(crate) const PRINT_BYTES: usize = 33;

pub(crate) const FORM_VALUE: u8 = 0;
pub(crate) const FORM_SEALED: u8 = 1;
pub(crate) const FORM_PURGED: u8 = 2;

macro_rules! select_writes {
    ($rest:literal) => {
        concat!(
            "SELECT entry, register, id, kind, author, device, wall_ms, counter, supersedes, form, \
             seal_version, body, fingerprints FROM write ",
            $rest
        )
    };
}

pub(crate) const WRITES_AFTER: &str = select_writes!(
    "WHERE (entry, register, id) > (?1, ?2, ?3) ORDER BY entry, register, id LIMIT ?4"
);
pub(crate) const WRITES_OF: &str = select_writes!("WHERE entry = ?1 ORDER BY register, id");
pub(crate) const WRITES_OF_REGISTER: &str =
    select_writes!("WHERE entry = ?1 AND register = ?2 ORDER BY id");
pub(crate) const ONE_WRITE: &str = select_writes!("WHERE entry = ?1 AND register = ?2 AND id = ?3");

/// A row of `write`, borrowed from the statement that reads it or from what is to be written.
pub(crate) struct RawWrite<'r> {
    pub(crate) entry: [u8; 16],
    pub(crate) register: u16,
    pub(crate) id: [u8; 16],
    pub(crate) kind: u8,
    pub(crate) author: [u8; 16],
    pub(crate) device: [u8; 16],
    pub(crate) wall_ms: i64,
    pub(crate) counter: u32,
    pub(crate) supersedes: &'r [u8],
    pub(crate) form: u8,
    pub(crate) seal_version: u8,
    pub(crate) body: &'r [u8],
    pub(crate) fingerprints: &'r [u8],
}

impl<'r> RawWrite<'r> {
    pub(crate) fn read(row: &'r Row<'_>) -> Result<Self, StoreError> {
        let blob = |column| {
            row.get_ref(column)?
                .as_blob()
                .map_err(|_| StoreError::Corrupt)
        };
        Ok(Self {
            entry: row.get(0)?,
            register: row.get(1)?,
            id: row.get(2)?,
            kind: row.get(3)?,
            author: row.get(4)?,
            device: row.get(5)?,
            wall_ms: row.get(6)?,
            counter: row.get(7)?,
            supersedes: blob(8)?,
            form: row.get(9)?,
            seal_version: row.get(10)?,
            body: blob(11)?,
            fingerprints: blob(12)?,
        })
    }

    pub(crate) fn row_hash(&self) -> RowHash {
        let register = self.register.to_be_bytes();
        // The bucket is a prefix of SHA-256(entry_id ‖ register ‖ write_id), as designed.
        let named = Parts::bare()
            .fixed(&self.entry)
            .fixed(&register)
            .fixed(&self.id);
        let hash = Parts::new("strongroom/v1/items/write")
            .fixed(&self.entry)
            .fixed(&register)
            .fixed(&self.id)
            .fixed(&[self.kind])
            .fixed(&self.author)
            .fixed(&self.device)
            .fixed(&self.wall_ms.to_be_bytes())
            .fixed(&self.counter.to_be_bytes())
            .sized(self.supersedes)
            .fixed(&[self.form, self.seal_version])
            .sized(self.body)
            .sized(self.fingerprints)
            .finish();
        RowHash {
            bucket: bucket_of(&named.finish()),
            hash,
        }
    }
}

pub(crate) fn print_row(
    print: &[u8; 32],
    entry: &[u8; 16],
    write_id: &[u8; 16],
    field: u8,
) -> RowHash {
    let hash = Parts::new("strongroom/v1/items/fingerprint")
        .fixed(print)
        .fixed(entry)
        .fixed(write_id)
        .fixed(&[field])
        .finish();
    RowHash {
        bucket: bucket_of(&hash),
        hash,
    }
}

/// The row of the index by which an entry is found under its parent: an index is pages of its own,
/// which can be put back like any other.
pub(crate) fn child_row(parent: &[u8; 16], kind: u8, id: &[u8; 16]) -> RowHash {
    let hash = Parts::new("strongroom/v1/items/child")
        .fixed(parent)
        .fixed(&[kind])
        .fixed(id)
        .finish();
    RowHash {
        bucket: bucket_of(&hash),
        hash,
    }
}

pub(crate) fn entry_row(kind: u8, id: &[u8; 16], parent: Option<&[u8; 16]>) -> RowHash {
    let bucket = bucket_of(
        &Parts::new("strongroom/v1/items/entry")
            .fixed(&[kind])
            .fixed(id)
            .finish(),
    );
    let hash = Parts::new("strongroom/v1/items/entry-row")
        .fixed(&[kind])
        .fixed(id)
        .sized(parent.map_or(&[][..], |parent| &parent[..]))
        .finish();
    RowHash { bucket, hash }
}
