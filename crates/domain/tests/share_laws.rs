//! The laws of sharing, for any history two people can make and any bundle somebody can forge.

mod book;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use book::{Book, entry, member, read, same_secret, sender, tag, trade, withdraw};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::share::{
    Cut, History, Left, Preview, Role, RotateList, Scope, Selection, Shown,
};
use strongroom_domain::{
    CredentialVersion, Deleted, DeviceId, EntryId, EntryKind, Hlc, KeyLabel, KeyState, Notes,
    PermissionClass, PermissionSet, Register, RegisterValue as V, UtcMs, VersionState, Vetted,
    WriteId,
};

const KEYS: u8 = 3;

/// No file of failed cases: what fails is printed, and becomes a test with a name.
fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// One act of one of two people: who, what, of which key, and a number to choose by.
type Act = (bool, u8, u8, u8);

fn acts() -> impl Strategy<Value = Vec<Act>> {
    vec((any::<bool>(), 0..14_u8, 0..KEYS, 0..4_u8), 1..40)
}

fn version(key: u8, number: u8) -> EntryId {
    entry(100 + key * 10 + number % 3)
}

/// Two vaults in which the same acts happened, and that met now and then.
fn lived(acts: &[Act]) -> (Book, Book) {
    let mut first = Book::new(1);
    for key in 0..KEYS {
        first.key(entry(key + 1), "key", read(), &["team"]);
    }
    let second = first.of(2);
    let mut books = (first, second);
    for (step, (first, what, key, x)) in acts.iter().enumerate() {
        if *what == 13 {
            let (one, other) = (books.0.replica.clone(), books.1.replica.clone());
            books.0.replica.merge(&other);
            books.1.replica.merge(&one);
            continue;
        }
        let book = if *first { &mut books.0 } else { &mut books.1 };
        act(book, step, *what, *key, *x);
    }
    books
}

fn act(book: &mut Book, step: usize, what: u8, key: u8, x: u8) {
    let (id, version) = (entry(key + 1), version(key, x));
    let sets = [read(), trade(), withdraw(), PermissionSet::unknown()];
    let set = || sets[usize::from(x) % sets.len()].clone();
    let text = format!("text {step}");
    let of_key = |book: &mut Book, value: V| {
        book.set(EntryKind::Key, id, &value);
    };
    let of_version = |book: &mut Book, value: V| {
        book.set(EntryKind::Credential, version, &V::Key(id));
        book.set(EntryKind::Credential, version, &value);
    };
    let state = |x: u8| VersionState::ALL[usize::from(x) % 4];
    match what {
        0 => of_key(book, V::KeyLabel(KeyLabel::parse(&text).expect("a label"))),
        1 => of_key(book, V::Declared(set())),
        2 => of_key(book, V::Observed(Some(set()))),
        3 => {
            let tags = ["team", "private"].into_iter().take(usize::from(x) % 3);
            of_key(book, V::Tags(tags.map(tag).collect()));
        }
        4 => of_key(book, V::Notes(Some(Notes::parse(&text).expect("notes")))),
        5 => of_key(book, V::State(KeyState::ALL[usize::from(x)])),
        6 => of_version(book, V::VersionState(state(x))),
        7 => of_version(book, V::Made(UtcMs::from_clock(step as u64))),
        8 | 9 => {
            of_version(book, V::VersionState(state(x / 2 + 1)));
            book.seal(version, &text);
        }
        10 => book.purge(version, Register::Material),
        11 => {
            let seen = book.replica.seen_by_deletion(id);
            of_key(book, V::Deleted(Deleted::Yes { seen }));
        }
        _ => of_version(
            book,
            V::Vetted(Some(Vetted {
                permissions: set(),
                at: UtcMs::EPOCH,
                growth_meant: false,
                expires: None,
            })),
        ),
    }
}

fn history() -> impl Strategy<Value = History> {
    prop_oneof![Just(History::With), Just(History::Without)]
}

fn role() -> impl Strategy<Value = Role> {
    proptest::sample::select(Role::ALL)
}

fn scope() -> impl Strategy<Value = Scope> {
    (history(), any::<bool>(), btree_set(0..KEYS, 0..2)).prop_map(|(history, all, keys)| {
        if all {
            return Scope::everything(history);
        }
        let keys = keys.into_iter().map(|key| entry(key + 1)).collect();
        Scope::only([tag("team")].into(), BTreeSet::new(), keys, history).expect("a scope")
    })
}

