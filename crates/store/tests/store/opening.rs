//! What is refused before and while opening, and under which name.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use strongroom_store::{Access, FileFault, Marker, OpenError, Recount, SCHEMA, Store, StoreError};

use crate::support::{
    MARKER, PAGE, add_key, commit, fresh, furnished, key, key_sql, put_file, tamper,
};

fn check(path: &Path, expected: OpenError) {
    for access in [Access::ReadWrite, Access::ReadOnly] {
        let refused = Store::open(path, &key(7), MARKER, access).err();
        assert_eq!(refused, Some(expected), "{access:?}");
    }
}

#[test]
fn files_that_sqlite_would_open_are_refused() {
    let (place, store) = furnished();
    drop(store);
    let folder = place.folder.path();
    let bytes = std::fs::read(&place.path).expect("readable");

    check(&folder.join("nothing.db"), OpenError::Missing);
    check(folder, OpenError::Unsafe(FileFault::NotAFile));

    let empty = folder.join("empty.db");
    put_file(&empty, &[]);
    check(&empty, OpenError::Unsafe(FileFault::Empty));

    let partial = folder.join("partial.db");
    put_file(&partial, &bytes[..bytes.len() - 1]);
    check(&partial, OpenError::Unsafe(FileFault::PartialPage));

    let link = folder.join("link.db");
    symlink(&place.path, &link).expect("linked");
    check(&link, OpenError::Unsafe(FileFault::Symlink));

    for mode in [0o644, 0o660, 0o700, 0o400] {
        std::fs::set_permissions(&place.path, PermissionsExt::from_mode(mode)).expect("set");
        check(&place.path, OpenError::Unsafe(FileFault::Mode));
    }
    // A copy lies where it lies; everything else is asked of it all the same.
    assert!(Store::open(&place.path, &key(7), MARKER, Access::Copy).is_ok());
    let refused = Store::open(&empty, &key(7), MARKER, Access::Copy).err();
    assert_eq!(refused, Some(OpenError::Unsafe(FileFault::Empty)));
}

#[test]
fn a_folder_reached_through_a_link_is_fine() {
    let (place, store) = fresh();
    drop(store);
    let link = place.folder.path().join("link");
    symlink(place.folder.path(), &link).expect("linked");
    assert!(Store::open(&link.join("vault.db"), &key(7), MARKER, Access::ReadWrite).is_ok());
}

#[test]
fn the_wrong_key_and_the_wrong_vault_are_told_apart() {
    let (place, store) = fresh();
    drop(store);
    let refused = Store::open(&place.path, &key(8), MARKER, Access::ReadWrite).err();
    assert_eq!(refused, Some(OpenError::WrongKey));
    for marker in [
        Marker {
            vault_id: [9; 16],
            ..MARKER
        },
        Marker {
            db_instance_id: [9; 16],
            ..MARKER
        },
    ] {
        let refused = Store::open(&place.path, &key(7), marker, Access::ReadWrite).err();
        assert_eq!(refused, Some(OpenError::NotAVault));
    }
    tamper(&place.path, "DELETE FROM marker");
    check(&place.path, OpenError::NotAVault);
}

#[test]
fn databases_that_are_no_vault_are_refused() {
    // The engine's first start is the store's, which other tests wait for.
    let (_place, _store) = fresh();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plain = folder.path().join("plain.db");
    put_file(&plain, &[]);
    let connection = rusqlite::Connection::open(&plain).expect("opens");
    connection
        .execute_batch("CREATE TABLE a (x)")
        .expect("created");
    drop(connection);
    check(&plain, OpenError::WrongKey);

    for (name, sql) in [
        ("other.db", "CREATE TABLE a (x)"),
        ("emptied.db", "CREATE TABLE a (x); DROP TABLE a; VACUUM"),
    ] {
        let other = folder.path().join(name);
        put_file(&other, &[]);
        let connection = rusqlite::Connection::open(&other).expect("opens");
        connection.execute_batch(&key_sql()).expect("keyed");
        connection.execute_batch(sql).expect("created");
        drop(connection);
        check(&other, OpenError::NotAVault);
    }

    let noise = folder.path().join("noise.db");
    put_file(&noise, &[0xa5; 4 * PAGE]);
    check(&noise, OpenError::WrongKey);
}

#[test]
fn a_database_written_by_a_newer_version_is_refused() {
    let (place, store) = fresh();
    drop(store);
    assert_eq!(tamper(&place.path, "UPDATE marker SET schema = 99"), 1);
    check(
        &place.path,
        OpenError::FromTheFuture {
            found: 99,
            known: SCHEMA,
        },
    );
}

#[test]
fn a_file_that_is_there_is_never_made_anew() {
    let (place, store) = fresh();
    drop(store);
    let before = std::fs::read(&place.path).expect("readable");
    let refused = Store::create(&place.path, &key(7), MARKER).err();
    assert_eq!(refused, Some(OpenError::AlreadyThere));
    assert_eq!(std::fs::read(&place.path).expect("readable"), before);
}

#[test]
fn a_second_opening_is_told_that_the_database_is_busy() {
    let (place, store) = fresh();
    check(&place.path, OpenError::Store(StoreError::Busy));
    drop(store);
    assert!(Store::open(&place.path, &key(7), MARKER, Access::ReadWrite).is_ok());
}

#[test]
fn what_is_made_is_for_its_owner_alone() {
    let (place, mut store) = fresh();
    commit(&mut store, |tx| add_key(tx, 1));
    for found in std::fs::read_dir(place.folder.path()).expect("readable") {
        let mode = found
            .expect("an entry")
            .metadata()
            .expect("metadata")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn nothing_is_written_before_the_contents_were_recomputed() {
    let (place, store) = furnished();
    drop(store);
    let mut store = Store::open(&place.path, &key(7), MARKER, Access::ReadWrite).expect("opens");
    assert!(matches!(store.begin(), Err(StoreError::NotVerified)));
    let measured = Recount::run(&store).expect("whole");
    store.adopt(measured);
    assert!(store.begin().is_ok());
}

#[test]
fn opened_to_be_looked_at_it_cannot_be_written() {
    let (place, store) = furnished();
    drop(store);
    let mut store = Store::open(&place.path, &key(7), MARKER, Access::ReadOnly).expect("opens");
    let measured = Recount::run(&store).expect("whole");
    store.adopt(measured);
    let refused = match store.begin() {
        Err(error) => error,
        Ok(mut tx) => tx.append_audit(b"leaf").expect_err("a read-only database"),
    };
    assert_eq!(refused, StoreError::ReadOnly);
}
