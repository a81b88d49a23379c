//! One version of a key's secret, without the secret.

use std::collections::BTreeSet;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_of, coded_enum};
use crate::field::Field;
use crate::ids::{EntryId, WriteId};
use crate::merge::{Body, Replica};
use crate::moment::UtcMs;
use crate::permission::PermissionSet;
use crate::register::{EntryKind, Register};
use crate::value::RegisterValue;

coded_enum! {
    /// Two usable versions during a rotation are no conflict.
    pub enum VersionState: u8 {
        Staged = 1 => "staged",
        Active = 2 => "active",
        Draining = 3 => "draining",
        Revoked = 4 => "revoked",
    }
}

impl VersionState {
    /// Of several alive states the one that loses least: two people who end a rotation in two
    /// ways must not leave a key without a secret that is in use.
    fn keeps_most(self) -> u8 {
        match self {
            Self::Active => 3,
            Self::Draining => 2,
            Self::Staged => 1,
            Self::Revoked => 0,
        }
    }
}

/// What a staged version may do, as it was looked at before it came into use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vetted {
    pub permissions: PermissionSet,
    pub at: UtcMs,
    /// Whether it was said that it may do more than the one before.
    pub growth_meant: bool,
    /// When the exchange ends it, where that is a date.
    pub expires: Option<UtcMs>,
}

impl Canonical for Vetted {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(4).map(drop).sure();
        self.permissions.write_cbor(out);
        self.at.write_cbor(out);
        self.growth_meant.write_cbor(out);
        self.expires.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 4)?;
        Ok(Self {
            permissions: PermissionSet::read_cbor(input)?,
            at: UtcMs::read_cbor(input)?,
            growth_meant: bool::read_cbor(input)?,
            expires: Option::read_cbor(input)?,
        })
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
    /// Consumers that were given it: of several alive lists all of them.
    pub switched: BTreeSet<EntryId>,
    pub vetted: Option<Vetted>,
    /// Since when it is being ended at the exchange.
    pub revoking: Option<UtcMs>,
}

impl CredentialVersion {
    /// `None` if the entry is no credential version of a key.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        let writes = replica.at(id);
        let value = |register| writes.shown(register);
        let key = match value(Register::Key)? {
            RegisterValue::Key(key) => key,
            _ => return None,
        };
        let alive = writes.alive(Register::Material);
        let material = alive
            .iter()
            .rev()
            .find(|write| matches!(write.body, Body::Sealed { .. }))
            .map(|write| write.id);
        let purged = material.is_none() && alive.iter().any(|write| write.body == Body::Purged);
        Some(Self {
            id,
            key,
            state: writes
                .values(Register::VersionState)
                .filter_map(|value| match value {
                    RegisterValue::VersionState(state) => Some(state),
                    _ => None,
                })
                .max_by_key(|state| state.keeps_most())
                .unwrap_or(VersionState::Revoked),
            switched: writes
                .values(Register::Switched)
                .filter_map(|value| match value {
                    RegisterValue::Switched(ids) => Some(ids),
                    _ => None,
                })
                .flatten()
                .collect(),
            vetted: match value(Register::Vetted) {
                Some(RegisterValue::Vetted(vetted)) => vetted,
                _ => None,
            },
            revoking: match value(Register::Revoking) {
                Some(RegisterValue::Revoking(since)) => since,
                _ => None,
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

    /// The versions of a key that are in this replica, oldest first: in the order in which they
    /// were recorded, by the clock of the write that did it. The times people read are whole
    /// milliseconds and can be set back, and ids are random, so neither of them tells which of two
    /// secrets is the newer one. The union of writes is the same in whatever order it came about,
    /// so every replica that holds the same writes has the same order.
    pub fn of_key(replica: &Replica, key: EntryId) -> Vec<Self> {
        let mut versions: Vec<Self> = replica
            .entries()
            .into_iter()
            .filter(|(_, kind)| *kind == EntryKind::Credential)
            .filter_map(|(id, _)| Self::materialise(replica, id))
            .filter(|version| version.key == key)
            .collect();
        versions.sort_by_cached_key(|version| {
            let first = replica.history(version.id, Register::Key).first().copied();
            (first.map(|write| write.hlc), version.id)
        });
        versions
    }
}
