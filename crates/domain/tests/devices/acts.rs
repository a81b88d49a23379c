//! What people do with a vault between two shares.

use std::collections::BTreeSet;

use strongroom_domain::merge::Body;
use strongroom_domain::share::Role;
use strongroom_domain::{
    Allowlist, Conflict, ConsumerKind, ConsumerName, ConsumerUse, CredentialVersion, Deleted,
    EntryId, EntryKind, IpRule, KeyLabel, KeyState, Line, Notes, PermissionSet, Register,
    RegisterValue as V, ResolvedBody, Tag, Tri, UtcMs, Verb, VersionState,
};

use super::{World, plain, team, value_at};

impl World {
    pub(super) fn act(&mut self, who: usize) {
        self.move_clock(who);
        match self.vaults[who].role {
            Role::Admin => {}
            Role::Trader => return self.act_as_trader(who),
            Role::Viewer | Role::Auditor => return self.keep_backups(who),
        }
        let keys = self.keys(who);
        let Some(key) = self.favourite(&keys) else {
            return self.add_key(who);
        };
        match self.chance.below(26) {
            // Few keys, so that people meet in them.
            0 if self.keys_made < 5 => self.add_key(who),
            0..=6 => self.relabel(who, key),
            7 => self.note(who, key),
            8 => self.retag(who, key),
            9 | 10 => self.redeclare(who, key),
            11 => self.relist(who, key),
            12 => self.rotate(who, key),
            13 | 14 => self.correct(who, key),
            15 => self.delete(who, key),
            16 => self.purge(who, key),
            17 => self.add_consumer(who, key),
            18..=20 => self.settle_one(who),
            _ => self.keep_backups(who),
        }
    }

    /// The key that everybody works on, or any.
    fn favourite(&mut self, keys: &[EntryId]) -> Option<EntryId> {
        match self.chance.one_in(2) {
            true => keys.first().copied(),
            false => self.chance.pick(keys),
        }
    }

    /// What a trader may do: notes, and rotations of what they were given.
    fn act_as_trader(&mut self, who: usize) {
        let keys = self.keys(who);
        let Some(key) = self.favourite(&keys) else {
            return;
        };
        match self.chance.below(4) {
            0 | 1 => self.note(who, key),
            2 => self.rotate(who, key),
            _ => self.keep_backups(who),
        }
    }

    fn move_clock(&mut self, who: usize) {
        let jump = match self.chance.below(10) {
            0 => self.chance.next() % 4_000_000_000_000,
            _ => self.vaults[who]
                .clock_ms
                .saturating_add(self.chance.next() % 100_000),
        };
        let vault = &mut self.vaults[who];
        vault.clock_ms = jump.min(9_000_000_000_000);
    }

    fn keys(&self, who: usize) -> Vec<EntryId> {
        let entries = self.vaults[who].state.replica.entries();
        let keys = entries
            .into_iter()
            .filter(|(_, kind)| *kind == EntryKind::Key);
        keys.map(|(id, _)| id).collect()
    }

    fn versions(&self, who: usize, key: EntryId) -> Vec<CredentialVersion> {
        CredentialVersion::of_key(&self.vaults[who].state.replica, key)
    }

    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    fn add_key(&mut self, who: usize) {
        self.keys_made += 1;
        let key = EntryId::from_bytes(self.chance.id());
        self.relabel(who, key);
        self.redeclare(who, key);
        self.retag(who, key);
        self.write(who, EntryKind::Key, key, &V::State(KeyState::Active));
        self.add_version(who, key);
    }

    fn add_version(&mut self, who: usize, key: EntryId) {
        let version = EntryId::from_bytes(self.chance.id());
        let now = UtcMs::from_clock(self.vaults[who].clock_ms);
        for value in [
            V::Key(key),
            V::VersionState(VersionState::Active),
            V::Made(now),
        ] {
            self.write(who, EntryKind::Credential, version, &value);
        }
        self.seal_new(who, key, version);
    }

    /// A secret that names its key, so that one under another key is seen.
    fn seal_new(&mut self, who: usize, key: EntryId, version: EntryId) {
        let mut secret = key.as_bytes().to_vec();
        secret.extend(self.next_serial().to_be_bytes());
        self.put(
            who,
            EntryKind::Credential,
            version,
            Register::Material,
            secret,
        );
    }

    fn relabel(&mut self, who: usize, key: EntryId) {
        let label = format!("key {}", self.next_serial());
        let label = V::KeyLabel(KeyLabel::parse(&label).expect("a label"));
        self.write(who, EntryKind::Key, key, &label);
    }

    fn note(&mut self, who: usize, key: EntryId) {
        let notes = format!("note {}", self.next_serial());
        let notes = V::Notes(Some(Notes::parse(&notes).expect("a note")));
        self.write(who, EntryKind::Key, key, &notes);
    }

    fn retag(&mut self, who: usize, key: EntryId) {
        let own = format!("s{}", self.next_serial());
        let mut tags: BTreeSet<Tag> = [Tag::parse(&own).expect("a tag")].into();
        if !self.chance.one_in(3) {
            tags.insert(team());
        }
        self.write(who, EntryKind::Key, key, &V::Tags(tags));
    }

