//! One version of a key's secret, without the secret.

use crate::codec::coded_enum;
use crate::field::Field;
use crate::ids::{EntryId, WriteId};
use crate::merge::{Body, Replica};
use crate::moment::UtcMs;
use crate::register::{EntryKind, Register};
use crate::value::{RegisterValue, shown};

coded_enum! {
    /// Two usable versions during a rotation are no conflict.
    pub enum VersionState: u8 {
        Staged = 1 => "staged",
        Active = 2 => "active",
        Draining = 3 => "draining",
        Revoked = 4 => "revoked",
    }
}

/// A version as its alive writes tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialVersion {
    pub id: EntryId,
    pub key: EntryId,
    pub state: VersionState,
    pub made: UtcMs,
    pub fields: Vec<Field>,
    /// The write that holds the secret; `None` if every alive one is purged.
    pub material: Option<WriteId>,
    pub purged: bool,
}

impl CredentialVersion {
    /// `None` if the entry is no credential version of a key.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        let value = |register| shown(replica, id, register);
        let key = match value(Register::Key)? {
            RegisterValue::Key(key) => key,
            _ => return None,
        };
        let alive = replica.alive(id, Register::Material);
        let material = alive
            .iter()
            .rev()
            .find(|write| matches!(write.body, Body::Sealed { .. }))
            .map(|write| write.id);
        let purged = material.is_none() && alive.iter().any(|write| write.body == Body::Purged);
        Some(Self {
            id,
            key,
            state: match value(Register::VersionState) {
                Some(RegisterValue::VersionState(state)) => state,
                _ => VersionState::Revoked,
            },
            made: match value(Register::Made) {
                Some(RegisterValue::Made(made)) => made,
                _ => UtcMs::EPOCH,
            },
            fields: match value(Register::Fields) {
                Some(RegisterValue::Fields(fields)) => fields,
                _ => Vec::new(),
            },
            material,
            purged,
        })
    }

    /// The versions of a key that are in this replica, oldest first.
    pub fn of_key(replica: &Replica, key: EntryId) -> Vec<Self> {
        let mut versions: Vec<Self> = replica
            .entries()
            .into_iter()
            .filter(|(_, kind)| *kind == EntryKind::Credential)
            .filter_map(|(id, _)| Self::materialise(replica, id))
            .filter(|version| version.key == key)
            .collect();
        versions.sort_by_key(|version| (version.made, version.id));
        versions
    }
}
