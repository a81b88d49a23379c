//! Copies: a backup under the same key, and a database under a new one.

use std::os::unix::fs::PermissionsExt;

use strongroom_domain::merge::Body;
use strongroom_store::{Access, Marker, OpenError, Recount, Store, StoreError, StoredWrite};

use crate::support::{MARKER, Roots, add_key, commit, entry, furnished, key};

#[test]
fn a_backup_opens_and_holds_the_same() {
    let (place, mut store) = furnished();
    let roots = commit(&mut store, |tx| add_key(tx, 30));
    let copy = place.folder.path().join("backup.db");
    store.vacuum_into(&copy).expect("copied");
    assert_eq!(store.vacuum_into(&copy), Err(OpenError::AlreadyThere));
    let mode = std::fs::metadata(&copy)
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    for access in [Access::ReadOnly, Access::ReadWrite] {
        let copied = Store::open(&copy, &key(7), MARKER, access).expect("opens");
        assert_eq!(Roots::of(&Recount::run(&copied).expect("whole")), roots);
        assert_eq!(copied.state(), Ok(Some(roots.bytes())));
        assert_eq!(copied.pages_are_sound(), Ok(true));
    }
    let refused = Store::open(&copy, &key(8), MARKER, Access::ReadOnly).err();
    assert_eq!(refused, Some(OpenError::WrongKey));
}

#[test]
fn a_copy_under_a_new_key_seals_anew_and_loses_nothing() {
    let (place, store) = furnished();
    let path = place.folder.path().join("rotated.db");
    let marker = Marker {
        db_instance_id: [3; 16],
        ..MARKER
    };
    let mut target = Store::create(&path, &key(9), marker).expect("a new database");
    let mut tx = target.begin().expect("begins");
    let mut resealed = 0;
    let reseal = |stored: &mut StoredWrite| {
        if let Body::Sealed { version, bytes } = &mut stored.write.body {
            *version += 1;
            bytes.reverse();
            stored.fingerprints.truncate(1);
            resealed += 1;
        }
        Ok::<_, StoreError>(())
    };
    store.copy_into(&mut tx, reseal).expect("copied");
    tx.commit().expect("committed");
    assert_eq!(resealed, 20);
    drop(target);

    let target = Store::open(&path, &key(9), marker, Access::ReadWrite).expect("opens");
    let (old, new) = (
        Recount::run(&store).expect("whole"),
        Recount::run(&target).expect("whole"),
    );
    assert_ne!(old.items_root(), new.items_root());
    assert_eq!(old.list_root(), new.list_root());
    assert_eq!(
        (old.audit_size(), old.audit_root()),
        (new.audit_size(), new.audit_root())
    );
    let credential = entry(1001);
    let [before, after] = [&store, &target].map(|store| store.writes_of(credential).expect("read"));
    assert_eq!(before.len(), after.len());
    assert_eq!(after[0].fingerprints, before[0].fingerprints[..1]);
    assert_eq!(store.writes_of(entry(1000)), target.writes_of(entry(1000)));
}

#[test]
fn a_copy_that_fails_leaves_no_file() {
    let (place, store) = furnished();
    let missing = place.folder.path().join("no folder").join("backup.db");
    assert!(store.vacuum_into(&missing).is_err());
    assert!(!missing.exists());
}
