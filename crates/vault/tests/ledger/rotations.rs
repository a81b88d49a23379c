//! Files from under an older vault key, put back, and files from under a newer one.

use std::path::Path;

use strongroom_vault::{DeviceSecretAbsent, OpenVault, Trust, UnlockError};

use crate::desk::Desk;
use crate::support::{edit, edited, put_back, snapshot, step_up, trust_at_unlock, try_unlock};

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

#[test]
fn of_two_rotations_in_a_row_no_old_key_is_left() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    edit(&mut vault, 9);
    vault.flush_anchor().expect("the keyring takes it");
    let first = snapshot(&desk, "first");
    rotate(&desk, &mut vault);
    let second = snapshot(&desk, "second");
    rotate(&desk, &mut vault);
    vault.lock().expect("locks");
    desk.unlock(&locked).lock().expect("locks");
    drop(locked);
    for old in [first, second] {
        put_back(&desk, &old);
        assert!(
            matches!(
                try_unlock(&desk, &desk.find()),
                Err(UnlockError::NoDeviceSecret(DeviceSecretAbsent::Missing))
            ),
            "{}",
            old.display()
        );
    }
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
