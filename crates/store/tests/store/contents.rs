//! What is written is read back, and hashes to what a recomputation finds.

use proptest::prelude::*;
use strongroom_domain::merge::Body;
use strongroom_domain::{EntryKind, Register, WriteId};
use strongroom_store::{Fingerprint, LocalSpace, Progress, Recount, StoreError, WriteKey};

use crate::support::{
    Roots, add_key, commit, entry, fresh, furnished, id, open, open_adopted, value, write,
};

#[test]
fn writes_come_back_as_they_went_in() {
    let (place, mut store) = fresh();
    let mut first = write(1, entry(1), Register::Label, value("binance bot"));
    first.hlc.counter = u32::MAX;
    let mut second = write(2, entry(1), Register::Label, value("binance bot 2"));
    second.supersedes = [first.id, WriteId::from_bytes(id(77))].into();
    let sealed = write(
        3,
        entry(1),
        Register::Material,
        Body::Sealed {
            version: 9,
            bytes: vec![5; 5000],
        },
    );
    let prints = [
        Fingerprint {
            field: 4,
            print: [6; 32],
        },
        Fingerprint {
            field: 1,
            print: [7; 32],
        },
    ];
    commit(&mut store, |tx| {
        tx.insert_write(&first).expect("inserted");
        tx.insert_write(&second).expect("inserted");
        tx.insert_sealed(&sealed, &prints).expect("inserted");
    });
    drop(store);

    let store = open_adopted(&place.path);
    let found = store.writes_of(entry(1)).expect("read");
    assert_eq!(found.len(), 3);
    for expected in [&first, &second, &sealed] {
        let stored = store
            .write(WriteKey::from(expected))
            .expect("read")
            .expect("there");
        assert_eq!(&stored.write, expected);
    }
    assert_eq!(found[2].fingerprints, prints);
    assert_eq!(
        store
            .writes_of_register(entry(1), Register::Label)
            .expect("read")
            .len(),
        2
    );
    let alive: Vec<_> = store
        .alive(entry(1))
        .expect("read")
        .into_iter()
        .map(|stored| stored.write.id)
        .collect();
    assert_eq!(alive, [second.id, sealed.id]);
    assert_eq!(store.uses_of_print(&[7; 32]).expect("read").len(), 1);
    assert_eq!(store.uses_of_print(&[8; 32]).expect("read"), []);
    assert_eq!(store.entries(EntryKind::Key).expect("read"), [entry(1)]);
    assert_eq!(store.entries(EntryKind::Account).expect("read"), []);
}

#[test]
fn a_write_is_inserted_once() {
    let (_place, mut store) = fresh();
    let first = write(1, entry(1), Register::Label, value("a"));
    commit(&mut store, |tx| tx.insert_write(&first).expect("inserted"));
    let mut tx = store.begin().expect("begins");
    assert_eq!(tx.insert_write(&first), Err(StoreError::Contradiction));
}

#[test]
fn credentials_stand_under_their_key() {
    let (_place, mut store) = fresh();
    commit(&mut store, |tx| {
        tx.insert_entry(EntryKind::Credential, entry(2), None)
            .expect("noted");
        tx.insert_entry(EntryKind::Credential, entry(2), Some(entry(1)))
            .expect("filled in");
        tx.insert_entry(EntryKind::Credential, entry(2), None)
            .expect("known already");
        let refused = tx.insert_entry(EntryKind::Credential, entry(2), Some(entry(3)));
        assert_eq!(refused, Err(StoreError::Contradiction));
    });
    assert_eq!(
        store
            .children(entry(1), EntryKind::Credential)
            .expect("read"),
        [entry(2)]
    );
    assert_eq!(store.children(entry(1), EntryKind::Key).expect("read"), []);
}

