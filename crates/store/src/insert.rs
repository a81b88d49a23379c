//! Entries, their writes, and the fingerprints beside sealed values, as they are written.
//!
//! Deliberately not here: the decision what a merge keeps. A write that stands there already is
//! refused, not joined.

use rusqlite::OptionalExtension;
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::{EntryId, EntryKind};

use crate::error::StoreError;
use crate::rows::{self, FORM_PURGED, FORM_SEALED, FORM_VALUE, RawWrite};
use crate::tx::Tx;
use crate::writes::{Fingerprint, StoredWrite, WriteKey};

impl Tx<'_> {
    /// Notes that an entry exists and, where it stands under another, under which. Doing so again
    /// changes nothing, except that a parent not known before is filled in.
    ///
    /// # Errors
    /// `Contradiction` if the entry stands under another parent already.
    pub fn insert_entry(
        &mut self,
        kind: EntryKind,
        entry: EntryId,
        parent: Option<EntryId>,
    ) -> Result<(), StoreError> {
        self.insert_raw_entry(
            kind.code(),
            entry.as_bytes(),
            parent.map(|id| *id.as_bytes()),
        )
    }

    pub(crate) fn insert_raw_entry(
        &mut self,
        kind: u8,
        entry: &[u8; 16],
        parent: Option<[u8; 16]>,
    ) -> Result<(), StoreError> {
        let known: Option<Option<[u8; 16]>> = self
            .connection
            .prepare_cached("SELECT parent FROM entry WHERE kind = ?1 AND id = ?2")?
            .query_row((kind, entry), |row| row.get(0))
            .optional()?;
        match (known, parent) {
            (Some(_), None) => return Ok(()),
            (Some(Some(known)), Some(parent)) if known == parent => return Ok(()),
            (Some(Some(_)), Some(_)) => return Err(StoreError::Contradiction),
            (Some(None), Some(_)) => {
                self.uncover(rows::entry_row(kind, entry, None))?;
            }
            (None, _) => {}
        }
        self.connection
            .prepare_cached(
                "INSERT INTO entry (kind, id, parent) VALUES (?1, ?2, ?3)
                 ON CONFLICT (kind, id) DO UPDATE SET parent = excluded.parent",
            )?
            .execute((kind, entry, parent))?;
        self.cover(rows::entry_row(kind, entry, parent.as_ref()));
        if let Some(parent) = &parent {
            self.cover(rows::child_row(parent, kind, entry));
        }
        Ok(())
    }

    /// Adds a write without fingerprints. See [`Tx::insert_sealed`].
    pub fn insert_write(&mut self, write: &Write) -> Result<(), StoreError> {
        self.insert_sealed(write, &[])
    }

    /// Adds a write with the fingerprints of what is sealed in it. Its entry is noted if it was
    /// not.
    ///
    /// # Errors
    /// `Contradiction` if a write of this id stands there already; merging is the caller's.
    pub fn insert_sealed(
        &mut self,
        write: &Write,
        fingerprints: &[Fingerprint],
    ) -> Result<(), StoreError> {
        self.insert_entry(write.kind, write.entry, None)?;
        let supersedes: Vec<u8> = write
            .supersedes
            .iter()
            .flat_map(|id| *id.as_bytes())
            .collect();
        let prints = encode_prints(fingerprints);
        let (form, seal_version, body) = match &write.body {
            Body::Value(bytes) => (FORM_VALUE, 0, bytes.as_slice()),
            Body::Sealed { version, bytes } => (FORM_SEALED, *version, bytes.as_slice()),
            Body::Purged => (FORM_PURGED, 0, &[][..]),
        };
        let raw = RawWrite {
            entry: *write.entry.as_bytes(),
            register: write.register.code(),
            id: *write.id.as_bytes(),
            kind: write.kind.code(),
            author: *write.author.as_bytes(),
            device: *write.device.as_bytes(),
            wall_ms: write.hlc.wall_ms.cast_signed(),
            counter: write.hlc.counter,
            supersedes: &supersedes,
            form,
            seal_version,
            body,
            fingerprints: &prints,
        };
        self.insert_raw(&raw)?;
        for Fingerprint { field, print } in fingerprints {
            self.connection
                .prepare_cached(
                    "INSERT INTO fingerprint (print, entry, write_id, field)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((print, raw.entry, raw.id, field))?;
            self.cover(rows::print_row(print, &raw.entry, &raw.id, *field));
        }
        Ok(())
    }

    /// Takes the value out of a write and leaves the fact of it: its id, what it supersedes, who
    /// and when. Its fingerprints go too. Says whether there was a value.
    ///
    /// # Errors
    /// `Contradiction` if there is no such write.
    pub fn purge(&mut self, key: WriteKey) -> Result<bool, StoreError> {
        let mut stored = self.write(key)?.ok_or(StoreError::Contradiction)?;
        if stored.write.body == Body::Purged {
            return Ok(false);
        }
        self.remove(&stored)?;
        stored.write.body = Body::Purged;
        self.insert_sealed(&stored.write, &[])?;
        Ok(true)
    }

    /// Replaces the body of a write by the same content sealed anew, and its fingerprints.
    ///
    /// # Errors
    /// `Contradiction` if there is no such write, or it was purged.
    pub fn reseal(
        &mut self,
        key: WriteKey,
        body: Body,
        fingerprints: &[Fingerprint],
    ) -> Result<(), StoreError> {
        let mut stored = self.write(key)?.ok_or(StoreError::Contradiction)?;
        stored.write.body = body;
        self.replace_write(&stored.write, fingerprints)
    }

    /// Puts a write in the place of the one with its id, as the join of two copies asks for.
    ///
    /// # Errors
    /// `Contradiction` if there is no such write, or if a purged one would be filled again.
    pub fn replace_write(
        &mut self,
        write: &Write,
        fingerprints: &[Fingerprint],
    ) -> Result<(), StoreError> {
        let stored = self
            .write(WriteKey::from(write))?
            .ok_or(StoreError::Contradiction)?;
        if stored.write.body == Body::Purged && write.body != Body::Purged {
            return Err(StoreError::Contradiction);
        }
        self.remove(&stored)?;
        self.insert_sealed(write, fingerprints)
    }

    /// Takes a write out as if it had never come. What replaced nothing else and was replaced by
    /// nothing can go without a trace; whether that is so is the caller's to know.
    ///
    /// # Errors
    /// `Contradiction` if there is no such write.
    pub fn remove_write(&mut self, key: WriteKey) -> Result<(), StoreError> {
        let stored = self.write(key)?.ok_or(StoreError::Contradiction)?;
        self.remove(&stored)
    }

    fn insert_raw(&mut self, raw: &RawWrite<'_>) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO write (entry, register, id, kind, author, device, wall_ms, counter, \
                 supersedes, form, seal_version, body, fingerprints)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute((
                raw.entry,
                raw.register,
                raw.id,
                raw.kind,
                raw.author,
                raw.device,
                raw.wall_ms,
                raw.counter,
                raw.supersedes,
                raw.form,
                raw.seal_version,
                raw.body,
                raw.fingerprints,
            ))?;
        self.cover(raw.row_hash());
        Ok(())
    }

    /// Takes a row out, so that another form of it can be put in its place.
    fn remove(&mut self, stored: &StoredWrite) -> Result<(), StoreError> {
        let key = WriteKey::from(&stored.write);
        let named = (
            *key.entry.as_bytes(),
            key.register.code(),
            *key.id.as_bytes(),
        );
        let row = {
            let mut statement = self.connection.prepare_cached(rows::ONE_WRITE)?;
            let mut found = statement.query(named)?;
            let row = found.next()?.ok_or(StoreError::Contradiction)?;
            RawWrite::read(row)?.row_hash()
        };
        self.uncover(row)?;
        self.connection
            .prepare_cached("DELETE FROM write WHERE entry = ?1 AND register = ?2 AND id = ?3")?
            .execute(named)?;
        for Fingerprint { field, print } in &stored.fingerprints {
            self.connection
                .prepare_cached(
                    "DELETE FROM fingerprint
                     WHERE print = ?1 AND entry = ?2 AND write_id = ?3 AND field = ?4",
                )?
                .execute((print, named.0, named.2, field))?;
            self.uncover(rows::print_row(print, &named.0, &named.2, *field))?;
        }
        Ok(())
    }
}

fn encode_prints(fingerprints: &[Fingerprint]) -> Vec<u8> {
    fingerprints
        .iter()
        .flat_map(|Fingerprint { field, print }| std::iter::once(*field).chain(*print))
        .collect()
}
