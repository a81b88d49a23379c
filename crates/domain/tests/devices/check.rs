//! What must hold of every cut, every merge and every end.

use std::collections::{BTreeMap, BTreeSet};

use strongroom_domain::merge::{Body, Replica};
use strongroom_domain::share::{Cut, Role};
use strongroom_domain::{EntryId, EntryKind, PermissionClass, Register, RegisterValue, WriteId};

use super::{Failure, World, open, plain, team, value_at};

/// A cut holds no secret above the role and no key outside the scope, by the values alone.
pub(super) fn cut(
    from: &Replica,
    cut: &Cut,
    role: Role,
    given_before: &BTreeSet<EntryId>,
) -> Result<(), Failure> {
    for write in &cut.writes {
        let key = match write.kind {
            EntryKind::Key => write.entry,
            EntryKind::Credential => key_of(from, write.entry)
                .ok_or_else(|| Failure("a version without a key travels".to_owned()))?,
            _ => continue,
        };
        if role == Role::Admin || write.body == Body::Purged {
            continue;
        }
        // That a key was purged is told to those who had it.
        let labels = from.history(key, Register::Label);
        let purged = labels.iter().all(|write| write.body == Body::Purged);
        if write.register == Register::Deleted && purged && given_before.contains(&key) {
            continue;
        }
        let tagged = values(from, key, Register::Tags).all(|value| match value {
            RegisterValue::Tags(tags) => tags.contains(&team()),
            _ => false,
        });
        if !tagged {
            return Err(Failure(format!("{key} is outside the scope and travels")));
        }
        let is_secret = matches!(write.body, Body::Sealed { .. });
        let opens = values(from, key, Register::Declared).all(|value| match (value, role) {
            (RegisterValue::Declared(set), Role::Viewer) => set.class() == PermissionClass::Read,
            (RegisterValue::Declared(set), Role::Trader) => set.class() <= PermissionClass::Trade,
            _ => false,
        });
        if (is_secret || write.register == Register::Notes) && !opens {
            return Err(Failure(format!(
                "{:?} of {key} is given to the {}",
                write.register,
                role.name()
            )));
        }
    }
    Ok(())
}

/// A merge adds and purges; it takes nothing away and refills nothing.
pub(super) fn merged(before: &Replica, after: &Replica) -> Result<(), Failure> {
    for ours in before.writes() {
        let kept = after.write(ours.entry, ours.register, ours.id);
        let fine = kept.is_some_and(|kept| kept.body == ours.body || kept.body == Body::Purged);
        if !fine {
            return Err(Failure(format!("a merge changed {ours:?}")));
        }
    }
    Ok(())
}

impl World {
    pub(super) fn check(&self) -> Result<(), Failure> {
        let admins: Vec<&Replica> = self
            .vaults
            .iter()
            .filter(|vault| vault.role == Role::Admin)
            .map(|vault| &vault.state.replica)
            .collect();
        for vault in &self.vaults {
            unmixed(&vault.state.replica)?;
        }
        for admin in &admins {
            self.nothing_lost(admin)?;
        }
        let first = shape(admins[0]);
        if admins.iter().any(|admin| shape(admin) != first) {
            return Err(Failure("two admins hold different values".to_owned()));
        }
        self.alive_as_written(admins[0])?;
        self.deleted_as_seen(admins[0])
    }

    /// Every value is held by every admin, or was purged by an act, or was on one disk only
    /// when a backup took its place.
    fn nothing_lost(&self, admin: &Replica) -> Result<(), Failure> {
        let held: BTreeSet<_> = admin.writes().filter_map(value_at).collect();
        for one in self.ledger.iter().filter(|one| !one.purged && !one.lost) {
            let value = one.value();
            // What a trader wrote to a key that left their scope stays with them.
            let own = &self.vaults[one.by];
            let with_them = own.role != Role::Admin
                && own
                    .state
                    .replica
                    .writes()
                    .filter_map(value_at)
                    .any(|at| at == value);
            if !held.contains(&value) && !with_them {
                return Err(Failure(format!(
                    "a value of {:?} of {} is lost",
                    one.register, one.entry
                )));
            }
        }
        Ok(())
    }

