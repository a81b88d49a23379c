//! A set of writes, and what is alive in it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::{Body, Write};
use crate::ids::{EntryId, WriteId};
use crate::register::{EntryKind, Register};
use crate::value::{Deleted, RegisterValue};

const FIRST_WRITE: WriteId = WriteId::from_bytes([0; 16]);
const LAST_WRITE: WriteId = WriteId::from_bytes([u8::MAX; 16]);

/// A set of writes. Uniting two is commutative, associative and idempotent and loses nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replica {
    /// In one map, because most registers have one write: a map of their own takes kilobytes.
    writes: BTreeMap<(EntryId, Register, WriteId), Write>,
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

    pub fn from_writes(writes: impl IntoIterator<Item = Write>) -> Self {
        let mut replica = Self::new();
        for write in writes {
            replica.insert(write);
        }
        replica
    }

    /// Adds one write; a write that is already here stays as it is, or becomes purged.
    pub fn insert(&mut self, write: Write) -> Merged {
        let mut outcome = Merged::default();
        match self.writes.entry((write.entry, write.register, write.id)) {
            Entry::Vacant(place) => {
                place.insert(write);
                outcome.added = 1;
            }
            Entry::Occupied(mut ours) => {
                let ours = ours.get_mut();
                if !ours.agrees_with(&write) {
                    outcome.disputed.push(write.id);
                } else if write.body == Body::Purged && ours.body != Body::Purged {
                    outcome.purged = 1;
                } else {
                    outcome.unchanged = 1;
                }
                ours.join(&write);
            }
        }
        outcome
    }

    /// The union of both.
    pub fn merge(&mut self, other: &Self) -> Merged {
        let mut outcome = Merged::default();
        for write in other.writes() {
            let one = self.insert(write.clone());
            outcome.added += one.added;
            outcome.purged += one.purged;
            outcome.unchanged += one.unchanged;
            outcome.disputed.extend(one.disputed);
        }
        outcome
    }

    pub fn writes(&self) -> impl Iterator<Item = &Write> {
        self.writes.values()
    }

    /// The writes of one register, by id.
    fn of(&self, entry: EntryId, register: Register) -> Vec<&Write> {
        let (first, last) = (
            (entry, register, FIRST_WRITE),
            (entry, register, LAST_WRITE),
        );
        let writes = self.writes.range(first..=last);
        writes.map(|(_, write)| write).collect()
    }

    /// The writes of one register that no other write of it replaces, in the order of their clocks.
    pub fn alive(&self, entry: EntryId, register: Register) -> Vec<&Write> {
        let writes = self.of(entry, register);
        if writes.len() < 2 {
            return writes;
        }
        let replaced: BTreeSet<WriteId> = writes
            .iter()
            .flat_map(|write| write.supersedes.iter().filter(|id| **id != write.id))
            .copied()
            .collect();
        let mut alive = writes.clone();
        alive.retain(|write| !replaced.contains(&write.id));
        if alive.is_empty() {
            // Writes that replace each other in a ring can only be forged; none of them may make
            // the register's values vanish.
            alive = writes;
        }
        alive.sort_by_key(|write| (write.hlc, write.id));
        alive
    }

    /// The ids of the alive writes, as the next write of the register supersedes them.
    pub fn alive_ids(&self, entry: EntryId, register: Register) -> BTreeSet<WriteId> {
        self.alive(entry, register)
            .into_iter()
            .map(|write| write.id)
            .collect()
    }

    /// Every write of one register, oldest first by its clock.
    pub fn history(&self, entry: EntryId, register: Register) -> Vec<&Write> {
        let mut writes = self.of(entry, register);
        writes.sort_by_key(|write| (write.hlc, write.id));
        writes
    }

    /// The registers of an entry that were ever written.
    pub fn registers(&self, entry: EntryId) -> impl Iterator<Item = Register> {
        let mut after = Bound::Included((entry, Register::ALL[0], FIRST_WRITE));
        std::iter::from_fn(move || {
            let mut rest = self.writes.range((after, Bound::Unbounded));
            let ((of, register, _), _) = rest.next().filter(|((of, ..), _)| *of == entry)?;
            after = Bound::Excluded((*of, *register, LAST_WRITE));
            Some(*register)
        })
    }

    /// Every write of one entry.
    pub fn writes_of(&self, entry: EntryId) -> impl Iterator<Item = &Write> {
        self.writes
            .range((entry, Register::ALL[0], FIRST_WRITE)..)
            .take_while(move |((of, ..), _)| *of == entry)
            .map(|(_, write)| write)
    }

    /// One write, where it stands.
    pub fn write(&self, entry: EntryId, register: Register, id: WriteId) -> Option<&Write> {
        self.writes.get(&(entry, register, id))
    }

    /// Every entry, with its kind.
    pub fn entries(&self) -> BTreeMap<EntryId, EntryKind> {
        self.writes()
            .map(|write| (write.entry, write.kind))
            .collect()
    }

    /// Registers with several alive values that differ. Equal values are no conflict.
    pub fn conflicts(&self) -> Vec<(EntryId, Register)> {
        let places = self.writes.keys();
        let mut places: Vec<(EntryId, Register)> = places
            .map(|(entry, register, _)| (*entry, *register))
            .collect();
        places.dedup();
        places.retain(|(entry, register)| self.is_conflict(*entry, *register));
        places
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
