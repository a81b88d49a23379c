//! Files from under an older vault key, put back, and files from under a newer one.

use std::path::{Path, PathBuf};

use strongroom_vault::ports::Purpose;
use strongroom_vault::{DeviceSecretAbsent, OpenVault, PlaceChoice, Presence, Trust, UnlockError};

use crate::desk::{Desk, Mood, PASSWORD, read_kit, text};
use crate::support::{
    database, edit, edited, put_back, snapshot, step_up, trust_at_unlock, try_unlock,
};

fn rotate(desk: &Desk, vault: &mut OpenVault) {
    let step_up = desk.step_up(vault).expect("code and password");
    let kit = format!("kit-{}.txt", vault.key_gen() + 1);
    vault
        .rotate_vault_key(&step_up, &desk.root.path().join(kit))
        .expect("rotates");
}

/// Puts a folder back and goes on with it in spite of the alarm.
fn go_back_to(desk: &Desk, old: &Path) -> OpenVault {
    put_back(desk, old);
    go_on(desk)
}

/// Goes on with the files that are there, in spite of the alarm.
fn go_on(desk: &Desk) -> OpenVault {
    let mut vault = try_unlock(desk, &desk.find()).expect("opens to be looked at");
    assert_eq!(vault.trust(), Trust::RolledBack);
    let step_up = step_up(desk, &mut vault);
    vault.acknowledge_rollback(&step_up).expect("acknowledged");
    vault
}

#[test]
fn an_undone_rotation_is_noticed() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    edit(&mut vault, 9);
    vault.flush_anchor().expect("the keyring takes it");
    let old = snapshot(&desk, "old");
    rotate(&desk, &mut vault);
    drop((vault, locked));
    // The old secret is still in the keyring: it goes after the next good unlock.
    put_back(&desk, &old);
    assert_eq!(
        trust_at_unlock(&desk, &desk.find()),
        Some(Trust::RolledBack)
    );
}

/// A vault under its third key, locked, never unlocked between the rotations; and copies of it from
/// under the first two.
fn rotated_twice(desk: &Desk) -> [PathBuf; 2] {
    let (mut vault, _locked) = desk.create();
    edit(&mut vault, 9);
    vault.flush_anchor().expect("the keyring takes it");
    let first = snapshot(desk, "first");
    rotate(desk, &mut vault);
    let second = snapshot(desk, "second");
    rotate(desk, &mut vault);
    vault.lock().expect("locks");
    [first, second]
}

#[track_caller]
fn does_not_open(desk: &Desk, old: &Path) {
    put_back(desk, old);
    let opened = try_unlock(desk, &desk.find());
    assert!(
        matches!(
            opened,
            Err(UnlockError::NoDeviceSecret(DeviceSecretAbsent::Missing))
        ),
        "{}: {opened:?}",
        old.display()
    );
}

fn unlock_and_lock(desk: &Desk) {
    desk.unlock(&desk.find()).lock().expect("locks");
}

/// Whoever can write the folder can write the mark of a rotation too, or take it away.
#[test]
fn of_two_rotations_in_a_row_no_old_key_is_left_whatever_the_mark_says() {
    let marks: [Option<&[u8]>; 5] = [
        Some(b"as it is"),
        None,
        Some(b"garbage"),
        Some(&3_u32.to_be_bytes()),
        Some(&[u8::MAX; 4]),
    ];
    for mark in marks {
        let desk = Desk::new();
        let copies = rotated_twice(&desk);
        match mark {
            Some(b"as it is") => {}
            Some(forged) => desk.put_file("rotating", forged),
            None => std::fs::remove_file(desk.folder().join("rotating")).expect("removed"),
        }
        unlock_and_lock(&desk);
        assert!(!desk.folder().join("rotating").exists(), "{mark:?}");
        copies.iter().for_each(|old| does_not_open(&desk, old));
    }
}

