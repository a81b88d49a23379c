//! Databases to test on, and ways past the store to tamper with them.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sha2::{Digest, Sha256};
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::{DeviceId, EntryId, EntryKind, Hlc, MemberId, Register, WriteId};
use strongroom_secret::Key32;
use strongroom_store::{
    Access, Fingerprint, Hash, LocalSpace, Marker, Measured, OpenError, Recount, Store, StoreError,
    Tx,
};
use tempfile::TempDir;

pub const MARKER: Marker = Marker {
    vault_id: [1; 16],
    db_instance_id: [2; 16],
};
pub const PAGE: usize = 4096;

pub fn key(byte: u8) -> Key32 {
    Key32::filled_by(|key| key.fill(byte))
}

/// The database key of the tests as SQLCipher's shell would be given it.
pub fn key_sql() -> String {
    format!("PRAGMA key = \"x'{}'\"", "07".repeat(32))
}

/// An id that is the same in every run.
pub fn id(number: u64) -> [u8; 16] {
    let hash = Sha256::digest(number.to_be_bytes());
    hash[..16].try_into().expect("a hash has 32 bytes")
}

pub fn entry(number: u64) -> EntryId {
    EntryId::from_bytes(id(number))
}

pub struct Place {
    pub folder: TempDir,
    pub path: PathBuf,
}

/// A folder with a new database in it.
pub fn fresh() -> (Place, Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("vault.db");
    let store = Store::create(&path, &key(7), MARKER).expect("a new database");
    (Place { folder, path }, store)
}

pub fn open(path: &Path) -> Store {
    Store::open(path, &key(7), MARKER, Access::ReadWrite).expect("the database opens")
}

/// Opens and adopts what was found, as the vault does once it has compared it.
pub fn open_adopted(path: &Path) -> Store {
    let mut store = open(path);
    let measured = Recount::run(&store).expect("the database is whole");
    store.adopt(measured);
    store
}

pub fn write(number: u64, of: EntryId, register: Register, body: Body) -> Write {
    Write {
        id: WriteId::from_bytes(id(number)),
        entry: of,
        kind: EntryKind::Key,
        register,
        supersedes: BTreeSet::new(),
        author: MemberId::from_bytes([3; 16]),
        device: DeviceId::from_bytes([4; 16]),
        hlc: Hlc {
            wall_ms: 1_700_000_000_000 + number,
            counter: 0,
        },
        body,
    }
}

pub fn value(text: &str) -> Body {
    Body::Value(text.as_bytes().to_vec())
}

/// Believable writes of one key: a dozen values, a sealed one with two fingerprints, a summary.
pub fn add_key(tx: &mut Tx<'_>, number: u64) {
    let key_entry = entry(number * 1000);
    for register in 1..=12_u16 {
        let register = Register::from_code(register).expect("registers of a key");
        let body = value(&format!("value {number} of register {register:?}"));
        let serial = number * 1000 + 10 + u64::from(register.code());
        tx.insert_write(&write(serial, key_entry, register, body))
            .expect("inserted");
    }
    let credential = entry(number * 1000 + 1);
    tx.insert_entry(EntryKind::Credential, credential, Some(key_entry))
        .expect("inserted");
    let mut sealed = write(
        number * 1000 + 50,
        credential,
        Register::Material,
        Body::Sealed {
            version: 1,
            bytes: vec![number.to_le_bytes()[0]; 180],
        },
    );
    sealed.kind = EntryKind::Credential;
    let prints = [1, 2].map(|field| Fingerprint {
        field,
        print: Sha256::digest([number.to_le_bytes()[0], field]).into(),
    });
    tx.insert_sealed(&sealed, &prints).expect("inserted");
    tx.put_digest(
        key_entry,
        format!("summary of key {number}").repeat(8).as_bytes(),
    )
    .expect("summary written");
}

/// What the vault's state record would hold: every root there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    pub items: Hash,
    pub list: Hash,
    pub audit_size: u64,
    pub audit: Hash,
}

impl Roots {
    pub fn pending(tx: &Tx<'_>) -> Self {
        let (audit_size, audit) = tx.audit_head();
        Self {
            items: tx.items_root(),
            list: tx.list_root(),
            audit_size,
            audit,
        }
    }

    pub fn of(measured: &Measured) -> Self {
        Self {
            items: measured.items_root(),
            list: measured.list_root(),
            audit_size: measured.audit_size(),
            audit: measured.audit_root(),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        [
            &self.items[..],
            &self.list,
            &self.audit_size.to_be_bytes(),
            &self.audit,
        ]
        .concat()
    }
}

/// Commits with an audit leaf and a state record, as every commit of the vault does.
pub fn commit(store: &mut Store, work: impl FnOnce(&mut Tx<'_>)) -> Roots {
    let mut tx = store.begin().expect("a transaction begins");
    work(&mut tx);
    tx.append_audit(b"a leaf of the log, about as long as one is: 0123456789")
        .expect("appended");
    let roots = Roots::pending(&tx);
    tx.put_state(&roots.bytes()).expect("state written");
    tx.commit().expect("committed");
    roots
}

/// Whether a file says of itself what it hashes to: the comparison the vault makes.
pub fn agrees_with_itself(path: &Path) -> Result<bool, StoreError> {
    let store = match Store::open(path, &key(7), MARKER, Access::ReadWrite) {
        Ok(store) => store,
        Err(OpenError::Store(StoreError::Busy)) => panic!("the test itself holds the database"),
        Err(_) => return Ok(false),
    };
    let measured = Recount::run(&store)?;
    Ok(store.state()? == Some(Roots::of(&measured).bytes()))
}

/// A setting of twenty keys, some history, settings and a log.
pub fn furnished() -> (Place, Store) {
    let (place, mut store) = fresh();
    for number in 1..=20 {
        commit(&mut store, |tx| add_key(tx, number));
    }
    commit(&mut store, |tx| {
        tx.put_local(LocalSpace::Setting, b"idle", b"300")
            .expect("setting written");
    });
    (place, store)
}

/// Past the store: SQL with the right key, as nobody but a test may.
pub fn tamper(path: &Path, sql: &str) -> usize {
    let connection = Connection::open(path).expect("opens");
    connection.execute_batch(&key_sql()).expect("keyed");
    connection.execute(sql, ()).expect("the statement is right")
}

pub fn pages(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).expect("readable");
    bytes.chunks(PAGE).map(<[u8]>::to_vec).collect()
}

pub fn put_page(path: &Path, index: usize, page: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).expect("writable");
    file.write_all_at(page, (index * PAGE) as u64)
        .expect("written");
}

pub fn put_file(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .expect("writable");
    file.write_all(bytes).expect("written");
}
