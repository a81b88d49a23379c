//! What can only be tested from inside: a database that may not grow, a row that changes behind
//! the verified contents, a commit whose outcome is unknown.

use std::collections::BTreeSet;

use strongroom_domain::merge::{Body, Write};
use strongroom_domain::{DeviceId, EntryId, EntryKind, Hlc, MemberId, Register, WriteId};
use strongroom_secret::Key32;
use tempfile::TempDir;

use crate::{Access, LocalSpace, Marker, Measured, Recount, Store, StoreError};

const MARKER: Marker = Marker {
    vault_id: [1; 16],
    db_instance_id: [2; 16],
};

fn key() -> Key32 {
    Key32::filled_by(|key| key.fill(7))
}

fn fresh() -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::create(&folder.path().join("vault.db"), &key(), MARKER).expect("new");
    (folder, store)
}

fn write(number: u8, bytes: usize) -> Write {
    Write {
        id: WriteId::from_bytes([number; 16]),
        entry: EntryId::from_bytes([number; 16]),
        kind: EntryKind::Key,
        register: Register::Notes,
        supersedes: BTreeSet::new(),
        author: MemberId::from_bytes([3; 16]),
        device: DeviceId::from_bytes([4; 16]),
        hlc: Hlc::default(),
        body: Body::Value(vec![number; bytes]),
    }
}

fn roots(measured: &Measured) -> [[u8; 32]; 3] {
    [
        measured.items_root(),
        measured.list_root(),
        measured.audit_root(),
    ]
}

#[test]
fn a_full_database_refuses_a_write_and_goes_on() {
    let (_folder, mut store) = fresh();
    let mut tx = store.begin().expect("begins");
    tx.insert_write(&write(1, 100)).expect("inserted");
    tx.commit().expect("committed");
    let before = roots(&Recount::run(&store).expect("whole"));
    let pages: i64 = store
        .connection
        .query_row("PRAGMA page_count", (), |row| row.get(0))
        .expect("read");
    let limit = |store: &Store, pages: i64| {
        store
            .connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), (), |row| {
                row.get::<_, i64>(0)
            })
            .expect("set");
    };
    limit(&store, pages);

    let mut tx = store.begin().expect("begins");
    assert_eq!(
        tx.insert_write(&write(2, 100_000)),
        Err(StoreError::DiskFull)
    );
    drop(tx);
    assert_eq!(roots(&Recount::run(&store).expect("whole")), before);
    let mut tx = store.begin().expect("begins again");
    tx.put_local(LocalSpace::Setting, b"small", b"fits")
        .expect("there is room for this");
    tx.commit().expect("committed");

    limit(&store, 1_000_000);
    let mut tx = store.begin().expect("begins");
    tx.insert_write(&write(2, 100_000)).expect("inserted");
    let pending = tx.items_root();
    tx.commit().expect("committed");
    assert_eq!(Recount::run(&store).expect("whole").items_root(), pending);
}

#[test]
fn a_row_that_changed_since_it_was_verified_is_not_believed() {
    let (_folder, mut store) = fresh();
    let mut tx = store.begin().expect("begins");
    tx.insert_write(&write(1, 10)).expect("inserted");
    tx.put_local(LocalSpace::Setting, b"name", b"body")
        .expect("written");
    tx.put_digest(EntryId::from_bytes([1; 16]), b"summary")
        .expect("written");
    tx.commit().expect("committed");
    let entry = EntryId::from_bytes([1; 16]);
    assert_eq!(store.writes_of(entry).map(|writes| writes.len()), Ok(1));

    // As if pages of the file had been put back while it was open.
    store
        .connection
        .execute_batch(
            "UPDATE write SET wall_ms = 5; UPDATE local SET body = x'00';
             UPDATE digest SET body = x'00';",
        )
        .expect("changed");
    assert_eq!(store.writes_of(entry), Err(StoreError::Corrupt));
    assert_eq!(
        store.local(LocalSpace::Setting, b"name"),
        Err(StoreError::Corrupt)
    );
    assert_eq!(
        store.local_rows(LocalSpace::Setting),
        Err(StoreError::Corrupt)
    );
    let mut tx = store.begin().expect("begins");
    assert_eq!(tx.put_digest(entry, b"other"), Err(StoreError::Corrupt));
    assert_eq!(
        tx.put_local(LocalSpace::Setting, b"name", b"x"),
        Err(StoreError::Corrupt)
    );
}

#[test]
fn after_a_commit_in_doubt_nothing_more_is_written() {
    let (_folder, mut store) = fresh();
    store.in_doubt = true;
    assert!(matches!(store.begin(), Err(StoreError::InDoubt)));
}

#[test]
fn temporary_tables_cannot_be_sent_to_a_file() {
    let (_folder, store) = fresh();
    // Compiled to be always in memory: the pragma that leaked plaintext has no effect any more.
    store
        .connection
        .execute_batch("PRAGMA temp_store = FILE")
        .expect("is ignored");
    let options: Vec<String> = store
        .connection
        .prepare("PRAGMA compile_options")
        .expect("right")
        .query_map((), |row| row.get(0))
        .expect("read")
        .collect::<Result<_, _>>()
        .expect("text");
    assert!(
        options.iter().any(|option| option == "TEMP_STORE=3"),
        "{options:?}"
    );
    crate::settings::check_build(&rusqlite::Connection::open_in_memory().expect("opens"))
        .expect("built as the design demands");
}

#[test]
fn settings_hold_on_every_opening() {
    let (folder, store) = fresh();
    drop(store);
    let path = folder.path().join("vault.db");
    for access in [Access::ReadWrite, Access::ReadOnly] {
        let store = Store::open(&path, &key(), MARKER, access).expect("opens");
        for (pragma, expected) in [
            ("secure_delete", 1),
            ("synchronous", 3),
            ("trusted_schema", 0),
            ("cell_size_check", 1),
            ("foreign_keys", 1),
            ("temp_store", 2),
        ] {
            let found: i64 = store
                .connection
                .query_row(&format!("PRAGMA {pragma}"), (), |row| row.get(0))
                .expect("read");
            assert_eq!(found, expected, "{pragma} for {access:?}");
        }
        let schema = "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 2, '')";
        assert!(store.connection.execute_batch(schema).is_err(), "defensive");
        assert!(
            store
                .connection
                .execute_batch("PRAGMA writable_schema = ON")
                .is_ok()
        );
        assert!(store.connection.execute_batch(schema).is_err(), "defensive");
        let attached = store.connection.execute_batch("SELECT load_extension('x')");
        assert!(attached.is_err(), "extensions");
    }
}
