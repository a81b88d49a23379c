//! Rotating the vault key, and what a crash in the middle leaves.

use strongroom_vault::ports::Purpose;
use strongroom_vault::{HeaderChangeError, PlaceChoice, Presence, UnlockError};

use crate::desk::{Desk, Mood, PASSWORD, copy_folder, read_kit, text};

fn databases(desk: &Desk) -> Vec<String> {
    desk.names()
        .into_iter()
        .filter(|name| name.ends_with(".db"))
        .collect()
}

fn generations(desk: &Desk) -> Vec<u32> {
    let items = desk.keyring.items();
    let mut found: Vec<u32> = items
        .keys()
        .filter(|(_, purpose)| *purpose == Purpose::DeviceSecret)
        .map(|((_, key_gen), _)| *key_gen)
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn everything_is_new_afterwards_and_the_old_goes_after_the_next_good_unlock() {
    let desk = Desk::new();
    let (mut vault, locked, old_kit) = desk.create_in(PlaceChoice::Keyring);
    let before = desk.another_machine();
    let old_items = desk.keyring.items();
    let path = desk.root.path().join("kit-2.txt");
    let step_up = desk.step_up(&mut vault).expect("both");
    let rotated = vault.rotate_vault_key(&step_up, &path).expect("rotates");
    assert_eq!((rotated.key_gen, rotated.devices_dropped), (2, 0));
    assert!(rotated.backed_up);
    assert_eq!(databases(&desk).len(), 2);
    assert_eq!(generations(&desk), [1, 2]);
    // The open vault goes on under the new key.
    let (new_secret, _) = read_kit(&path);
    assert!(vault.test_kit(&new_secret).expect("writes").works);
    drop(vault);

    let wrong = desk.unlock_with(&locked, "not the password at all", &desk.fresh_code());
    assert!(wrong.is_err());
    assert_eq!(databases(&desk).len(), 2);
    let vault = desk.unlock(&locked);
    assert_eq!(vault.key_gen(), 2);
    assert!(vault.kit_tested_ms().is_some());
    assert_eq!(databases(&desk).len(), 1);
    assert_eq!(generations(&desk), [2]);
    assert!(!desk.names().iter().any(|name| name == "rotating"));
    drop(vault);

    // An old copy opens with the old kit, and with the old secret where somebody kept it.
    let (old_secret, _) = read_kit(&old_kit.path);
    before.clock.pass(600_000);
    before.keyring.put_back(old_items);
    drop(before.unlock(&before.find()));
    let refused = desk.another_machine().find().unlock_new_device(
        &text(PASSWORD),
        &old_secret,
        Presence::Totp(&desk.fresh_code()),
        PlaceChoice::Keyring,
        "laptop",
    );
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
}

#[test]
fn a_crash_before_the_header_leaves_the_old_vault_and_no_clutter() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    drop(locked);
    // The folder as it was before, with everything that a rotation adds but the new header.
    let old_header = desk.file("vault.hdr");
    let step_up = desk.step_up(&mut vault).expect("both");
    let stepped_up = desk.file("vault.hdr");
    assert_ne!(old_header, stepped_up);
    vault
        .rotate_vault_key(&step_up, &desk.root.path().join("kit-2.txt"))
        .expect("rotates");
    drop(vault);
    desk.put_file("vault.hdr", &stepped_up);
    let mut items = desk.keyring.items();
    // The anchor of the new key is written after the header that names it.
    items.retain(|((_, key_gen), purpose), _| *key_gen == 1 || *purpose != Purpose::Anchor);
    desk.keyring.put_back(items);
    let vault = desk.unlock(&desk.find());
    assert_eq!(vault.key_gen(), 1);
    assert_eq!(databases(&desk).len(), 1);
    assert_eq!(generations(&desk), [1]);
}

#[test]
fn a_rotation_that_fails_changes_nothing() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let step_up = desk.step_up(&mut vault).expect("both");
    let inside = vault.rotate_vault_key(&step_up, &desk.folder().join("kit.txt"));
    assert!(matches!(inside, Err(HeaderChangeError::KitInsideVault)));
    let path = desk.root.path().join("kit-2.txt");
    desk.keyring.is_now(Mood::Locked);
    let refused = vault.rotate_vault_key(&step_up, &path);
    assert!(
        matches!(refused, Err(HeaderChangeError::Keyring(_))),
        "{refused:?}"
    );
    assert!(!path.exists());
    desk.keyring.is_now(Mood::Open);
    assert_eq!(databases(&desk).len(), 1);
    drop(vault);
    let mut vault = desk.unlock(&locked);
    assert_eq!(vault.key_gen(), 1);
    let step_up = desk.step_up(&mut vault).expect("both");
    vault
        .rotate_vault_key(&step_up, &path)
        .expect("rotates now");
}