#[test]
fn purging_leaves_the_fact_and_nothing_else() {
    let (place, mut store) = fresh();
    let sealed = write(
        3,
        entry(1),
        Register::Material,
        Body::Sealed {
            version: 1,
            bytes: vec![0xab; 300],
        },
    );
    let print = Fingerprint {
        field: 1,
        print: [0xcd; 32],
    };
    commit(&mut store, |tx| {
        tx.insert_sealed(&sealed, &[print]).expect("inserted")
    });
    let key = WriteKey::from(&sealed);
    commit(&mut store, |tx| {
        assert_eq!(tx.purge(key), Ok(true));
        assert_eq!(tx.purge(key), Ok(false));
        let missing = WriteKey {
            id: WriteId::from_bytes([0xee; 16]),
            ..key
        };
        assert_eq!(tx.purge(missing), Err(StoreError::Contradiction));
        let refill = Body::Sealed {
            version: 1,
            bytes: vec![1],
        };
        assert_eq!(tx.reseal(key, refill, &[]), Err(StoreError::Contradiction));
    });
    drop(store);
    let store = open_adopted(&place.path);
    let stored = store.write(key).expect("read").expect("there");
    assert_eq!(stored.write.body, Body::Purged);
    assert_eq!(stored.write.hlc, sealed.hlc);
    assert_eq!(stored.fingerprints, []);
    assert_eq!(store.uses_of_print(&print.print).expect("read"), []);
}

#[test]
fn local_rows_are_replaced_and_removed() {
    let (_place, mut store) = fresh();
    commit(&mut store, |tx| {
        tx.put_local(LocalSpace::Snooze, b"b", b"1")
            .expect("written");
        tx.put_local(LocalSpace::Snooze, b"a", b"2")
            .expect("written");
        tx.put_local(LocalSpace::Setting, b"a", b"3")
            .expect("written");
        tx.put_local(LocalSpace::Snooze, b"b", b"4")
            .expect("written");
        assert_eq!(tx.local(LocalSpace::Snooze, b"b"), Ok(Some(b"4".to_vec())));
    });
    let rows = store.local_rows(LocalSpace::Snooze).expect("read");
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (&row.name[..], &row.body[..]))
        .collect();
    assert_eq!(rows, [(&b"a"[..], &b"2"[..]), (b"b", b"4")]);
    commit(&mut store, |tx| {
        assert_eq!(tx.remove_local(LocalSpace::Snooze, b"a"), Ok(true));
        assert_eq!(tx.remove_local(LocalSpace::Snooze, b"a"), Ok(false));
    });
    assert_eq!(store.local(LocalSpace::Snooze, b"a"), Ok(None));
    assert_eq!(
        store.local(LocalSpace::Setting, b"a"),
        Ok(Some(b"3".to_vec()))
    );
}

#[test]
fn the_list_has_every_summary_and_its_own_root() {
    let (place, mut store) = fresh();
    let roots = commit(&mut store, |tx| {
        for number in 0..600_u64 {
            tx.put_digest(entry(number), &number.to_be_bytes())
                .expect("written");
        }
        tx.put_digest(entry(5), b"changed").expect("written");
        tx.remove_digest(entry(6)).expect("removed");
        tx.remove_digest(entry(999)).expect("nothing to remove");
    });
    drop(store);
    let store = open(&place.path);
    let digests = store.digests().expect("read");
    assert_eq!(digests.list_root(), roots.list);
    assert_eq!(digests.len(), 599);
    assert_eq!(store.digest(entry(5)), Ok(Some(b"changed".to_vec())));
    assert_eq!(store.digest(entry(6)), Ok(None));
    let order: Vec<_> = digests.iter().map(|(entry, _)| entry).collect();
    assert!(order.is_sorted());
}

#[test]
fn a_transaction_that_is_dropped_leaves_nothing() {
    let (place, mut store) = furnished();
    let before = Roots::of(&Recount::run(&store).expect("whole"));
    let mut tx = store.begin().expect("begins");
    add_key(&mut tx, 99);
    tx.put_local(LocalSpace::Setting, b"idle", b"1")
        .expect("written");
    tx.append_audit(b"leaf").expect("appended");
    drop(tx);
    assert_eq!(Roots::of(&Recount::run(&store).expect("whole")), before);
    let after = commit(&mut store, |tx| add_key(tx, 99));
    drop(store);
    assert_eq!(
        Roots::of(&Recount::run(&open(&place.path)).expect("whole")),
        after
    );
}

#[test]
fn slices_find_what_one_pass_finds() {
    let (_place, store) = furnished();
    let whole = Roots::of(&Recount::run(&store).expect("whole"));
    for limit in [1, 2, 7, 100] {
        let mut recount = Recount::new();
        let mut slices = 1;
        while recount.step(&store, limit).expect("whole") == Progress::More {
            slices += 1;
        }
        assert_eq!(Roots::of(&recount.finish()), whole, "slices of {limit}");
        assert!(
            slices > 280 / limit,
            "a slice of {limit} read more than it may"
        );
    }
}

