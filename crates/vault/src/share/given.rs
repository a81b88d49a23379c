//! What was given to whom, and what they showed that they know by sending it. Somebody who leaves
//! knows that for good, so these rows are only ever added to, and a backup that is taken up brings
//! none of them to be forgotten.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minicbor::{Decoder, Encoder};
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::share::{Given, GivenList};
use strongroom_domain::{EntryId, Register, UtcMs, WriteId};
use strongroom_store::{LocalRow, LocalSpace};

use super::codec::array_of;
use super::contact::ContactId;
use crate::open::OpenVault;
use crate::records::{Draft, ReadError};

/// Stands for whoever has a passphrase, in a share that names no recipient.
pub(super) const ANYBODY: ContactId = ContactId(EntryId::from_bytes([0; 16]));

/// What one share gave to one person, or showed that they know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GivenRow {
    pub(super) to: ContactId,
    pub(super) at: UtcMs,
    pub(super) bundle: [u8; 16],
    /// Keys of which anything went along to them.
    pub(super) keys: BTreeSet<EntryId>,
    /// Each with its key.
    pub(super) secrets: Vec<(EntryId, Given)>,
}

impl GivenRow {
    pub(super) fn of(to: ContactId, at: UtcMs, bundle: [u8; 16], list: &GivenList) -> Self {
        Self {
            to,
            at,
            bundle,
            keys: list.keys.iter().map(|one| one.key).collect(),
            secrets: list.secrets().collect(),
        }
    }

    pub(super) fn put(&self, draft: &mut Draft<'_>) {
        let name = self.name();
        draft.put_local(LocalSpace::Given, &name, Some(self.encode()));
    }

    /// Whose first, so that rows of one person stand together, in the order of their times.
    fn name(&self) -> Vec<u8> {
        let ms = self.at.ms().cast_unsigned().to_be_bytes();
        [&self.to.0.as_bytes()[..], &ms, &self.bundle].concat()
    }

    fn encode(&self) -> Vec<u8> {
        let room = 16 + self.keys.len() * 17 + self.secrets.len() * 52;
        let mut out = Encoder::new(Vec::with_capacity(room));
        let sure = "writing to memory cannot fail";
        out.array(2).expect(sure);
        out.array(self.keys.len() as u64).expect(sure);
        for key in &self.keys {
            out.bytes(key.as_bytes()).expect(sure);
        }
        out.array(self.secrets.len() as u64).expect(sure);
        for (key, given) in &self.secrets {
            out.array(3).expect(sure);
            out.bytes(key.as_bytes()).expect(sure);
            out.bytes(given.version.as_bytes()).expect(sure);
            out.bytes(given.write.as_bytes()).expect(sure);
        }
        out.into_writer()
    }

    fn decode(row: &LocalRow) -> Option<Self> {
        let (to, rest) = row.name.split_first_chunk::<16>()?;
        let (at, bundle) = rest.split_first_chunk::<8>()?;
        let mut input = Decoder::new(&row.body);
        array_of(&mut input, 2)?;
        let id = |input: &mut Decoder<'_>| EntryId::from_slice(input.bytes().ok()?);
        let count = input.array().ok()??;
        let keys = (0..count).map(|_| id(&mut input)).collect::<Option<_>>()?;
        let count = input.array().ok()??;
        let secrets = (0..count)
            .map(|_| {
                array_of(&mut input, 3)?;
                let (key, version) = (id(&mut input)?, id(&mut input)?);
                let write = WriteId::from_slice(input.bytes().ok()?)?;
                Some((key, Given { version, write }))
            })
            .collect::<Option<_>>()?;
        Some(Self {
            to: ContactId(EntryId::from_bytes(*to)),
            at: UtcMs::parse(i64::from_be_bytes(*at)).ok()?,
            bundle: bundle.try_into().ok()?,
            keys,
            secrets,
        })
    }
}

impl OpenVault {
    /// What somebody was given, oldest first.
    pub(super) fn given_to(&self, id: ContactId) -> Result<Vec<GivenRow>, ReadError> {
        let rows = self.store.local_rows(LocalSpace::Given)?;
        rows.iter()
            .filter(|row| row.name.starts_with(id.0.as_bytes()))
            .map(|row| GivenRow::decode(row).ok_or(ReadError::Damaged))
            .collect()
    }

    /// What the sender of a bundle knows, which is every secret in it that is here, or is now being
    /// taken in. `None` if all of that is on record.
    pub(super) fn known_by_sender(
        &self,
        id: ContactId,
        bundle: [u8; 16],
        incoming: &[Arc<Write>],
        taken: &[Arc<Write>],
    ) -> Result<Option<GivenRow>, ReadError> {
        let recorded = self.given_to(id)?.into_iter().flat_map(|row| row.secrets);
        let recorded: BTreeSet<(EntryId, Given)> = recorded.collect();
        let sealed = |write: &&Arc<Write>| matches!(write.body, Body::Sealed { .. });
        let taken: BTreeSet<(EntryId, WriteId)> = taken
            .iter()
            .filter(sealed)
            .map(|write| (write.entry, write.id))
            .collect();
        let keys = self.keys_of_versions(incoming)?;
        let mut here: BTreeMap<(EntryId, Register), BTreeSet<WriteId>> = BTreeMap::new();
        let mut secrets = BTreeSet::new();
        for write in incoming.iter().filter(sealed) {
            let Some(key) = keys.get(&write.entry) else {
                continue;
            };
            let place = (write.entry, write.register);
            if let Entry::Vacant(place) = here.entry(place) {
                let stored = self.store.writes_of_register(write.entry, write.register)?;
                place.insert(stored.iter().map(|stored| stored.write.id).collect());
            }
            let given = Given {
                version: write.entry,
                write: write.id,
            };
            // Whether its value was destroyed here since says nothing of what they know.
            let is_here = here.get(&place).is_some_and(|ids| ids.contains(&write.id));
            if (is_here || taken.contains(&(write.entry, write.id)))
                && !recorded.contains(&(*key, given))
            {
                secrets.insert((*key, given));
            }
        }
        Ok((!secrets.is_empty()).then(|| GivenRow {
            to: id,
            at: self.now(),
            bundle,
            keys: BTreeSet::new(),
            secrets: secrets.into_iter().collect(),
        }))
    }

    pub(super) fn was_given_anything(&self, id: ContactId) -> Result<bool, ReadError> {
        let rows = self.given_to(id)?;
        Ok(rows.iter().any(|row| !row.secrets.is_empty()))
    }

    /// Keys that any of these people were told of.
    pub(super) fn keys_given_to(
        &self,
        ids: impl IntoIterator<Item = ContactId>,
    ) -> Result<BTreeSet<EntryId>, ReadError> {
        let mut keys = BTreeSet::new();
        for id in ids {
            keys.extend(self.given_to(id)?.into_iter().flat_map(|row| row.keys));
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_back() {
        let id = |byte| EntryId::from_bytes([byte; 16]);
        let row = GivenRow {
            to: ContactId(id(1)),
            at: UtcMs::from_clock(1_800_000_000_000),
            bundle: [2; 16],
            keys: BTreeSet::from([id(3), id(4)]),
            secrets: vec![(
                id(3),
                Given {
                    version: id(5),
                    write: WriteId::from_bytes([6; 16]),
                },
            )],
        };
        let stored = LocalRow {
            name: row.name(),
            body: row.encode(),
        };
        assert_eq!(GivenRow::decode(&stored), Some(row));
    }
}