#[test]
fn other_devices_enrol_again() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop((vault, locked));
    let (secret, _) = read_kit(&kit.path);
    let other = desk.another_machine();
    let mut vault = other
        .find()
        .unlock_new_device(
            &text(PASSWORD),
            &secret,
            Presence::Totp(&other.fresh_code()),
            PlaceChoice::Keyring,
            "laptop",
        )
        .expect("enrols");
    vault.verify_fully().expect("verifies");
    let step_up = other.step_up(&mut vault).expect("both");
    let path = other.root.path().join("kit-2.txt");
    let rotated = vault.rotate_vault_key(&step_up, &path).expect("rotates");
    assert_eq!(rotated.devices_dropped, 1);
    drop(vault);
    copy_folder(&other.folder(), &desk.folder());
    let locked = desk.find();
    desk.clock.pass(600_000);
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert!(matches!(
        refused.err(),
        Some(UnlockError::NoDeviceSecret(_))
    ));
    let (secret, _) = read_kit(&path);
    let opened = locked.unlock_new_device(
        &text(PASSWORD),
        &secret,
        Presence::Totp(&desk.fresh_code()),
        PlaceChoice::Keyring,
        "desk",
    );
    assert!(opened.is_ok());
}

#[test]
fn a_rotation_that_fails_does_not_cost_the_one_before_its_old_half() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let blocked = desk.folder().join("backups");
    desk.put_file("backups", b"");
    let kit = |number: u32| desk.root.path().join(format!("kit-{number}.txt"));
    let step_up = desk.step_up(&mut vault).expect("both");
    vault
        .rotate_vault_key(&step_up, &kit(2))
        .expect("rotates, but is not backed up");
    desk.keyring.is_now(Mood::Locked);
    let step_up = desk.step_up(&mut vault).expect("both");
    vault
        .rotate_vault_key(&step_up, &kit(3))
        .expect_err("there is no place for its secret");
    assert!(!kit(3).exists());
    desk.keyring.is_now(Mood::Open);
    drop(vault);
    drop(desk.unlock(&locked));
    assert_eq!(generations(&desk), [1, 2]);
    assert_eq!(databases(&desk).len(), 2);
    std::fs::remove_file(blocked).expect("removes");
    drop(desk.unlock(&locked));
    assert_eq!(generations(&desk), [2]);
    assert_eq!(databases(&desk).len(), 1);
}

#[test]
fn a_rotation_that_fails_leaves_what_waits_for_a_good_unlock() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let kit = |number: u32| desk.root.path().join(format!("kit-{number}.txt"));
    let step_up = desk.step_up(&mut vault).expect("both");
    let rotated = vault.rotate_vault_key(&step_up, &kit(2)).expect("rotates");
    assert!(rotated.backed_up);
    desk.keyring.is_now(Mood::Locked);
    let step_up = desk.step_up(&mut vault).expect("both");
    vault
        .rotate_vault_key(&step_up, &kit(3))
        .expect_err("there is no place for its secret");
    desk.keyring.is_now(Mood::Open);
    assert_eq!(generations(&desk), [1, 2]);
    drop(vault);
    drop(desk.unlock(&locked));
    assert_eq!(generations(&desk), [2]);
    assert_eq!(databases(&desk).len(), 1);
}

#[test]
fn without_a_backup_under_the_new_key_the_old_half_stays() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    // Where the folder of the backups should be there is a file.
    desk.put_file("backups", b"");
    let step_up = desk.step_up(&mut vault).expect("both");
    let path = desk.root.path().join("kit-2.txt");
    let rotated = vault.rotate_vault_key(&step_up, &path).expect("rotates");
    assert!(!rotated.backed_up);
    drop(vault);
    drop(desk.unlock(&locked));
    assert_eq!(databases(&desk).len(), 2);
    assert_eq!(generations(&desk), [1, 2]);
    std::fs::remove_file(desk.folder().join("backups")).expect("removes");
    drop(desk.unlock(&locked));
    assert_eq!(databases(&desk).len(), 1);
    assert_eq!(generations(&desk), [2]);
}
