//! An import that is taken back, and one that was cut short.

use strongroom_domain::share::Role;
use strongroom_domain::{EntryId, UtcMs};
use strongroom_vault::{KeyChange, ShareError};

use crate::people::{CLI, May, Person, everything, tagged, to};

fn shared() -> (Person, Person, Vec<EntryId>) {
    let (mut alice, mut bob) = (Person::new("Alice"), Person::new("Bob"));
    let keys = ["desk-1", "desk-2", "desk-3"]
        .map(|label| alice.add(label, &format!("secret-of-{label}"), May::Trade, &["desk"]));
    alice.knows(&bob, Role::Trader, tagged("desk"));
    bob.knows(&alice, Role::Admin, everything());
    (alice, bob, keys.to_vec())
}

fn share(alice: &mut Person) -> Vec<u8> {
    let contact = alice.vault.find_contact("Bob").expect("is known");
    alice.share(&to(&[&contact])).expect("is made").file
}

#[test]
fn what_came_in_goes_out_again_and_comes_back_with_the_same_file() {
    let (mut alice, mut bob, keys) = shared();
    let own = bob.add("own", "own-secret", May::Read, &[]);
    let file = share(&mut alice);
    let applied = bob.import(&file);
    assert_eq!(applied.added, 3);
    let undone = bob.vault.undo_share(applied.batch, CLI).expect("is undone");
    assert_eq!((undone.removed, undone.kept), (3, 0));
    assert_eq!(bob.labels().into_iter().collect::<Vec<_>>(), ["own"]);
    assert_eq!(bob.secret(own).expect("untouched"), "own-secret");
    assert!(bob.vault.find_key(&keys[0].to_string()).is_err());
    assert!(matches!(
        bob.vault.undo_share(None, CLI),
        Err(ShareError::NoBatch)
    ));
    // The database still is what it hashes to.
    let Person {
        desk,
        vault,
        locked,
    } = bob;
    vault.lock().expect("is locked");
    let vault = desk.unlock(&locked);
    let mut bob = Person {
        desk,
        vault,
        locked,
    };
    assert_eq!(bob.import(&file).added, 3);
    assert_eq!(bob.secret(keys[0]).expect("is back"), "secret-of-desk-1");
}

#[test]
fn what_was_worked_on_since_stays_and_older_values_come_back() {
    let (mut alice, mut bob, keys) = shared();
    bob.import(&share(&mut alice));
    bob.note(keys[0], "of Bob, before");
    alice.note(keys[1], "of Alice");
    alice.note(keys[2], "of Alice");
    let applied = bob.import(&share(&mut alice));
    assert_eq!(bob.notes_of(keys[1]).as_deref(), Some("of Alice"));
    // Built on what came: it stays.
    bob.note(keys[2], "of Bob, since");
    // Beside what came: it stays too, and what came goes.
    bob.edit(
        keys[1],
        KeyChange::LastUsed(UtcMs::from_clock(1_800_000_000_000)),
    );
    let undone = bob.vault.undo_share(applied.batch, CLI).expect("is undone");
    assert_eq!(undone.kept, 1);
    assert_eq!(bob.notes_of(keys[0]).as_deref(), Some("of Bob, before"));
    assert_eq!(bob.notes_of(keys[1]), None);
    assert_eq!(bob.notes_of(keys[2]).as_deref(), Some("of Bob, since"));
    assert_eq!(bob.events(1), ["share-undone"]);
}

#[test]
fn without_a_backup_nothing_is_merged_and_a_crash_after_it_leaves_nothing_half_done() {
    let (mut alice, mut bob, _) = shared();
    let file = share(&mut alice);
    // The place of the backups is a file: none can be made.
    let backups = bob.desk.folder().join("backups");
    let _ = std::fs::remove_dir_all(&backups);
    std::fs::write(&backups, b"in the way").expect("is written");
    let plan = bob.open(&file).expect("opens");
    assert!(matches!(bob.apply(plan), Err(ShareError::Backup(_))));
    assert!(bob.labels().is_empty());
    std::fs::remove_file(&backups).expect("is out of the way");

    // Cut short between backup and merge: the plan is gone, the vault is as it was.
    let plan = bob.open(&file).expect("opens");
    bob.vault.back_up().expect("is made");
    drop(plan);
    let Person {
        desk,
        vault,
        locked,
    } = bob;
    drop(vault);
    let vault = desk.unlock(&locked);
    let mut bob = Person {
        desk,
        vault,
        locked,
    };
    assert!(bob.labels().is_empty());
    assert_eq!(bob.import(&file).added, 3);
    assert!(std::fs::read_dir(&backups).expect("a folder").count() >= 2);
}