    fn redeclare(&mut self, who: usize, key: EntryId) {
        let none = PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes);
        let set = match self.chance.below(4) {
            0 => none,
            1 => none.with(Verb::Spot, Tri::Yes),
            2 => none.with(Verb::Withdraw, Tri::Yes),
            _ => PermissionSet::unknown(),
        };
        let own = format!("right {}", self.next_serial());
        let set = set.with_native([Line::parse(&own).expect("a line")]);
        self.write(who, EntryKind::Key, key, &V::Declared(set));
    }

    fn relist(&mut self, who: usize, key: EntryId) {
        let serial = self.next_serial();
        let rule = format!("10.{}.{}.1", serial / 256 % 256, serial % 256);
        let rule = IpRule::parse(&rule).expect("an address");
        let list = match self.chance.one_in(3) {
            true => Allowlist::Unrestricted,
            false => Allowlist::listed([rule]).expect("one rule"),
        };
        self.write(who, EntryKind::Key, key, &V::Allowlist(list));
    }

    fn rotate(&mut self, who: usize, key: EntryId) {
        for version in self.versions(who, key) {
            let state = match version.state {
                VersionState::Active => VersionState::Draining,
                VersionState::Draining => VersionState::Revoked,
                VersionState::Staged | VersionState::Revoked => continue,
            };
            self.write(
                who,
                EntryKind::Credential,
                version.id,
                &V::VersionState(state),
            );
        }
        self.add_version(who, key);
    }

    /// The secret of a version was typed wrongly.
    fn correct(&mut self, who: usize, key: EntryId) {
        let versions = self.versions(who, key);
        let ids: Vec<EntryId> = versions.iter().map(|one| one.id).collect();
        if let Some(version) = self.chance.pick(&ids) {
            self.seal_new(who, key, version);
        }
    }

    fn delete(&mut self, who: usize, key: EntryId) {
        let replica = &self.vaults[who].state.replica;
        let deleted = match replica.is_deleted(key) {
            true => Deleted::No,
            false => Deleted::Yes {
                seen: replica.seen_by_deletion(key),
            },
        };
        self.write(who, EntryKind::Key, key, &V::Deleted(deleted));
        self.report.deletions += 1;
    }

    fn purge(&mut self, who: usize, key: EntryId) {
        let versions = self.versions(who, key);
        let whole = self.chance.one_in(3);
        for version in versions {
            if whole || version.state != VersionState::Active {
                self.purge_register(who, version.id, Register::Material);
            }
        }
        if whole {
            let registers: Vec<Register> = self.vaults[who].state.replica.registers(key).collect();
            for register in registers {
                if register != Register::Deleted {
                    self.purge_register(who, key, register);
                }
            }
            let seen = self.vaults[who].state.replica.seen_by_deletion(key);
            self.write(who, EntryKind::Key, key, &V::Deleted(Deleted::Yes { seen }));
        }
    }

    fn purge_register(&mut self, who: usize, entry: EntryId, register: Register) {
        let replica = &mut self.vaults[who].state.replica;
        let writes: Vec<_> = replica
            .history(entry, register)
            .into_iter()
            .cloned()
            .collect();
        for mut write in writes {
            let held = plain(&write.body);
            write.body = Body::Purged;
            replica.insert(write.clone());
            self.report.purges += 1;
            let of_ledger = self
                .ledger
                .iter_mut()
                .filter(|one| one.id == write.id && Some(&one.plain) == held.as_ref());
            of_ledger.for_each(|one| one.purged = true);
        }
    }

    fn add_consumer(&mut self, who: usize, key: EntryId) {
        let consumer = EntryId::from_bytes(self.chance.id());
        let name = format!("bot {}", self.next_serial());
        let name = V::ConsumerName(ConsumerName::parse(&name).expect("a name"));
        self.write(who, EntryKind::Consumer, consumer, &name);
        let kind = V::ConsumerKind(ConsumerKind::Bot);
        self.write(who, EntryKind::Consumer, consumer, &kind);
        let since = UtcMs::from_clock(self.vaults[who].clock_ms);
        let uses = vec![ConsumerUse {
            consumer,
            since,
            given_by: None,
        }];
        self.write(who, EntryKind::Key, key, &V::Consumers(uses));
    }

    /// Somebody chooses one of several values.
    fn settle_one(&mut self, who: usize) {
        let replica = &self.vaults[who].state.replica;
        let conflicts = Conflict::all(replica);
        self.report.conflicts += conflicts.len();
        let at = self.chance.below(conflicts.len());
        let Some(conflict) = conflicts.get(at) else {
            return;
        };
        let values: Vec<_> = conflict.values.iter().map(|one| one.write).collect();
        let chosen = self.chance.pick(&values).expect("at least two");
        let Some(made) = conflict.settle(replica, chosen) else {
            return;
        };
        let bytes = match made.body {
            ResolvedBody::Value(bytes) => bytes,
            ResolvedBody::Secret(write) => {
                let write = replica.write(made.entry, made.register, write);
                plain(&write.expect("it is alive").body).expect("it is sealed")
            }
        };
        self.put(who, made.kind, made.entry, made.register, bytes);
        self.report.settled += 1;
    }

    /// A backup is made, or put back: what was written since and no admin has is gone. Others who
    /// have it may send it, and whether that counts is up to their scope.
    fn keep_backups(&mut self, who: usize) {
        let Some(backup) = self.vaults[who]
            .backup
            .clone()
            .filter(|_| self.chance.one_in(2))
        else {
            self.vaults[who].backup = Some(self.vaults[who].state.clone());
            return;
        };
        let elsewhere: BTreeSet<_> = self
            .vaults
            .iter()
            .filter(|vault| usize::from(vault.number) != who && vault.role == Role::Admin)
            .map(|vault| &vault.state.replica)
            .chain([&backup.replica])
            .flat_map(|replica| replica.writes())
            .filter_map(value_at)
            .collect();
        let here = &self.vaults[who].state.replica;
        for one in &mut self.ledger {
            let value = one.value();
            let held = here.write(one.entry, one.register, one.id).is_some();
            if held && !one.lost && !elsewhere.contains(&value) {
                one.lost = true;
                self.report.lost_with_a_disk += 1;
            }
        }
        self.vaults[who].state = backup;
        self.report.restores += 1;
    }
}