    /// What is alive is exactly what nobody replaced who saw it, whatever the clocks said.
    fn alive_as_written(&self, admin: &Replica) -> Result<(), Failure> {
        let replaced: BTreeMap<WriteId, &BTreeSet<WriteId>> = self
            .ledger
            .iter()
            .map(|one| (one.id, &one.replaced))
            .collect();
        let places: BTreeSet<(EntryId, Register)> = admin
            .writes()
            .map(|write| (write.entry, write.register))
            .collect();
        for (entry, register) in places {
            let here: BTreeSet<WriteId> = admin
                .history(entry, register)
                .into_iter()
                .map(|write| write.id)
                .collect();
            let mut dead = BTreeSet::new();
            let mut open: Vec<WriteId> = here
                .iter()
                .filter_map(|id| replaced.get(id))
                .flat_map(|ids| ids.iter().copied())
                .collect();
            while let Some(id) = open.pop() {
                if dead.insert(id) {
                    open.extend(replaced.get(&id).into_iter().flat_map(|ids| ids.iter()));
                }
            }
            let expected: BTreeSet<WriteId> = here.difference(&dead).copied().collect();
            if admin.alive_ids(entry, register) != expected {
                return Err(Failure(format!(
                    "{register:?} of {entry} shows other values than were written last"
                )));
            }
        }
        Ok(())
    }

    /// What is deleted was deleted by somebody who saw everything that is alive in it.
    fn deleted_as_seen(&self, admin: &Replica) -> Result<(), Failure> {
        for (entry, _) in admin.entries() {
            if !admin.is_deleted(entry) {
                continue;
            }
            let alive = admin.seen_by_deletion(entry);
            let knew = values(admin, entry, Register::Deleted).any(|value| match value {
                RegisterValue::Deleted(strongroom_domain::Deleted::Yes { seen }) => {
                    alive.is_subset(&seen)
                }
                _ => false,
            });
            if !knew {
                return Err(Failure(format!("{entry} is deleted over an edit")));
            }
        }
        Ok(())
    }
}

/// Every secret names the key it stands under.
fn unmixed(replica: &Replica) -> Result<(), Failure> {
    for write in replica.writes() {
        let Body::Sealed { bytes, .. } = &write.body else {
            continue;
        };
        let key = key_of(replica, write.entry);
        if key.is_none_or(|key| open(bytes)[..16] != *key.as_bytes()) {
            return Err(Failure(format!(
                "{} holds a secret of another key",
                write.entry
            )));
        }
    }
    Ok(())
}

/// By its place, what a write says and whether it is alive.
type Shape = BTreeMap<(EntryId, Register, WriteId), (Option<Vec<u8>>, bool)>;

/// What a replica holds, without the sealing and without the names of replaced writes, which a
/// share without history tells in another way.
fn shape(replica: &Replica) -> Shape {
    let mut shape = BTreeMap::new();
    for (entry, _) in replica.entries() {
        for register in replica.registers(entry) {
            let alive = replica.alive_ids(entry, register);
            for write in replica.history(entry, register) {
                let told = (plain(&write.body), alive.contains(&write.id));
                shape.insert((entry, register, write.id), told);
            }
        }
    }
    shape
}

fn key_of(replica: &Replica, version: EntryId) -> Option<EntryId> {
    values(replica, version, Register::Key).find_map(|value| match value {
        RegisterValue::Key(key) => Some(key),
        _ => None,
    })
}

fn values(
    replica: &Replica,
    entry: EntryId,
    register: Register,
) -> impl Iterator<Item = RegisterValue> {
    let alive = replica.alive(entry, register);
    alive.into_iter().filter_map(RegisterValue::of)
}
