//! Entries, their writes, and the fingerprints beside sealed values, as they are read.
//!
//! Deliberately not here: writing them (`insert.rs`) and merging. What is alive is decided by the domain's merge engine from the
//! writes of one entry, which stand together on a page or two.

use std::collections::BTreeSet;

use rusqlite::Row;
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::{DeviceId, EntryId, EntryKind, Hlc, MemberId, Register, WriteId};

use crate::error::StoreError;
use crate::rows::{self, FORM_PURGED, FORM_SEALED, FORM_VALUE, PRINT_BYTES, RawWrite};
use crate::store::Store;

/// HMAC of one secret field, under the vault's fingerprint key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// Which field of the template; the vault assigns the codes.
    pub field: u8,
    pub print: [u8; 32],
}

/// A write as stored, with what stands beside it and is never shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWrite {
    pub write: Write,
    pub fingerprints: Vec<Fingerprint>,
}

/// Where a fingerprint was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintUse {
    pub entry: EntryId,
    pub write: WriteId,
    pub field: u8,
}

/// Names one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteKey {
    pub entry: EntryId,
    pub register: Register,
    pub id: WriteId,
}

impl From<&Write> for WriteKey {
    fn from(write: &Write) -> Self {
        Self {
            entry: write.entry,
            register: write.register,
            id: write.id,
        }
    }
}

impl Store {
    /// Every entry of a kind, in ascending order of ids.
    pub fn entries(&self, kind: EntryKind) -> Result<Vec<EntryId>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM entry WHERE kind = ?1 ORDER BY id")?;
        let rows =
            statement.query_map([kind.code()], |row| Ok(EntryId::from_bytes(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, rusqlite::Error>>()?)
    }

    /// The entries of a kind that stand under `parent` (the credentials of a key).
    pub fn children(&self, parent: EntryId, kind: EntryKind) -> Result<Vec<EntryId>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM entry WHERE parent = ?1 AND kind = ?2 ORDER BY id")?;
        let rows = statement.query_map((parent.as_bytes(), kind.code()), |row| {
            Ok(EntryId::from_bytes(row.get(0)?))
        })?;
        Ok(rows.collect::<Result<_, rusqlite::Error>>()?)
    }