fn union(one: &Replica, other: &Replica) -> Replica {
    let mut both = one.clone();
    both.merge(other);
    both
}

/// What of a share is taken, everything that can be chosen among it.
fn take(into: &mut Replica, bundle: &[Arc<Write>], from: u8) -> usize {
    let preview = Preview::of(into, bundle, &sender(from, Role::Admin), &same_secret);
    let choice = Selection::with(preview.acceptable());
    let taken = preview.select(&choice).expect("it can be chosen");
    for write in &taken {
        into.insert(Arc::clone(write));
    }
    taken.len()
}

/// What a replica shows, whatever replaced writes its shares named.
fn shape(replica: &Replica) -> BTreeMap<(EntryId, Register, WriteId), (Body, bool)> {
    replica
        .writes()
        .map(|write| {
            let alive = replica.alive_ids(write.entry, write.register);
            let at = (write.entry, write.register, write.id);
            (at, (write.body.clone(), alive.contains(&write.id)))
        })
        .collect()
}

fn alive_values(replica: &Replica, entry: EntryId, register: Register) -> Vec<V> {
    let alive = replica.alive(entry, register);
    alive.into_iter().filter_map(V::of).collect()
}

/// The worst class that any declared and any observed value give together.
fn worst_class(replica: &Replica, key: EntryId) -> PermissionClass {
    let mut declared: Vec<PermissionSet> = alive_values(replica, key, Register::Declared)
        .into_iter()
        .filter_map(|value| match value {
            V::Declared(set) => Some(set),
            _ => None,
        })
        .collect();
    let mut observed: Vec<Option<PermissionSet>> = alive_values(replica, key, Register::Observed)
        .into_iter()
        .filter_map(|value| match value {
            V::Observed(set) => Some(set),
            _ => None,
        })
        .collect();
    if declared.is_empty() {
        declared.push(PermissionSet::unknown());
    }
    if observed.is_empty() {
        observed.push(None);
    }
    let pairs = declared
        .iter()
        .flat_map(|told| observed.iter().map(move |seen| (told, seen)));
    pairs
        .map(|(told, seen)| PermissionSet::class_of(told, seen.as_ref()))
        .max()
        .expect("at least one pair")
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn an_auditor_is_given_no_secret_and_no_note(acts in acts(), scope in scope()) {
        let (mut one, other) = lived(&acts);
        one.replica.merge(&other.replica);
        let cut = Cut::of(&one.replica, &scope, Role::Auditor, &BTreeSet::new());
        for write in &cut.writes {
            let empty = write.body == Body::Purged;
            let sealed = matches!(write.body, Body::Sealed { .. });
            prop_assert!(!sealed);
            prop_assert!(empty || write.register != Register::Notes, "{:?}", write);
            prop_assert!(empty || write.register != Register::Material, "{:?}", write);
        }
        prop_assert_eq!(cut.given.secrets().count(), 0);
    }

    #[test]
    fn nothing_outside_the_scope_or_above_the_role_leaves_a_vault(
        acts in acts(), scope in scope(), role in role(),
    ) {
        let (mut one, other) = lived(&acts);
        one.replica.merge(&other.replica);
        let replica = &one.replica;
        let cut = Cut::of(replica, &scope, role, &BTreeSet::new());
        let mut sealed = BTreeSet::new();
        for write in &cut.writes {
            let keys = match write.kind {
                EntryKind::Key => vec![write.entry],
                _ => alive_values(replica, write.entry, Register::Key)
                    .into_iter()
                    .filter_map(|value| match value {
                        V::Key(key) => Some(key),
                        _ => None,
                    })
                    .collect(),
            };
            prop_assert!(!keys.is_empty());
            for key in keys {
                prop_assert!(scope.covers(replica, key), "{key} is outside");
                let secret = matches!(write.body, Body::Sealed { .. });
                if secret || (write.register == Register::Notes && write.body != Body::Purged) {
                    prop_assert!(role.may_open(worst_class(replica, key)), "{write:?}");
                }
            }
            if let Body::Sealed { .. } = write.body {
                sealed.insert(write.id);
                let ours = replica.write(write.entry, write.register, write.id);
                prop_assert_eq!(ours.map(|one| &one.body), Some(&write.body));
            }
        }
        // The list that is kept names exactly what left.
        let listed: BTreeSet<WriteId> = cut.given.secrets().map(|(_, one)| one.write).collect();
        prop_assert_eq!(listed, sealed);
    }

    #[test]
    fn a_share_of_everything_is_the_union(acts in acts()) {
        let (one, other) = lived(&acts);
        let everything = Scope::everything(History::With);
        let cut = Cut::of(&other.replica, &everything, Role::Admin, &BTreeSet::new());
        let mut taken = one.replica.clone();
        take(&mut taken, &cut.writes, 2);
        let whole = union(&one.replica, &other.replica);
        prop_assert_eq!(shape(&taken), shape(&whole));
    }

    #[test]
    fn a_share_taken_twice_is_taken_once(
        acts in acts(), scope in scope(), role in role(),
    ) {
        let (one, other) = lived(&acts);
        let cut = Cut::of(&other.replica, &scope, role, &BTreeSet::new());
        let mut taken = one.replica.clone();
        take(&mut taken, &cut.writes, 2);
        let once = taken.clone();
        prop_assert_eq!(take(&mut taken, &cut.writes, 2), 0);
        prop_assert_eq!(&taken, &once);
        // And the receiver's own writes stand as they stood.
        for ours in one.replica.writes() {
            let kept = once.write(ours.entry, ours.register, ours.id).expect("it is kept");
            prop_assert!(kept.body == ours.body || kept.body == Body::Purged);
        }
    }

    #[test]
    fn the_order_of_two_shares_does_not_matter(
        acts in acts(), more in acts(), scopes in (scope(), scope()), roles in (role(), role()),
    ) {
        let (one, other) = lived(&acts);
        let mut third = one.of(3);
        for (step, (_, what, key, x)) in more.iter().enumerate() {
            act(&mut third, 1_000 + step, *what, *key, *x);
        }
        let none = BTreeSet::new();
        let first = Cut::of(&other.replica, &scopes.0, roles.0, &none).writes;
        let second = Cut::of(&third.replica, &scopes.1, roles.1, &none).writes;
        let (mut forth, mut back) = (one.replica.clone(), one.replica);
        take(&mut forth, &first, 2);
        take(&mut forth, &second, 3);
        take(&mut back, &second, 3);
        take(&mut back, &first, 2);
        prop_assert_eq!(shape(&forth), shape(&back));
    }

    #[test]
    fn a_share_without_history_shows_what_its_maker_sees(acts in acts()) {
        let (one, other) = lived(&acts);
        let scope = Scope::everything(History::Without);
        let cut = Cut::of(&other.replica, &scope, Role::Admin, &BTreeSet::new());
        let mut taken = one.replica.clone();
        take(&mut taken, &cut.writes, 2);
        let whole = union(&one.replica, &other.replica);
        for (entry, _) in whole.entries() {
            for register in whole.registers(entry) {
                // Secrets that are not in use do not travel, and their replacement neither.
                if register != Register::Material {
                    prop_assert_eq!(
                        taken.alive_ids(entry, register),
                        whole.alive_ids(entry, register),
                        "{:?}", register
                    );
                }
            }
        }
    }
}

