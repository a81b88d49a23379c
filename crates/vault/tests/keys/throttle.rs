//! The throttle: what slows guessing down, and what does not get round it.

use strongroom_vault::ports::{Clock, Purpose};
use strongroom_vault::{LockedVault, PlaceChoice, Presence, UnlockError};

use crate::desk::{Desk, Mood, PASSWORD, read_kit, text};

fn guess(desk: &Desk, locked: &LockedVault) -> UnlockError {
    desk.unlock_with(locked, "not the password at all", &desk.code())
        .expect_err("is wrong")
}

#[test]
fn the_wait_doubles_and_ends() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    for _ in 0..3 {
        assert_eq!(guess(&desk, &locked), UnlockError::WrongPasswordOrCode);
    }
    for seconds in [1, 2, 4, 8] {
        assert_eq!(
            guess(&desk, &locked),
            UnlockError::Throttled {
                wait_ms: seconds * 1000
            }
        );
        desk.clock.pass(seconds * 1000 - 1);
        assert_eq!(guess(&desk, &locked), UnlockError::Throttled { wait_ms: 1 });
        desk.clock.pass(1);
        assert_eq!(guess(&desk, &locked), UnlockError::WrongPasswordOrCode);
    }
    // The right password waits too, and is not worn out by waiting.
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.code());
    assert_eq!(
        refused.err(),
        Some(UnlockError::Throttled { wait_ms: 16_000 })
    );
    desk.clock.pass(16_000);
    let vault = desk.unlock(&locked);
    assert_eq!(vault.failed_tries(), 7);
    drop(vault);
    assert_eq!(guess(&desk, &locked), UnlockError::WrongPasswordOrCode);
}

#[test]
fn codes_are_counted_apart_from_passwords() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    for _ in 0..2 {
        assert_eq!(guess(&desk, &locked), UnlockError::WrongPasswordOrCode);
        let wrong = desk.unlock_with(&locked, PASSWORD, &text("000000"));
        assert_eq!(wrong.err(), Some(UnlockError::WrongPasswordOrCode));
    }
    // Four wrong tries, two of each: the third of either is still free.
    let wrong = desk.unlock_with(&locked, PASSWORD, &text("000000"));
    assert_eq!(wrong.err(), Some(UnlockError::WrongPasswordOrCode));
    assert_eq!(
        guess(&desk, &locked),
        UnlockError::Throttled { wait_ms: 1000 }
    );
}

fn worn_out(desk: &Desk) -> LockedVault {
    let (vault, locked) = desk.create();
    drop(vault);
    for _ in 0..3 {
        assert_eq!(guess(desk, &locked), UnlockError::WrongPasswordOrCode);
    }
    locked
}

fn is_throttled(desk: &Desk, locked: &LockedVault) {
    assert_eq!(
        guess(desk, locked),
        UnlockError::Throttled { wait_ms: 1000 }
    );
}

#[test]
fn removing_or_putting_back_the_file_gains_nothing() {
    let desk = Desk::new();
    let locked = worn_out(&desk);
    std::fs::remove_file(desk.folder().join("preauth.state")).expect("removes");
    is_throttled(&desk, &locked);
    desk.put_file("preauth.state", b"");
    is_throttled(&desk, &locked);
}

#[test]
fn forgetting_the_mirror_or_locking_the_keyring_gains_nothing() {
    let desk = Desk::new();
    let locked = worn_out(&desk);
    desk.keyring.forget(Purpose::Throttle);
    is_throttled(&desk, &locked);
    desk.keyring
        .hide(Some((Purpose::Throttle, Mood::Unavailable)));
    is_throttled(&desk, &locked);
    desk.keyring.hide(None);
    desk.keyring.is_now(Mood::Locked);
    is_throttled(&desk, &locked);
}

#[test]
fn a_forged_file_keeps_nobody_waiting() {
    let (desk, other) = (Desk::new(), Desk::new());
    let (vault, locked) = desk.create();
    drop(vault);
    let _worn = worn_out(&other);
    desk.put_file("preauth.state", &other.file("preauth.state"));
    assert_eq!(desk.unlock(&locked).failed_tries(), 0);
}

