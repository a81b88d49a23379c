//! The writes that leave a vault for one person.
//!
//! A cut is made by what it holds, never by what it forbids: a secret the role may not open is not
//! in it. Three things follow secrets without being called so. A note is where people paste
//! passwords, so notes of a key go only to whoever may open it, and notes of accounts, consumers
//! and vendors to admins. An earlier value can be the password somebody then moved out of the
//! notes, so it is judged by the worst the key ever was. And fingerprints of secrets are of one
//! vault and are no part of a write at all.
//!
//! Without history a write that replaced others travels without them, and so names everything that
//! it replaced through them: a reader who holds an older value must see it replaced, not disputed.
//! What was purged always travels: it holds nothing, and destroys what was meant to be destroyed.
//!
//! What a vault decided for itself stays in it: acceptances of findings, incidents and their logs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::class::{self, Span};
use super::given::{Given, GivenKey, GivenList};
use super::index::{Index, reach};
use super::role::Role;
use super::scope::{History, Scope};
use crate::credential::{CredentialVersion, VersionState};
use crate::ids::{EntryId, WriteId};
use crate::merge::{Body, Replica, Write, alive_of};
use crate::permission::PermissionClass;
use crate::register::{EntryKind, Register};
use crate::value::{RegisterValue, shown};

/// What one person is given of a vault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cut {
    /// In the order of entries and registers. Material stands in it sealed, as it lies here.
    pub writes: Vec<Arc<Write>>,
    pub given: GivenList,
}

/// Why a secret of a key in scope does not travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// It is not for this role.
    Class,
    /// It is not in use, and the share is without history.
    NotInUse,
}

impl Cut {
    /// The writes of the keys in scope and of what they name, with the secrets this role may open.
    /// `given_before` are the keys this person was given earlier: of those that were purged since
    /// the empty writes travel, because a purged key has neither tags nor account to find it by.
    pub fn of(
        replica: &Replica,
        scope: &Scope,
        role: Role,
        given_before: &BTreeSet<EntryId>,
    ) -> Self {
        let index = Index::of(replica);
        let mut maker = Maker {
            index: &index,
            history: scope.history(),
            role,
            cut: Self::default(),
        };
        let (mut accounts, mut consumers) = (BTreeSet::new(), BTreeSet::new());
        for key in index.of_kind(EntryKind::Key) {
            if scope.covers(replica, key) {
                maker.key(key);
                accounts.extend(maker.named_accounts(key));
                consumers.extend(maker.named_consumers(key));
            } else if given_before.contains(&key) {
                maker.tombstone(key);
            }
        }
        // Of a whole vault also what no key names yet.
        let whole = scope.is_everything();
        accounts.extend(
            index
                .of_kind(EntryKind::Account)
                .filter(|id| scope.names_account(*id)),
        );
        consumers.extend(index.of_kind(EntryKind::Consumer).filter(|_| whole));
        let vendors = maker.named_vendors(&consumers);
        let vendors = index
            .of_kind(EntryKind::Vendor)
            .filter(|id| whole || vendors.contains(id));
        for (kind, entries) in [
            (EntryKind::Account, accounts),
            (EntryKind::Consumer, consumers),
            (EntryKind::Vendor, vendors.collect()),
        ] {
            for entry in entries {
                maker.around(kind, entry);
            }
        }
        maker.cut
    }
}

struct Maker<'i, 'r> {
    index: &'i Index<'r>,
    history: History,
    role: Role,
    cut: Cut,
}

/// What of one register travels beside what was purged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Alive,
    Nothing,
}

