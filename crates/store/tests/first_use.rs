//! Several threads that open the first databases of a process all get theirs.
//!
//! A process starts the engine once, so every try is a process of its own: this test, run again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;

use strongroom_secret::Key32;
use strongroom_store::{Access, Marker, OpenError, Store};

/// The folder of the databases, in the processes that try.
const TRYING: &str = "STRONGROOM_FIRST_USE";
const TRIES: usize = 200;
const THREADS: usize = 4;

#[test]
fn threads_that_come_first_wait_for_the_engine() {
    if let Some(folder) = std::env::var_os(TRYING) {
        return open_at_once(&PathBuf::from(folder));
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    for number in 0..THREADS {
        Store::create(&database(folder.path(), number), &key(), MARKER).expect("a new database");
    }
    let this = std::env::current_exe().expect("this test");
    for _ in 0..TRIES {
        let done = Command::new(&this)
            .args(["--exact", "threads_that_come_first_wait_for_the_engine"])
            .env(TRYING, folder.path())
            .output()
            .expect("runs again");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stdout)
        );
    }
}

const MARKER: Marker = Marker {
    vault_id: [1; 16],
    db_instance_id: [2; 16],
};

fn key() -> Key32 {
    Key32::filled_by(|key| key.fill(7))
}

fn database(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{number}.db"))
}

fn open_at_once(folder: &Path) {
    let start = Barrier::new(THREADS);
    let opened: Vec<Result<Store, OpenError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                let path = database(folder, number);
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    Store::open(&path, &key(), MARKER, Access::ReadWrite)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panics"))
            .collect()
    });
    for result in opened {
        result.expect("the database opens");
    }
}
