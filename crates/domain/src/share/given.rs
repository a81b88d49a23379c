//! Who is given what, and what they could do with it: said before a share is made.

use super::cut::LeftOut;
use crate::ids::{EntryId, WriteId};
use crate::permission::{PermissionClass, PermissionSet};
use crate::text::KeyLabel;

/// A secret that leaves the vault; kept by the caller, because what somebody has seen stays known
/// to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Given {
    pub version: EntryId,
    pub write: WriteId,
}

/// One key of a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenKey {
    pub key: EntryId,
    /// `None` once it was purged.
    pub label: Option<KeyLabel>,
    pub class: PermissionClass,
    pub rights: PermissionSet,
    /// Empty where only what is recorded travels.
    pub secrets: Vec<Given>,
    /// Versions whose secret stays here, and why.
    pub left_out: Vec<(EntryId, LeftOut)>,
}

/// The keys of a share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenList {
    pub keys: Vec<GivenKey>,
}

impl GivenList {
    /// Keys of a class whose secrets travel.
    pub fn with_secrets(&self, class: PermissionClass) -> impl Iterator<Item = &GivenKey> {
        self.keys
            .iter()
            .filter(move |one| one.class == class && !one.secrets.is_empty())
    }

    /// Keys of which only what is recorded travels.
    pub fn without_secrets(&self) -> impl Iterator<Item = &GivenKey> {
        self.keys.iter().filter(|one| one.secrets.is_empty())
    }

    /// Every secret that travels, with its key.
    pub fn secrets(&self) -> impl Iterator<Item = (EntryId, Given)> {
        self.keys
            .iter()
            .flat_map(|one| one.secrets.iter().map(|given| (one.key, *given)))
    }
}

/// What somebody could do who holds the secret of a key of this class.
pub fn could(class: PermissionClass) -> &'static str {
    match class {
        PermissionClass::Read => "see balances, orders and history",
        PermissionClass::Trade => "trade with everything in the account, down to nothing",
        PermissionClass::Withdraw => "take everything out of the account",
    }
}