impl Maker<'_, '_> {
    fn key(&mut self, key: EntryId) {
        let replica = self.index.replica;
        let rights = class::rights_of(replica, key);
        let class = rights.class();
        let (opens_now, opens_ever) = (
            self.role.may_open(class),
            self.role
                .may_open(class::class_of(replica, key, Span::Ever)),
        );
        for (register, writes) in replica.at(key).registers() {
            let part = match register {
                Register::Notes => self.secret_part(opens_now, opens_ever),
                _ => self.plain_part(),
            };
            self.send(EntryKind::Key, writes, part);
        }
        let versions = self.index.versions_of(key);
        let in_use = self.versions_in_use(key, &versions);
        let mut secrets = Vec::new();
        let mut left_out = Vec::new();
        for version in &versions {
            let opens = self
                .role
                .may_open(class::class_of_version(replica, key, version));
            let part = self.material_part(opens, opens_ever, in_use.contains(&version.id));
            for (register, writes) in replica.at(version.id).registers() {
                let part = match register {
                    Register::Material => part,
                    _ => self.plain_part(),
                };
                self.send(EntryKind::Credential, writes, part);
            }
            let sent = self.material_sent(version.id);
            if sent.is_empty() && holds_material(replica, version.id) {
                let why = if opens {
                    LeftOut::NotInUse
                } else {
                    LeftOut::Class
                };
                left_out.push((version.id, why));
            }
            secrets.extend(sent.into_iter().map(|write| Given {
                version: version.id,
                write,
            }));
        }
        let label = match shown(replica, key, Register::Label) {
            Some(RegisterValue::KeyLabel(label)) => Some(label),
            _ => None,
        };
        self.cut.given.keys.push(GivenKey {
            key,
            label,
            class,
            rights,
            secrets,
            left_out,
        });
    }

    /// What is left of a key that was purged, so that it is purged on the other side too.
    fn tombstone(&mut self, key: EntryId) {
        let replica = self.index.replica;
        let labels = replica.history(key, Register::Label);
        if labels.is_empty() || labels.iter().any(|write| write.body != Body::Purged) {
            return;
        }
        for (register, writes) in replica.at(key).registers() {
            let part = match register {
                Register::Deleted => self.plain_part(),
                _ => Part::Nothing,
            };
            self.send(EntryKind::Key, writes, part);
        }
        let versions = self.index.versions.get(&key);
        for version in versions.into_iter().flatten() {
            let writes = replica.at(*version).of(Register::Material);
            self.send(EntryKind::Credential, writes, Part::Nothing);
        }
    }

    /// An entry that keys name.
    fn around(&mut self, kind: EntryKind, entry: EntryId) {
        let to_admin = self.role.may_open(PermissionClass::Withdraw);
        for (register, writes) in self.index.replica.at(entry).registers() {
            let part = match register {
                Register::Notes => self.secret_part(to_admin, to_admin),
                _ => self.plain_part(),
            };
            self.send(kind, writes, part);
        }
    }

    fn plain_part(&self) -> Part {
        self.secret_part(true, true)
    }

    fn secret_part(&self, opens_now: bool, opens_ever: bool) -> Part {
        match self.history {
            _ if !opens_now => Part::Nothing,
            History::With if opens_ever => Part::All,
            History::With | History::Without => Part::Alive,
        }
    }

    fn material_part(&self, opens: bool, opens_ever: bool, in_use: bool) -> Part {
        match self.history {
            History::Without if !in_use => Part::Nothing,
            _ => self.secret_part(opens, opens_ever),
        }
    }

    /// The versions whose secret somebody may still work with: none of a key that is deleted or
    /// out of use, none that is revoked, and one that drains only while nothing is in its place.
    fn versions_in_use(&self, key: EntryId, versions: &[CredentialVersion]) -> BTreeSet<EntryId> {
        let replica = self.index.replica;
        let out_of_use = self
            .index
            .alive_values(key, Register::State)
            .all(|value| match value {
                RegisterValue::State(state) => !state.may_be_used(),
                _ => false,
            });
        let stated = !replica.alive(key, Register::State).is_empty();
        if replica.is_deleted(key) || (stated && out_of_use) {
            return BTreeSet::new();
        }
        let replaced = versions.iter().any(|one| one.state == VersionState::Active);
        versions
            .iter()
            .filter(|one| !replica.is_deleted(one.id))
            .filter(|one| match one.state {
                VersionState::Active | VersionState::Staged => true,
                VersionState::Draining => !replaced,
                VersionState::Revoked => false,
            })
            .map(|one| one.id)
            .collect()
    }

