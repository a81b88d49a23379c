//! Unlocking: the keyring in every mood, the authenticator, the clock.

use strongroom_vault::ports::Purpose;
use strongroom_vault::{DeviceSecretAbsent, Presence, Trust, UnlockError};

use crate::desk::{Desk, Mood, PASSWORD, text};

#[test]
fn wrong_password_and_wrong_code_are_one_message() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let wrong = desk.unlock_with(&locked, "not the password at all", &desk.fresh_code());
    assert_eq!(wrong.err(), Some(UnlockError::WrongPasswordOrCode));
    let wrong = desk.unlock_with(&locked, PASSWORD, &text("000000"));
    assert_eq!(wrong.err(), Some(UnlockError::WrongPasswordOrCode));
    let vault = desk.unlock(&locked);
    assert_eq!(vault.failed_tries(), 2);
    drop(vault);
    assert_eq!(desk.unlock(&locked).failed_tries(), 0);
}

#[test]
fn a_code_opens_once() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let code = desk.fresh_code();
    drop(desk.unlock_with(&locked, PASSWORD, &code).expect("unlocks"));
    let again = desk.unlock_with(&locked, PASSWORD, &code);
    assert_eq!(again.err(), Some(UnlockError::WrongPasswordOrCode));
    // Nor does the code of the step before, which is older than the last one accepted.
    let earlier = desk.code_at(1_800_000_000_000);
    let again = desk.unlock_with(&locked, PASSWORD, &earlier);
    assert_eq!(again.err(), Some(UnlockError::WrongPasswordOrCode));
}

#[test]
fn an_older_header_does_not_make_a_code_good_again() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let before = desk.file("vault.hdr");
    let code = desk.fresh_code();
    drop(desk.unlock_with(&locked, PASSWORD, &code).expect("unlocks"));
    desk.put_file("vault.hdr", &before);
    let again = desk.unlock_with(&locked, PASSWORD, &code);
    assert_eq!(again.err(), Some(UnlockError::WrongPasswordOrCode));
    // A fresh code opens, and the older header is an alarm.
    let vault = desk
        .unlock_with(&locked, PASSWORD, &desk.fresh_code())
        .expect("opens");
    assert_eq!(vault.trust(), Trust::RolledBack);
}

#[test]
fn a_rolled_back_header_is_an_alarm_until_it_is_acknowledged() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let before = desk.file("vault.hdr");
    drop(desk.unlock(&locked));
    let newer = desk.file("vault.hdr");
    desk.put_file("vault.hdr", &before);
    let mut code = desk.code();
    for _ in 0..4 {
        code = desk.fresh_code();
        let opened = desk.unlock_with(&locked, PASSWORD, &code);
        let mut vault = opened.expect("opens");
        assert_eq!(vault.trust(), Trust::RolledBack);
        // Not even many codes wear the alarm out.
        let step_up = vault.step_up(Presence::Totp(&desk.fresh_code()), None);
        step_up.expect("a fresh code");
    }
    // A code that was accepted under the alarm is not good again under the header put back.
    desk.put_file("vault.hdr", &before);
    let again = desk.unlock_with(&locked, PASSWORD, &code);
    assert_eq!(again.err(), Some(UnlockError::WrongPasswordOrCode));

    let opened = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    let mut vault = opened.expect("opens");
    let step_up = vault.step_up(Presence::Totp(&desk.fresh_code()), None);
    vault
        .acknowledge_rollback(&step_up.expect("a fresh code"))
        .expect("acknowledges");
    assert_eq!(vault.trust(), Trust::Verified);
    drop(vault);
    drop(desk.unlock(&locked));
    // What was seen before the rollback is now the older one.
    desk.put_file("vault.hdr", &newer);
    let opened = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert_eq!(opened.expect("opens").trust(), Trust::RolledBack);
}

