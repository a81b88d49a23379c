//! A process that dies in the middle of a transaction.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use strongroom_domain::Register;
use strongroom_domain::merge::Body;
use strongroom_store::Recount;

use crate::support::{
    Roots, add_key, agrees_with_itself, commit, entry, furnished, open, open_adopted, write,
};

const PATH: &str = "STRONGROOM_STORE_TEST_CRASH";

/// Not a test by itself: the process that is killed. It fills a transaction until the page cache
/// has spilled into the file, says so, and waits for its end.
#[test]
#[ignore = "run by the tests beside it, as a process to be killed"]
fn the_process_that_dies() {
    let path = std::env::var(PATH).expect("run by the tests beside it");
    let mut store = open_adopted(Path::new(&path));
    let mut tx = store.begin().expect("begins");
    for number in 0..3000_u64 {
        let body = Body::Value(vec![0xaa; 3000]);
        tx.insert_write(&write(
            500_000 + number,
            entry(number),
            Register::Notes,
            body,
        ))
        .expect("inserted");
    }
    #[expect(
        clippy::print_stdout,
        reason = "the test beside it waits for this line"
    )]
    {
        println!("ready");
    }
    std::thread::park();
}

/// Kills such a process once its changes have reached the file.
fn crash(path: &Path) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "crash::the_process_that_dies",
            "--ignored",
            "--nocapture",
        ])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let output = BufReader::new(child.stdout.take().expect("piped"));
    assert!(
        output
            .lines()
            .map_while(Result::ok)
            .any(|line| line.contains("ready")),
        "the process ended before it was killed"
    );
    child.kill().expect("killed");
    child.wait().expect("gone");
}

#[test]
fn a_killed_transaction_leaves_what_was_committed_before() {
    let (place, mut store) = furnished();
    let roots = commit(&mut store, |tx| add_key(tx, 40));
    drop(store);
    let before = std::fs::read(&place.path).expect("readable");
    crash(&place.path);
    assert_ne!(
        std::fs::read(&place.path).expect("readable"),
        before,
        "nothing had reached the file"
    );
    let mut store = open_adopted(&place.path);
    assert_eq!(Roots::of(&Recount::run(&store).expect("whole")), roots);
    commit(&mut store, |tx| add_key(tx, 41));
}

#[test]
fn a_journal_that_was_taken_away_is_noticed() {
    let (place, store) = furnished();
    drop(store);
    crash(&place.path);
    let journal = place.folder.path().join("vault.db-journal");
    let taken = std::fs::read(&journal).expect("the journal of the dead process");
    assert!(taken.len() > 4096);
    std::fs::remove_file(&journal).expect("removed");
    assert_ne!(agrees_with_itself(&place.path), Ok(true));
}

#[test]
fn the_journal_between_commits_is_not_needed() {
    let (place, mut store) = furnished();
    let roots = commit(&mut store, |tx| add_key(tx, 40));
    let journal = place.folder.path().join("vault.db-journal");
    let left = std::fs::read(&journal).expect("kept between commits, with its head wiped");
    assert!(
        left.iter().take(28).all(|byte| *byte == 0),
        "a journal that would be played back"
    );
    std::fs::remove_file(&journal).expect("removed");
    let copied = place.folder.path().join("copied.db");
    crate::support::put_file(&copied, &std::fs::read(&place.path).expect("readable"));
    assert_eq!(
        Roots::of(&Recount::run(&open(&copied)).expect("whole")),
        roots
    );
}
