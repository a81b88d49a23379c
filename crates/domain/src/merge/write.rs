//! One write to one register.

use std::collections::BTreeSet;

use crate::hlc::Hlc;
use crate::ids::{DeviceId, EntryId, MemberId, WriteId};
use crate::register::{EntryKind, Register};

/// A write. It is never changed afterwards, except that its body can be purged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    pub id: WriteId,
    pub entry: EntryId,
    pub kind: EntryKind,
    pub register: Register,
    /// Writes of the same register that this one replaces. Others are without effect.
    pub supersedes: BTreeSet<WriteId>,
    pub author: MemberId,
    pub device: DeviceId,
    pub hlc: Hlc,
    pub body: Body,
}

/// What a write says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Body {
    /// Canonical bytes of a [`crate::RegisterValue`].
    Value(Vec<u8>),
    /// A sealed [`crate::Material`], with the version of the sealing.
    Sealed { version: u8, bytes: Vec<u8> },
    /// There was a value; it was destroyed, and no merge refills it.
    Purged,
}

/// Values can be labels, which have no place in a log; only the kind of body is told.
impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(bytes) => write!(f, "Value({} bytes)", bytes.len()),
            Self::Sealed { version, bytes } => {
                write!(f, "Sealed(v{version}, {} bytes)", bytes.len())
            }
            Self::Purged => f.write_str("Purged"),
        }
    }
}

impl Write {
    /// What must be the same wherever a write of this id appears.
    fn identity(&self) -> (EntryKind, MemberId, DeviceId, Hlc) {
        (self.kind, self.author, self.device, self.hlc)
    }

    /// Whether two writes of one id are honest copies of each other.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        let bodies_agree =
            self.body == other.body || self.body == Body::Purged || other.body == Body::Purged;
        self.identity() == other.identity() && self.supersedes == other.supersedes && bodies_agree
    }

    /// The join of two writes of one id. Purged wins over every value. Honest copies differ in
    /// nothing else; of forged ones the greater is kept, so that every order of merging ends in
    /// the same state.
    pub(super) fn join(&mut self, other: &Self) {
        let purged = self.body == Body::Purged || other.body == Body::Purged;
        let supersedes: BTreeSet<WriteId> =
            self.supersedes.union(&other.supersedes).copied().collect();
        if (other.identity(), &other.body) > (self.identity(), &self.body) {
            *self = other.clone();
        }
        self.supersedes = supersedes;
        if purged {
            self.body = Body::Purged;
        }
    }
}

#[cfg(test)]
impl Write {
    /// One of the first key that a test has, which replaces nothing.
    pub(crate) fn example(number: u8, wall_ms: u64, value: &crate::value::RegisterValue) -> Self {
        Self {
            id: WriteId::from_bytes([number; 16]),
            entry: EntryId::from_bytes([1; 16]),
            kind: EntryKind::Key,
            register: value.register(),
            supersedes: BTreeSet::new(),
            author: MemberId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([1; 16]),
            hlc: Hlc {
                wall_ms,
                counter: 0,
            },
            body: Body::Value(value.encode()),
        }
    }
}