#[test]
fn a_clock_that_went_back_asks_for_a_recovery_code() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(strongroom_vault::PlaceChoice::Keyring);
    drop(vault);
    let (_, codes) = crate::desk::read_kit(&kit.path);
    desk.clock.pass(3_600_000);
    drop(desk.unlock(&locked));
    desk.clock.set_back(600_000);
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.code());
    assert_eq!(refused.err(), Some(UnlockError::ClockMovedBack));
    let mut vault = locked
        .unlock(&text(PASSWORD), Presence::Recovery(&codes[3]))
        .expect("a recovery code opens");
    vault.verify_fully().expect("verifies");
    assert_eq!(vault.trust(), Trust::Verified);
    assert_eq!(vault.recovery_codes_left(), 9);
    drop(vault);
    // The code is spent, and the authenticator works again.
    let again = locked.unlock(&text(PASSWORD), Presence::Recovery(&codes[3]));
    assert_eq!(again.err(), Some(UnlockError::WrongPasswordOrCode));
    drop(desk.unlock(&locked));
}

#[test]
fn two_steps_back_are_no_alarm() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    drop(desk.unlock(&locked));
    desk.clock.set_back(60_000);
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.code());
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
    desk.clock.pass(60_000);
    drop(desk.unlock(&locked));
}

#[test]
fn every_mood_of_the_keyring_is_said_and_none_counts_as_a_try() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let refused = || {
        // Even a wrong password is not judged: nothing could be tried.
        let wrong = desk.unlock_with(&locked, "not the password at all", &desk.fresh_code());
        wrong.expect_err("is refused")
    };
    for (mood, absent) in [
        (Mood::Locked, DeviceSecretAbsent::KeyringLocked),
        (Mood::Unavailable, DeviceSecretAbsent::NoKeyring),
        (Mood::Ambiguous, DeviceSecretAbsent::Ambiguous),
    ] {
        desk.keyring.is_now(mood);
        for _ in 0..4 {
            assert_eq!(refused(), UnlockError::NoDeviceSecret(absent), "{mood:?}");
        }
        assert_eq!(locked.look().expect("a header").device_secret, Some(absent));
    }
    desk.keyring.is_now(Mood::Open);
    let kept = desk.keyring.items();
    desk.keyring.change(Purpose::DeviceSecret, "not base64");
    assert_eq!(
        refused(),
        UnlockError::NoDeviceSecret(DeviceSecretAbsent::Damaged)
    );
    desk.keyring.forget(Purpose::DeviceSecret);
    assert_eq!(
        refused(),
        UnlockError::NoDeviceSecret(DeviceSecretAbsent::Missing)
    );
    desk.keyring.put_back(kept);
    assert_eq!(desk.unlock(&locked).failed_tries(), 0);
}

#[test]
fn a_changed_device_secret_opens_nothing() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let other = data_encoding::BASE64.encode(&[7; 32]);
    desk.keyring.change(Purpose::DeviceSecret, &other);
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
}

#[test]
fn the_list_comes_first_and_everything_else_after_the_verification() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let mut vault = locked
        .unlock(&text(PASSWORD), Presence::Totp(&desk.fresh_code()))
        .expect("unlocks");
    assert_eq!(vault.trust(), Trust::ListOnly);
    vault.verify_fully().expect("verifies");
    assert_eq!(vault.trust(), Trust::Verified);
}

#[test]
fn a_folder_that_cannot_be_written_opens_for_reading_and_still_takes_a_code_once() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        // Root writes into read-only folders; the black-box suite runs as somebody else.
        return;
    }
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let mode = |mode| {
        std::fs::set_permissions(desk.folder(), std::fs::Permissions::from_mode(mode))
            .expect("chmod");
    };
    mode(0o500);
    let code = desk.fresh_code();
    let vault = desk.unlock_with(&locked, PASSWORD, &code).expect("opens");
    assert_eq!(vault.trust(), Trust::ReadOnly);
    drop(vault);
    let again = desk.unlock_with(&locked, PASSWORD, &code);
    assert_eq!(again.err(), Some(UnlockError::WrongPasswordOrCode));
    // Nor where there was no anchor before, or one behind the header.
    desk.keyring.forget(Purpose::Anchor);
    let code = desk.fresh_code();
    drop(desk.unlock_with(&locked, PASSWORD, &code).expect("opens"));
    let again = desk.unlock_with(&locked, PASSWORD, &code);
    assert_eq!(again.err(), Some(UnlockError::WrongPasswordOrCode));
    mode(0o700);
    drop(desk.unlock(&locked));
}
