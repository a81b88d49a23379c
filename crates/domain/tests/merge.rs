//! The laws of merging, for any writes: commutative, associative, idempotent, nothing lost, and
//! what was purged is never refilled.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::{
    Conflict, ConsumerName, Deleted, DeviceId, EntryId, EntryKind, Hlc, KeyLabel, MemberId,
    Register, RegisterValue, ResolvedBody, WriteId,
};

fn id(number: u8) -> [u8; 16] {
    [number; 16]
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        3 => vec(any::<u8>(), 0..3).prop_map(Body::Value),
        1 => vec(any::<u8>(), 0..3).prop_map(|bytes| Body::Sealed { version: 1, bytes }),
        1 => Just(Body::Purged),
    ]
}

/// Writes with few ids, entries and registers, so that they meet: copies, purged copies, forgeries
/// under the same id, rings of supersession.
fn any_write() -> impl Strategy<Value = Write> {
    (
        0..12_u8,
        0..2_u8,
        0..2_usize,
        btree_set(0..12_u8, 0..3),
        0..2_u8,
        0..4_u64,
        body(),
    )
        .prop_map(
            |(write, entry, register, supersedes, author, wall_ms, body)| Write {
                id: WriteId::from_bytes(id(write)),
                entry: EntryId::from_bytes(id(entry)),
                kind: EntryKind::Key,
                register: [Register::Label, Register::Deleted][register],
                supersedes: supersedes
                    .into_iter()
                    .map(|n| WriteId::from_bytes(id(n)))
                    .collect(),
                author: MemberId::from_bytes(id(author)),
                device: DeviceId::from_bytes(id(1)),
                hlc: Hlc {
                    wall_ms,
                    counter: 0,
                },
                body,
            },
        )
}

fn replica() -> impl Strategy<Value = Replica> {
    vec(any_write(), 0..20).prop_map(Replica::from_writes)
}

fn union(a: &Replica, b: &Replica) -> Replica {
    let mut both = a.clone();
    both.merge(b);
    both
}

proptest! {
    #[test]
    fn merging_is_commutative(a in replica(), b in replica()) {
        prop_assert_eq!(union(&a, &b), union(&b, &a));
    }

    #[test]
    fn merging_is_associative(a in replica(), b in replica(), c in replica()) {
        prop_assert_eq!(union(&union(&a, &b), &c), union(&a, &union(&b, &c)));
    }

    #[test]
    fn merging_is_idempotent_and_reports_it(a in replica(), b in replica()) {
        let both = union(&a, &b);
        let mut again = both.clone();
        let outcome = again.merge(&both);
        prop_assert_eq!(outcome.unchanged, both.writes().count());
        prop_assert_eq!(&union(&both, &b), &both);
        prop_assert_eq!(again, both);
    }

    #[test]
    fn no_write_is_lost_and_nothing_purged_comes_back(a in replica(), b in replica()) {
        let both = union(&a, &b);
        for write in a.writes().chain(b.writes()) {
            let kept = both
                .history(write.entry, write.register)
                .into_iter()
                .find(|kept| kept.id == write.id);
            let kept = kept.expect("every write is still there");
            prop_assert!(write.supersedes.is_subset(&kept.supersedes));
            if write.body == Body::Purged {
                prop_assert_eq!(&kept.body, &Body::Purged);
            }
        }
    }

    #[test]
    fn a_register_that_was_written_always_shows_something(a in replica()) {
        for write in a.writes() {
            prop_assert!(!a.alive(write.entry, write.register).is_empty());
        }
    }

    /// Devices that write honestly, each knowing what it has merged: in the end every value that
    /// no one replaced knowingly is alive, whoever merged with whom and in which order.
    #[test]
    fn honest_devices_lose_no_value(steps in vec((0..3_usize, 0..3_usize, any::<bool>()), 1..40)) {
        let mut devices = [Replica::new(), Replica::new(), Replica::new()];
        let mut replaced = BTreeSet::new();
        let mut written = BTreeSet::new();
        let entry = EntryId::from_bytes(id(1));
        for (step, (who, other, writes)) in steps.iter().enumerate() {
            if *writes {
                let number = u8::try_from(step).expect("few steps") + 100;
                let seen = devices[*who].alive_ids(entry, Register::Label);
                replaced.extend(seen.iter().copied());
                written.insert(WriteId::from_bytes(id(number)));
                devices[*who].insert(Write {
                    id: WriteId::from_bytes(id(number)),
                    entry,
                    kind: EntryKind::Key,
                    register: Register::Label,
                    supersedes: seen,
                    author: MemberId::from_bytes(id(1)),
                    device: DeviceId::from_bytes(id(u8::try_from(*who).expect("three"))),
                    // A clock that is wrong in every way.
                    hlc: Hlc { wall_ms: (step as u64 * 7) % 5, counter: 0 },
                    body: Body::Value(vec![number]),
                });
            } else {
                let (from, into) = (devices[*other].clone(), &mut devices[*who]);
                into.merge(&from);
            }
        }
        let all = devices.iter().fold(Replica::new(), |all, device| union(&all, device));
        let expected: BTreeSet<WriteId> = written.difference(&replaced).copied().collect();
        prop_assert_eq!(all.alive_ids(entry, Register::Label), expected);
    }
}