#[test]
fn setting_the_clock_gains_nothing() {
    let desk = Desk::new();
    let locked = worn_out(&desk);
    desk.clock.set_back(3_600_000);
    is_throttled(&desk, &locked);
    desk.clock.reboot();
    is_throttled(&desk, &locked);
    assert_eq!(desk.clock.mono_ms(), 0);
    // After a reboot with the clock set back, the whole wait runs from the next try on.
    desk.clock.pass(999);
    assert_eq!(guess(&desk, &locked), UnlockError::Throttled { wait_ms: 1 });
    desk.clock.pass(1);
    assert_eq!(guess(&desk, &locked), UnlockError::WrongPasswordOrCode);
}

#[test]
fn a_try_that_is_killed_has_been_made() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    // While Argon2 runs the file says one more than before, which is what a killed process leaves
    // behind; it is the file of one wrong try.
    assert_eq!(guess(&desk, &locked), UnlockError::WrongPasswordOrCode);
    let one = desk.file("preauth.state");
    desk.unlock(&locked);
    desk.put_file("preauth.state", &one);
    assert_eq!(desk.unlock(&locked).failed_tries(), 1);
}

#[test]
fn the_way_in_by_the_kit_resets_nothing() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop(vault);
    let (secret, _) = read_kit(&kit.path);
    // Written right, and of no vault at all.
    let foreign = Desk::new();
    let (_, _, other_kit) = foreign.create_in(PlaceChoice::Keyring);
    let (other_secret, _) = read_kit(&other_kit.path);
    let by_kit = |password: &str, secret, place| {
        let opened = locked.unlock_new_device(
            &text(password),
            secret,
            Presence::Totp(&text("000000")),
            place,
            "laptop",
        );
        opened.expect_err("is refused")
    };
    let wrong = UnlockError::WrongPasswordOrCode;
    assert_eq!(guess(&desk, &locked), wrong);
    assert_eq!(by_kit(PASSWORD, &other_secret, PlaceChoice::Keyring), wrong);
    assert_eq!(guess(&desk, &locked), wrong);
    // Three tries of the password, wherever the next one is made.
    is_throttled(&desk, &locked);
    for place in [PlaceChoice::Keyring, PlaceChoice::File] {
        let refused = by_kit(PASSWORD, &secret, place);
        assert_eq!(refused, UnlockError::Throttled { wait_ms: 1000 });
    }
    desk.clock.pass(1000);
    // Kit and password are right and the code is wrong: the count of passwords stays too.
    assert_eq!(by_kit(PASSWORD, &secret, PlaceChoice::Keyring), wrong);
    assert_eq!(guess(&desk, &locked), wrong);
    assert_eq!(
        guess(&desk, &locked),
        UnlockError::Throttled { wait_ms: 2000 }
    );
    desk.clock.pass(2000);
    assert_eq!(desk.unlock(&locked).failed_tries(), 5);
}

#[test]
fn tries_without_the_device_secret_count_for_those_with_it() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop(vault);
    let (secret, _) = read_kit(&kit.path);
    assert_eq!(guess(&desk, &locked), UnlockError::WrongPasswordOrCode);
    desk.keyring.is_now(Mood::Locked);
    let refused = guess(&desk, &locked);
    assert!(matches!(refused, UnlockError::NoDeviceSecret(_)));
    for _ in 0..2 {
        let refused = locked.unlock_new_device(
            &text("not the password at all"),
            &secret,
            Presence::Totp(&desk.code()),
            PlaceChoice::Keyring,
            "laptop",
        );
        assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
    }
    is_throttled(&desk, &locked);
    desk.keyring.is_now(Mood::Open);
    is_throttled(&desk, &locked);
    desk.clock.pass(1000);
    assert_eq!(desk.unlock(&locked).failed_tries(), 3);
}