#[test]
fn an_old_key_is_not_kept_by_taking_the_mark_away_between_rotations() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let first = snapshot(&desk, "first");
    rotate(&desk, &mut vault);
    std::fs::remove_file(desk.folder().join("rotating")).expect("removed");
    vault.lock().expect("locks");
    let mut vault = desk.unlock(&locked);
    rotate(&desk, &mut vault);
    vault.lock().expect("locks");
    drop(locked);
    unlock_and_lock(&desk);
    does_not_open(&desk, &first);
}

#[test]
fn a_key_whose_anchor_was_never_written_does_not_hide_the_one_above_it() {
    let desk = Desk::new();
    let [first, _] = rotated_twice(&desk);
    let mut items = desk.keyring.items();
    items.retain(|((_, key_gen), purpose), _| (*key_gen, *purpose) != (2, Purpose::Anchor));
    desk.keyring.put_back(items);
    put_back(&desk, &first);
    assert_eq!(
        trust_at_unlock(&desk, &desk.find()),
        Some(Trust::RolledBack)
    );
}

#[test]
fn a_keyring_that_locks_before_the_verification_is_not_one_without_a_newer_key() {
    let desk = Desk::new();
    let [first, _] = rotated_twice(&desk);
    put_back(&desk, &first);
    let locked = desk.find();
    let code = desk.fresh_code();
    let opened = locked.unlock(&text(PASSWORD), Presence::Totp(&code));
    let mut vault = opened.expect("unlocks");
    desk.keyring.is_now(Mood::Locked);
    vault.verify_fully().expect("reads");
    assert_eq!(vault.trust(), Trust::RolledBack);
}

/// The mark stays where it is, and so does the newest database.
#[test]
fn a_header_put_back_beside_the_mark_costs_the_newest_key_nothing() {
    let desk = Desk::new();
    let [first, _] = rotated_twice(&desk);
    let newest = snapshot(&desk, "newest");
    for file in [first.join("vault.hdr"), database(&first)] {
        let name = file.file_name().expect("a name");
        std::fs::copy(&file, desk.folder().join(name)).expect("copied");
    }
    go_on(&desk).lock().expect("locks");
    // Tidied after a good unlock.
    unlock_and_lock(&desk);
    drop(go_back_to(&desk, &newest));
    // Each of the two was given up for the other once.
    drop(go_back_to(&desk, &first));
}

#[test]
fn a_key_that_was_given_up_for_an_older_one_does_not_come_back_unnoticed() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    edit(&mut vault, 9);
    vault.flush_anchor().expect("the keyring takes it");
    let old = snapshot(&desk, "old");
    rotate(&desk, &mut vault);
    rotate(&desk, &mut vault);
    drop((vault, locked));
    let new = snapshot(&desk, "new");
    let mut vault = go_back_to(&desk, &old);
    edit(&mut vault, 30);
    vault.lock().expect("locks");
    // The older state is the present one now, and says no more than that.
    let mut vault = try_unlock(&desk, &desk.find()).expect("opens");
    assert_eq!(vault.trust(), Trust::Verified);
    edit(&mut vault, 31);
    vault.lock().expect("locks");
    // What was given up lacks all that was written since.
    drop(go_back_to(&desk, &new));
    let vault = try_unlock(&desk, &desk.find()).expect("opens");
    assert_eq!((vault.trust(), edited(&vault)), (Trust::Verified, 9));
}

#[test]
fn a_key_that_was_given_up_is_one_where_the_machine_is_enrolled_anew_too() {
    let desk = Desk::new();
    let [first, _] = rotated_twice(&desk);
    let newest = snapshot(&desk, "newest");
    drop(go_back_to(&desk, &first));
    desk.keyring.forget(Purpose::DeviceSecret);
    put_back(&desk, &newest);
    let (kit, _) = read_kit(&desk.root.path().join("kit-3.txt"));
    let code = desk.fresh_code();
    let mut vault = desk
        .find()
        .unlock_new_device(
            &text(PASSWORD),
            &kit,
            Presence::Totp(&code),
            PlaceChoice::Keyring,
            "desk",
        )
        .expect("opens to be looked at");
    vault.verify_fully().expect("reads");
    assert_eq!(vault.trust(), Trust::RolledBack);
}