/// Any write at all: known ids, other people's, rings, foreign ids, bytes of any kind.
fn any_write() -> impl Strategy<Value = Write> {
    let body = prop_oneof![
        3 => vec(any::<u8>(), 0..4).prop_map(Body::Value),
        2 => Just(Body::Value(V::Declared(read()).encode())),
        2 => Just(Body::Value(V::Tags([tag("team")].into()).encode())),
        2 => (0..KEYS).prop_map(|key| Body::Value(V::Key(entry(key + 1)).encode())),
        2 => vec(any::<u8>(), 0..3).prop_map(|bytes| Body::Sealed { version: 1, bytes }),
        1 => Just(Body::Purged),
    ];
    let id = || {
        (1..3_u64, 0..30_u64).prop_map(|(who, number)| {
            let mut id = [0; 16];
            id[8..].copy_from_slice(&((who << 32) + number).to_be_bytes());
            WriteId::from_bytes(id)
        })
    };
    let place = prop_oneof![
        (0..KEYS).prop_map(|key| (entry(key + 1), EntryKind::Key)),
        (0..KEYS, 0..3_u8).prop_map(|(key, x)| (version(key, x), EntryKind::Credential)),
        Just((entry(77), EntryKind::Consumer)),
        Just((entry(78), EntryKind::Incident)),
    ];
    let register = proptest::sample::select(Register::ALL);
    (
        id(),
        place,
        register,
        btree_set(id(), 0..3),
        0..3_u8,
        any::<u64>(),
        body,
    )
        .prop_map(
            |(id, (entry, kind), register, supersedes, author, wall_ms, body)| Write {
                id,
                entry,
                kind,
                register,
                supersedes,
                author: member(author),
                device: DeviceId::from_bytes([author; 16]),
                hlc: Hlc {
                    wall_ms: wall_ms >> 20,
                    counter: 0,
                },
                body,
            },
        )
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_forged_bundle_changes_what_is_here_or_mixes_secrets(
        acts in acts(), bundle in vec(any_write(), 0..30), role in role(),
    ) {
        let (one, _) = lived(&acts);
        let bundle: Vec<Arc<Write>> = bundle.into_iter().map(Arc::new).collect();
        let preview = Preview::of(&one.replica, &bundle, &sender(2, role), &same_secret);
        for choice in [Selection::safe(), Selection::with(preview.acceptable())] {
            let taken = preview.select(&choice).expect("it can be chosen");
            if choice == Selection::safe() && matches!(role, Role::Auditor | Role::Viewer) {
                prop_assert_eq!(&taken, &[]);
            }
            let mut after = one.replica.clone();
            for write in taken {
                if choice == Selection::safe() && role == Role::Trader {
                    prop_assert!(write.body != Body::Purged);
                    prop_assert!(write.author == member(2));
                }
                let done = after.insert(write);
                prop_assert_eq!(done.disputed, []);
                prop_assert_eq!(done.unchanged, 0);
            }
            for ours in one.replica.writes() {
                let kept = after.write(ours.entry, ours.register, ours.id).expect("it is kept");
                prop_assert!(kept == ours || kept.body == Body::Purged);
            }
            for (entry, kind) in after.entries() {
                if kind == EntryKind::Credential {
                    let keys: BTreeSet<EntryId> = after
                        .history(entry, Register::Key)
                        .into_iter()
                        .filter_map(|write| match V::of(write) {
                            Some(V::Key(key)) => Some(key),
                            _ => None,
                        })
                        .collect();
                    prop_assert!(keys.len() <= 1, "{:?}", keys);
                }
            }
        }
    }

    #[test]
    fn the_rotate_list_is_what_was_shown_and_is_not_dead(
        acts in acts(), given in btree_set((0..KEYS, 0..3_u8), 0..6),
    ) {
        let (mut one, other) = lived(&acts);
        one.replica.merge(&other.replica);
        let replica = &one.replica;
        let shown: Vec<Shown> = given
            .iter()
            .map(|(key, number)| Shown {
                key: entry(key + 1),
                version: version(*key, *number),
                write: WriteId::from_bytes([*number; 16]),
                at: UtcMs::EPOCH,
            })
            .collect();
        let dead_key = |key: EntryId| {
            let states = alive_values(replica, key, Register::State);
            !states.is_empty() && states.iter().all(|one| *one == V::State(KeyState::Revoked))
        };
        let dead = |id: EntryId| {
            CredentialVersion::materialise(replica, id)
                .is_some_and(|one| one.state == VersionState::Revoked)
        };
        let expected: BTreeSet<(EntryId, EntryId)> = shown
            .iter()
            .map(|one| (one.key, one.version))
            .filter(|(key, version)| !dead_key(*key) && !dead(*version))
            .collect();
        let list = RotateList::of(replica, &shown, UtcMs::EPOCH);
        let listed: Vec<(EntryId, EntryId)> = list
            .items()
            .iter()
            .flat_map(|one| one.versions.iter().map(|version| (one.key, *version)))
            .collect();
        prop_assert_eq!(listed.len(), expected.len());
        prop_assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected);
        let classes: Vec<PermissionClass> = list.items().iter().map(|one| one.class).collect();
        prop_assert!(classes.is_sorted_by(|one, next| one >= next));
        for one in list.items() {
            prop_assert!(one.class >= worst_class(replica, one.key));
            // Only a secret that they never had can be in the place of one they know.
            let newer = CredentialVersion::of_key(replica, one.key).into_iter().any(|version| {
                version.state == VersionState::Active
                    && version.material.is_some()
                    && !shown.iter().any(|given| given.version == version.id)
            });
            prop_assert!(one.left == Left::Rotate || newer);
        }
    }
}