    /// All writes of an entry, superseded ones included, by register and id.
    pub fn writes_of(&self, entry: EntryId) -> Result<Vec<StoredWrite>, StoreError> {
        let mut found = Vec::new();
        self.select(rows::WRITES_OF, [entry.as_bytes()], |write| {
            found.push(write);
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }

    /// All writes of one register of an entry.
    pub fn writes_of_register(
        &self,
        entry: EntryId,
        register: Register,
    ) -> Result<Vec<StoredWrite>, StoreError> {
        let mut found = Vec::new();
        self.select(
            rows::WRITES_OF_REGISTER,
            (entry.as_bytes(), register.code()),
            |write| {
                found.push(write);
                Ok::<(), StoreError>(())
            },
        )?;
        Ok(found)
    }

    /// The writes of an entry that no other of the same register supersedes.
    pub fn alive(&self, entry: EntryId) -> Result<Vec<StoredWrite>, StoreError> {
        let mut writes = self.writes_of(entry)?;
        let gone: BTreeSet<(Register, WriteId)> = writes
            .iter()
            .map(|stored| &stored.write)
            .flat_map(|write| write.supersedes.iter().map(|id| (write.register, *id)))
            .collect();
        writes.retain(|stored| !gone.contains(&(stored.write.register, stored.write.id)));
        Ok(writes)
    }

    pub fn write(&self, key: WriteKey) -> Result<Option<StoredWrite>, StoreError> {
        let mut found = None;
        let named = (key.entry.as_bytes(), key.register.code(), key.id.as_bytes());
        self.select(rows::ONE_WRITE, named, |write| {
            found = Some(write);
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }

    /// Every write of the database, one at a time, entry by entry.
    pub fn for_each_write<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(StoredWrite) -> Result<(), E>,
    ) -> Result<(), E> {
        let first = ([0_u8; 16], 0_u16, [0_u8; 16], i64::MAX);
        self.select(rows::WRITES_AFTER, first, &mut take)
    }

    /// Where else a secret with this fingerprint is held.
    pub fn uses_of_print(&self, print: &[u8; 32]) -> Result<Vec<PrintUse>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT entry, write_id, field FROM fingerprint WHERE print = ?1
             ORDER BY entry, write_id, field",
        )?;
        let rows = statement.query_map([print], |row| {
            Ok(PrintUse {
                entry: EntryId::from_bytes(row.get(0)?),
                write: WriteId::from_bytes(row.get(1)?),
                field: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, rusqlite::Error>>()?)
    }

    /// Entries that hold the same value in one of these fields, a group a value, each entry once.
    pub fn shared_prints(&self, fields: &[u8]) -> Result<Vec<Vec<EntryId>>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT print, entry, field FROM fingerprint ORDER BY print, entry")?;
        let mut found = statement.query(())?;
        let (mut groups, mut print, mut group) = (Vec::new(), [0_u8; 32], Vec::new());
        while let Some(row) = found.next()? {
            if !fields.contains(&row.get(2)?) {
                continue;
            }
            let this: [u8; 32] = row.get(0)?;
            if this != print && group.len() > 1 {
                groups.push(std::mem::take(&mut group));
            }
            if this != print {
                group.clear();
                print = this;
            }
            let entry = EntryId::from_bytes(row.get(1)?);
            if group.last() != Some(&entry) {
                group.push(entry);
            }
        }
        if group.len() > 1 {
            groups.push(group);
        }
        Ok(groups)
    }

    /// The entry that another stands under.
    pub fn parent(&self, kind: EntryKind, entry: EntryId) -> Result<Option<EntryId>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT parent FROM entry WHERE kind = ?1 AND id = ?2")?;
        let mut found = statement.query((kind.code(), entry.as_bytes()))?;
        Ok(match found.next()? {
            Some(row) => row.get::<_, Option<[u8; 16]>>(0)?.map(EntryId::from_bytes),
            None => None,
        })
    }

    fn select<E: From<StoreError>>(
        &self,
        sql: &str,
        named: impl rusqlite::Params,
        mut take: impl FnMut(StoredWrite) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(StoreError::from)?;
        let mut found = statement.query(named).map_err(StoreError::from)?;
        while let Some(row) = found.next().map_err(StoreError::from)? {
            take(self.stored(row)?)?;
        }
        Ok(())
    }

    /// A row as the domain's type.
    fn stored(&self, row: &Row<'_>) -> Result<StoredWrite, StoreError> {
        let raw = RawWrite::read(row)?;
        self.expect_known(raw.row_hash())?;
        stored_write(&raw)
    }
}

fn stored_write(raw: &RawWrite<'_>) -> Result<StoredWrite, StoreError> {
    let body = match raw.form {
        FORM_VALUE => Body::Value(raw.body.to_vec()),
        FORM_SEALED => Body::Sealed {
            version: raw.seal_version,
            bytes: raw.body.to_vec(),
        },
        FORM_PURGED => Body::Purged,
        _ => return Err(StoreError::Corrupt),
    };
    let write = Write {
        id: WriteId::from_bytes(raw.id),
        entry: EntryId::from_bytes(raw.entry),
        kind: EntryKind::from_code(raw.kind).ok_or(StoreError::Corrupt)?,
        register: Register::from_code(raw.register).ok_or(StoreError::Corrupt)?,
        supersedes: raw
            .supersedes
            .as_chunks::<16>()
            .0
            .iter()
            .map(|id| WriteId::from_bytes(*id))
            .collect(),
        author: MemberId::from_bytes(raw.author),
        device: DeviceId::from_bytes(raw.device),
        hlc: Hlc {
            wall_ms: raw.wall_ms.cast_unsigned(),
            counter: raw.counter,
        },
        body,
    };
    let (prints, _) = raw.fingerprints.as_chunks::<PRINT_BYTES>();
    let fingerprints = prints
        .iter()
        .map(|[field, print @ ..]| Fingerprint {
            field: *field,
            print: *print,
        })
        .collect();
    Ok(StoredWrite {
        write,
        fingerprints,
    })
}