fn write(number: u8, register: Register, value: &RegisterValue, supersedes: &[u8]) -> Write {
    Write {
        id: WriteId::from_bytes(id(number)),
        entry: EntryId::from_bytes(id(1)),
        kind: EntryKind::Key,
        register,
        supersedes: supersedes
            .iter()
            .map(|n| WriteId::from_bytes(id(*n)))
            .collect(),
        author: MemberId::from_bytes(id(1)),
        device: DeviceId::from_bytes(id(1)),
        hlc: Hlc {
            wall_ms: u64::from(number),
            counter: 0,
        },
        body: Body::Value(value.encode()),
    }
}

fn label(text: &str) -> RegisterValue {
    RegisterValue::KeyLabel(KeyLabel::parse(text).expect("a label"))
}

#[test]
fn a_deletion_never_beats_an_edit_it_did_not_know_of() {
    let entry = EntryId::from_bytes(id(1));
    let mut here = Replica::from_writes([write(1, Register::Label, &label("first"), &[])]);
    let mut there = here.clone();
    let deletion = RegisterValue::Deleted(Deleted::Yes {
        seen: here.seen_by_deletion(entry),
    });
    here.insert(write(2, Register::Deleted, &deletion, &[]));
    assert!(here.is_deleted(entry));
    there.insert(write(3, Register::Label, &label("edited meanwhile"), &[1]));
    let merged = union(&here, &there);
    assert!(!merged.is_deleted(entry), "the edit is not lost");
    assert_eq!(merged, union(&there, &here));
}

#[test]
fn several_alive_values_are_a_conflict_until_one_act_resolves_it() {
    let entry = EntryId::from_bytes(id(1));
    let base = Replica::from_writes([write(1, Register::Label, &label("base"), &[])]);
    let (mut here, mut there) = (base.clone(), base);
    here.insert(write(2, Register::Label, &label("here"), &[1]));
    there.insert(write(3, Register::Label, &label("there"), &[1]));
    here.merge(&there);
    assert_eq!(here.conflicts(), [(entry, Register::Label)]);
    assert_eq!(here.alive(entry, Register::Label).len(), 2);
    here.insert(write(4, Register::Label, &label("there"), &[2, 3]));
    assert_eq!(here.conflicts(), []);
    assert_eq!(here.history(entry, Register::Label).len(), 4);
}

#[test]
fn a_conflict_of_any_entry_is_listed_and_one_write_settles_it() {
    let entry = EntryId::from_bytes(id(1));
    let name = |text| RegisterValue::ConsumerName(ConsumerName::parse(text).expect("a name"));
    let of_consumer = |number, text, supersedes: &[u8]| Write {
        kind: EntryKind::Consumer,
        ..write(number, Register::Label, &name(text), supersedes)
    };
    let mut here = Replica::from_writes([
        of_consumer(1, "base", &[]),
        of_consumer(2, "here", &[1]),
        of_consumer(3, "there", &[1]),
    ]);
    let conflicts = Conflict::all(&here);
    assert_eq!(conflicts, Conflict::of(&here, entry));
    let values: Vec<_> = conflicts[0].values.iter().map(|one| &one.value).collect();
    assert_eq!(values, [&Some(name("here")), &Some(name("there"))]);
    let [base, ours, theirs] = [1, 2, 3].map(|number| WriteId::from_bytes(id(number)));
    assert_eq!(conflicts[0].settle(&here, base), None, "it is not alive");
    let settled = conflicts[0].settle(&here, theirs).expect("it is alive");
    assert_eq!(settled.kind, EntryKind::Consumer);
    assert_eq!(settled.supersedes, [ours, theirs].into());
    assert_eq!(settled.body, ResolvedBody::Value(name("there").encode()));
    here.insert(of_consumer(4, "there", &[2, 3]));
    assert_eq!(Conflict::all(&here), []);
    // Of a secret and a purged one only the secret can be chosen, and it is sealed anew.
    let body = Body::Sealed {
        version: 1,
        bytes: vec![1],
    };
    let sealed = |number, body| Write {
        kind: EntryKind::Credential,
        register: Register::Material,
        body,
        ..write(number, Register::Label, &name("x"), &[])
    };
    let both = Replica::from_writes([sealed(5, body), sealed(6, Body::Purged)]);
    let [kept, purged] = [5, 6].map(|number| WriteId::from_bytes(id(number)));
    let conflict = &Conflict::all(&both)[0];
    assert_eq!(conflict.settle(&both, purged), None);
    let settled = conflict.settle(&both, kept).expect("it is alive");
    assert_eq!(settled.body, ResolvedBody::Secret(kept));
}

#[test]
fn equal_values_written_apart_are_no_conflict() {
    let mut here = Replica::from_writes([write(1, Register::Label, &label("same"), &[])]);
    here.insert(write(2, Register::Label, &label("same"), &[]));
    assert_eq!(here.conflicts(), []);
}

#[test]
fn a_forged_copy_is_reported() {
    let mut here = Replica::from_writes([write(1, Register::Label, &label("honest"), &[])]);
    let outcome = here.insert(write(1, Register::Label, &label("forged"), &[]));
    assert_eq!(outcome.disputed, [WriteId::from_bytes(id(1))]);
}