    fn named_accounts(&self, key: EntryId) -> BTreeSet<EntryId> {
        let values = self.index.alive_values(key, Register::Account);
        values
            .filter_map(|value| match value {
                RegisterValue::Account(account) => account,
                _ => None,
            })
            .filter(|id| self.index.kinds.get(id) == Some(&EntryKind::Account))
            .collect()
    }

    fn named_consumers(&self, key: EntryId) -> BTreeSet<EntryId> {
        let values = self.index.alive_values(key, Register::Consumers);
        values
            .filter_map(|value| match value {
                RegisterValue::Consumers(uses) => Some(uses),
                _ => None,
            })
            .flatten()
            .map(|one| one.consumer)
            .filter(|id| self.index.kinds.get(id) == Some(&EntryKind::Consumer))
            .collect()
    }

    /// Vendors are found by their names, in any case.
    fn named_vendors(&self, consumers: &BTreeSet<EntryId>) -> BTreeSet<EntryId> {
        let named: BTreeSet<String> = consumers
            .iter()
            .flat_map(|id| self.index.alive_values(*id, Register::Vendor))
            .filter_map(|value| match value {
                RegisterValue::Vendor(name) => Some(name?.as_str().to_lowercase()),
                _ => None,
            })
            .collect();
        self.index
            .of_kind(EntryKind::Vendor)
            .filter(|id| {
                self.index
                    .alive_values(*id, Register::Label)
                    .any(|value| match value {
                        RegisterValue::ConsumerName(name) => {
                            named.contains(&name.as_str().to_lowercase())
                        }
                        _ => false,
                    })
            })
            .collect()
    }

    /// Puts writes of one register into the cut. One of another kind than its entry, or of a
    /// register the kind has not, can only be forged and stays here.
    fn send(&mut self, kind: EntryKind, writes: &[Arc<Write>], part: Part) {
        // Where there is one, it is alive.
        let part = match part {
            Part::Alive if writes.len() == 1 => Part::All,
            _ => part,
        };
        let of_kind = |write: &&Arc<Write>| write.kind == kind && write.register.belongs_to(kind);
        let alive: BTreeSet<WriteId> = match part {
            Part::Alive => alive_of(writes).into_iter().map(|write| write.id).collect(),
            Part::All | Part::Nothing => BTreeSet::new(),
        };
        let goes = |write: &&Arc<Write>| {
            part == Part::All || write.body == Body::Purged || alive.contains(&write.id)
        };
        let sent = writes.iter().filter(of_kind).filter(goes);
        if sent.clone().count() == writes.len() {
            self.cut.writes.extend(sent.cloned());
            return;
        }
        let all: BTreeMap<WriteId, &Write> =
            writes.iter().map(|one| (one.id, one.as_ref())).collect();
        for write in sent {
            let mut supersedes = reach(&all, &write.supersedes);
            supersedes.remove(&write.id);
            self.cut.writes.push(Arc::new(Write {
                supersedes,
                ..Write::clone(write)
            }));
        }
    }

    fn material_sent(&self, version: EntryId) -> Vec<WriteId> {
        self.cut
            .writes
            .iter()
            .rev()
            .take_while(|write| write.entry == version)
            .filter(|write| matches!(write.body, Body::Sealed { .. }))
            .map(|write| write.id)
            .collect()
    }
}

fn holds_material(replica: &Replica, version: EntryId) -> bool {
    let mut writes = replica.at(version).of(Register::Material).iter();
    writes.any(|write| matches!(write.body, Body::Sealed { .. }))
}
