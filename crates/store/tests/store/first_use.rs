//! Several threads that open the first databases of a process all get theirs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;

use strongroom_store::{Access, OpenError, Store};

use crate::support::{MARKER, key};

/// The folder of the databases, for the processes that try.
const FOLDER: &str = "STRONGROOM_STORE_TEST_FIRST_USE";
const TRIES: usize = 200;
const THREADS: usize = 4;

fn database(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{number}.db"))
}

/// Not a test by itself: one process, which starts the engine once.
#[test]
#[ignore = "run by the test beside it, as a process of its own"]
fn the_process_that_opens_several_at_once() {
    let folder = std::env::var_os(FOLDER).expect("run by the test beside it");
    let start = Barrier::new(THREADS);
    let opened: Vec<Result<Store, OpenError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                let path = database(Path::new(&folder), number);
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    Store::open(&path, &key(7), MARKER, Access::ReadWrite)
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

#[test]
fn threads_that_come_first_wait_for_the_engine() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for number in 0..THREADS {
        Store::create(&database(folder.path(), number), &key(7), MARKER).expect("a new database");
    }
    let this = std::env::current_exe().expect("this program");
    for _ in 0..TRIES {
        let done = Command::new(&this)
            .args([
                "--exact",
                "first_use::the_process_that_opens_several_at_once",
                "--ignored",
            ])
            .env(FOLDER, folder.path())
            .output()
            .expect("started");
        let said = String::from_utf8_lossy(&done.stdout);
        // A filter that fits nothing succeeds as well.
        assert!(done.status.success() && said.contains("1 passed"), "{said}");
    }
}
