//! Which entries of a replica belong together, found in one pass over it.

use std::collections::{BTreeMap, BTreeSet};

use crate::credential::CredentialVersion;
use crate::ids::{EntryId, WriteId};
use crate::merge::{Replica, Write};
use crate::register::{EntryKind, Register};
use crate::value::RegisterValue;

pub(super) struct Index<'r> {
    pub(super) replica: &'r Replica,
    pub(super) kinds: BTreeMap<EntryId, EntryKind>,
    /// Entries of versions by their key. A version that ever named two keys stands under neither:
    /// no honest device makes one, and a secret under the wrong key goes to the wrong people.
    pub(super) versions: BTreeMap<EntryId, Vec<EntryId>>,
}

impl<'r> Index<'r> {
    pub(super) fn of(replica: &'r Replica) -> Self {
        let kinds = replica.entries();
        let mut versions: BTreeMap<EntryId, Vec<EntryId>> = BTreeMap::new();
        for (id, kind) in &kinds {
            if *kind != EntryKind::Credential {
                continue;
            }
            let keys: BTreeSet<EntryId> = replica.at(*id).keys_named().collect();
            if let (Some(key), 1) = (keys.first(), keys.len()) {
                versions.entry(*key).or_default().push(*id);
            }
        }
        Self {
            replica,
            kinds,
            versions,
        }
    }

    pub(super) fn of_kind(&self, kind: EntryKind) -> impl Iterator<Item = EntryId> {
        self.kinds
            .iter()
            .filter(move |(_, one)| **one == kind)
            .map(|(id, _)| *id)
    }

    /// The versions of a key's secret that have enough to be shown.
    pub(super) fn versions_of(&self, key: EntryId) -> Vec<CredentialVersion> {
        self.versions
            .get(&key)
            .into_iter()
            .flatten()
            .filter_map(|id| CredentialVersion::materialise(self.replica, *id))
            .collect()
    }

    /// What an alive value of a register says, of all that are alive.
    pub(super) fn alive_values(
        &self,
        entry: EntryId,
        register: Register,
    ) -> impl Iterator<Item = RegisterValue> {
        self.replica.at(entry).values(register)
    }
}

/// Everything a write replaces, directly or through writes that are here.
pub(super) fn reach(
    writes: &BTreeMap<WriteId, &Write>,
    from: &BTreeSet<WriteId>,
) -> BTreeSet<WriteId> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<WriteId> = from.iter().copied().collect();
    while let Some(id) = open.pop() {
        if reached.insert(id)
            && let Some(write) = writes.get(&id)
        {
            open.extend(write.supersedes.iter().copied());
        }
    }
    reached
}
