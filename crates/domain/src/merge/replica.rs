//! A set of writes, and what is alive in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::entry::{EntryWrites, place_of};
use super::{Body, Write};
use crate::ids::{EntryId, WriteId};
use crate::register::{EntryKind, Register};
use crate::value::{Deleted, RegisterValue};

/// A set of writes. Uniting two is commutative, associative and idempotent and loses nothing.
///
/// Several replicas may hold one write, as before and after a merge do: it is there once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replica {
    /// Of each entry its writes, by register and id, so that those of one register stand together.
    entries: BTreeMap<EntryId, Vec<Arc<Write>>>,
}

/// What a union did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    pub added: usize,
    /// Values that the other side had purged.
    pub purged: usize,
    pub unchanged: usize,
    /// Writes that were here under the same id with other contents: no honest device makes them.
    pub disputed: Vec<WriteId>,
}

impl Replica {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn from_writes<W: Into<Arc<Write>>>(writes: impl IntoIterator<Item = W>) -> Self {
        let mut replica = Self::new();
        for write in writes {
            replica.insert(write);
        }
        replica
    }

    /// Adds one write; a write that is already here stays as it is, or becomes purged.
    pub fn insert(&mut self, write: impl Into<Arc<Write>>) -> Merged {
        let write = write.into();
        let mut outcome = Merged::default();
        let writes = self.writes_at(write.entry);
        match place_of(writes, write.register, write.id) {
            Err(place) => {
                writes.insert(place, write);
                outcome.added = 1;
            }
            Ok(place) => {
                let ours = &mut writes[place];
                if !ours.agrees_with(&write) {
                    outcome.disputed.push(write.id);
                } else if write.body == Body::Purged && ours.body != Body::Purged {
                    outcome.purged = 1;
                } else {
                    outcome.unchanged = 1;
                    return outcome;
                }
                Arc::make_mut(ours).join(&write);
            }
        }
        outcome
    }

    /// The writes of one entry. Most come in the order of entries: the last one is asked first.
    fn writes_at(&mut self, entry: EntryId) -> &mut Vec<Arc<Write>> {
        let last = self.entries.last_key_value();
        if last.is_none_or(|(last, _)| *last != entry) {
            return self.entries.entry(entry).or_default();
        }
        let last = self.entries.last_entry().expect("there is one");
        last.into_mut()
    }

    /// The union of both.
    pub fn merge(&mut self, other: &Self) -> Merged {
        let mut outcome = Merged::default();
        for write in other.entries.values().flatten() {
            let one = self.insert(Arc::clone(write));
            outcome.added += one.added;
            outcome.purged += one.purged;
            outcome.unchanged += one.unchanged;
            outcome.disputed.extend(one.disputed);
        }
        outcome
    }

    pub fn writes(&self) -> impl Iterator<Item = &Write> {
        self.entries.values().flatten().map(Arc::as_ref)
    }

    /// The writes of one entry.
    pub(crate) fn at(&self, entry: EntryId) -> EntryWrites<'_> {
        EntryWrites(self.entries.get(&entry).map_or(&[], Vec::as_slice))
    }

    /// The writes of one register that no other write of it replaces, in the order of their clocks.
    pub fn alive(&self, entry: EntryId, register: Register) -> Vec<&Write> {
        self.at(entry).alive(register)
    }

    /// Every write of one register, oldest first by its clock.
    pub fn history(&self, entry: EntryId, register: Register) -> Vec<&Write> {
        let writes = self.at(entry).of(register).iter();
        let mut writes: Vec<&Write> = writes.map(Arc::as_ref).collect();
        writes.sort_by_key(|write| (write.hlc, write.id));
        writes
    }

    /// The ids of the alive writes, as the next write of the register supersedes them.
    pub fn alive_ids(&self, entry: EntryId, register: Register) -> BTreeSet<WriteId> {
        self.alive(entry, register)
            .into_iter()
            .map(|write| write.id)
            .collect()
    }

    /// The registers of an entry that were ever written.
    pub fn registers(&self, entry: EntryId) -> impl Iterator<Item = Register> {
        self.at(entry).registers().map(|(register, _)| register)
    }

    /// Every write of one entry.
    pub fn writes_of(&self, entry: EntryId) -> impl Iterator<Item = &Write> {
        self.at(entry).all().iter().map(Arc::as_ref)
    }

    /// One write, where it stands.
    pub fn write(&self, entry: EntryId, register: Register, id: WriteId) -> Option<&Write> {
        self.at(entry).write(register, id).map(Arc::as_ref)
    }

    /// Every entry, with its kind.
    pub fn entries(&self) -> BTreeMap<EntryId, EntryKind> {
        let last = |writes: &Vec<Arc<Write>>| writes.last().map(|write| (write.entry, write.kind));
        self.entries.values().filter_map(last).collect()
    }

    /// Registers with several alive values that differ. Equal values are no conflict.
    pub fn conflicts(&self) -> Vec<(EntryId, Register)> {
        let entries = self.entries.keys();
        let places = entries.flat_map(|entry| {
            let registers = self.registers(*entry);
            registers.map(|register| (*entry, register))
        });
        places
            .filter(|(entry, register)| self.is_conflict(*entry, *register))
            .collect()
    }

    pub fn is_conflict(&self, entry: EntryId, register: Register) -> bool {
        let alive = self.alive(entry, register);
        alive.windows(2).any(|pair| pair[0].body != pair[1].body)
    }

    /// Whether an entry is deleted: a deletion is alive that knew every alive write of the others.
    /// What it did not know of was written meanwhile, and an edit is never lost to a deletion.
    pub fn is_deleted(&self, entry: EntryId) -> bool {
        self.alive(entry, Register::Deleted)
            .into_iter()
            .any(|write| {
                let Body::Value(bytes) = &write.body else {
                    return false;
                };
                match RegisterValue::decode(write.kind, Register::Deleted, bytes) {
                    Ok(RegisterValue::Deleted(Deleted::Yes { seen })) => self
                        .registers(entry)
                        .filter(|register| *register != Register::Deleted)
                        .flat_map(|register| self.alive(entry, register))
                        .all(|write| seen.contains(&write.id)),
                    _ => false,
                }
            })
    }

    /// Every alive write of an entry outside the deletion register: what a deletion made now knows.
    pub fn seen_by_deletion(&self, entry: EntryId) -> BTreeSet<WriteId> {
        self.registers(entry)
            .filter(|register| *register != Register::Deleted)
            .flat_map(|register| self.alive_ids(entry, register))
            .collect()
    }
}
