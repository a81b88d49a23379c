//! What is to be rotated after a person was removed.
//!
//! Removal stops future access. What they have seen, they know: every secret that was ever given to
//! them is on the list, whatever their role is now, whether it was purged here since (the exchange
//! still takes it) and whether the key has left their scope. It leaves the list when it is known to
//! be dead: its version or its key is recorded as revoked.
//!
//! Deliberately not here: remembering what was given to whom. The caller keeps that, from
//! [`super::GivenList::secrets`], for as long as the vault lives.

use std::collections::{BTreeMap, BTreeSet};

use super::class::{self, Span};
use super::index::Index;
use crate::credential::{CredentialVersion, VersionState};
use crate::ids::{EntryId, WriteId};
use crate::merge::Replica;
use crate::moment::UtcMs;
use crate::permission::PermissionClass;
use crate::register::Register;
use crate::state::KeyState;
use crate::text::{KeyLabel, Line};
use crate::value::{RegisterValue, shown};

/// That a secret was given to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    pub key: EntryId,
    pub version: EntryId,
    pub write: WriteId,
    pub at: UtcMs,
}

/// What is left to do about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Left {
    /// The secret they know is the one in use.
    Rotate,
    /// A newer one that they never had is in use, and theirs still works at the exchange.
    End,
}

/// One key of which somebody knows a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToRotate {
    pub key: EntryId,
    /// `None` once the key was purged.
    pub label: Option<KeyLabel>,
    pub owner: Option<Line>,
    /// The worst of what the key may do now and what the secrets they know could do.
    pub class: PermissionClass,
    /// Whether the exchange is known to hold the key to an allowlist.
    pub restricted: bool,
    /// When the oldest secret they know was made.
    pub made: UtcMs,
    /// When it was first given to them.
    pub shown: UtcMs,
    /// The versions they know that are not known to be dead, oldest first.
    pub versions: Vec<EntryId>,
    pub left: Left,
    pub due: UtcMs,
}

/// Worst first: by class, then those without an allowlist, then the oldest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RotateList {
    items: Vec<ToRotate>,
}

/// How long after a removal a key of a class may stay as it is. These are ours: nobody publishes a
/// figure, and a key that can withdraw is one somebody else can empty tonight.
fn days(class: PermissionClass) -> u32 {
    match class {
        PermissionClass::Withdraw => 1,
        PermissionClass::Trade => 7,
        PermissionClass::Read => 30,
    }
}

impl RotateList {
    /// What is left to do of everything that was ever given to a person who was removed then.
    pub fn of(replica: &Replica, given: &[Shown], removed: UtcMs) -> Self {
        let index = Index::of(replica);
        let mut by_key: BTreeMap<EntryId, Vec<&Shown>> = BTreeMap::new();
        for one in given {
            by_key.entry(one.key).or_default().push(one);
        }
        let mut items: Vec<ToRotate> = by_key
            .into_iter()
            .filter_map(|(key, given)| item(&index, key, &given, removed))
            .collect();
        items.sort_by_key(|one| {
            (
                std::cmp::Reverse(one.class),
                one.restricted,
                one.made,
                one.key,
            )
        });
        Self { items }
    }

    /// Everything that is left, of both kinds.
    pub fn items(&self) -> &[ToRotate] {
        &self.items
    }

    /// What is to be rotated. An entry leaves when a newer secret is in use.
    pub fn open(&self) -> impl Iterator<Item = &ToRotate> {
        self.items.iter().filter(|one| one.left == Left::Rotate)
    }

    /// What was rotated and is still to be ended at the exchange.
    pub fn ending(&self) -> impl Iterator<Item = &ToRotate> {
        self.items.iter().filter(|one| one.left == Left::End)
    }
}

fn item(index: &Index<'_>, key: EntryId, given: &[&Shown], removed: UtcMs) -> Option<ToRotate> {
    let replica = index.replica;
    let mut versions = index.versions_of(key);
    versions.sort_by_cached_key(|one| (recorded(replica, one.id), one.id));
    let known: BTreeSet<EntryId> = given.iter().map(|one| one.version).collect();
    let dead = |id: &EntryId| {
        versions
            .iter()
            .any(|one| one.id == *id && one.state == VersionState::Revoked)
    };
    let mut living: Vec<EntryId> = known.iter().filter(|id| !dead(id)).copied().collect();
    if living.is_empty() || is_dead(replica, key) {
        return None;
    }
    living.sort_by_key(|id| (recorded(replica, *id), *id));
    let place = |id: EntryId| versions.iter().position(|one| one.id == id);
    let newest_known = living.iter().filter_map(|id| place(*id)).max();
    let replaced = versions.iter().enumerate().any(|(at, one)| {
        one.state == VersionState::Active
            && one.material.is_some()
            && !known.contains(&one.id)
            && newest_known.is_none_or(|known| at > known)
    });
    let of_versions = versions
        .iter()
        .filter(|one| living.contains(&one.id))
        .map(|one| class::class_of_version(replica, key, one))
        .max();
    let class = class::class_of(replica, key, Span::Now);
    let class = class.max(of_versions.unwrap_or(PermissionClass::Withdraw));
    let made = versions
        .iter()
        .find(|one| living.contains(&one.id))
        .map_or(UtcMs::EPOCH, |one: &CredentialVersion| one.made);
    Some(ToRotate {
        key,
        label: match shown(replica, key, Register::Label) {
            Some(RegisterValue::KeyLabel(label)) => Some(label),
            _ => None,
        },
        owner: match shown(replica, key, Register::Owner) {
            Some(RegisterValue::Owner(owner)) => owner,
            _ => None,
        },
        class,
        restricted: is_restricted(replica, key),
        made,
        shown: given
            .iter()
            .filter(|one| living.contains(&one.version))
            .map(|one| one.at)
            .min()?,
        versions: living,
        left: if replaced { Left::End } else { Left::Rotate },
        due: removed.plus_days(days(class)),
    })
}

/// When a version was recorded, by the clock of the write that did it.
fn recorded(replica: &Replica, version: EntryId) -> Option<crate::Hlc> {
    let writes = replica.history(version, Register::Key);
    writes.first().map(|write| write.hlc)
}

/// Whether every alive state says that the key is dead at the exchange. That it is deleted or
/// archived here says nothing of that.
fn is_dead(replica: &Replica, key: EntryId) -> bool {
    let alive = replica.alive(key, Register::State);
    !alive.is_empty()
        && alive
            .into_iter()
            .all(|write| RegisterValue::of(write) == Some(RegisterValue::State(KeyState::Revoked)))
}

fn is_restricted(replica: &Replica, key: EntryId) -> bool {
    let alive = replica.alive(key, Register::Allowlist);
    !alive.is_empty()
        && alive
            .into_iter()
            .all(|write| match RegisterValue::of(write) {
                Some(RegisterValue::Allowlist(list)) => list.restricts(),
                _ => false,
            })
}