#[test]
fn leaves_are_paged_and_roots_of_older_logs_are_known() {
    let (_place, mut store) = fresh();
    let mut roots = vec![store.audit_root(0).expect("the empty log has a root")];
    for number in 0..70_u8 {
        let mut tx = store.begin().expect("begins");
        assert_eq!(tx.append_audit(&[number]), Ok(u64::from(number)));
        roots.push(tx.audit_head().1);
        tx.commit().expect("committed");
    }
    assert_eq!(store.audit_size(), Ok(70));
    for (size, root) in (0..).zip(&roots) {
        assert_eq!(store.audit_root(size).as_ref(), Ok(root), "{size} leaves");
    }
    assert_eq!(store.audit_root(71), Err(StoreError::Contradiction));
    let page = store.audit_range(65, 3).expect("read");
    assert_eq!(page, [(65, vec![65]), (66, vec![66]), (67, vec![67])]);
}

/// One thing a transaction may do.
#[derive(Debug, Clone)]
enum Act {
    Write {
        entry: u64,
        register: u16,
        body: Vec<u8>,
    },
    Purge(usize),
    Reseal(usize),
    Local {
        name: u8,
        body: Option<u8>,
    },
    Digest {
        entry: u64,
        body: Option<u8>,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let body = proptest::collection::vec(any::<u8>(), 0..40);
    prop_oneof![
        4 => (0..6_u64, 1..4_u16, body).prop_map(|(entry, register, body)| Act::Write { entry, register, body }),
        1 => any::<usize>().prop_map(Act::Purge),
        1 => any::<usize>().prop_map(Act::Reseal),
        2 => (0..4_u8, any::<Option<u8>>()).prop_map(|(name, body)| Act::Local { name, body }),
        2 => (0..9_u64, any::<Option<u8>>()).prop_map(|(entry, body)| Act::Digest { entry, body }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_hashes_to_what_a_recount_finds(
        commits in proptest::collection::vec(
            (proptest::collection::vec(act(), 0..12), any::<bool>()), 1..8,
        ),
    ) {
        let (place, mut store) = fresh();
        let mut written: Vec<WriteKey> = Vec::new();
        let mut serial = 0;
        for (acts, keep) in commits {
            let known = written.len();
            let mut tx = store.begin().expect("begins");
            for act in acts {
                match act {
                    Act::Write { entry: of, register, body } => {
                        serial += 1;
                        let register = Register::from_code(register).expect("known");
                        let print = Fingerprint { field: 1, print: [body.len().to_le_bytes()[0]; 32] };
                        let write = write(serial, entry(of), register, Body::Value(body));
                        tx.insert_sealed(&write, &[print]).expect("inserted");
                        written.push(WriteKey::from(&write));
                    }
                    Act::Purge(which) if !written.is_empty() => {
                        tx.purge(written[which % written.len()]).expect("purged");
                    }
                    Act::Reseal(which) if !written.is_empty() => {
                        let key = written[which % written.len()];
                        let purged = tx.write(key).expect("read").expect("there").write.body == Body::Purged;
                        prop_assert_eq!(tx.reseal(key, value("again"), &[]).is_err(), purged);
                    }
                    Act::Purge(_) | Act::Reseal(_) => {}
                    Act::Local { name, body: Some(body) } => {
                        tx.put_local(LocalSpace::Setting, &[name], &[body]).expect("written");
                    }
                    Act::Local { name, body: None } => {
                        tx.remove_local(LocalSpace::Setting, &[name]).expect("removed");
                    }
                    Act::Digest { entry: of, body: Some(body) } => {
                        tx.put_digest(entry(of), &[body]).expect("written");
                    }
                    Act::Digest { entry: of, body: None } => {
                        tx.remove_digest(entry(of)).expect("removed");
                    }
                }
            }
            tx.append_audit(b"leaf").expect("appended");
            let pending = Roots::pending(&tx);
            prop_assert_eq!(Roots::of(&Recount::run(&tx).expect("whole")), pending.clone());
            if keep {
                tx.commit().expect("committed");
                prop_assert_eq!(Roots::of(&Recount::run(&store).expect("whole")), pending);
            } else {
                drop(tx);
                written.truncate(known);
            }
        }
        let last = Roots::of(&Recount::run(&store).expect("whole"));
        drop(store);
        prop_assert_eq!(Roots::of(&Recount::run(&open(&place.path)).expect("whole")), last);
    }
}
