//! Several alive values of one register, and the one write that settles it.
//!
//! Deliberately not here: choosing. Both values are kept and shown until somebody does.

use std::collections::BTreeSet;

use crate::hlc::Hlc;
use crate::ids::{EntryId, WriteId};
use crate::merge::{Body, Replica};
use crate::register::{EntryKind, Register};
use crate::value::RegisterValue;

/// Several alive values of one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The key, or the version of its secret, or whatever else has the conflict.
    pub entry: EntryId,
    pub register: Register,
    /// Oldest first by their clocks.
    pub values: Vec<ConflictValue>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictValue {
    pub write: WriteId,
    pub hlc: Hlc,
    /// `None` for a secret, and for what was purged.
    pub value: Option<RegisterValue>,
}

/// The write that settles a conflict, but for its id, author and clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    pub entry: EntryId,
    pub kind: EntryKind,
    pub register: Register,
    /// Every alive value, the chosen one among them: two people who choose the same at once leave
    /// two equal values, which are no conflict.
    pub supersedes: BTreeSet<WriteId>,
    pub body: ResolvedBody,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolvedBody {
    /// The bytes as they were chosen, of a newer version's value too.
    Value(Vec<u8>),
    /// The secret of this write, to be sealed anew for the write that is made.
    Secret(WriteId),
}

impl Conflict {
    /// The conflicts of one entry of any kind.
    pub fn of(replica: &Replica, entry: EntryId) -> Vec<Self> {
        replica
            .registers(entry)
            .filter_map(|register| Self::at(replica, entry, register))
            .collect()
    }

    /// Every conflict there is.
    pub fn all(replica: &Replica) -> Vec<Self> {
        replica
            .conflicts()
            .into_iter()
            .filter_map(|(entry, register)| Self::at(replica, entry, register))
            .collect()
    }

    fn at(replica: &Replica, entry: EntryId, register: Register) -> Option<Self> {
        // Lists of consumers that were switched add up: there is nothing to choose.
        if register == Register::Switched || !replica.is_conflict(entry, register) {
            return None;
        }
        let alive = replica.alive(entry, register);
        Some(Self {
            entry,
            register,
            values: alive
                .into_iter()
                .map(|write| ConflictValue {
                    write: write.id,
                    hlc: write.hlc,
                    value: RegisterValue::of(write),
                })
                .collect(),
        })
    }

    /// The one write that makes a chosen value the only one. `None` if that value is not alive any
    /// more, or was purged: nobody can choose what is gone.
    pub fn settle(&self, replica: &Replica, chosen: WriteId) -> Option<Resolution> {
        let alive = replica.alive(self.entry, self.register);
        let write = alive.iter().find(|write| write.id == chosen)?;
        Some(Resolution {
            entry: self.entry,
            kind: write.kind,
            register: self.register,
            supersedes: alive.iter().map(|write| write.id).collect(),
            body: match &write.body {
                Body::Value(bytes) => ResolvedBody::Value(bytes.clone()),
                Body::Sealed { .. } => ResolvedBody::Secret(chosen),
                Body::Purged => return None,
            },
        })
    }
}
