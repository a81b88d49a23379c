//! A vault of a test: writes made as a vault makes them, with ids that are counted from a number
//! of its own.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeSet;

use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::share::{History, Role, Scope, Sender, Standing};
use strongroom_domain::{
    DeviceId, EntryId, EntryKind, Hlc, KeyLabel, KeyState, MemberId, PermissionSet, Register,
    RegisterValue as V, Tag, Tri, UtcMs, Verb, VersionState, WriteId,
};

#[derive(Clone)]
pub(crate) struct Book {
    pub(crate) replica: Replica,
    pub(crate) member: MemberId,
    next: u64,
}

pub(crate) fn member(number: u8) -> MemberId {
    MemberId::from_bytes([number; 16])
}

pub(crate) fn entry(number: u8) -> EntryId {
    EntryId::from_bytes([number; 16])
}

pub(crate) fn tag(text: &str) -> Tag {
    Tag::parse(text).expect("a tag")
}

pub(crate) fn rights(verbs: &[Verb]) -> PermissionSet {
    verbs
        .iter()
        .fold(PermissionSet::new([Tri::No; 8]), |set, verb| {
            set.with(*verb, Tri::Yes)
        })
}

pub(crate) fn read() -> PermissionSet {
    rights(&[Verb::Read])
}

pub(crate) fn trade() -> PermissionSet {
    rights(&[Verb::Read, Verb::Spot])
}

pub(crate) fn withdraw() -> PermissionSet {
    rights(&[Verb::Read, Verb::Withdraw])
}

/// Everything, for a person of a role here.
pub(crate) fn sender(number: u8, role: Role) -> Sender {
    Sender {
        member: member(number),
        standing: Standing::Pinned,
        role: Some(role),
        scope: Scope::everything(History::With),
    }
}

pub(crate) fn tagged(text: &str, history: History) -> Scope {
    Scope::only(
        [tag(text)].into(),
        BTreeSet::new(),
        BTreeSet::new(),
        history,
    )
    .expect("a scope")
}

pub(crate) fn same_secret(one: &Write, other: &Write) -> bool {
    one.body == other.body
}

impl Book {
    pub(crate) fn new(number: u8) -> Self {
        Self {
            replica: Replica::new(),
            member: member(number),
            next: u64::from(number) << 32,
        }
    }

    /// The same vault in another person's hands.
    pub(crate) fn of(&self, number: u8) -> Self {
        Self {
            replica: self.replica.clone(),
            ..Self::new(number)
        }
    }

    pub(crate) fn set(&mut self, kind: EntryKind, entry: EntryId, value: &V) -> WriteId {
        self.put(kind, entry, value.register(), Body::Value(value.encode()))
    }

    pub(crate) fn seal(&mut self, version: EntryId, text: &str) -> WriteId {
        let body = Body::Sealed {
            version: 1,
            bytes: text.as_bytes().to_vec(),
        };
        self.put(EntryKind::Credential, version, Register::Material, body)
    }

    pub(crate) fn put(
        &mut self,
        kind: EntryKind,
        entry: EntryId,
        register: Register,
        body: Body,
    ) -> WriteId {
        self.next += 1;
        let mut id = [0; 16];
        id[8..].copy_from_slice(&self.next.to_be_bytes());
        let write = Write {
            id: WriteId::from_bytes(id),
            entry,
            kind,
            register,
            supersedes: self.replica.alive_ids(entry, register),
            author: self.member,
            device: DeviceId::from_bytes(*self.member.as_bytes()),
            hlc: Hlc {
                wall_ms: self.next & 0xffff_ffff,
                counter: 0,
            },
            body,
        };
        let id = write.id;
        self.replica.insert(write);
        id
    }

    pub(crate) fn key(
        &mut self,
        key: EntryId,
        label: &str,
        declared: PermissionSet,
        tags: &[&str],
    ) {
        let label = V::KeyLabel(KeyLabel::parse(label).expect("a label"));
        let tags = tags.iter().map(|text| tag(text)).collect();
        for value in [
            label,
            V::Declared(declared),
            V::Tags(tags),
            V::State(KeyState::Active),
        ] {
            self.set(EntryKind::Key, key, &value);
        }
    }

    pub(crate) fn version(
        &mut self,
        key: EntryId,
        version: EntryId,
        state: VersionState,
        secret: &str,
    ) -> WriteId {
        for value in [
            V::Key(key),
            V::VersionState(state),
            V::Made(UtcMs::from_clock(self.next)),
        ] {
            self.set(EntryKind::Credential, version, &value);
        }
        self.seal(version, secret)
    }

    /// Purges every write of a register.
    pub(crate) fn purge(&mut self, entry: EntryId, register: Register) {
        let writes: Vec<Write> = self
            .replica
            .history(entry, register)
            .into_iter()
            .cloned()
            .collect();
        for mut write in writes {
            write.body = Body::Purged;
            self.replica.insert(write);
        }
    }

    pub(crate) fn all(&self) -> Vec<Write> {
        self.replica.writes().cloned().collect()
    }
}
