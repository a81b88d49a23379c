//! What a commit costs, as ratios that hold on any machine: against one fsynced insert into the
//! same kind of file, and with 10,000 keys against 100.
//!
//! `cargo bench -p strongroom-store`; the folder is `$STRONGROOM_BENCH_DIR` or the system's
//! temporary one, which should be on a disk and not in memory.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use rusqlite::Connection;
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::{DeviceId, EntryId, EntryKind, Hlc, MemberId, Register, WriteId};
use strongroom_secret::Key32;
use strongroom_store::{Access, Fingerprint, Marker, Recount, Store, Tx};
use tempfile::TempDir;

const MARKER: Marker = Marker {
    vault_id: [1; 16],
    db_instance_id: [2; 16],
};
const MANY: u64 = 10_000;
const FEW: u64 = 100;
const ROUNDS: usize = 200;

fn key() -> Key32 {
    Key32::filled_by(|key| key.fill(7))
}

/// Spreads like a random id and is the same in every run.
fn id(number: u64) -> [u8; 16] {
    let mut state = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    for _ in 0..3 {
        state ^= state >> 61;
        state = state.wrapping_mul(0xd6e8_feb8_6659_fd93_9e6c_63d0_876a_68ab);
    }
    (state ^ (state >> 64)).to_be_bytes()
}

fn add_key(tx: &mut Tx<'_>, number: u64) {
    let (key, credential) = (
        EntryId::from_bytes(id(number * 100)),
        EntryId::from_bytes(id(number * 100 + 1)),
    );
    let write = |serial: u64, entry, kind, register, body| Write {
        id: WriteId::from_bytes(id(number * 100 + serial)),
        entry,
        kind,
        register,
        supersedes: BTreeSet::new(),
        author: MemberId::from_bytes([3; 16]),
        device: DeviceId::from_bytes([4; 16]),
        hlc: Hlc {
            wall_ms: 1_700_000_000_000 + number,
            counter: 0,
        },
        body,
    };
    for register in 1..=12 {
        let of = Register::from_code(register).expect("a register of a key");
        let body = Body::Value(vec![0x42; 24]);
        tx.insert_write(&write(
            10 + u64::from(register),
            key,
            EntryKind::Key,
            of,
            body,
        ))
        .expect("inserted");
    }
    tx.insert_entry(EntryKind::Credential, credential, Some(key))
        .expect("inserted");
    let state = write(
        30,
        credential,
        EntryKind::Credential,
        Register::VersionState,
        Body::Value(vec![1, 2]),
    );
    tx.insert_write(&state).expect("inserted");
    let sealed = Body::Sealed {
        version: 1,
        bytes: vec![0x99; 200],
    };
    let sealed = write(
        31,
        credential,
        EntryKind::Credential,
        Register::Material,
        sealed,
    );
    let print = Fingerprint {
        field: 1,
        print: [id(number), id(number + 1)]
            .concat()
            .try_into()
            .expect("32 bytes"),
    };
    tx.insert_sealed(&sealed, &[print]).expect("inserted");
    tx.put_digest(key, &[0x44; 280]).expect("written");
}

fn finish(mut tx: Tx<'_>) {
    tx.append_audit(&[0x55; 130]).expect("appended");
    let roots = [tx.items_root(), tx.list_root(), tx.audit_head().1].concat();
    tx.put_state(&roots).expect("written");
    tx.commit().expect("committed");
}

struct Place {
    _folder: TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let folder = match std::env::var_os("STRONGROOM_BENCH_DIR") {
        Some(parent) => TempDir::new_in(parent),
        None => TempDir::new(),
    }
    .expect("a temporary folder");
    let path = folder.path().join("vault.db");
    Place {
        _folder: folder,
        path,
    }
}

fn furnished(keys: u64) -> (Place, Store) {
    let place = place();
    let mut store = Store::create(&place.path, &key(), MARKER).expect("a new database");
    let mut tx = store.begin().expect("begins");
    for number in 0..keys {
        add_key(&mut tx, number);
    }
    finish(tx);
    drop(store);
    // Opened anew, as after an unlock: the caches are as they are in use.
    let store = adopted(&place.path);
    (place, store)
}

fn adopted(path: &Path) -> Store {
    let mut store = Store::open(path, &key(), MARKER, Access::ReadWrite).expect("opens");
    let measured = Recount::run(&store).expect("whole");
    store.adopt(measured);
    store
}

/// The measure: a file under the same cipher and the same settings, one row a transaction.
fn plain(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("opens");
    let keyed = format!("PRAGMA key = \"x'{}'\"", "07".repeat(32));
    connection
        .execute_batch(&format!(
            "PRAGMA cipher_memory_security = ON; {keyed}; PRAGMA synchronous = EXTRA;
             PRAGMA secure_delete = ON; PRAGMA locking_mode = EXCLUSIVE;
             CREATE TABLE IF NOT EXISTS measure (x BLOB)"
        ))
        .expect("set up");
    connection
}

#[expect(clippy::print_stdout, reason = "the ratios are what this is run for")]
fn benches(criterion: &mut Criterion) {
    let (few_place, mut few) = furnished(FEW);
    let (_many_place, mut many) = furnished(MANY);
    let mut next = MANY + 1;

    let measure = place();
    std::fs::copy(&few_place.path, &measure.path).expect("copied");
    let connection = plain(&measure.path);
    let mut insert = connection
        .prepare("INSERT INTO measure VALUES (zeroblob(100))")
        .expect("right");

    let mut commit = |store: &mut Store| {
        next += 1;
        let mut tx = store.begin().expect("begins");
        add_key(&mut tx, next);
        finish(tx);
    };
    // In turns, so that what else the disk does falls on all three alike.
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(timed(|| {
            insert.execute(()).expect("inserted");
        }));
        times[1].push(timed(|| commit(&mut few)));
        times[2].push(timed(|| commit(&mut many)));
    }
    let [one_insert, with_few, with_many] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    });
    println!("one fsynced insert          {one_insert:?}");
    println!(
        "a key added to 100          {with_few:?}  {:.2}x",
        ratio(with_few, one_insert)
    );
    println!(
        "a key added to 10,000       {with_many:?}  {:.2}x",
        ratio(with_many, one_insert)
    );
    println!(
        "10,000 against 100          {:.2}x",
        ratio(with_many, with_few)
    );

    let mut group = criterion.benchmark_group("store");
    group.sample_size(20);
    group.bench_function("one fsynced insert", |bencher| {
        bencher.iter(|| insert.execute(()).expect("inserted"));
    });
    group.bench_function("a key added to 100", |bencher| {
        bencher.iter(|| commit(&mut few))
    });
    group.bench_function("a key added to 10,000", |bencher| {
        bencher.iter(|| commit(&mut many))
    });
    group.bench_function("all summaries of 10,000", |bencher| {
        bencher.iter(|| many.digests().expect("read").len());
    });
    group.bench_function("recount of 10,000", |bencher| {
        bencher.iter(|| Recount::run(&many).expect("whole").items_root());
    });
    group.finish();
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

criterion_group!(all, benches);
criterion_main!(all);
